-- Closings that were taken back, what persons said of a referral to the DPO, and
-- the clock of a suspected breach.

-- +goose Up

-- A closed case that goes on in the term it had, because what closed it was taken
-- back: its day 0 and last day stay, and what had closed it is kept here, so that
-- figures still tell of it. A reopening is another thing: a further term.
CREATE TABLE continuations (
    id         bigserial PRIMARY KEY,
    number     complaint_number NOT NULL REFERENCES complaints,
    term       int NOT NULL CHECK (term > 0),
    cause      text NOT NULL CHECK (cause IN ('refusal_reversed', 'split_corrected')),
    result     text NOT NULL, -- with which it had closed
    decided_at timestamptz,
    closed_at  timestamptz NOT NULL,
    resumed_at timestamptz NOT NULL,
    resumed_by text NOT NULL REFERENCES accounts,
    reasons    text NOT NULL CHECK (reasons <> '')
);

CREATE INDEX continuations_by_number ON continuations (number, id);

-- Every word of a person on which part is about personal data; the last counts.
CREATE TABLE privacy_splits (
    id       bigserial PRIMARY KEY,
    number   complaint_number NOT NULL REFERENCES privacy_files,
    split    text NOT NULL CHECK (split IN ('pure', 'mixed')),
    reasons  text NOT NULL CHECK (reasons <> ''),
    split_by text NOT NULL REFERENCES accounts,
    split_at timestamptz NOT NULL
);

CREATE INDEX privacy_splits_by_number ON privacy_splits (number, id);

-- The 72 hours of a suspected breach. Each change of what is due is a version; an
-- older one that the procedure reports on is over.
ALTER TABLE privacy_files ADD COLUMN breach_version int NOT NULL DEFAULT 0 CHECK (breach_version >= 0);
ALTER TABLE privacy_files ADD COLUMN breach_aware_at timestamptz;    -- NULL: on receipt
ALTER TABLE privacy_files ADD COLUMN breach_warned_at timestamptz;   -- when the DPO was warned before the end
ALTER TABLE privacy_files ADD COLUMN breach_overdue_at timestamptz;  -- when the watch saw the end of the 72 hours
ALTER TABLE privacy_files ADD COLUMN breach_notified_at timestamptz; -- when the authority was told
ALTER TABLE privacy_files ADD CHECK (breach_notified_at IS NULL OR suspected_breach);

-- What was said of the suspicion, by whom and why; moved: the receipt was
-- corrected.
CREATE TABLE breach_steps (
    id        bigserial PRIMARY KEY,
    number    complaint_number NOT NULL REFERENCES privacy_files,
    kind      text NOT NULL CHECK (kind IN ('suspected', 'taken_back', 'notified', 'moved')),
    at        timestamptz NOT NULL, -- of becoming aware, of telling the authority, else of the step
    notify_by timestamptz,          -- until when the authority is told; NULL: nothing is due any more
    reasons   text NOT NULL,
    noted_by  text NOT NULL REFERENCES accounts,
    noted_at  timestamptz NOT NULL
);

CREATE INDEX breach_steps_by_number ON breach_steps (number, id);

-- A privacy file has more kinds of letters now.
ALTER TABLE letters DROP COLUMN file;
ALTER TABLE letters ADD COLUMN file text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN kind LIKE 'privacy-%' AND kind NOT IN ('privacy-referral', 'privacy-split')
    THEN 'privacy' ELSE '' END) STORED;
