-- The register's key can be changed: what is sealed names the key that sealed
-- it, and only the key in force seals.

-- +goose Up

-- Which key is in force: the first one is 1. What was hashed with the keys before
-- it is still found, because each later key hashes the hashes of the one before;
-- so their hashing keys are kept, sealed with the key in force.
ALTER TABLE register_key
    ADD COLUMN version  int NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 255),
    ADD COLUMN earlier  bytea CHECK ((earlier IS NULL) = (version = 1)),
    ADD COLUMN changing boolean NOT NULL DEFAULT false; -- a change was begun and has not gone through all rows

-- The first byte of everything sealed is the version of its key. A program that
-- goes on with an earlier key after a change was begun writes nothing with it; to
-- it the register is not available.
-- +goose StatementBegin
CREATE FUNCTION check_sealed(sealed bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    in_force int;
BEGIN
    IF sealed IS NULL OR length(sealed) = 0 THEN
        RETURN;
    END IF;
    SELECT version INTO in_force FROM register_key;
    IF get_byte(sealed, 0) <> in_force THEN
        RAISE EXCEPTION 'sealed with a key that is not in force' USING ERRCODE = '57P03';
    END IF;
END $$;

CREATE FUNCTION check_sealed_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_sealed(NEW.receipt_sealed);
    PERFORM check_sealed(NEW.niss_sealed);
    RETURN NEW;
END $$;

CREATE FUNCTION check_sealed_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_sealed(NEW.niss_before_sealed);
    RETURN NEW;
END $$;

CREATE FUNCTION check_sealed_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_sealed(NEW.answer_sealed);
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER check_sealed BEFORE INSERT OR UPDATE OF niss_sealed, receipt_sealed ON submissions
    FOR EACH ROW EXECUTE FUNCTION check_sealed_submission();
CREATE TRIGGER check_sealed BEFORE INSERT OR UPDATE OF niss_before_sealed ON corrections
    FOR EACH ROW EXECUTE FUNCTION check_sealed_correction();
CREATE TRIGGER check_sealed BEFORE INSERT OR UPDATE OF answer_sealed ON idempotency
    FOR EACH ROW EXECUTE FUNCTION check_sealed_answer();
