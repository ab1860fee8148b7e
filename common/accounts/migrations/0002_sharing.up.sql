CREATE TABLE account_visibility (
    account TEXT NOT NULL REFERENCES account_users (id),
    owner TEXT NOT NULL,
    docpack TEXT NOT NULL,
    visibility TEXT NOT NULL,
    PRIMARY KEY (account, owner, docpack)
);
CREATE INDEX account_visibility_of ON account_visibility (owner, docpack);

CREATE TABLE account_links (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account_users (id),
    owner TEXT NOT NULL,
    docpack TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX account_links_of ON account_links (account, owner, docpack, created_at);

-- Repositories that nobody may be shown any more, whoever ordered them.
CREATE TABLE account_withdrawals (
    repository TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL
);
