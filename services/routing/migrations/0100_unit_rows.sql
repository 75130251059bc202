-- The second wall: whoever works for a unit sees the orders that it has or had a leg of, or was asked about, whatever the
-- service asks for. The service itself is not held to anything, and pays nothing for the others' policies.

-- The units that an order concerns, out of its document.
ALTER TABLE orders ADD COLUMN units jsonb GENERATED ALWAYS AS (
    jsonb_path_query_array(doc, '$.legs[*].unit')
    || jsonb_path_query_array(doc, '$.dossier.question.body')
    || jsonb_path_query_array(doc, '$.dossier.findings[*].finder.body')
    || jsonb_path_query_array(doc, '$.dossier.findings[*].finder.meeting[*]')
) STORED;

DO $$
DECLARE
    unit_role text := current_setting('hotline.unit_role');
    mine      text := 'string_to_array(current_setting(''hotline.units'', true), '','')';
    guarded   text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['orders', 'subject', 'label', 'leg'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', guarded);
        EXECUTE format('CREATE POLICY service ON %I USING (true) WITH CHECK (true)', guarded);
    END LOOP;
    EXECUTE format('CREATE POLICY unit ON orders AS RESTRICTIVE TO %I USING (units ?| %s) WITH CHECK (true)',
        unit_role, mine);
    -- A leg is seen with its order; the first half spares the look at the order where the leg is one's own.
    EXECUTE format('CREATE POLICY unit ON leg AS RESTRICTIVE TO %I USING (unit_id = ANY (%s) '
        'OR EXISTS (SELECT 1 FROM orders o WHERE o.id = order_id)) WITH CHECK (true)', unit_role, mine);
    EXECUTE format('CREATE POLICY unit ON subject AS RESTRICTIVE TO %I '
        'USING (EXISTS (SELECT 1 FROM orders o WHERE o.id = order_id)) WITH CHECK (true)', unit_role);
    EXECUTE format('CREATE POLICY unit ON label AS RESTRICTIVE TO %I '
        'USING (EXISTS (SELECT 1 FROM orders o WHERE o.id = order_id)) WITH CHECK (true)', unit_role);
END $$;
