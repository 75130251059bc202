-- Accounts, how people prove who they are, and the sessions that they have.

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001) PRIMARY KEY,
    username text NOT NULL UNIQUE,
    name text NOT NULL,
    roles text[] NOT NULL,
    unit text,
    division text,
    locked boolean NOT NULL DEFAULT false,
    password text,
    factor bytea,
    factor_step bigint NOT NULL DEFAULT 0,
    oidc_subject text UNIQUE,
    failures integer NOT NULL DEFAULT 0,
    waits_until timestamptz,
    last_sign_in_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    -- Administrators of system, security and audit stand alone: no other role beside one of them.
    CONSTRAINT administrators_stand_alone CHECK (
        cardinality(roles) = 1 OR NOT roles && ARRAY['system_admin', 'security_admin', 'audit_admin'])
);

-- Passwords of before, so that none comes back at once.
CREATE TABLE old_password (
    account_id bigint NOT NULL REFERENCES account,
    password text NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, set_at)
);

CREATE TABLE recovery_code (
    account_id bigint NOT NULL REFERENCES account,
    hash bytea NOT NULL,
    PRIMARY KEY (account_id, hash)
);

CREATE TABLE one_time_link (
    hash bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX one_time_link_account ON one_time_link (account_id);

CREATE TABLE session (
    id uuid PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    account_id bigint NOT NULL REFERENCES account,
    method text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expires ON session (expires_at);

-- Between the password and the code: who proved the first half.
CREATE TABLE half_session (
    hash bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    method text NOT NULL,
    next text NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    factor bytea,
    expires_at timestamptz NOT NULL
);

-- Between our page and the city's identity provider.
CREATE TABLE oidc_flow (
    hash bytea PRIMARY KEY,
    state text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    next text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Addresses that failures come from.
CREATE TABLE address_failure (
    address text PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    waits_until timestamptz
);

-- What happened to accounts and sessions.
CREATE TABLE account_event (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    account_id bigint,
    actor text NOT NULL,
    address text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX account_event_account ON account_event (account_id, id);

DO $$
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON account_event FROM %I', current_setting('hotline.service_role'));
END
$$;
