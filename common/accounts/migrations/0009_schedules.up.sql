-- Repositories that an account wants built again by themselves.
CREATE TABLE account_schedules (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account_users (id),
    repo TEXT NOT NULL,
    -- Empty for the default branch.
    git_ref TEXT NOT NULL,
    -- `nightly`, `weekly` or `tag`.
    every TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- What was built last: its commit, its tag where tags are watched, and the job.
    seen_commit TEXT,
    seen_tag TEXT,
    job TEXT,
    outcome TEXT,
    ran_at BIGINT,
    leased_until BIGINT NOT NULL DEFAULT 0,
    -- How often it was taken: an earlier holder notices that it lost it.
    holds BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX account_schedules_of ON account_schedules (account, repo, git_ref);
CREATE INDEX account_schedules_due ON account_schedules (due_at);
