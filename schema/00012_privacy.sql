-- What the data protection officer (DPO) answers: a privacy file beside the
-- complaint of the same number, with a procedure, a term and an outbox order of
-- its own. Everything about it takes turns under the complaint's row lock.

-- +goose Up

CREATE TABLE privacy_files (
    number      complaint_number PRIMARY KEY REFERENCES complaints,
    referred_at timestamptz NOT NULL,
    referred_by text REFERENCES accounts, -- NULL: on arrival, because the submission says so
    reasons     text NOT NULL,            -- of an officer, for the DPO

    -- Until a person has confirmed what part is about personal data, the ombuds
    -- service and the DPO both read the submission.
    split       text NOT NULL CHECK (split IN ('unconfirmed', 'pure', 'mixed')),
    split_by    text REFERENCES accounts,
    split_at    timestamptz,
    CHECK (num_nulls(split_by, split_at) = CASE split WHEN 'unconfirmed' THEN 2 ELSE 0 END),

    -- A suspected breach is told to the authority within 72 hours of receipt.
    suspected_breach boolean NOT NULL,
    notify_by   timestamptz NOT NULL, -- counts where a breach is suspected

    -- Where the file stands; set by its procedure.
    stage       text NOT NULL DEFAULT 'received' CHECK (stage IN ('received', 'investigating', 'answering', 'closed')),
    waiting_for text NOT NULL DEFAULT 'none' CHECK (waiting_for IN ('dpo', 'mail_room', 'none')),
    revision    int NOT NULL DEFAULT 0,
    CHECK ((stage = 'closed') = (closed_at IS NOT NULL)),

    -- The deadline in force, copied from its version for lists.
    deadline_version int NOT NULL CHECK (deadline_version > 0),
    day_0       date NOT NULL,
    last_day    date NOT NULL,
    ends_at     timestamptz NOT NULL, -- exclusive
    warned      int CHECK (warned >= 0),
    overdue_at  timestamptz,

    extended_by text REFERENCES accounts,
    extended_at timestamptz,
    extension_reasons text,
    CHECK (num_nulls(extended_by, extended_at, extension_reasons) IN (0, 3)),

    result      text CHECK (result IN ('answered', 'refused', 'withdrawn')),
    answer      text,
    answered_by text REFERENCES accounts,
    answered_at timestamptz,
    CHECK (num_nulls(result, answer, answered_by, answered_at) IN (0, 4)),
    closed_at   timestamptz,
    CHECK (closed_at IS NULL OR result IS NOT NULL),

    last_seq    int NOT NULL DEFAULT 0 CHECK (last_seq >= 0), -- last place given in the outbox of its workflow
    run_id      text -- the run of the procedure that entered it
);

CREATE INDEX privacy_files_open_by_end ON privacy_files (ends_at) WHERE stage <> 'closed';

-- Every version of the term with its derivation.
CREATE TABLE privacy_deadlines (
    number     complaint_number NOT NULL REFERENCES privacy_files,
    version    int NOT NULL CHECK (version > 0),
    deadline   jsonb NOT NULL, -- complaint.Deadline
    at         timestamptz NOT NULL,
    PRIMARY KEY (number, version)
);

-- What passing time brought about, each once.
CREATE TABLE privacy_watched (
    number    complaint_number NOT NULL REFERENCES privacy_files,
    kind      text NOT NULL,
    version   int NOT NULL, -- of the deadline
    days_left int NOT NULL,
    letters   bigint[] NOT NULL, -- what it owes
    at        timestamptz NOT NULL,
    PRIMARY KEY (number, kind, version, days_left)
);

-- Set once it is confirmed that a complaint is about personal data alone: its
-- content is the DPO's, and nobody else's lists, searches and files show it.
ALTER TABLE complaints ADD COLUMN concealed boolean NOT NULL DEFAULT false;

-- To which file a letter belongs, and so which procedure answers for it.
ALTER TABLE letters DROP CONSTRAINT IF EXISTS letters_kind_check;
ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind ~ '^[a-z]+(-[a-z]+)*$');
ALTER TABLE letters ADD COLUMN file text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN kind IN ('privacy-transfer', 'privacy-reminder', 'privacy-extension', 'privacy-answer')
    THEN 'privacy' ELSE '' END) STORED;
