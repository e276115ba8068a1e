-- Blocked workflows settled by a person, and going through open cases.

-- +goose Up

ALTER TABLE outbox ADD COLUMN settled_at timestamptz;
-- A person decided that the procedure passes this row over: in its place it is
-- told to, so that it is still the procedure that records the row.
ALTER TABLE outbox ADD COLUMN passed_over boolean NOT NULL DEFAULT false;
ALTER TABLE outbox ADD CHECK (num_nulls(settled_by, settled_reason, settled_at) IN (0, 3));

CREATE INDEX outbox_blocked ON outbox (id) WHERE blocked_at IS NOT NULL;
CREATE INDEX complaints_open_by_number ON complaints (number) WHERE stage <> 'closed';
