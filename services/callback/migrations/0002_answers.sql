-- What is asked and judged besides, and how a message stands.
ALTER TABLE callback
    ADD COLUMN bad_before integer NOT NULL DEFAULT 0,
    -- Answers by earlier ways, the judgement's grounds, the unit's paper, what was suggested.
    ADD COLUMN more       jsonb   NOT NULL DEFAULT '{}',
    -- by_hand, queued, sent, delivered, failed; empty for a way without a message.
    ADD COLUMN delivery   text    NOT NULL DEFAULT '',
    -- Sends of this attempt so far, and when the next is due or the silence counts.
    ADD COLUMN send_tries integer NOT NULL DEFAULT 0,
    ADD COLUMN send_at    timestamptz;

-- What the sender looks for.
CREATE INDEX callback_send ON callback (send_at, id) WHERE state = 1 AND send_at IS NOT NULL;

-- Good and bad reviews of services.
CREATE TABLE review (
    id        uuid        PRIMARY KEY,
    source    text        NOT NULL,
    reference text        NOT NULL,
    unit_id   text        NOT NULL,
    state     text        NOT NULL,
    at        timestamptz NOT NULL,
    doc       jsonb       NOT NULL
);
CREATE UNIQUE INDEX review_source ON review (source, reference) WHERE reference <> '';
CREATE INDEX review_newest ON review (at DESC, id DESC);
CREATE INDEX review_unit ON review (unit_id, at DESC, id DESC);
