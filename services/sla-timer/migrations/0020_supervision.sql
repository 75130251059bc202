-- The supervision ledger: cases, cards, what falls due, what is counted, numbers, visits and notices.

-- One row a case; everything in it stands in doc, and what lists filter by beside it.
CREATE TABLE supervision_case (
    id        uuid        PRIMARY KEY,
    number    text        NOT NULL UNIQUE,
    policy_id text        NOT NULL,
    -- Null for a case without an order.
    order_id  uuid,
    unit_id   text        NOT NULL,
    class     text        NOT NULL,
    -- What the class counts by; with the class it tells repeated cases.
    key       text        NOT NULL,
    -- 1 open, 2 listed, 3 closed (CaseState of the contract).
    state     smallint    NOT NULL,
    opened_at timestamptz NOT NULL,
    version   bigint      NOT NULL,
    request   text        UNIQUE,
    doc       jsonb       NOT NULL,
    -- hotline.common.v1.OrderFacts; empty for a case without an order.
    facts     bytea       NOT NULL
);
CREATE INDEX supervision_case_all ON supervision_case (opened_at, id);
CREATE INDEX supervision_case_unit ON supervision_case (unit_id, opened_at, id);
CREATE INDEX supervision_case_state ON supervision_case (state, opened_at, id);
CREATE INDEX supervision_case_class ON supervision_case (class, key, opened_at, id);
CREATE INDEX supervision_case_order ON supervision_case (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE supervision_card (
    id         uuid        PRIMARY KEY,
    case_id    uuid        NOT NULL REFERENCES supervision_case (id),
    unit_id    text        NOT NULL,
    colour     text        NOT NULL,
    obligation text        NOT NULL,
    issued_at  timestamptz NOT NULL,
    -- It completed a series, or belonged to one that was completed.
    spent      boolean     NOT NULL,
    doc        jsonb       NOT NULL
);
CREATE INDEX supervision_card_all ON supervision_card (issued_at, id);
CREATE INDEX supervision_card_unit ON supervision_card (unit_id, issued_at, id);

-- What the worker must look at, and when.
CREATE TABLE supervision_due (
    id       uuid        PRIMARY KEY,
    due_at   timestamptz NOT NULL,
    kind     text        NOT NULL,
    order_id uuid,
    -- The clock, or the case.
    subject  uuid,
    -- The step, the happening, or the instrument.
    what     text        NOT NULL,
    unit_id  text        NOT NULL,
    amount   integer     NOT NULL,
    facts    bytea       NOT NULL
);
CREATE INDEX supervision_due_next ON supervision_due (due_at, id);

-- What is counted: one row a happening that a class of the policy counts.
CREATE TABLE supervision_mark (
    class    text        NOT NULL,
    key      text        NOT NULL,
    at       timestamptz NOT NULL,
    order_id uuid        NOT NULL
);
CREATE INDEX supervision_mark_key ON supervision_mark (class, key, at);

CREATE TABLE supervision_serial (
    scope text    NOT NULL,
    year  integer NOT NULL,
    last  integer NOT NULL,
    PRIMARY KEY (scope, year)
);

CREATE TABLE supervision_visit (
    id         uuid        PRIMARY KEY,
    unit_id    text        NOT NULL,
    visited_at timestamptz NOT NULL,
    doc        jsonb       NOT NULL
);
CREATE INDEX supervision_visit_all ON supervision_visit (visited_at, id);
CREATE INDEX supervision_visit_unit ON supervision_visit (unit_id, visited_at, id);

CREATE TABLE supervision_bulletin (
    id        uuid        PRIMARY KEY,
    city      text        NOT NULL,
    issued_at timestamptz NOT NULL,
    doc       jsonb       NOT NULL
);
CREATE INDEX supervision_bulletin_all ON supervision_bulletin (issued_at, id);
CREATE INDEX supervision_bulletin_city ON supervision_bulletin (city, issued_at, id);
