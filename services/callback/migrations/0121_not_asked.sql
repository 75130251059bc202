-- What nobody asked is neither yes nor no.
ALTER TABLE callback ALTER COLUMN solved DROP NOT NULL, ALTER COLUMN contacted DROP NOT NULL;
UPDATE callback SET solved = NULL, contacted = NULL WHERE satisfaction IS NULL;
