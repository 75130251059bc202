-- All of a unit's legs, newest first, whatever their state and kind: its unfiltered list.
CREATE INDEX leg_of_unit ON leg (unit_id, opened_at, order_id);
