-- History. Both tables only grow: the application may read and add, and has no
-- right to change or remove.

-- +goose Up

-- The history of a case for its readers: codes, numbers and days, never what
-- somebody wrote.
CREATE TABLE events (
    id      bigserial PRIMARY KEY,
    number  complaint_number NOT NULL REFERENCES complaints,
    at      timestamptz NOT NULL,
    kind    text NOT NULL CHECK (kind <> ''),
    actor   text NOT NULL CHECK (actor <> ''), -- a login, 'public' or 'procedure'
    details jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object')
);

CREATE INDEX events_by_number ON events (number, id);

-- Who changed or looked at what, and from where. It names fields, never values.
CREATE TABLE audit (
    id      bigserial PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text NOT NULL CHECK (actor <> ''),
    role    text NOT NULL, -- 'public' for anyone without an account
    action  text NOT NULL CHECK (action <> ''),
    number  complaint_number, -- NULL: a list, or nothing of one complaint
    address text NOT NULL,    -- network address of the caller
    fields  text[] NOT NULL DEFAULT '{}'
);

CREATE INDEX audit_by_number ON audit (number, id);
