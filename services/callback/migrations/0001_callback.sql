-- The call-backs: one a round of an order. No personal data: whoever calls takes the telephone number from the register.
-- state: 1 scheduled, 2 completed, 3 to judge, 4 judged, 5 unreached, 6 cancelled (CallbackState of the contract).
CREATE TABLE callback (
    id             uuid        PRIMARY KEY,
    order_id       uuid        NOT NULL,
    round          integer     NOT NULL,
    state          smallint    NOT NULL,
    version        bigint      NOT NULL,
    way            text        NOT NULL,
    not_before     timestamptz NOT NULL,
    attempts       integer     NOT NULL,
    -- Attempts by this way.
    tried          integer     NOT NULL,
    claimed_by     text,
    claimed_at     timestamptz,
    unit_id        text        NOT NULL,
    public_text    text        NOT NULL,
    satisfaction   text,
    solved         boolean     NOT NULL,
    contacted      boolean     NOT NULL,
    reason         text        NOT NULL,
    verdict        text,
    verdict_reason text        NOT NULL,
    -- hotline.common.v1.OrderFacts
    facts          bytea       NOT NULL,
    UNIQUE (order_id, round),
    CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    CHECK ((satisfaction IS NOT NULL) = (state IN (2, 3, 4))),
    CHECK ((verdict IS NOT NULL) = (state = 4))
);

-- Lists, soonest first.
CREATE INDEX callback_soonest ON callback (not_before, id);
CREATE INDEX callback_state ON callback (state, not_before, id);
