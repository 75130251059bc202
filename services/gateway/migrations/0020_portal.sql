-- What the portals keep for a while: drafts of reports, and which appeals a browser has opened. Every value sealed for its row.
CREATE TABLE portal_row (
    owner      bytea       NOT NULL, -- digest of the browser's secret: the table lets nobody in
    kind       text        NOT NULL, -- draft, pass
    name       text        NOT NULL, -- handle of a draft, number of an appeal
    sealed     bytea       NOT NULL,
    saved_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (owner, kind, name)
);
CREATE INDEX portal_row_expiry ON portal_row (expires_at);
