ALTER TABLE account_users DROP COLUMN signed_in_at;
ALTER TABLE account_withdrawals DROP COLUMN account;
DROP TABLE account_members;
DROP TABLE account_grants;
