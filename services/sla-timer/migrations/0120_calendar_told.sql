-- An arrangement is told to the other services once; those that were imported before this was so, at the next start.
ALTER TABLE calendar_year ADD COLUMN told boolean NOT NULL DEFAULT false;
