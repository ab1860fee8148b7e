ALTER TABLE jobs DROP COLUMN has_default_options;
