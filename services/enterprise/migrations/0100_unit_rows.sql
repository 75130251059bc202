-- The second wall: of the enterprise platform's legs, whoever works for a unit sees those of matters that it leads.
DO $$
DECLARE
    unit_role text := current_setting('hotline.unit_role');
    guarded   text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['leg', 'standing'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY service ON %I USING (true) WITH CHECK (true)', guarded);
    END LOOP;
    EXECUTE format('CREATE POLICY unit ON standing AS RESTRICTIVE TO %I USING '
        '(lead_unit = ANY (string_to_array(current_setting(''hotline.units'', true), '',''))) WITH CHECK (true)',
        unit_role);
    EXECUTE format('CREATE POLICY unit ON leg AS RESTRICTIVE TO %I '
        'USING (EXISTS (SELECT 1 FROM standing s WHERE s.order_id = leg.order_id)) WITH CHECK (true)', unit_role);
END $$;
