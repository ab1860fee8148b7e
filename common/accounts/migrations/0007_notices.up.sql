-- Addresses that an account wants to be told at; events are words with spaces between them.
CREATE TABLE account_endpoints (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account_users (id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The address answered 410: it wants to be told nothing more.
    gone_at BIGINT
);
CREATE INDEX account_endpoints_of ON account_endpoints (account);

-- What an account's messages are signed with, sealed: the secret, and the one before it for a day.
CREATE TABLE account_signing (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account_users (id),
    sealed TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Whether an account is told by e-mail; at the address that GitHub has checked.
CREATE TABLE account_mail (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account_users (id),
    on_finished BIGINT NOT NULL,
    on_failed BIGINT NOT NULL
);

-- Jobs whose end is told; settled once it has been turned into messages.
CREATE TABLE account_awaited (
    account TEXT NOT NULL REFERENCES account_users (id),
    owner TEXT NOT NULL,
    job TEXT NOT NULL,
    callback_url TEXT,
    since BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (account, owner, job)
);
CREATE INDEX account_awaited_open ON account_awaited (settled_at, since);

-- One message to one place. The id comes from what is told and to whom, so nothing is queued twice.
CREATE TABLE account_messages (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account_users (id),
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    -- `webhook`, `callback` or `mail`.
    channel TEXT NOT NULL,
    endpoint TEXT,
    target TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    answer TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX account_messages_due ON account_messages (state, due_at);
CREATE INDEX account_messages_of ON account_messages (account, created_at);
