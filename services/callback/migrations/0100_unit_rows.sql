-- The second wall: whoever works for a unit sees the call-backs and reviews of its own matters.
DO $$
DECLARE
    unit_role text := current_setting('hotline.unit_role');
    guarded   text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['callback', 'review'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY service ON %I USING (true) WITH CHECK (true)', guarded);
        EXECUTE format('CREATE POLICY unit ON %I AS RESTRICTIVE TO %I USING '
            '(unit_id = ANY (string_to_array(current_setting(''hotline.units'', true), '',''))) WITH CHECK (true)',
            guarded, unit_role);
    END LOOP;
END $$;
