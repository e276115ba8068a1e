-- What tells that a store lost time, and what was done about it.

-- +goose Up

-- The relay raises the marker once a minute, here first and then in Temporal.
-- What Temporal was once seen to have it must still have: less or nothing means
-- that Temporal lost time. More than was ever raised means that this register is
-- older than it should be.
CREATE TABLE marker (
    single    boolean PRIMARY KEY DEFAULT true CHECK (single), -- there is one
    counter   bigint NOT NULL CHECK (counter > 0),
    raised_at timestamptz NOT NULL,
    seen      bigint NOT NULL CHECK (seen BETWEEN 0 AND counter), -- the last one that Temporal was seen to have
    seen_at   timestamptz NOT NULL -- when that one was raised: Temporal has kept whatever was recorded before
);

-- A healing brings the procedures up to this register: a pass over all open
-- files, which may begin anew at any moment. One goes on at a time. When it is
-- the register that lost time, nothing is carried to Temporal before it is done.
CREATE TABLE healings (
    id       bigserial PRIMARY KEY,
    lost     text NOT NULL CHECK (lost IN ('temporal', 'register')), -- which store lost time
    found_at timestamptz NOT NULL,
    asked    int NOT NULL DEFAULT 0, -- procedures asked in the last pass
    rebuilt  int NOT NULL DEFAULT 0, -- procedures begun anew from here, in all passes
    ended    int NOT NULL DEFAULT 0, -- procedures ended whose file is closed or not here
    done_at  timestamptz
);

CREATE UNIQUE INDEX healings_one_open ON healings ((true)) WHERE done_at IS NULL;

-- Numbers that may have been given before the register was put back to an older
-- state. They are not given again, and nothing is stored under them.
CREATE TABLE lost_numbers (
    number     complaint_number PRIMARY KEY,
    reason     text NOT NULL CHECK (reason IN ('restored')),
    noted_at   timestamptz NOT NULL,
    started_at timestamptz -- when Temporal began its procedure: somebody holds a receipt. NULL: not known there
);
