DROP TABLE idempotency_keys;
DROP TABLE docpacks;
DROP TABLE jobs;
DROP TABLE repositories;
DROP TABLE users;
