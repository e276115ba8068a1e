-- The address at which an e-mail did not arrive: it was refused there for good, or
-- it came back. Later letters of the complaint to that address go by post.

-- +goose Up

ALTER TABLE letters ADD undelivered_to text CHECK (undelivered_to <> '');

UPDATE letters SET undelivered_to = recipient
WHERE bounced_at IS NOT NULL AND language IS NOT NULL AND recipient <> '';

-- A letter that goes by post names no address any more; where it was the
-- complainant's own, that is known as long as nothing was corrected since.
UPDATE letters l SET undelivered_to = s.email
FROM submissions s
WHERE s.number = l.number AND s.email <> '' AND s.representative IS NULL
    AND l.language IS NOT NULL AND l.undelivered_to IS NULL
    AND (l.bounced_at IS NOT NULL OR l.fell_back_code IN ('smtp_550', 'smtp_551', 'smtp_553'))
    AND NOT EXISTS (SELECT FROM corrections c WHERE c.number = l.number AND c.corrected_at > COALESCE(l.fell_back_at, l.bounced_at));
