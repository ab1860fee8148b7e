DROP INDEX docpacks_public;
DROP TABLE orders;
