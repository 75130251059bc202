-- Events are kept in batches: what one transaction published in one partition, or a part of it, is one row of arrays. With a
-- row an event, outbox and journal made a fifth of the records that PostgreSQL wrote into its log.

ALTER TABLE outbox RENAME TO outbox_batch;
ALTER TABLE outbox_batch
    ALTER event_id TYPE uuid[] USING ARRAY[event_id],
    ALTER type TYPE text[] USING ARRAY[type],
    ALTER root TYPE uuid[] USING ARRAY[root],
    ALTER traceparent TYPE text[] USING ARRAY[traceparent],
    ALTER payload TYPE bytea[] USING ARRAY[payload],
    ADD COLUMN events integer NOT NULL DEFAULT 1;
ALTER TABLE outbox_batch ALTER events DROP DEFAULT;

-- last_seq is the number of the batch's last event; the others count down from it.
ALTER TABLE journal RENAME TO journal_batch;
ALTER TABLE journal_batch RENAME seq TO last_seq;
ALTER TABLE journal_batch
    ALTER event_id TYPE uuid[] USING ARRAY[event_id],
    ALTER type TYPE text[] USING ARRAY[type],
    ALTER root TYPE uuid[] USING ARRAY[root],
    ALTER traceparent TYPE text[] USING ARRAY[traceparent],
    ALTER payload TYPE bytea[] USING ARRAY[payload],
    ADD COLUMN events integer NOT NULL DEFAULT 1;
ALTER TABLE journal_batch
    ALTER events DROP DEFAULT,
    ADD CHECK (events > 0 AND events = cardinality(event_id) AND events = cardinality(type) AND events = cardinality(root)
        AND events = cardinality(traceparent) AND events = cardinality(payload));

-- The same for what the audit is told: the entries of one transaction wait as one row. In the chain each has its own.
ALTER TABLE audit_waiting RENAME TO audit_waiting_batch;
ALTER TABLE audit_waiting_batch
    ALTER at TYPE timestamptz[] USING ARRAY[at],
    ALTER subject TYPE text[] USING ARRAY[subject],
    ALTER roles TYPE text[] USING ARRAY[roles],
    ALTER unit TYPE text[] USING ARRAY[unit],
    ALTER method TYPE text[] USING ARRAY[method],
    ALTER root TYPE uuid[] USING ARRAY[root],
    ALTER root SET NOT NULL,
    ALTER what TYPE text[] USING ARRAY[what],
    ALTER outcome TYPE text[] USING ARRAY[outcome],
    ALTER reason TYPE text[] USING ARRAY[reason],
    ALTER address TYPE text[] USING ARRAY[address],
    ALTER trace TYPE text[] USING ARRAY[trace];

-- A row stays in its page, as it is: only what needs a page for itself is compressed or moved out.
ALTER TABLE outbox_batch SET (toast_tuple_target = 8160);
ALTER TABLE journal_batch SET (toast_tuple_target = 8160);
ALTER TABLE audit_waiting_batch SET (toast_tuple_target = 8160);

-- A new type forgets that nobody plans by the column (0003).
ALTER TABLE outbox_batch
    ALTER events SET STATISTICS 0,
    ALTER event_id SET STATISTICS 0,
    ALTER type SET STATISTICS 0,
    ALTER root SET STATISTICS 0,
    ALTER traceparent SET STATISTICS 0,
    ALTER payload SET STATISTICS 0;
ALTER TABLE journal_batch
    ALTER events SET STATISTICS 0,
    ALTER event_id SET STATISTICS 0,
    ALTER type SET STATISTICS 0,
    ALTER root SET STATISTICS 0,
    ALTER traceparent SET STATISTICS 0,
    ALTER payload SET STATISTICS 0;
ALTER TABLE audit_waiting_batch
    ALTER at SET STATISTICS 0,
    ALTER subject SET STATISTICS 0,
    ALTER roles SET STATISTICS 0,
    ALTER unit SET STATISTICS 0,
    ALTER method SET STATISTICS 0,
    ALTER root SET STATISTICS 0,
    ALTER what SET STATISTICS 0,
    ALTER outcome SET STATISTICS 0,
    ALTER reason SET STATISTICS 0,
    ALTER address SET STATISTICS 0,
    ALTER trace SET STATISTICS 0;

-- The same, a row an event or an entry, for whoever looks.
CREATE VIEW outbox WITH (security_invoker = true) AS
    SELECT b.id, e.place, b.partition, e.event_id, e.type, e.root, b.occurred_at, e.traceparent, e.payload
    FROM outbox_batch b CROSS JOIN LATERAL unnest(b.event_id, b.type, b.root, b.traceparent, b.payload)
        WITH ORDINALITY AS e (event_id, type, root, traceparent, payload, place);
CREATE VIEW journal WITH (security_invoker = true) AS
    SELECT b.partition, b.last_seq - b.events + e.place AS seq, e.event_id, e.type, e.root, b.occurred_at, b.causes,
           e.traceparent, e.payload
    FROM journal_batch b CROSS JOIN LATERAL unnest(b.event_id, b.type, b.root, b.traceparent, b.payload)
        WITH ORDINALITY AS e (event_id, type, root, traceparent, payload, place);
CREATE VIEW audit_waiting WITH (security_invoker = true) AS
    SELECT b.id, e.*
    FROM audit_waiting_batch b CROSS JOIN LATERAL unnest(b.at, b.subject, b.roles, b.unit, b.method, b.root, b.what, b.outcome,
            b.reason, b.address, b.trace)
        WITH ORDINALITY AS e (at, subject, roles, unit, method, root, what, outcome, reason, address, trace, place);
