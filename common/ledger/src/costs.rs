//! What jobs cost, by account.

use sqlx::{Row, query};

use crate::jobs::signed;
use crate::{Ledger, LedgerError};

/// What the jobs of an account cost whoever runs the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCost {
    pub account: String,
    pub n_jobs: u64,
    /// Jobs whose cost is not known: they are not over, or were never priced.
    pub n_unpriced: u64,
    pub cost_micro_usd: u64,
}

impl Ledger {
    /// Adds up what jobs cost that were made within a time, by account and in its order.
    ///
    /// A job that several accounts ordered ran once: it counts for whoever ordered it first.
    pub async fn costs(&self, from: u64, until: u64) -> Result<Vec<AccountCost>, LedgerError> {
        let rows = query(
            "SELECT o.account, COUNT(*) AS n_jobs, COUNT(*) - COUNT(j.cost_micro_usd) AS n_unpriced, \
             CAST(COALESCE(SUM(j.cost_micro_usd), 0) AS BIGINT) AS cost FROM jobs j \
             JOIN orders o ON o.owner = j.owner AND o.job_id = j.id \
             WHERE j.created_at >= $1 AND j.created_at < $2 AND NOT EXISTS (SELECT 1 FROM orders p \
             WHERE p.owner = o.owner AND p.job_id = o.job_id AND (p.created_at < o.created_at \
             OR (p.created_at = o.created_at AND p.account < o.account))) \
             GROUP BY o.account ORDER BY o.account",
        )
        .bind(signed(from))
        .bind(signed(until))
        .fetch_all(&self.pool)
        .await?;
        let number = |row: &sqlx::any::AnyRow, column| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
        let read = |row: &sqlx::any::AnyRow| {
            Ok::<_, sqlx::Error>(AccountCost {
                account: row.try_get("account")?,
                n_jobs: number(row, "n_jobs")?,
                n_unpriced: number(row, "n_unpriced")?,
                cost_micro_usd: number(row, "cost")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }
}
