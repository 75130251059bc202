CREATE TABLE journal (seq bigint PRIMARY KEY);
-- Append only: what a migration takes back stays taken back.
DO $$ BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE ON journal FROM %I', current_setting('hotline.service_role'));
END $$;
