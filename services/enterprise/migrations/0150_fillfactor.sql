-- Room for the versions that a life brings: one that must leave its page costs a lock in the log besides. For rows that come from now on.
ALTER TABLE standing SET (fillfactor = 50);
