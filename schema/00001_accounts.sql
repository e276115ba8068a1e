-- Who may come in. Passwords and tokens are stored as hashes only.

-- +goose Up

CREATE TABLE accounts (
    login         text PRIMARY KEY CHECK (login ~ '^[a-z0-9][a-z0-9._-]*$'),
    name          text NOT NULL CHECK (name <> ''),
    role          text NOT NULL CHECK (role IN ('intake', 'handler', 'ombuds', 'supervisor', 'dpo', 'auditor', 'admin')),
    department    text CHECK (department <> ''), -- code; a handler belongs to one department, nobody else does
    CHECK ((role = 'handler') = (department IS NOT NULL)),
    password_hash text NOT NULL,
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL
);

CREATE TABLE tokens (
    id           bigserial PRIMARY KEY,
    login        text NOT NULL REFERENCES accounts,
    hash         bytea NOT NULL UNIQUE,
    label        text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz, -- NULL: until revoked
    revoked_at   timestamptz,
    last_used_at timestamptz
);

CREATE INDEX tokens_by_login ON tokens (login);
