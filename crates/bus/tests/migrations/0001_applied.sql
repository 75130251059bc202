-- What a test's service applied, in order; the key refuses a second application.
CREATE TABLE applied (
    n         bigint GENERATED ALWAYS AS IDENTITY,
    producer  text    NOT NULL,
    partition integer NOT NULL,
    seq       bigint  NOT NULL,
    root      uuid    NOT NULL,
    PRIMARY KEY (producer, partition, seq)
);
