-- Many complaints at one time.

-- +goose Up

-- The carrier is called once for all rows of a statement, and always in the same
-- words: what a transaction calls twice in the same words is heard once. A call
-- has a price, for commits that call take turns.
DROP TRIGGER outbox_new ON outbox;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER outbox_new AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify('outbox');

-- Starts leave in the order of arrival, also those that were tried in vain while
-- the server was away.
CREATE INDEX outbox_starts_in_order ON outbox (id)
    WHERE done_at IS NULL AND kind = 'Start' AND delivered_at IS NULL;

-- Acknowledgements that have not left: how long the oldest complaint waits.
CREATE INDEX letters_unacknowledged ON letters (owed_at)
    WHERE kind = 'acknowledgement' AND copy_of IS NULL AND left_at IS NULL AND state <> 'dropped';
