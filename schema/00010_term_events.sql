-- The term as it follows from its events, and the watch over it.

-- +goose Up

-- What decides a term: complaint.TermEvent. A deadline version follows from the
-- events that stand here when it is written, and from the calendar.
CREATE TABLE term_events (
    number   complaint_number NOT NULL REFERENCES complaints,
    seq      int NOT NULL CHECK (seq > 0), -- of two that contradict each other the later counts
    kind     text NOT NULL CHECK (kind IN ('received', 'writing_arrived', 'receipt_corrected', 'delay_notice', 'reopened')),
    at       timestamptz NOT NULL,  -- of receipt, of the writing, of reopening; when a notice was given
    days     int NOT NULL CHECK (days >= 0), -- promised when this began a term; 0: it began none
    new_date date,                  -- the last day that a delay notice gives
    reasons  text NOT NULL DEFAULT '', -- of a correction or a notice
    noted_by text REFERENCES accounts, -- NULL: the public, by lodging
    noted_at timestamptz NOT NULL,
    CHECK ((kind = 'delay_notice') = (new_date IS NOT NULL)),
    PRIMARY KEY (number, seq)
);

INSERT INTO term_events (number, seq, kind, at, days, noted_by, noted_at)
SELECT c.number, 1, 'received', s.received_at, (c.last_day - c.day_0), s.lodged_by, s.registered_at
FROM complaints c JOIN submissions s USING (number)
WHERE c.deadline_version > 0;

-- Day 45 itself, by which figures count also when a delay notice gave a later
-- last day.
ALTER TABLE complaints ADD COLUMN term_last_day date;
UPDATE complaints SET term_last_day = last_day;
ALTER TABLE complaints ADD CHECK ((term_last_day IS NULL) = (last_day IS NULL));

-- The event that a version follows from; calendar: the days off were changed.
ALTER TABLE deadlines DROP CONSTRAINT deadlines_reason_check;
ALTER TABLE deadlines ADD CONSTRAINT deadlines_reason_check CHECK (reason IN (
    'received', 'writing_arrived', 'receipt_corrected', 'delay_notice', 'reopened', 'calendar'));

-- Names what the watch saw, so that a letter can say what it is about.
ALTER TABLE watched ADD COLUMN id bigserial UNIQUE;

-- An overdue is provisional while the answer lies printed and it is not known on
-- which day it was posted.
ALTER TABLE complaints ADD COLUMN overdue_provisional boolean NOT NULL DEFAULT false;

-- The kinds of letters are listed once, in the program that writes them.
ALTER TABLE letters DROP CONSTRAINT IF EXISTS letters_kind_check;
ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind ~ '^[a-z]+(-[a-z]+)*$');

-- Messages within the ombuds service have neither a department nor a language of
-- the complainant.
ALTER TABLE letters ADD COLUMN staff text CHECK (staff <> ''); -- a login, or @list, @supervisors
ALTER TABLE letters DROP CONSTRAINT letters_check;
ALTER TABLE letters ADD CONSTRAINT letters_addressee CHECK (num_nonnulls(department, language, staff) = 1);
