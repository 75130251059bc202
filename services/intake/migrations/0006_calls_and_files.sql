-- Telephone calls: who sits where, what each call did, which appeals came of it; and the files of appeals.

-- Who sits where; an agent sits at one seat, a seat has one agent.
CREATE TABLE seat (
    seat  text PRIMARY KEY,
    agent text        NOT NULL UNIQUE,
    since timestamptz NOT NULL
);

CREATE TABLE call (
    id                uuid PRIMARY KEY,
    adapter           text        NOT NULL,
    reference         text        NOT NULL,
    seat              text        NOT NULL,
    agent             text        NOT NULL,               -- empty: nobody sat there
    line              text        NOT NULL,
    telephone         bytea,                              -- sealed; null: withheld
    masked_number     text        NOT NULL,
    caller_reference  text        NOT NULL,               -- keyed; tells callers apart and nothing else
    rang_at           timestamptz NOT NULL,
    answered_at       timestamptz,
    ended_at          timestamptz,
    recording         text        NOT NULL DEFAULT '',
    recording_seconds integer     NOT NULL DEFAULT 0,
    shown_at          timestamptz,                        -- when its agent first saw the number
    UNIQUE (adapter, reference)
);
CREATE INDEX call_by_agent ON call (agent, rang_at DESC, id DESC);
-- Finds what a rotation of keys left behind.
CREATE INDEX call_by_seal ON call (substring(telephone FROM 1 FOR 6)) WHERE telephone IS NOT NULL;

ALTER TABLE appeal ADD COLUMN call_id uuid;
CREATE INDEX appeal_by_call ON appeal (call_id) WHERE call_id IS NOT NULL;

-- The files of an appeal; the bytes are at the gateway.
CREATE TABLE appeal_file (
    file_id        uuid PRIMARY KEY,
    appeal_id      uuid        NOT NULL,
    name           text        NOT NULL, -- numbers and the appellant's own particulars masked
    media_type     text        NOT NULL,
    size_bytes     bigint      NOT NULL,
    sha256         text        NOT NULL,
    from_appellant boolean     NOT NULL,
    attached_by    text        NOT NULL,
    attached_at    timestamptz NOT NULL
);
CREATE INDEX appeal_file_by_appeal ON appeal_file (appeal_id, attached_at, file_id);
