-- Uploaded files; their bytes are in the object store under `place`.
CREATE TABLE file (
    id             uuid PRIMARY KEY,     -- random: it can not be guessed from another
    appeal_id      uuid,                 -- null: uploaded and not yet put with an appeal
    place          text        NOT NULL,
    name           text        NOT NULL,
    media_type     text        NOT NULL,
    size_bytes     bigint      NOT NULL,
    sha256         text        NOT NULL,
    uploaded_by    text        NOT NULL, -- account; empty: somebody at the public portal
    from_appellant boolean     NOT NULL,
    uploaded_at    timestamptz NOT NULL
);
CREATE INDEX file_loose ON file (uploaded_at) WHERE appeal_id IS NULL;
