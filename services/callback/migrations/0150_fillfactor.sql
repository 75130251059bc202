-- Most call-backs change once, when they are done: room for that in their page. A version that must leave it costs a lock in
-- the log besides. For rows that come from now on.
ALTER TABLE callback SET (fillfactor = 60);
