-- The clocks, and the years' arrangements that were imported.

-- One row a duty. The identifier is made from what the duty is about, so that nothing is armed twice.
-- state: 1 armed, 2 met, 3 breached, 4 late, 5 cancelled (ClockState of the contract).
CREATE TABLE clock (
    order_id      uuid        NOT NULL,
    id            uuid        NOT NULL,
    leg_id        uuid,
    parent_leg_id uuid,
    leg_kind      smallint,
    state         smallint    NOT NULL,
    generation    integer     NOT NULL,
    calendar      integer     NOT NULL,
    provisional   boolean     NOT NULL,
    started_at    timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    -- The next reminder or the due time; null once the clock does not run.
    next_at       timestamptz,
    stopped_at    timestamptz,
    -- Empty: the platform.
    unit_id       text        NOT NULL,
    obligation    text        NOT NULL,
    within        text        NOT NULL,
    article       text        NOT NULL,
    reminders     text        NOT NULL,
    -- hotline.common.v1.OrderFacts
    facts         bytea       NOT NULL,
    PRIMARY KEY (order_id, id),
    CHECK ((next_at IS NULL) = (state <> 1)),
    CHECK ((stopped_at IS NULL) = (state IN (1, 3)))
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

-- The window of the timer.
CREATE INDEX clock_next ON clock (next_at, id) WHERE state = 1;
-- Lists, soonest due first; the second also leads the recomputation.
CREATE INDEX clock_unit ON clock (unit_id, state, due_at, id);
CREATE INDEX clock_state ON clock (state, due_at, id);

-- One row an import; the newest of a year counts. How far its recomputation has come stands beside it.
CREATE TABLE calendar_year (
    version     integer     PRIMARY KEY,
    year        integer     NOT NULL,
    toml        text        NOT NULL,
    span_from   timestamptz NOT NULL,
    span_until  timestamptz NOT NULL,
    imported_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    examined    bigint      NOT NULL DEFAULT 0,
    moved       bigint      NOT NULL DEFAULT 0,
    after_state smallint    NOT NULL DEFAULT 1,
    after_due   timestamptz NOT NULL,
    after_id    uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    finished_at timestamptz
);
