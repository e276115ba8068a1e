-- What came in is corrected with reasons, and a service that helps first says
-- what it did.

-- +goose Up

-- A correction of what came in. The submission holds the values in force; what
-- it held before stays here, so that it can be read as it came.
CREATE TABLE corrections (
    number       complaint_number NOT NULL REFERENCES submissions,
    version      int NOT NULL CHECK (version > 0), -- of the submission after it
    reasons      text NOT NULL CHECK (reasons <> ''),
    changes      jsonb NOT NULL CHECK (jsonb_typeof(changes) = 'array'), -- list of complaint.FieldChange, no identification number
    niss_before_sealed bytea, -- the identification number that was replaced; NULL: it was not changed, or not known
    corrected_by text NOT NULL REFERENCES accounts,
    corrected_at timestamptz NOT NULL,
    PRIMARY KEY (number, version)
);

-- How often it was corrected. Who corrects names the version that was read.
ALTER TABLE submissions ADD COLUMN version int NOT NULL DEFAULT 0 CHECK (version >= 0);

-- A list of steps is replaced as a whole: of which version of the submission
-- each is, and which of them counts.
ALTER TABLE initiatives ADD COLUMN version int NOT NULL DEFAULT 0 CHECK (version >= 0);
ALTER TABLE initiatives DROP CONSTRAINT initiatives_pkey;
ALTER TABLE initiatives ADD PRIMARY KEY (number, version, position);
ALTER TABLE submissions ADD COLUMN initiatives_version int NOT NULL DEFAULT 0 CHECK (initiatives_version BETWEEN 0 AND version);

-- Nothing else changes what came in: each change of content is the next version
-- and has its correction, by the same transaction.
-- +goose StatementBegin
CREATE FUNCTION keep_what_came_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
        OR NOT EXISTS (SELECT FROM corrections c WHERE c.number = NEW.number AND c.version = NEW.version) THEN
        RAISE EXCEPTION 'a submission changes only by a correction that says why';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER keep_what_came_in BEFORE UPDATE OF language, complainant_type, name, contact_name, salutation, street,
    postcode, city, country, email, phone, is_member, member_number, representative, facts_on, facts_until, prior_contact,
    contested_on, contested_reference, department, topic, text, reply_by, version, initiatives_version
    ON submissions FOR EACH ROW EXECUTE FUNCTION keep_what_came_in();

-- What a service says that it did, asked to help first, and whether that solved
-- the matter; and when its time was ended because it is named as involved.
ALTER TABLE service_first
    ADD COLUMN reported_at timestamptz,
    ADD COLUMN reported_by text REFERENCES accounts,
    ADD COLUMN solved      boolean,
    ADD COLUMN report      text CHECK (report <> ''),
    ADD COLUMN ended_at    timestamptz,
    ADD CHECK (num_nulls(reported_at, reported_by, solved, report) IN (0, 4));

CREATE INDEX service_first_by_department ON service_first (department, return_on, number);
