-- Most clocks change once, when they stop: room for that in their page. A version that must leave it costs a lock in the log
-- besides. For rows that come from now on.
ALTER TABLE clock SET (fillfactor = 60);
