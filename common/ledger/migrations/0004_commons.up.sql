-- The repository's address in lower case, without a ref: GitHub's names ignore case.
ALTER TABLE docpacks ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE docpacks SET address = LOWER(COALESCE(repo_url, ''));
-- 1: nobody may be shown it, not even those who ordered it.
ALTER TABLE docpacks ADD COLUMN is_withdrawn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE docpacks ADD COLUMN n_symbols BIGINT NOT NULL DEFAULT 0;
-- When its repository was last seen to be public.
ALTER TABLE docpacks ADD COLUMN looked_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX docpacks_by_address ON docpacks (owner, address, created_at);
CREATE INDEX docpacks_by_look ON docpacks (owner, looked_at);
