-- Each time an appellant pressed for an answer.
CREATE TABLE urge (
    id             uuid PRIMARY KEY,
    appeal_id      uuid        NOT NULL,
    request_key    text        NOT NULL UNIQUE,
    request_digest bytea       NOT NULL,
    note           text        NOT NULL,
    actor          text        NOT NULL,
    at             timestamptz NOT NULL
);
CREATE INDEX urge_by_appeal ON urge (appeal_id);

-- Each time personal data was shown in clear, to whom and why. Nobody changes or removes a row.
CREATE TABLE reveal (
    id        uuid PRIMARY KEY,
    appeal_id uuid        NOT NULL,
    actor     text        NOT NULL,
    reason    text        NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX reveal_by_appeal ON reveal (appeal_id);
DO $$
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON reveal FROM %I', current_setting('hotline.service_role'));
END $$;

-- Attempts to track a number in its current minute; rows of past minutes are removed as new ones come.
CREATE TABLE track_attempt (
    number   text PRIMARY KEY,
    since    timestamptz NOT NULL,
    attempts integer     NOT NULL
);
CREATE INDEX track_attempt_since ON track_attempt (since);
