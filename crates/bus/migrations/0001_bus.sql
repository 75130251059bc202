-- The record of what a service published, and how far it has heard the others. Lives in the service's own schema.

-- Events wait here, in the transaction that changed the state, until the sequencer numbers them.
CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition   integer     NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    root        uuid        NOT NULL,
    occurred_at timestamptz NOT NULL,
    traceparent text        NOT NULL,
    payload     bytea       NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Every event, numbered without gaps within its partition. Append-only: the broker may lose everything, this may not.
CREATE TABLE journal (
    partition   integer     NOT NULL,
    seq         bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    root        uuid        NOT NULL,
    occurred_at timestamptz NOT NULL,
    causes      text        NOT NULL,
    traceparent text        NOT NULL,
    payload     bytea       NOT NULL,
    PRIMARY KEY (partition, seq)
);

CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

CREATE TABLE journal_head (
    partition integer PRIMARY KEY,
    last_seq  bigint  NOT NULL
);

-- Last number applied of each other service. The row with producer '' is the lock that makes one worker a partition.
CREATE TABLE cursor (
    producer  text    NOT NULL,
    partition integer NOT NULL,
    last_seq  bigint  NOT NULL,
    PRIMARY KEY (producer, partition)
) WITH (fillfactor = 50);

-- Events that could not be applied, and those of the same appeal that wait behind them.
CREATE TABLE dead_letter (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    producer     text        NOT NULL,
    partition    integer     NOT NULL,
    seq          bigint      NOT NULL,
    event_id     uuid        NOT NULL,
    type         text        NOT NULL,
    root         uuid        NOT NULL,
    occurred_at  timestamptz NOT NULL,
    causes       text        NOT NULL,
    traceparent  text        NOT NULL,
    payload      bytea       NOT NULL,
    error        text        NOT NULL,
    attempts     integer     NOT NULL,
    set_aside_at timestamptz NOT NULL,
    replayed_at  timestamptz,
    UNIQUE (producer, partition, seq)
);
CREATE INDEX dead_letter_open ON dead_letter (partition, root, id) WHERE replayed_at IS NULL;

-- Who does what only one may do. The token fences off a holder that slept through its lease.
CREATE TABLE lease (
    name       text PRIMARY KEY,
    holder     uuid        NOT NULL,
    token      bigint      NOT NULL,
    expires_at timestamptz NOT NULL
);
