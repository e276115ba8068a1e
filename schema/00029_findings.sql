-- What verification finds wrong, kept until it is gone, and the runs that looked.

-- +goose Up

CREATE TABLE verifications (
    id        bigserial PRIMARY KEY,
    asked_by  text REFERENCES accounts, -- NULL: the nightly schedule
    asked_at  timestamptz NOT NULL,
    begun_at  timestamptz,              -- the last time: one that a crash cut off is begun anew
    ended_at  timestamptz,
    found     int,                      -- findings that stood at its end
    complete  boolean,                  -- false: a part could not be looked at, as when Temporal is away
    CHECK (num_nulls(ended_at, found, complete) IN (0, 3))
);

CREATE INDEX verifications_to_do ON verifications (id) WHERE ended_at IS NULL;

CREATE TABLE findings (
    id         bigserial PRIMARY KEY,
    kind       text NOT NULL CHECK (kind <> ''),
    file       text NOT NULL CHECK (file IN ('', 'privacy')), -- 'privacy': it is about a file of the DPO, and the DPO's to see
    number     complaint_number,       -- NULL: it is not about one complaint
    subject    text NOT NULL,          -- tells findings of one kind and number apart: a letter, a row
    text       text NOT NULL,          -- numbers, codes and dates, in English
    since      timestamptz NOT NULL,   -- first found
    seen_at    timestamptz NOT NULL,   -- last found
    gone_at    timestamptz,            -- a later run did not find it any more
    settled_by text REFERENCES accounts, -- a person knows of it, and why it stays
    settled_at timestamptz,
    settled_reason text,
    CHECK (num_nulls(settled_by, settled_at, settled_reason) IN (0, 3))
);

CREATE UNIQUE INDEX findings_standing ON findings (kind, file, coalesce(number, ''), subject) WHERE gone_at IS NULL;
