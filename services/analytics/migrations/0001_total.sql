-- How often each thing happened: by day, by what it is broken down by, and by partition of the bus.

-- Partitions count at the same time: each has rows of its own (slot), added up when read, so that none waits for another.
CREATE TABLE total (
    dimension smallint    NOT NULL, -- 0 is the running total of all days, under the day 1970-01-01
    day       date        NOT NULL, -- local
    key       text        NOT NULL COLLATE "C",
    measure   text        NOT NULL COLLATE "C",
    slot      integer     NOT NULL,
    count     bigint      NOT NULL,
    last_at   timestamptz NOT NULL, -- of the last event counted here
    PRIMARY KEY (dimension, day, key, measure, slot)
) WITH (fillfactor = 50);

-- Orders closed by the approval of the reply: the only closing that a redo or an escalation undoes.
CREATE TABLE reopenable (
    order_id uuid PRIMARY KEY
);
