-- Times are milliseconds since 1970. Of every secret only its SHA-256 is here.
CREATE TABLE account_users (
    id TEXT NOT NULL PRIMARY KEY,
    github_id BIGINT NOT NULL UNIQUE,
    login TEXT NOT NULL,
    avatar_url TEXT,
    email TEXT,
    plan TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE account_sign_ins (
    state_sha256 TEXT NOT NULL PRIMARY KEY,
    browser_sha256 TEXT NOT NULL,
    verifier TEXT NOT NULL,
    return_to TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE account_sessions (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account_users (id),
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_sessions_of ON account_sessions (account, created_at);

CREATE TABLE account_keys (
    sha256 TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account_users (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    used_at BIGINT
);
CREATE INDEX account_keys_of ON account_keys (account, created_at);

CREATE TABLE account_usage (
    account TEXT NOT NULL REFERENCES account_users (id),
    month TEXT NOT NULL,
    jobs BIGINT NOT NULL,
    PRIMARY KEY (account, month)
);

CREATE TABLE account_usage_entries (
    account TEXT NOT NULL REFERENCES account_users (id),
    job TEXT NOT NULL,
    month TEXT NOT NULL,
    PRIMARY KEY (account, job)
);
