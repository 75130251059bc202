-- The second wall: whoever works for a unit sees its clocks, cards and visits, and the cases that are about it.
DO $$
DECLARE
    unit_role text := current_setting('hotline.unit_role');
    mine      text := 'string_to_array(current_setting(''hotline.units'', true), '','')';
    guarded   text;
    seen      text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['clock', 'supervision_card', 'supervision_visit', 'supervision_case'] LOOP
        seen := format('unit_id = ANY (%s)', mine);
        IF guarded = 'supervision_case' THEN
            seen := format('%s OR jsonb_path_query_array(doc, ''$.others[*]'') ?| %s '
                'OR jsonb_path_query_array(doc, ''$.instruments[*].unit'') ?| %s', seen, mine, mine);
        END IF;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY service ON %I USING (true) WITH CHECK (true)', guarded);
        EXECUTE format('CREATE POLICY unit ON %I AS RESTRICTIVE TO %I USING (%s) WITH CHECK (true)',
            guarded, unit_role, seen);
    END LOOP;
END $$;
