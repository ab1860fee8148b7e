-- What accounts asked for: a job of a shared owner belongs to everybody who ordered it.
CREATE TABLE orders (
    account TEXT NOT NULL,
    owner TEXT NOT NULL,
    job_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account, owner, job_id)
);
CREATE INDEX orders_by_job ON orders (owner, job_id);
CREATE INDEX docpacks_public ON docpacks (is_public, created_at, id);
