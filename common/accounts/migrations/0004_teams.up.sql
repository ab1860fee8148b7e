-- What GitHub lets Doctown read in somebody's name, sealed: only the keys of the operator open it.
CREATE TABLE account_grants (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account_users (id),
    sealed TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Whoever refreshes it has until then; 0 when nobody does.
    refreshing_until BIGINT NOT NULL DEFAULT 0
);

-- People who may use an account besides its owner.
CREATE TABLE account_members (
    account TEXT NOT NULL REFERENCES account_users (id),
    member TEXT NOT NULL REFERENCES account_users (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (account, member)
);
CREATE INDEX account_members_of ON account_members (member);

-- Who withdrew a repository; empty where Doctown itself did.
ALTER TABLE account_withdrawals ADD COLUMN account TEXT NOT NULL DEFAULT '';

-- When the person last signed in: of two people who had one login, the later one has it.
ALTER TABLE account_users ADD COLUMN signed_in_at BIGINT NOT NULL DEFAULT 0;
