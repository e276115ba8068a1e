-- What happens to a case beside its road: documents and notes that are added,
-- links to other cases, an entry voided, and a closed case opened again.

-- +goose Up

-- A reopened case has a second term. The figures of the first stay: decisions
-- belong to a term, and a finished term is kept whole when the next one begins.
ALTER TABLE complaints ADD COLUMN term int NOT NULL DEFAULT 1 CHECK (term > 0);

CREATE TABLE terms (
    number      complaint_number NOT NULL REFERENCES complaints,
    term        int NOT NULL CHECK (term > 0),
    result      text NOT NULL,
    deadline_version int NOT NULL, -- the last one of the term
    day_0       date,
    last_day    date,
    term_last_day date, -- day 45 itself, by which figures count
    warned      int,
    overdue_at  timestamptz,
    decided_at  timestamptz,
    closed_at   timestamptz NOT NULL,
    reopened_at timestamptz NOT NULL, -- when the next term began
    reopened_by text NOT NULL REFERENCES accounts,
    reasons     text NOT NULL CHECK (reasons <> ''),
    PRIMARY KEY (number, term)
);

ALTER TABLE decisions ADD COLUMN term int NOT NULL DEFAULT 1 CHECK (term > 0);
DROP INDEX decisions_one_outcome;
DROP INDEX decisions_one_withdrawal;
CREATE UNIQUE INDEX decisions_one_outcome ON decisions (number, term) WHERE kind = 'outcome';
CREATE UNIQUE INDEX decisions_one_withdrawal ON decisions (number, term) WHERE kind = 'withdrawal';

-- An entry made in error keeps its number and the reason; it is voided once.
CREATE TABLE voidings (
    number    complaint_number PRIMARY KEY REFERENCES complaints,
    reasons   text NOT NULL CHECK (reasons <> ''),
    voided_by text NOT NULL REFERENCES accounts,
    voided_at timestamptz NOT NULL
);

-- What was sent in after the complaint, by the complainant with the receipt code
-- or through staff: words, attachments or both.
CREATE TABLE documents (
    id       bigserial PRIMARY KEY,
    number   complaint_number NOT NULL REFERENCES complaints,
    text     text NOT NULL,    -- may be empty: the attachments speak
    added_by text REFERENCES accounts, -- NULL: the complainant
    added_at timestamptz NOT NULL,
    late     boolean NOT NULL  -- the case was closed
);

CREATE INDEX documents_by_number ON documents (number, id);
ALTER TABLE attachments ADD COLUMN document bigint REFERENCES documents; -- NULL: it came another way

-- What officers write down for each other.
CREATE TABLE notes (
    id       bigserial PRIMARY KEY,
    number   complaint_number NOT NULL REFERENCES complaints,
    text     text NOT NULL CHECK (text <> ''),
    noted_by text NOT NULL REFERENCES accounts,
    noted_at timestamptz NOT NULL
);

CREATE INDEX notes_by_number ON notes (number, id);

-- Two complaints on the same matter. Each goes its own way; the link shows on
-- both files and is kept once, the earlier number first.
CREATE TABLE links (
    number    complaint_number NOT NULL REFERENCES complaints,
    other     complaint_number NOT NULL REFERENCES complaints,
    reasons   text NOT NULL CHECK (reasons <> ''),
    linked_by text NOT NULL REFERENCES accounts,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (number, other),
    CHECK (number < other)
);

CREATE INDEX links_by_other ON links (other);
