-- Admissibility that can be mended, and who speaks for the complainant.

-- +goose Up

ALTER TABLE submissions ADD COLUMN facts_until date; -- last day of facts that went on; NULL: they did not, or it is not known

-- The organisation's own acts are kept and are no initiative.
ALTER TABLE initiatives ADD COLUMN taken_by text NOT NULL DEFAULT 'complainant'
    CHECK (taken_by IN ('complainant', 'representative', 'organisation'));

-- What would lead to another finding: list of complaint.Change.
ALTER TABLE complaints ADD COLUMN would_change jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(would_change) = 'array');

-- While something is asked of the complainant: the ground and the last day for
-- it. Empty otherwise.
ALTER TABLE complaints ADD COLUMN pending_ground text;
ALTER TABLE complaints ADD COLUMN pending_until date;
ALTER TABLE complaints ADD CHECK ((pending_ground IS NULL) = (pending_until IS NULL));

-- A complaint may be asked for what is missing more than once: the round, which
-- is the version of its letters.
ALTER TABLE complaints ADD COLUMN asked_rounds int NOT NULL DEFAULT 0 CHECK (asked_rounds >= 0);

-- What came from the complainant in answer: complaint.Reply.
CREATE TABLE replies (
    id       bigserial PRIMARY KEY,
    number   complaint_number NOT NULL REFERENCES complaints,
    content  jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    noted_by text NOT NULL REFERENCES accounts,
    noted_at timestamptz NOT NULL
);

CREATE INDEX replies_by_number ON replies (number, id);
ALTER TABLE attachments ADD COLUMN reply bigint REFERENCES replies; -- NULL: it came another way

-- Grounds on which other bodies refuse, noted by an officer. They refuse nothing
-- here.
CREATE TABLE admissibility_warnings (
    id       bigserial PRIMARY KEY,
    number   complaint_number NOT NULL REFERENCES complaints,
    ground   text NOT NULL CHECK (ground <> ''),
    reasons  text NOT NULL CHECK (reasons <> ''),
    noted_by text NOT NULL REFERENCES accounts,
    noted_at timestamptz NOT NULL,
    UNIQUE (number, ground)
);

-- How the mandate of a representative stood from a moment on; the latest row
-- counts. It exists from the first day on exactly where somebody represents.
CREATE TABLE representations (
    id       bigserial PRIMARY KEY,
    number   complaint_number NOT NULL REFERENCES submissions,
    mandate  text NOT NULL CHECK (mandate IN ('none', 'asked', 'attached', 'legal', 'refused')),
    scope    text NOT NULL,             -- empty: the whole complaint
    given_on date,                      -- date of the mandate; NULL: not known
    ends_on  date CHECK (ends_on >= given_on), -- its last day; NULL: until the case closes
    copy     boolean NOT NULL,          -- the complainant asked for a copy of the letters
    reasons  text NOT NULL,             -- of a refusal; else may be empty
    noted_by text REFERENCES accounts,  -- NULL: the public, or by the rules
    noted_at timestamptz NOT NULL
);

CREATE INDEX representations_by_number ON representations (number, id);

INSERT INTO representations (number, mandate, scope, copy, reasons, noted_by, noted_at)
SELECT number, representative->>'mandate', '', false, '', lodged_by, registered_at
FROM submissions WHERE representative IS NOT NULL;

-- What passing time brings about while something is asked: once for each round.
ALTER TABLE watched ADD COLUMN round int NOT NULL DEFAULT 0;
ALTER TABLE watched DROP CONSTRAINT watched_pkey;
ALTER TABLE watched ADD PRIMARY KEY (number, kind, version, days_left, consultation, round);

-- A letter to the representative may have a copy for the complainant.
ALTER TABLE letters ADD COLUMN copy_of bigint REFERENCES letters; -- NULL: the letter itself
ALTER TABLE letters DROP CONSTRAINT letters_number_kind_version_key;
CREATE UNIQUE INDEX letters_once ON letters (number, kind, version) WHERE copy_of IS NULL;
CREATE UNIQUE INDEX letters_one_copy ON letters (copy_of) WHERE copy_of IS NOT NULL;

-- The kinds of letters are listed once, in the program that writes them.
ALTER TABLE letters DROP CONSTRAINT IF EXISTS letters_kind_check;
ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind ~ '^[a-z]+(-[a-z]+)*$');
