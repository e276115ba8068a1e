-- What a virus scanner said of each document. Documents themselves are written
-- once and never changed; one without a row here, or that could not be scanned,
-- is unscanned.

-- +goose Up

CREATE TABLE attachment_scans (
    attachment bigint PRIMARY KEY REFERENCES attachments,
    state      text NOT NULL CHECK (state IN ('unscanned', 'clean', 'infected')),
    signature  text NOT NULL DEFAULT '', -- the scanner's name for what it found
    sha256     bytea NOT NULL,           -- of the document
    tries      int NOT NULL CHECK (tries > 0),
    at         timestamptz NOT NULL,     -- of the last try
    CHECK ((state = 'infected') = (signature <> ''))
);

CREATE INDEX attachment_scans_open ON attachment_scans (state) WHERE state <> 'clean';

-- What the watch saw may be about one document.
ALTER TABLE watched ADD COLUMN attachment bigint NOT NULL DEFAULT 0; -- 0: it is not
ALTER TABLE watched DROP CONSTRAINT watched_pkey;
ALTER TABLE watched ADD PRIMARY KEY (number, kind, version, days_left, consultation, round, letter, attachment);
