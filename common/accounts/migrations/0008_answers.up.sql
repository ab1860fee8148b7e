-- How pushes are answered. Whether the App may write comments at pull requests there.
ALTER TABLE account_installations ADD COLUMN pulls BIGINT NOT NULL DEFAULT 0;

-- Rules that a check run fails by, words with spaces between them; and whether pull requests get a comment.
ALTER TABLE account_installed ADD COLUMN fails_on TEXT;
ALTER TABLE account_installed ADD COLUMN comments BIGINT NOT NULL DEFAULT 0;

-- The branch's head when the job was made: a job that ends before it reads anything is answered there.
ALTER TABLE account_heads ADD COLUMN job_commit TEXT;
-- When somebody last said that the branch has another head, and when its last job was begun.
ALTER TABLE account_heads ADD COLUMN wanted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account_heads ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;
-- How many jobs were begun one soon after the other, and how many of the last ones a newer head ended.
ALTER TABLE account_heads ADD COLUMN in_a_row BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account_heads ADD COLUMN superseded BIGINT NOT NULL DEFAULT 0;
