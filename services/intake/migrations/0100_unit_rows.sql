-- The second wall: no method of the register is a unit's. Its staff see the matter in their orders; here they see nothing.
DO $$
DECLARE
    unit_role text := current_setting('hotline.unit_role');
    guarded   text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['appeal', 'appellant', 'standing', 'timeline', 'urge', 'reveal', 'caller_mark',
        'supplement', 'call'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY service ON %I USING (true) WITH CHECK (true)', guarded);
        EXECUTE format('CREATE POLICY unit ON %I AS RESTRICTIVE TO %I USING (false)', guarded, unit_role);
    END LOOP;
END $$;
