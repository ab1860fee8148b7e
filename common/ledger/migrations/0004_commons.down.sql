DROP INDEX docpacks_by_look;
DROP INDEX docpacks_by_address;
ALTER TABLE docpacks DROP COLUMN looked_at;
ALTER TABLE docpacks DROP COLUMN n_symbols;
ALTER TABLE docpacks DROP COLUMN is_withdrawn;
ALTER TABLE docpacks DROP COLUMN address;
