-- Who did what, in a chain of hashes. Lives in the service's own schema.

-- An entry waits here from the transaction of what it tells of until the chainer gives it its place.
CREATE TABLE audit_waiting (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    subject text        NOT NULL,
    roles   text        NOT NULL,
    unit    text        NOT NULL,
    method  text        NOT NULL,
    root    uuid,
    what    text        NOT NULL,
    outcome text        NOT NULL,
    reason  text        NOT NULL,
    address text        NOT NULL,
    trace   text        NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Every entry, numbered without gaps, each bound to the one before it by the hash of both.
CREATE TABLE audit (
    seq        bigint      PRIMARY KEY,
    id         bigint      NOT NULL,
    at         timestamptz NOT NULL,
    subject    text        NOT NULL,
    roles      text        NOT NULL,
    unit       text        NOT NULL,
    method     text        NOT NULL,
    root       uuid,
    what       text        NOT NULL,
    outcome    text        NOT NULL,
    reason     text        NOT NULL,
    address    text        NOT NULL,
    trace      text        NOT NULL,
    prev_hash  bytea       NOT NULL CHECK (length(prev_hash) = 32),
    entry_hash bytea       NOT NULL CHECK (length(entry_hash) = 32)
);
CREATE INDEX audit_by_time ON audit (at, seq);
CREATE INDEX audit_by_subject ON audit (subject, at, seq);
CREATE INDEX audit_by_root ON audit (root, at, seq) WHERE root IS NOT NULL;

-- The chain's end as it was signed every hour.
CREATE TABLE audit_head (
    seq       bigint      PRIMARY KEY,
    hash      bytea       NOT NULL,
    at        timestamptz NOT NULL,
    key       text        NOT NULL,
    signature bytea       NOT NULL
);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

DO $$
DECLARE
    role text := current_setting('hotline.service_role');
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON audit, audit_head FROM %I', role);
    EXECUTE format('REVOKE UPDATE ON audit_waiting FROM %I', role);
END $$;
