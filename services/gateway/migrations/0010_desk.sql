-- The live desk: who looks at which order, and the views that people keep.

-- Soft state: gone after 30 s without a report, and after a crash of the database. One row a tab.
CREATE UNLOGGED TABLE presence (
    account_id text        NOT NULL,
    client_id  text        NOT NULL,
    order_id   uuid        NOT NULL,
    name       text        NOT NULL,
    roles      text[]      NOT NULL,
    unit_id    text        NOT NULL, -- empty: the platform's own
    mode       text        NOT NULL, -- viewing, editing
    since      timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, client_id)
);
CREATE INDEX presence_seen ON presence (seen_at);

CREATE TABLE saved_view (
    id         uuid PRIMARY KEY,
    account_id text        NOT NULL,
    list       text        NOT NULL,
    name       text        NOT NULL,
    query      text        NOT NULL,
    is_default boolean     NOT NULL,
    saved_at   timestamptz NOT NULL,
    UNIQUE (account_id, list, name)
);
