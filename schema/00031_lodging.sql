-- What is lodged at one time is checked at one time.

-- +goose Up

-- Each new submission asked for the key in force by itself; now all of a
-- statement do together, when their rows are there.
DROP TRIGGER check_sealed ON submissions;
CREATE TRIGGER check_sealed BEFORE UPDATE OF niss_sealed, receipt_sealed ON submissions
    FOR EACH ROW EXECUTE FUNCTION check_sealed_submission();

-- +goose StatementBegin
CREATE FUNCTION check_sealed_lodgings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_force int;
BEGIN
    SELECT version INTO in_force FROM register_key;
    IF EXISTS (SELECT FROM added
        WHERE CASE WHEN receipt_sealed <> '' THEN get_byte(receipt_sealed, 0) <> in_force END
           OR CASE WHEN niss_sealed <> '' THEN get_byte(niss_sealed, 0) <> in_force END) THEN
        RAISE EXCEPTION 'sealed with a key that is not in force' USING ERRCODE = '57P03';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER check_sealed_lodgings AFTER INSERT ON submissions
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_sealed_lodgings();

-- A row finds its place and takes it in one statement. What it binds is as before.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION bind_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    file    text;
    content text;
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
        INSERT INTO public.bindings (chain, place, book, row_id, hash)
        SELECT file, coalesce(last.place, 0) + 1, TG_TABLE_NAME, NEW.id,
            sha256(coalesce(last.hash, '') || convert_to(
                format('%s:%s %s %s', octet_length(file), file, coalesce(last.place, 0) + 1, content), 'UTF8'))
        FROM (VALUES (1)) AS one
        LEFT JOIN LATERAL (
            SELECT b.place, b.hash FROM public.bindings b WHERE b.chain = file ORDER BY b.place DESC LIMIT 1) AS last ON true
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
