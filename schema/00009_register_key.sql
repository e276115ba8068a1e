-- Which key the register was made with. It keeps a keyed hash, from which nobody
-- learns the key, so that a program with another one stops before it seals
-- anything that nobody could open.

-- +goose Up

CREATE TABLE register_key (
    id          int PRIMARY KEY DEFAULT 1 CHECK (id = 1), -- one row at most
    check_value bytea NOT NULL
);
