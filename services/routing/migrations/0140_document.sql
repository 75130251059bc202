-- The document as text: nothing asks the database what is in it, and PostgreSQL took it apart at every change. The units that
-- an order concerns are written beside it by the statement that writes it; before, they were generated from it.
DROP POLICY unit ON orders;
ALTER TABLE orders RENAME COLUMN units TO generated;
ALTER TABLE orders ADD COLUMN units text[] NOT NULL DEFAULT '{}';
UPDATE orders SET units = ARRAY(SELECT DISTINCT u FROM jsonb_array_elements_text(generated) AS u ORDER BY u);
ALTER TABLE orders DROP COLUMN generated;
ALTER TABLE orders ALTER COLUMN doc TYPE text USING doc::text;

DO $$
BEGIN
    EXECUTE format('CREATE POLICY unit ON orders AS RESTRICTIVE TO %I '
        'USING (units && string_to_array(current_setting(''hotline.units'', true), '','')) WITH CHECK (true)',
        current_setting('hotline.unit_role'));
END $$;

DO $$
BEGIN
    ALTER TABLE orders ALTER COLUMN doc SET COMPRESSION lz4;
EXCEPTION
    -- A server that was built without lz4 keeps its own way.
    WHEN feature_not_supported THEN NULL;
END $$;
