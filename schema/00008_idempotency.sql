-- The answers to commands that came with an idempotency key, so that the same
-- command sent twice changes nothing and is answered as the first time.

-- +goose Up

CREATE TABLE idempotency (
    caller     text NOT NULL,  -- a login, or 'public'
    route      text NOT NULL,
    key_hash   bytea NOT NULL, -- keyed hash
    body_hash  bytea NOT NULL, -- keyed hash: the same key with another body is refused
    answer_sealed bytea NOT NULL, -- empty only inside the command's own transaction
    created_at timestamptz NOT NULL,
    expires_at timestamptz,    -- NULL: kept for good, so that a lodging is never repeated
    PRIMARY KEY (caller, route, key_hash)
);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at) WHERE expires_at IS NOT NULL;
