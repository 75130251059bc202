-- The doors that an appeal came by, what its disposition rests on, and the callers who harass the hotline.

ALTER TABLE appeal
    ADD COLUMN line          text        NOT NULL DEFAULT '',    -- number that was dialled; empty for 12345's own
    ADD COLUMN seat          text        NOT NULL DEFAULT '',
    ADD COLUMN raised_at     timestamptz,                        -- null: when it was registered
    ADD COLUMN caller_marked boolean     NOT NULL DEFAULT false; -- at registration

ALTER TABLE standing ADD COLUMN rests_on text NOT NULL DEFAULT '';

-- A mark is about the telephone of its appeal, found by the index of the sealed number: it is stored nowhere twice.
CREATE TABLE caller_mark (
    id          uuid PRIMARY KEY,
    appeal_id   uuid        NOT NULL,
    state       text        NOT NULL,
    evidence    text        NOT NULL, -- numbers masked
    reference   text[]      NOT NULL,
    marked_by   text        NOT NULL,
    marked_at   timestamptz NOT NULL,
    reviewed_by text        NOT NULL DEFAULT '',
    review_note text        NOT NULL DEFAULT '',
    expires_at  timestamptz
);
CREATE INDEX caller_mark_by_appeal ON caller_mark (appeal_id) WHERE state = 'confirmed';
CREATE INDEX caller_mark_newest ON caller_mark (marked_at DESC, id DESC);
