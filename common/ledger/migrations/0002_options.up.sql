-- Rows of before are taken for others until their state is written again.
ALTER TABLE jobs ADD COLUMN has_default_options BIGINT NOT NULL DEFAULT 0;
