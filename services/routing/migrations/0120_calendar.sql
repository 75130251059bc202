-- The years' arrangements that were imported while the platform ran, as the clocks' service tells them.
CREATE TABLE calendar_year (
    version integer PRIMARY KEY,
    year    integer NOT NULL,
    toml    text    NOT NULL
);
