-- Who handles a complaint and who may not, questions that follow or are handed
-- over, and the warm hand-over to the service.

-- +goose Up

-- When an ombuds officer is away and who stands in. Coming back early shortens
-- an absence; one that never began ends on the day before it.
CREATE TABLE absences (
    id        bigserial PRIMARY KEY,
    officer   text NOT NULL REFERENCES accounts,
    from_day  date NOT NULL,
    until_day date NOT NULL, -- the last day away
    stand_in  text NOT NULL REFERENCES accounts CHECK (stand_in <> officer),
    noted_by  text NOT NULL REFERENCES accounts,
    noted_at  timestamptz NOT NULL,
    CHECK (until_day >= from_day - 1)
);

CREATE INDEX absences_by_end ON absences (until_day);

-- Each hand-over of a complaint to an officer, with its reasons.
CREATE TABLE assignments (
    id          bigserial PRIMARY KEY,
    number      complaint_number NOT NULL REFERENCES complaints,
    officer     text REFERENCES accounts, -- NULL: taken from the officer, who is named as involved
    previous    text REFERENCES accounts, -- NULL: nobody had it
    reasons     text NOT NULL,
    assigned_by text NOT NULL REFERENCES accounts,
    assigned_at timestamptz NOT NULL
);

CREATE INDEX assignments_by_number ON assignments (number, id);

-- Who is named as involved in what a complaint is about, and so neither decides
-- on it nor answers for it. The latest row of a complaint counts.
CREATE TABLE involvements (
    id          bigserial PRIMARY KEY,
    number      complaint_number NOT NULL REFERENCES complaints,
    logins      text[] NOT NULL,
    departments text[] NOT NULL, -- codes
    reasons     text NOT NULL CHECK (reasons <> ''),
    named_by    text NOT NULL REFERENCES accounts,
    named_at    timestamptz NOT NULL
);

CREATE INDEX involvements_by_number ON involvements (number, id);

-- A question may follow up an earlier one to the same department, and may be
-- handed over to another department, where it goes on as a question of its own.
ALTER TABLE consultations
    ADD follow_up_to      bigint REFERENCES consultations,
    ADD handed_over_from  bigint UNIQUE REFERENCES consultations,
    ADD hand_over_reasons text CHECK (hand_over_reasons <> ''), -- why it came from there
    ADD CHECK ((handed_over_from IS NULL) = (hand_over_reasons IS NULL)),
    DROP CONSTRAINT consultations_state_check,
    ADD CONSTRAINT consultations_state_check CHECK (state IN ('open', 'answered', 'late', 'ended', 'handed_over')),
    ADD CHECK (state <> 'handed_over' OR ended_at IS NOT NULL);

-- A department is asked one thing at a time, follow-ups apart.
DROP INDEX consultations_one_open;
CREATE UNIQUE INDEX consultations_one_open ON consultations (number, department)
    WHERE state = 'open' AND follow_up_to IS NULL;

-- The complaint is with the service first, once, because the complainant had
-- not asked the service before and agreed to it.
CREATE TABLE service_first (
    number      complaint_number PRIMARY KEY REFERENCES complaints,
    department  text NOT NULL CHECK (department <> ''),
    return_on   date NOT NULL,
    reasons     text NOT NULL CHECK (reasons <> ''),
    agreed      boolean NOT NULL CHECK (agreed), -- the complainant did
    handed_by   text NOT NULL REFERENCES accounts,
    handed_at   timestamptz NOT NULL,
    returned_at timestamptz -- given back to the officer on the day of return
);

-- The kinds of letters are listed once, in the program that writes them.
ALTER TABLE letters DROP CONSTRAINT IF EXISTS letters_kind_check;
ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind ~ '^[a-z]+(-[a-z]+)*$');
