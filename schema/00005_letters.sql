-- Letters leave once. A row is made, owed, in the transaction of the command or
-- the watch that causes it, and keeps the letter exactly as it left.

-- +goose Up

CREATE TABLE letters (
    id         bigserial PRIMARY KEY,
    number     complaint_number NOT NULL REFERENCES complaints,
    kind       text NOT NULL CHECK (kind IN (
                   'acknowledgement', 'inadmissible', 'reclassified', 'outcome', 'late-notice', 'withdrawal',
                   'consultation', 'reminder', 'escalation', 'request', 'recommendation')),
    -- Lets a kind occur again on one complaint: the consultation, the
    -- recommendation or the deadline version that it is about, else 1.
    version    bigint NOT NULL,
    state      text NOT NULL DEFAULT 'owed' CHECK (state IN (
                   'owed', 'rendered', 'awaiting_approval', 'sending', 'sent', 'printed', 'posted',
                   'failed', 'in_doubt', 'dropped')),
    channel    text NOT NULL CHECK (channel IN ('email', 'post')),
    department text CHECK (department <> ''), -- code; NULL: it goes to the complainant
    language   text CHECK (language IN ('nl', 'fr', 'de', 'en')), -- of the complainant; a department has its own
    CHECK ((department IS NULL) = (language IS NOT NULL)),

    -- The letter itself, once rendered.
    recipient  text, -- an e-mail address; empty for post
    subject    text,
    text       text,
    pdf        bytea,
    CHECK (num_nulls(rendered_at, recipient, subject, text, pdf) IN (0, 5)),
    CHECK (state IN ('owed', 'failed', 'dropped') OR rendered_at IS NOT NULL),

    attempts   int NOT NULL DEFAULT 0, -- how often it was claimed for sending
    last_error_code text,              -- a code, never a foreign error's text
    provider_id text,                  -- the message's own name at the mail server
    owed_at    timestamptz NOT NULL,
    rendered_at timestamptz,
    sending_at timestamptz,
    printed_at timestamptz,
    left_at    timestamptz,            -- sent or posted
    posted_on  date,
    settled_by text REFERENCES accounts, -- the person who posted it or settled a doubt
    settled_at timestamptz,
    settled_reason text,
    CHECK ((state IN ('sent', 'posted')) = (left_at IS NOT NULL)),
    CHECK ((state = 'posted') = (posted_on IS NOT NULL)),
    CHECK (state <> 'dropped' OR settled_reason IS NOT NULL),
    UNIQUE (number, kind, version)
);

CREATE INDEX letters_by_state ON letters (state, owed_at, id);
