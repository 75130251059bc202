-- What happened to each appeal, in words: the staff's line, and the public's where there is one.
CREATE TABLE timeline (
    appeal_id      uuid        NOT NULL,
    seq            bigint      GENERATED ALWAYS AS IDENTITY,
    at             timestamptz NOT NULL,
    type           text        NOT NULL, -- protobuf full name of the event
    text           text        NOT NULL,
    text_en        text        NOT NULL,
    public_text    text,
    public_text_en text,
    actor          text        NOT NULL,
    article        text        NOT NULL,
    PRIMARY KEY (appeal_id, seq)
);
