-- What belongs to a complaint, and what one person sent, is found without reading
-- what belongs to others.

-- +goose Up

CREATE INDEX letters_by_number ON letters (number, id);
CREATE INDEX consultations_by_number ON consultations (number, id);
CREATE INDEX findings_by_number ON findings (number, id);
CREATE INDEX attachments_by_consultation ON attachments (consultation) WHERE consultation IS NOT NULL;

-- The latest of one person: each ends with the number.
DROP INDEX submissions_by_niss, submissions_by_email, submissions_by_name;
CREATE INDEX submissions_by_niss ON submissions (niss_hash, number) WHERE niss_hash IS NOT NULL;
CREATE INDEX submissions_by_email ON submissions (lower(email), number) WHERE email <> '';
CREATE INDEX submissions_by_name ON submissions (lower(name), postcode, number) WHERE name <> '' AND postcode <> '';

-- Earlier complaints are looked for when a file is opened: which of them may be
-- seen changes.
ALTER TABLE complaints DROP COLUMN earlier;

-- The place of a row in its chain, for the list of the audit: a chain of somebody
-- who looks at lists all day has no end.
CREATE INDEX bindings_by_row ON bindings (book, row_id);
