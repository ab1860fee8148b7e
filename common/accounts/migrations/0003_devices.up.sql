-- Programs that wait for somebody to sign them in. Of both codes only the SHA-256 is here.
CREATE TABLE account_devices (
    device_sha256 TEXT NOT NULL PRIMARY KEY,
    user_sha256 TEXT NOT NULL UNIQUE,
    client_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    polled_at BIGINT,
    account TEXT REFERENCES account_users (id),
    decision TEXT
);
CREATE INDEX account_devices_of ON account_devices (account);
CREATE INDEX account_devices_until ON account_devices (expires_at);

-- Wrong user codes that an account entered since a moment.
CREATE TABLE account_wrong_codes (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account_users (id),
    since BIGINT NOT NULL,
    wrong BIGINT NOT NULL
);
