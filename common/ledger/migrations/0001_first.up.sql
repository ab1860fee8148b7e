-- Times are milliseconds since 1970, flags are 0 or 1: both databases then hold the same.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT,
    name TEXT,
    github_id BIGINT,
    plan_tier TEXT NOT NULL,
    stripe_customer_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE repositories (
    owner TEXT NOT NULL REFERENCES users (id),
    id TEXT NOT NULL,
    github_repo_id BIGINT,
    url TEXT,
    name TEXT NOT NULL,
    is_private BIGINT NOT NULL,
    last_processed_at BIGINT,
    PRIMARY KEY (owner, id)
);

CREATE TABLE jobs (
    owner TEXT NOT NULL REFERENCES users (id),
    id TEXT NOT NULL,
    repository TEXT NOT NULL,
    name TEXT NOT NULL,
    repo_url TEXT,
    git_ref TEXT,
    commit_hash TEXT,
    phase TEXT NOT NULL,
    is_over BIGINT NOT NULL,
    docpack_id TEXT,
    error_code TEXT,
    cost_micro_usd BIGINT,
    duration_ms BIGINT,
    created_at BIGINT NOT NULL,
    completed_at BIGINT,
    -- Of the state document: an older one never replaces a newer one.
    rev BIGINT NOT NULL,
    PRIMARY KEY (owner, id)
);
CREATE INDEX jobs_by_time ON jobs (owner, created_at, id);
CREATE INDEX jobs_not_over ON jobs (is_over, created_at);

CREATE TABLE docpacks (
    owner TEXT NOT NULL REFERENCES users (id),
    id TEXT NOT NULL,
    job_id TEXT,
    repository TEXT NOT NULL,
    name TEXT NOT NULL,
    repo_url TEXT,
    git_ref TEXT,
    commit_hash TEXT,
    is_partial BIGINT NOT NULL,
    checksum TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    storage_url TEXT NOT NULL,
    is_public BIGINT NOT NULL,
    statistics TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, id)
);
CREATE INDEX docpacks_by_time ON docpacks (owner, created_at, id);

CREATE TABLE idempotency_keys (
    owner TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    job_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);
