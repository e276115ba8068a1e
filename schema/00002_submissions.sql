-- What came in, as it came in (submission, wat binnenkwam). Nothing here changes
-- after it is stored, except by a correction that says why.

-- +goose Up

-- The yearly counter. The row of a year is raised in the transaction that stores
-- a submission, so a number is taken exactly when its submission is kept: no
-- gaps, no repeats. The row lock puts lodgings of one year one after another.
CREATE TABLE counters (
    year int PRIMARY KEY CHECK (year BETWEEN 2000 AND 9999), -- year of registration in Brussels
    last int NOT NULL CHECK (last BETWEEN 1 AND 999999)      -- the last number given
);

-- The number of a complaint: year of registration and place in that year.
CREATE DOMAIN complaint_number AS text CHECK (VALUE ~ '^\d{4}-\d{6}$');

CREATE TABLE submissions (
    number        complaint_number PRIMARY KEY,
    intake        text NOT NULL CHECK (intake IN ('web_form', 'post', 'office_form', 'email', 'phone_note')),
    language      text NOT NULL CHECK (language IN ('nl', 'fr', 'de', 'en')),
    received_at   timestamptz NOT NULL, -- arrival anywhere in the organisation
    registered_at timestamptz NOT NULL, -- stored here
    lodged_by     text REFERENCES accounts, -- NULL: the public

    -- Who complains. An anonymous submission leaves all of it empty.
    complainant_type text NOT NULL CHECK (complainant_type IN ('person', 'organisation')),
    name          text NOT NULL,
    contact_name  text NOT NULL,
    salutation    text NOT NULL,
    street        text NOT NULL,
    postcode      text NOT NULL,
    city          text NOT NULL,
    country       text NOT NULL,
    email         text NOT NULL,
    phone         text NOT NULL,
    is_member     boolean,              -- NULL: not known
    member_number text NOT NULL,

    -- The identification number: readable only with the key file, and a keyed
    -- hash of its eleven digits to find the same person by exact match.
    niss_sealed   bytea,
    niss_hash     bytea,
    CHECK ((niss_sealed IS NULL) = (niss_hash IS NULL)),

    representative jsonb CHECK (jsonb_typeof(representative) = 'object'), -- complaint.Representative; NULL: none
    facts_on      date,
    prior_contact jsonb CHECK (jsonb_typeof(prior_contact) = 'object'),   -- complaint.PriorContact; NULL: none
    contested_on  date,                 -- day of the contested decision
    contested_reference text,           -- NULL: no decision is contested
    CHECK (contested_on IS NULL OR contested_reference IS NOT NULL),
    department    text CHECK (department <> ''), -- code; NULL: not known
    topic         text NOT NULL,
    text          text NOT NULL CHECK (text <> ''),
    concerns_privacy boolean NOT NULL,
    reply_by      text CHECK (reply_by IN ('email', 'post')), -- the complainant's wish; NULL: none

    -- The code with which the complainant follows the case: hashed to find it,
    -- sealed to write it in letters.
    receipt_hash   bytea NOT NULL UNIQUE,
    receipt_sealed bytea NOT NULL,

    CHECK (received_at <= registered_at)
);

-- Earlier complaints of the same person are looked for by these.
CREATE INDEX submissions_by_niss ON submissions (niss_hash) WHERE niss_hash IS NOT NULL;
CREATE INDEX submissions_by_email ON submissions (lower(email)) WHERE email <> '';
CREATE INDEX submissions_by_name ON submissions (lower(name), postcode) WHERE name <> '' AND postcode <> '';
-- Lists run from the latest arrival backwards.
CREATE INDEX submissions_by_arrival ON submissions (received_at DESC, number DESC);

-- What the complainant did since the facts.
CREATE TABLE initiatives (
    number   complaint_number NOT NULL REFERENCES submissions,
    position int NOT NULL CHECK (position > 0), -- as listed in the submission
    on_day   date NOT NULL,
    how      text NOT NULL CHECK (how <> ''),
    PRIMARY KEY (number, position)
);
