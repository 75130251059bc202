-- The years' arrangements that were imported while the platform ran, as the clocks' service tells them.
CREATE TABLE calendar_year (
    version integer PRIMARY KEY,
    year    integer NOT NULL,
    toml    text    NOT NULL
);

-- When the last attempt that reached nobody was made: the next is due by the calendar in force then.
ALTER TABLE callback ADD COLUMN tried_at timestamptz;
