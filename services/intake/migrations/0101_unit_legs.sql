-- The legs of orders with units, as the orders' events told them: whom a unit's staff may be shown. What was sent out before this table was
-- there stands in it from the next signature, contact or send-back of its leg.
CREATE TABLE unit_leg (
    id        uuid PRIMARY KEY,
    appeal_id uuid    NOT NULL,
    unit_id   text    NOT NULL,
    round     integer NOT NULL,
    stands    boolean NOT NULL
);
CREATE INDEX unit_leg_by_appeal ON unit_leg (appeal_id, unit_id);

-- How often each person was shown an appellant in their present hour.
CREATE TABLE reveal_count (
    actor text PRIMARY KEY,
    since timestamptz NOT NULL,
    shown integer     NOT NULL
);

-- The second wall: a unit's staff see the appeals that their unit has or had a leg of, and add the record of a disclosure and its line.
-- They read nothing else and change nothing.
DO $$
DECLARE
    unit_role text := current_setting('hotline.unit_role');
    mine      text := 'string_to_array(current_setting(''hotline.units'', true), '','')';
    held      text := 'EXISTS (SELECT 1 FROM unit_leg l WHERE l.appeal_id = %I.%I)';
    key_name  text;
    guarded   text;
    command   text;
BEGIN
    ALTER TABLE unit_leg ENABLE ROW LEVEL SECURITY;
    ALTER TABLE unit_leg FORCE ROW LEVEL SECURITY;
    CREATE POLICY service ON unit_leg USING (true) WITH CHECK (true);
    EXECUTE format('CREATE POLICY unit_reads ON unit_leg AS RESTRICTIVE FOR SELECT TO %I USING (unit_id = ANY (%s))', unit_role, mine);
    FOREACH guarded IN ARRAY ARRAY['appeal', 'appellant', 'standing', 'timeline', 'reveal'] LOOP
        EXECUTE format('DROP POLICY unit ON %I', guarded);
    END LOOP;
    FOREACH guarded IN ARRAY ARRAY['appeal', 'appellant', 'standing'] LOOP
        key_name := CASE guarded WHEN 'appeal' THEN 'id' ELSE 'appeal_id' END;
        EXECUTE format('CREATE POLICY unit_reads ON %I AS RESTRICTIVE FOR SELECT TO %I USING (%s)',
            guarded, unit_role, format(held, guarded, key_name));
    END LOOP;
    FOREACH guarded IN ARRAY ARRAY['timeline', 'reveal'] LOOP
        EXECUTE format('CREATE POLICY unit_reads ON %I AS RESTRICTIVE FOR SELECT TO %I USING (false)', guarded, unit_role);
        EXECUTE format('CREATE POLICY unit_adds ON %I AS RESTRICTIVE FOR INSERT TO %I WITH CHECK (%s)',
            guarded, unit_role, format(held, guarded, 'appeal_id'));
    END LOOP;
    FOREACH guarded IN ARRAY ARRAY['unit_leg', 'appeal', 'appellant', 'standing'] LOOP
        EXECUTE format('CREATE POLICY unit_adds ON %I AS RESTRICTIVE FOR INSERT TO %I WITH CHECK (false)', guarded, unit_role);
    END LOOP;
    FOREACH guarded IN ARRAY ARRAY['unit_leg', 'appeal', 'appellant', 'standing', 'timeline', 'reveal'] LOOP
        EXECUTE format('CREATE POLICY unit_changes ON %I AS RESTRICTIVE FOR UPDATE TO %I USING (false)', guarded, unit_role);
        EXECUTE format('CREATE POLICY unit_removes ON %I AS RESTRICTIVE FOR DELETE TO %I USING (false)', guarded, unit_role);
    END LOOP;
END $$;
