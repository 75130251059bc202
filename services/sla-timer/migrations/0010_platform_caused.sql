-- The platform decided late on a request about the clock: the delay is not held against its unit.
ALTER TABLE clock ADD COLUMN platform_caused boolean NOT NULL DEFAULT false;
