-- Between two daily seals what was written in the last minute is sealed as well,
-- so that the end of a chain is not unprotected for a day. All seals stand in one
-- row, each holding the one before it.

-- +goose Up

-- A seal covers the days that ended since the one before it; a seal made during a
-- day covers none: then first_day is the day after day.
ALTER TABLE seals DROP CONSTRAINT seals_check;
ALTER TABLE seals ADD CHECK (first_day <= day + 1);
ALTER TABLE seals ADD COLUMN id bigint;     -- 1, 2, 3 ... in the order in which they were made
ALTER TABLE seals ADD COLUMN last_event bigint; -- highest IDs when it was made, from which the next one looks for chains that grew; NULL in seals older than that
ALTER TABLE seals ADD COLUMN last_audit bigint;
UPDATE seals SET id = numbered.id
FROM (SELECT day, row_number() OVER (ORDER BY day) AS id FROM seals) numbered WHERE numbered.day = seals.day;

ALTER TABLE sealed ADD COLUMN seal bigint;
UPDATE sealed SET seal = seals.id FROM seals WHERE seals.day = sealed.day;
ALTER TABLE sealed DROP COLUMN day;
ALTER TABLE seals DROP CONSTRAINT seals_pkey;
ALTER TABLE seals ADD PRIMARY KEY (id);
ALTER TABLE sealed ALTER COLUMN seal SET NOT NULL;
ALTER TABLE sealed ADD FOREIGN KEY (seal) REFERENCES seals (id);
CREATE INDEX sealed_by_seal ON sealed (seal);
