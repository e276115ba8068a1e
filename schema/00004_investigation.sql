-- What was asked, answered and decided.

-- +goose Up

-- One question to one department (raadpleging van de dienst).
CREATE TABLE consultations (
    id         bigserial PRIMARY KEY,
    number     complaint_number NOT NULL REFERENCES complaints,
    department text NOT NULL CHECK (department <> ''),
    question   text NOT NULL CHECK (question <> ''),
    due_on     date NOT NULL,
    asked_at   timestamptz NOT NULL,
    asked_by   text NOT NULL REFERENCES accounts,
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'late', 'ended')),
    ended_at   timestamptz, -- the case went on without the answer
    answered_at timestamptz,
    answered_by text REFERENCES accounts,
    answer     text,
    proposed_remedy text,
    CHECK ((state IN ('answered', 'late')) = (answered_at IS NOT NULL)),
    CHECK (num_nulls(answered_at, answered_by, answer, proposed_remedy) IN (0, 4)),
    CHECK (state <> 'ended' OR ended_at IS NOT NULL)
);

-- A department is asked one thing at a time about a complaint.
CREATE UNIQUE INDEX consultations_one_open ON consultations (number, department) WHERE state = 'open';
CREATE INDEX consultations_by_department ON consultations (department, due_on, id);

-- What people decided. The content is the decision as complaint.AdmissionDecision,
-- complaint.Outcome or the note of a withdrawal. A decision is never changed.
CREATE TABLE decisions (
    id         bigserial PRIMARY KEY,
    number     complaint_number NOT NULL REFERENCES complaints,
    kind       text NOT NULL CHECK (kind IN ('admissibility', 'outcome', 'withdrawal')),
    content    jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    decided_by text NOT NULL REFERENCES accounts,
    decided_at timestamptz NOT NULL
);

CREATE INDEX decisions_by_number ON decisions (number, id);
CREATE UNIQUE INDEX decisions_one_outcome ON decisions (number) WHERE kind = 'outcome';
CREATE UNIQUE INDEX decisions_one_withdrawal ON decisions (number) WHERE kind = 'withdrawal';

-- What an outcome asks of departments, so that the problem does not return.
CREATE TABLE recommendations (
    id         bigserial PRIMARY KEY,
    number     complaint_number NOT NULL REFERENCES complaints,
    decision   bigint NOT NULL REFERENCES decisions,
    department text NOT NULL CHECK (department <> ''),
    text       text NOT NULL CHECK (text <> ''),
    due_on     date
);

CREATE INDEX recommendations_by_number ON recommendations (number, id);

-- Documents that came with a submission, or with a department's answer.
CREATE TABLE attachments (
    id           bigserial PRIMARY KEY,
    number       complaint_number NOT NULL REFERENCES submissions,
    consultation bigint REFERENCES consultations, -- NULL: with the submission
    name         text NOT NULL CHECK (name <> ''),
    media_type   text NOT NULL CHECK (media_type <> ''),
    content      bytea NOT NULL
);

CREATE INDEX attachments_by_number ON attachments (number, id);
