-- Where each complaint stands. The procedure moves stage and waiting_for by its
-- recordings; people's commands change content. Both lock the row first.

-- +goose Up

CREATE TABLE complaints (
    number      complaint_number PRIMARY KEY REFERENCES submissions,
    stage       text NOT NULL CHECK (stage IN ('received', 'registered', 'assessing', 'investigating', 'answering', 'closed')),
    result      text CHECK (result IN ('answered', 'inadmissible', 'withdrawn', 'referred_privacy', 'reclassified', 'voided')),
    waiting_for text NOT NULL CHECK (waiting_for ~ '^(ombuds|complainant|mail_room|none|department:.+)$'),
    revision    int NOT NULL DEFAULT 0, -- of the position; an older recording changes nothing
    CHECK ((stage = 'closed') = (result IS NOT NULL)),
    CHECK ((stage = 'closed') = (closed_at IS NOT NULL)),

    -- The deadline in force, copied from its version for lists. Empty while no
    -- term runs: a phone note waits for the writing.
    deadline_version int NOT NULL DEFAULT 0 CHECK (deadline_version >= 0),
    day_0       date,
    last_day    date,
    send_by     date,
    ends_at     timestamptz, -- exclusive
    CHECK (num_nulls(day_0, last_day, send_by, ends_at) = CASE deadline_version WHEN 0 THEN 4 ELSE 0 END),
    warned      int CHECK (warned >= 0), -- days left at the last warning, 0 once overdue; NULL: none yet
    overdue_at  timestamptz,             -- when the watch saw the end of the term

    -- What the rules found: complaint.Finding.
    finding     text NOT NULL CHECK (finding IN ('admissible', 'inadmissible', 'pending', 'privacy', 'doubt', 'reclassified')),
    ground      text NOT NULL,
    facts       jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'array'),

    officer     text REFERENCES accounts, -- the ombuds officer who handles it
    reply_channel text CHECK (reply_channel IN ('email', 'post')), -- NULL: nobody can be answered
    acknowledged_at timestamptz, -- when the acknowledgement left
    decided_at  timestamptz, -- when the decision that ends the case was taken
    closed_at   timestamptz,

    last_seq    int NOT NULL DEFAULT 0 CHECK (last_seq >= 0), -- last place given in the outbox of its workflow
    run_id      text,        -- the run of the procedure that entered it
    earlier     text[] NOT NULL DEFAULT '{}', -- numbers of earlier complaints of the same person
    search      tsvector NOT NULL -- number, names, text and letters; 'simple': no language's grammar
);

CREATE INDEX complaints_search ON complaints USING gin (search);
CREATE INDEX complaints_open_by_end ON complaints (ends_at) WHERE stage <> 'closed';
CREATE INDEX complaints_by_officer ON complaints (officer) WHERE officer IS NOT NULL;

-- Every version of a deadline with all its moments, so that nobody computes a
-- date again and each can be shown with its derivation.
CREATE TABLE deadlines (
    number     complaint_number NOT NULL REFERENCES complaints,
    version    int NOT NULL CHECK (version > 0),
    moments    jsonb NOT NULL, -- complaint.Moments
    derivation jsonb NOT NULL, -- list of complaint.Step
    reason     text NOT NULL CHECK (reason IN ('received')), -- the event it follows from
    at         timestamptz NOT NULL,
    PRIMARY KEY (number, version)
);

-- What passing time brought about, each once: the key is what makes a repeated
-- recording of the watch harmless.
CREATE TABLE watched (
    number       complaint_number NOT NULL REFERENCES complaints,
    kind         text NOT NULL,
    version      int NOT NULL,              -- of the deadline
    days_left    int NOT NULL,
    consultation bigint NOT NULL DEFAULT 0, -- 0: it is about the complaint
    letters      bigint[] NOT NULL,         -- what it owes
    at           timestamptz NOT NULL,
    PRIMARY KEY (number, kind, version, days_left, consultation)
);
