-- Coming in with a password: one-time passwords, sessions, and the browsers
-- from which somebody came in before. What a list of tokens may show.

-- +goose Up

-- Set: an admin made the password. It is changed at the first login, and lets
-- nobody in after this moment.
ALTER TABLE accounts ADD COLUMN one_time_until timestamptz;

ALTER TABLE tokens ADD COLUMN prefix text NOT NULL DEFAULT ''; -- its first characters, to tell it from others
ALTER TABLE tokens ADD COLUMN issued_by text REFERENCES accounts; -- NULL: made at the first start

CREATE TABLE sessions (
    hash         bytea PRIMARY KEY, -- of what the cookie holds
    login        text NOT NULL REFERENCES accounts,
    address      text NOT NULL, -- network address at the login
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL -- to the minute
);

CREATE INDEX sessions_by_login ON sessions (login);
CREATE INDEX sessions_by_age ON sessions (last_seen_at);

-- A browser that brings its cookie is not slowed down by wrong passwords that
-- come from elsewhere. It lets nobody in.
CREATE TABLE devices (
    hash         bytea NOT NULL,
    login        text NOT NULL REFERENCES accounts,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (hash, login)
);

CREATE INDEX devices_by_login ON devices (login, last_used_at);
