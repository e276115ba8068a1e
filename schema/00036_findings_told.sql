-- The supervisors hear by e-mail of findings that are new, once a day at most.

-- +goose Up

ALTER TABLE findings ADD COLUMN told_at timestamptz; -- NULL: in no e-mail yet
