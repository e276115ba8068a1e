-- What may happen to an e-mail on its way: it falls back to post, waits because
-- its address has had enough for a day, or comes back after it was sent.

-- +goose Up

ALTER TABLE letters DROP CONSTRAINT letters_state_check;
ALTER TABLE letters ADD CONSTRAINT letters_state_check CHECK (state IN (
    'owed', 'rendered', 'awaiting_approval', 'sending', 'sent', 'printed', 'posted',
    'failed', 'in_doubt', 'dropped', 'held'));

ALTER TABLE letters
    -- The name by which mail servers know the message, before its first try: what
    -- a person looks for when it is in doubt.
    ADD message_id text,
    -- Since when it is tried; a person who sends it again begins anew.
    ADD tried_since timestamptz,
    -- E-mail did not reach the addressee, and the same letter goes by post.
    ADD fell_back_at timestamptz,
    ADD fell_back_code text,
    ADD CHECK (num_nulls(fell_back_at, fell_back_code) IN (0, 2)),
    -- A person noted that it came back after it was sent.
    ADD bounced_by text REFERENCES accounts,
    ADD bounced_at timestamptz,
    ADD bounce_reasons text,
    ADD CHECK (num_nulls(bounced_by, bounced_at, bounce_reasons) IN (0, 3)),
    -- The Brussels day on which it was counted for its address, and until when it
    -- waits because that had its share. A letter that a person released passes.
    ADD counted_on date,
    ADD held_until timestamptz,
    ADD CHECK (state <> 'held' OR held_until IS NOT NULL),
    ADD released boolean NOT NULL DEFAULT false,
    -- No running procedure answers for it: the worker lets it leave by itself.
    ADD stray boolean NOT NULL DEFAULT false;

CREATE INDEX letters_held ON letters (held_until) WHERE state = 'held';
CREATE INDEX letters_stray ON letters (id) WHERE stray AND state IN ('owed', 'rendered', 'sending');

-- How many e-mails an address has had on a day. The address stands as a keyed
-- hash; rows of earlier days are removed.
CREATE TABLE mail_counts (
    day     date NOT NULL,  -- in Brussels
    address bytea NOT NULL, -- keyed hash
    letters int NOT NULL CHECK (letters > 0),
    told    boolean NOT NULL DEFAULT false, -- the supervisors heard that letters wait
    PRIMARY KEY (day, address)
);

-- What the watch saw may be about one letter.
ALTER TABLE watched ADD COLUMN letter bigint NOT NULL DEFAULT 0; -- 0: it is not
ALTER TABLE watched DROP CONSTRAINT watched_pkey;
ALTER TABLE watched ADD PRIMARY KEY (number, kind, version, days_left, consultation, round, letter);
