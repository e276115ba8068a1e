-- Each row of history and audit is bound to the one before it in the same file,
-- and once a day all files are sealed. Whoever changes, removes or inserts a row
-- breaks a chain, and `verify` names the file and the row.

-- +goose Up

-- The mark shows that the program wrote a row: a keyed hash of what the row says,
-- whose key is not in the database, behind eight random bytes. Empty is what no
-- program wrote, or what is older than the chains (see adopted).
ALTER TABLE events ADD COLUMN mark bytea NOT NULL DEFAULT '';
ALTER TABLE audit  ADD COLUMN mark bytea NOT NULL DEFAULT '';

-- The audit is read by file, by person and by day.
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_day ON audit USING brin (at);

-- A chain holds the rows of one file, or of one person's looks at lists. Every
-- file has a chain of its own: one over everything would let all writers wait
-- for each other. Only the trigger below writes here.
CREATE TABLE bindings (
    chain  text NOT NULL,   -- a complaint's number, or '@' and who looked
    place  bigint NOT NULL CHECK (place > 0), -- 1, 2, 3 ... in the order of commits
    book   text NOT NULL CHECK (book IN ('events', 'audit')),
    row_id bigint NOT NULL, -- in that table
    hash   bytea NOT NULL,  -- of the hash before it, the place and every column of the row
    PRIMARY KEY (chain, place)
);

-- The last row of each table that is older than the chains; 0 where there is none.
CREATE TABLE adopted (
    book    text PRIMARY KEY CHECK (book IN ('events', 'audit')),
    last_id bigint NOT NULL
);

-- A seal stands for the last place of every chain at a moment, under a key that
-- is not in the database, and holds the seal before it.
CREATE TABLE seals (
    day       date PRIMARY KEY,     -- the last day it covers, in Brussels
    first_day date NOT NULL,        -- the day after the seal before it; they differ when a day was missed
    sealed_at timestamptz NOT NULL,
    chains    int NOT NULL,         -- that grew since the seal before it
    seal      bytea NOT NULL,
    CHECK (first_day <= day)
);

-- What a seal stands for: the chains that grew since the one before it.
CREATE TABLE sealed (
    chain text NOT NULL,
    place bigint NOT NULL,
    day   date NOT NULL REFERENCES seals,
    hash  bytea NOT NULL,
    PRIMARY KEY (chain, place)
);

-- +goose StatementBegin
-- bind_row gives a new row its place. It runs when the transaction commits, when
-- all other locks are held, so that nobody who holds a chain waits for anything
-- else. Two transactions that want the same place take turns by the primary key.
-- Lengths stand before texts, so that no two rows read alike.
CREATE FUNCTION bind_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    file    text;
    content text;
    last    record;
BEGIN
    IF TG_TABLE_NAME = 'events' THEN
        file := NEW.number;
        content := format('events %s %s %s %s:%s %s:%s %s:%s %s', NEW.id, (extract(epoch FROM NEW.at) * 1000000)::bigint,
            NEW.number, octet_length(NEW.kind), NEW.kind, octet_length(NEW.actor), NEW.actor,
            octet_length(NEW.details::text), NEW.details, encode(NEW.mark, 'hex'));
    ELSE
        file := coalesce(NEW.number, '@' || NEW.actor);
        content := format('audit %s %s %s %s:%s %s:%s %s:%s %s:%s %s:%s %s', NEW.id, (extract(epoch FROM NEW.at) * 1000000)::bigint,
            NEW.number, octet_length(NEW.actor), NEW.actor, octet_length(NEW.role), NEW.role,
            octet_length(NEW.action), NEW.action, octet_length(NEW.address), NEW.address,
            octet_length(NEW.fields::text), NEW.fields, encode(NEW.mark, 'hex'));
    END IF;
    LOOP
        SELECT b.place, b.hash INTO last FROM public.bindings b WHERE b.chain = file ORDER BY b.place DESC LIMIT 1;
        INSERT INTO public.bindings (chain, place, book, row_id, hash)
        VALUES (file, coalesce(last.place, 0) + 1, TG_TABLE_NAME, NEW.id,
            sha256(coalesce(last.hash, '') || convert_to(
                format('%s:%s %s %s', octet_length(file), file, coalesce(last.place, 0) + 1, content), 'UTF8')))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE CONSTRAINT TRIGGER bound_at_commit AFTER INSERT ON events
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bind_row();
CREATE CONSTRAINT TRIGGER bound_at_commit AFTER INSERT ON audit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bind_row();

-- What is there already is written once more, so that the trigger binds it.
INSERT INTO adopted (book, last_id)
SELECT 'events', coalesce(max(id), 0) FROM events UNION ALL SELECT 'audit', coalesce(max(id), 0) FROM audit;
CREATE TEMP TABLE earlier_events ON COMMIT DROP AS SELECT * FROM events;
CREATE TEMP TABLE earlier_audit ON COMMIT DROP AS SELECT * FROM audit;
DELETE FROM events;
DELETE FROM audit;
INSERT INTO events SELECT * FROM earlier_events ORDER BY id;
INSERT INTO audit SELECT * FROM earlier_audit ORDER BY id;
