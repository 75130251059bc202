-- The register: what was asked, where it stands, and, apart and sealed, by whom.

-- Blocks of numbers: block n holds the sequence numbers (n - 1) * 64 + 1 to n * 64. A process takes a block at a time.
CREATE SEQUENCE number_block;

-- The case. Never updated, so that its many indexes are written once.
CREATE TABLE appeal (
    id               uuid PRIMARY KEY,
    number           text        NOT NULL UNIQUE,
    request_key      text        NOT NULL UNIQUE,
    request_digest   bytea       NOT NULL, -- keyed: whoever holds the table can not test guesses of a telephone against it
    type             text        NOT NULL,
    channel          text        NOT NULL,
    desk             text        NOT NULL,
    urgency          text        NOT NULL,
    category         text        NOT NULL,
    division         text        NOT NULL,
    title            text        NOT NULL, -- numbers masked
    content          text        NOT NULL, -- numbers masked
    labels           text[]      NOT NULL,
    incident_time    timestamptz,
    sensitive        boolean     NOT NULL,
    confidential     boolean     NOT NULL,
    anonymous        boolean     NOT NULL,
    enterprise_name  text,
    enterprise_code  text,
    source           text,
    source_reference text,
    policy_id        text        NOT NULL,
    policy_version   text        NOT NULL,
    registered_at    timestamptz NOT NULL,
    registered_by    text        NOT NULL,
    earlier_appeals  integer     NOT NULL
);
CREATE UNIQUE INDEX appeal_source ON appeal (source, source_reference) WHERE source IS NOT NULL;
CREATE INDEX appeal_newest ON appeal (registered_at DESC, id DESC);
CREATE INDEX appeal_by_type ON appeal (type, registered_at DESC, id DESC);
CREATE INDEX appeal_by_channel ON appeal (channel, registered_at DESC, id DESC);
CREATE INDEX appeal_by_category ON appeal (category, registered_at DESC, id DESC);
CREATE INDEX appeal_by_division ON appeal (division, registered_at DESC, id DESC);
CREATE INDEX appeal_by_county ON appeal (left(division, 6), registered_at DESC, id DESC);

-- Where it stands: the hot, narrow row, locked by every command.
CREATE TABLE standing (
    appeal_id     uuid PRIMARY KEY,
    state         text        NOT NULL,
    version       bigint      NOT NULL,
    level         integer     NOT NULL, -- of referral; 0 when never referred
    urges         integer     NOT NULL,
    merged_into   uuid,
    reject_code   text        NOT NULL,
    disposition   text        NOT NULL,
    registered_at timestamptz NOT NULL  -- of the appeal, for lists by state
) WITH (fillfactor = 80);
CREATE INDEX standing_by_state ON standing (state, registered_at DESC, appeal_id DESC);
CREATE INDEX standing_joined ON standing (merged_into) WHERE merged_into IS NOT NULL;

-- Who appealed: every column sealed for its row, or a blind index.
CREATE TABLE appellant (
    appeal_id        uuid PRIMARY KEY,
    tracking_code    bytea NOT NULL,
    name             bytea,
    telephone        bytea,
    identity_number  bytea,
    address          bytea,
    incident_place   bytea,
    original_title   bytea, -- only where something in the title was masked
    original_content bytea, -- only where something in the content was masked
    telephone_index  bytea,
    identity_index   bytea
);
CREATE INDEX appellant_by_telephone ON appellant (telephone_index) WHERE telephone_index IS NOT NULL;
CREATE INDEX appellant_by_identity ON appellant (identity_index) WHERE identity_index IS NOT NULL;
-- Finds what was sealed under another key than the active one; version, suite and key id stand in front.
CREATE INDEX appellant_by_key ON appellant (substring(tracking_code FROM 1 FOR 6));
