//! Who asked for what: jobs of an owner that several accounts share.

use sqlx::query;

use crate::jobs::signed;
use crate::{Ledger, LedgerError};

/// Whose rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Everything of an owner.
    Owner(&'a str),
    /// What an account ordered, whoever owns it.
    Account(&'a str),
}

impl Ledger {
    /// Notes that an account ordered a job; once, however often it is said.
    pub async fn put_order(
        &self,
        account: &str,
        owner: &str,
        job_id: &str,
        created_at: u64,
    ) -> Result<(), LedgerError> {
        query(
            "INSERT INTO orders (account, owner, job_id, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account, owner, job_id) DO NOTHING",
        )
        .bind(account)
        .bind(owner)
        .bind(job_id)
        .bind(signed(created_at))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Names the accounts that ordered a job.
    pub async fn orderers(&self, owner: &str, job_id: &str) -> Result<Vec<String>, LedgerError> {
        let accounts = sqlx::query_scalar(
            "SELECT account FROM orders WHERE owner = $1 AND job_id = $2 ORDER BY account",
        );
        Ok(accounts.bind(owner).bind(job_id).fetch_all(&self.pool).await?)
    }

    /// Names the owner of a job that an account ordered; `None` where it ordered none of this id.
    pub async fn owner_of_ordered(&self, account: &str, job_id: &str) -> Result<Option<String>, LedgerError> {
        let owner = sqlx::query_scalar("SELECT owner FROM orders WHERE account = $1 AND job_id = $2");
        Ok(owner.bind(account).bind(job_id).fetch_optional(&self.pool).await?)
    }

    /// Takes an order back; the job and its docpack stay for others.
    pub async fn remove_order(&self, account: &str, owner: &str, job_id: &str) -> Result<(), LedgerError> {
        query("DELETE FROM orders WHERE account = $1 AND owner = $2 AND job_id = $3")
            .bind(account)
            .bind(owner)
            .bind(job_id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Tells whether an account ordered a job that made this docpack.
    pub async fn has_docpack(&self, account: &str, owner: &str, id: &str) -> Result<bool, LedgerError> {
        let found = query(
            "SELECT 1 FROM orders JOIN jobs ON jobs.owner = orders.owner AND jobs.id = orders.job_id \
             WHERE orders.account = $1 AND orders.owner = $2 AND jobs.docpack_id = $3 LIMIT 1",
        );
        Ok(found.bind(account).bind(owner).bind(id).fetch_optional(&self.pool).await?.is_some())
    }

    /// Names the accounts that ordered a job which made this docpack.
    pub async fn accounts_of_docpack(&self, owner: &str, id: &str) -> Result<Vec<String>, LedgerError> {
        let accounts = sqlx::query_scalar(
            "SELECT DISTINCT account FROM orders JOIN jobs ON jobs.owner = orders.owner \
             AND jobs.id = orders.job_id WHERE jobs.owner = $1 AND jobs.docpack_id = $2 ORDER BY account",
        );
        Ok(accounts.bind(owner).bind(id).fetch_all(&self.pool).await?)
    }

    /// Names the jobs that an account ordered and that made this docpack.
    pub async fn jobs_of_docpack(
        &self,
        account: &str,
        owner: &str,
        id: &str,
    ) -> Result<Vec<String>, LedgerError> {
        let jobs = sqlx::query_scalar(
            "SELECT jobs.id FROM orders JOIN jobs ON jobs.owner = orders.owner AND jobs.id = orders.job_id \
             WHERE orders.account = $1 AND jobs.owner = $2 AND jobs.docpack_id = $3 ORDER BY jobs.id",
        );
        Ok(jobs.bind(account).bind(owner).bind(id).fetch_all(&self.pool).await?)
    }

    /// Names the docpacks of an owner that an account ordered.
    pub async fn docpacks_ordered(&self, account: &str, owner: &str) -> Result<Vec<String>, LedgerError> {
        let docpacks = sqlx::query_scalar(
            "SELECT DISTINCT jobs.docpack_id FROM orders JOIN jobs ON jobs.owner = orders.owner \
             AND jobs.id = orders.job_id WHERE orders.account = $1 AND jobs.owner = $2 \
             AND jobs.docpack_id IS NOT NULL ORDER BY jobs.docpack_id",
        );
        Ok(docpacks.bind(account).bind(owner).fetch_all(&self.pool).await?)
    }

    /// Removes every row of an owner, and every order of it as an account.
    pub async fn remove_owner(&self, owner: &str) -> Result<(), LedgerError> {
        let mut change = self.pool.begin().await?;
        for statement in [
            "DELETE FROM orders WHERE account = $1 OR owner = $1",
            "DELETE FROM idempotency_keys WHERE owner = $1",
            "DELETE FROM docpacks WHERE owner = $1",
            "DELETE FROM jobs WHERE owner = $1",
            "DELETE FROM repositories WHERE owner = $1",
            "DELETE FROM users WHERE id = $1",
        ] {
            query(statement).bind(owner).execute(&mut *change).await?;
        }
        Ok(change.commit().await?)
    }
}
