-- Each time an appellant added something to an open appeal; the words stand on the timeline.
CREATE TABLE supplement (
    id             uuid PRIMARY KEY,
    appeal_id      uuid        NOT NULL,
    request_key    text        NOT NULL UNIQUE,
    request_digest bytea       NOT NULL,
    actor          text        NOT NULL,
    at             timestamptz NOT NULL
);
CREATE INDEX supplement_by_appeal ON supplement (appeal_id);
