-- Orders and their legs. The whole state of an order is its document; the columns beside it are what lists filter by.
--
-- Lists go newest first by (opened_at, id). Each list's filter is an equality prefix of one index, so that the newest
-- page costs the same in a table of a thousand rows and of a million; a filter that leaves part of the prefix open
-- probes each of its few values.

CREATE TABLE orders (
    id                uuid        PRIMARY KEY,
    number            text        NOT NULL UNIQUE,
    opened_at         timestamptz NOT NULL,
    type              text        NOT NULL,
    labels            text[]      NOT NULL,
    enterprise        boolean     NOT NULL,
    state             text        NOT NULL,
    claimed_by        text,
    awaiting_decision boolean     NOT NULL,
    dispatched        boolean     NOT NULL,
    round             integer     NOT NULL CHECK (round >= 1),
    version           bigint      NOT NULL,
    doc               jsonb       NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX orders_by_state ON orders (state, type, opened_at, id);
CREATE INDEX orders_unclaimed ON orders (opened_at, id) WHERE state = 'pre_review' AND claimed_by IS NULL;
CREATE INDEX orders_awaiting ON orders (opened_at, id) WHERE awaiting_decision;

-- What an order is about, in words: never changes, so it is not written again with every command.
CREATE TABLE subject (
    order_id        uuid    PRIMARY KEY REFERENCES orders,
    title           text    NOT NULL,
    content         text    NOT NULL,
    enterprise_name text,
    credit_code     text,
    confidential    boolean NOT NULL
);

-- A row for each label of an order, for lists by label.
CREATE TABLE label (
    label       text        NOT NULL,
    order_id    uuid        NOT NULL REFERENCES orders,
    opened_at   timestamptz NOT NULL,
    order_state text        NOT NULL,
    type        text        NOT NULL,
    PRIMARY KEY (order_id, label)
);

CREATE INDEX label_by_state ON label (label, order_state, type, opened_at, order_id);

-- A row for each leg, in step with the document, for the units' lists and the reconciliation.
CREATE TABLE leg (
    leg_id          uuid        PRIMARY KEY,
    order_id        uuid        NOT NULL REFERENCES orders,
    opened_at       timestamptz NOT NULL,
    order_state     text        NOT NULL,
    type            text        NOT NULL,
    labels          text[]      NOT NULL,
    enterprise      boolean     NOT NULL,
    round           integer     NOT NULL,
    kind            text        NOT NULL,
    unit_id         text        NOT NULL,
    state           text        NOT NULL,
    dispatched_at   timestamptz NOT NULL,
    acknowledged_at timestamptz
) WITH (fillfactor = 80);

CREATE INDEX leg_by_unit ON leg (unit_id, order_state, state, type, opened_at, order_id);
CREATE INDEX leg_of_enterprise_by_unit ON leg (unit_id, order_state, state, type, opened_at, order_id) WHERE enterprise;
