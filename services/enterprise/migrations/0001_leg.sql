-- The second send: what each enterprise leg is about, and how far the department is with it.

-- The matter, as it was sent. Never updated.
CREATE TABLE leg (
    order_id        uuid PRIMARY KEY, -- one enterprise leg in the life of an order
    leg_id          uuid        NOT NULL UNIQUE,
    unit            text        NOT NULL, -- the enterprise platform's
    round           integer     NOT NULL,
    facts           jsonb       NOT NULL,
    enterprise_name text,                 -- absent when the appellant named none
    credit_code     text        NOT NULL, -- may be empty
    title           text        NOT NULL, -- numbers masked
    content         text        NOT NULL, -- numbers masked
    received_at     timestamptz NOT NULL
);
CREATE INDEX leg_newest ON leg (received_at DESC, order_id DESC);
CREATE INDEX leg_by_credit_code ON leg (credit_code, received_at DESC, order_id DESC) WHERE credit_code <> '';

-- Where it stands: the hot, narrow row, locked by every command and event.
CREATE TABLE standing (
    order_id        uuid PRIMARY KEY,
    progress        text        NOT NULL,
    document        jsonb       NOT NULL, -- what no list filters by
    lead_unit       text        NOT NULL,
    round           integer     NOT NULL,
    urges           integer     NOT NULL,
    evaluated_round integer     NOT NULL, -- 0 before the first evaluation
    version         bigint      NOT NULL,
    received_at     timestamptz NOT NULL, -- of the leg, for lists
    progressed_at   timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX standing_by_progress ON standing (progress, received_at DESC, order_id DESC);
CREATE INDEX standing_by_lead_unit ON standing (lead_unit, received_at DESC, order_id DESC);
