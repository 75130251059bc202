CREATE TABLE matter (id uuid PRIMARY KEY, at timestamptz NOT NULL);
