DROP TABLE account_usage_entries;
DROP TABLE account_usage;
DROP TABLE account_keys;
DROP TABLE account_sessions;
DROP TABLE account_sign_ins;
DROP TABLE account_users;
