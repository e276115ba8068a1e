-- What has to reach the procedure. A command's transaction leaves a row here; a
-- carrier hands rows to the procedure one by one in the order of each workflow,
-- and a row is done when the procedure itself has recorded it.

-- +goose Up

CREATE TABLE outbox (
    id          bigserial PRIMARY KEY,
    workflow_id text NOT NULL CHECK (workflow_id <> ''),
    number      complaint_number NOT NULL REFERENCES complaints,
    seq         int NOT NULL CHECK (seq > 0), -- taken under the lock of the complaint's row: sequence order is commit order
    kind        text NOT NULL CHECK (kind <> ''),
    body        jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    created_at  timestamptz NOT NULL,
    next_at     timestamptz NOT NULL,           -- not to be delivered before
    deliveries  int NOT NULL DEFAULT 0 CHECK (deliveries >= 0), -- tries that counted
    delivered_at timestamptz,                   -- the last one
    done_at     timestamptz,                    -- recorded by the procedure, or by casework after closing
    effect      text CHECK (effect IN ('applied', 'not_applied', 'after_closing')),
    blocked_at  timestamptz,                    -- given up after too many tries; a person settles it
    settled_by  text REFERENCES accounts,
    settled_reason text,
    run_id      text,                           -- the run that took it
    CHECK ((done_at IS NULL) = (effect IS NULL)),
    CHECK (done_at IS NULL OR blocked_at IS NULL),
    UNIQUE (workflow_id, seq)
);

-- The carrier takes new starts last and a few at a time, so they do not lie
-- between what else is on its way.
CREATE INDEX outbox_to_start ON outbox (next_at, id)
    WHERE done_at IS NULL AND kind = 'Start' AND delivered_at IS NULL;
CREATE INDEX outbox_going_on ON outbox (next_at, id)
    WHERE done_at IS NULL AND (kind <> 'Start' OR delivered_at IS NOT NULL);
CREATE INDEX outbox_by_number ON outbox (number, seq);
CREATE INDEX outbox_by_done ON outbox (done_at) WHERE done_at IS NOT NULL; -- the last recording of all

-- Only done rows may ever be removed.
-- +goose StatementBegin
CREATE FUNCTION outbox_keep_undone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.done_at IS NULL THEN
        RAISE EXCEPTION 'an outbox row that is not done stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER outbox_keep_undone BEFORE DELETE ON outbox
    FOR EACH ROW EXECUTE FUNCTION outbox_keep_undone();

-- Wakes the carrier: at a new row, and at a recording, after which the next row
-- of that workflow may leave.
-- +goose StatementBegin
CREATE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], NEW.workflow_id);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER outbox_new AFTER INSERT ON outbox
    FOR EACH ROW EXECUTE FUNCTION outbox_notify('outbox');
CREATE TRIGGER outbox_done AFTER UPDATE OF done_at ON outbox
    FOR EACH ROW WHEN (OLD.done_at IS NULL AND NEW.done_at IS NOT NULL)
    EXECUTE FUNCTION outbox_notify('outbox_done');
