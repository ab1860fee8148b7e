-- What the GitHub App was told. A guid is kept for ever, so that no delivery counts twice; the event only until it
-- was worked on.
CREATE TABLE account_deliveries (
    guid TEXT NOT NULL PRIMARY KEY,
    event TEXT NOT NULL,
    installation BIGINT,
    repository BIGINT,
    received_at BIGINT NOT NULL,
    body_sha256 TEXT NOT NULL,
    body TEXT,
    -- How often it was begun, and when it may be begun again.
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    outcome TEXT,
    done_at BIGINT
);
CREATE INDEX account_deliveries_due ON account_deliveries (done_at, due_at);
CREATE INDEX account_deliveries_of ON account_deliveries (installation, repository, received_at);

-- Where the GitHub App is installed, by GitHub's numbers of people and organisations.
CREATE TABLE account_installations (
    id BIGINT NOT NULL PRIMARY KEY,
    github_account BIGINT NOT NULL,
    login TEXT NOT NULL,
    -- Who installed it, where GitHub said so.
    installer BIGINT,
    suspended BIGINT NOT NULL DEFAULT 0,
    checks BIGINT NOT NULL DEFAULT 0,
    changed_at BIGINT NOT NULL
);
CREATE INDEX account_installations_of ON account_installations (github_account);
CREATE INDEX account_installations_by ON account_installations (installer);

CREATE TABLE account_installed (
    installation BIGINT NOT NULL REFERENCES account_installations (id),
    repository BIGINT NOT NULL,
    full_name TEXT NOT NULL,
    private BIGINT NOT NULL,
    default_branch TEXT NOT NULL,
    -- One a line; the default branch without it.
    branches TEXT,
    building BIGINT NOT NULL DEFAULT 1,
    delivered_at BIGINT,
    PRIMARY KEY (installation, repository)
);

-- Branches that are built: at most one job each at a time.
CREATE TABLE account_heads (
    installation BIGINT NOT NULL,
    repository BIGINT NOT NULL,
    branch TEXT NOT NULL,
    -- How often somebody said that the branch has another head, and how much of that was seen to.
    wanted BIGINT NOT NULL,
    seen BIGINT NOT NULL DEFAULT 0,
    -- The job that runs, with its tenant; what it built is in the columns below.
    job TEXT,
    owner TEXT,
    built_commit TEXT,
    built_job TEXT,
    built_owner TEXT,
    built_at BIGINT,
    outcome TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    -- Whoever works on it has until then.
    leased_until BIGINT NOT NULL DEFAULT 0,
    -- How often it was taken: an earlier holder notices that it lost it.
    holds BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (installation, repository, branch)
);
CREATE INDEX account_heads_due ON account_heads (due_at);

-- When something that one process does was last done.
CREATE TABLE account_rounds (
    name TEXT NOT NULL PRIMARY KEY,
    done_at BIGINT NOT NULL
);
