ALTER TABLE account_heads DROP COLUMN superseded;
ALTER TABLE account_heads DROP COLUMN in_a_row;
ALTER TABLE account_heads DROP COLUMN begun_at;
ALTER TABLE account_heads DROP COLUMN wanted_at;
ALTER TABLE account_heads DROP COLUMN job_commit;
ALTER TABLE account_installed DROP COLUMN comments;
ALTER TABLE account_installed DROP COLUMN fails_on;
ALTER TABLE account_installations DROP COLUMN pulls;
