//! Jobs of a month: each is counted once, whatever is retried.

use pipeline::Timestamp;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, signed};

/// An account that used something in a month, or that pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountMonth {
    pub account: String,
    pub login: String,
    /// The plan that it has now.
    pub plan: String,
    pub jobs: u64,
}

/// What an account used of its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub jobs: u64,
    /// When the next month begins, in milliseconds since 1970.
    pub resets_at: u64,
}

impl Accounts {
    /// Counts a job of this month, once, however often it is said; refuses it where the month's jobs are used up.
    pub async fn charge(
        &self,
        account: &str,
        limit: u64,
        job: &str,
        now: u64,
    ) -> Result<Usage, AccountsError> {
        let (month, resets_at) = month_of(now);
        let mut change = self.pool.begin().await?;
        query("INSERT INTO account_usage (account, month, jobs) VALUES ($1, $2, 0) ON CONFLICT (account, month) DO NOTHING")
            .bind(account)
            .bind(&month)
            .execute(&mut *change)
            .await?;
        // Whoever comes at the same time waits here, or finds it written.
        let entered = query(
            "INSERT INTO account_usage_entries (account, job, month, charged_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account, job) DO NOTHING",
        )
        .bind(account)
        .bind(job)
        .bind(&month)
        .bind(signed(now))
        .execute(&mut *change)
        .await?
        .rows_affected();
        if entered > 0 {
            let counted = query(
                "UPDATE account_usage SET jobs = jobs + 1 WHERE account = $1 AND month = $2 AND jobs < $3",
            )
            .bind(account)
            .bind(&month)
            .bind(signed(limit))
            .execute(&mut *change)
            .await?
            .rows_affected();
            if counted == 0 {
                change.rollback().await?;
                let Usage { jobs: used, .. } = self.usage(account, now).await?;
                return Err(AccountsError::OverQuota { used, limit, resets_at });
            }
        }
        change.commit().await?;
        self.usage(account, now).await
    }

    /// Takes a job back that came to nothing before it was begun.
    pub async fn uncharge(&self, account: &str, job: &str) -> Result<(), AccountsError> {
        let mut change = self.pool.begin().await?;
        let removed =
            query("DELETE FROM account_usage_entries WHERE account = $1 AND job = $2 RETURNING month")
                .bind(account)
                .bind(job)
                .fetch_optional(&mut *change)
                .await?;
        if let Some(row) = removed {
            query("UPDATE account_usage SET jobs = jobs - 1 WHERE account = $1 AND month = $2 AND jobs > 0")
                .bind(account)
                .bind(row.try_get::<String, _>("month")?)
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }

    /// Lists accounts that used jobs in a month such as `2026-11`, and those that Stripe knows.
    pub async fn accounts_of_month(&self, month: &str) -> Result<Vec<AccountMonth>, AccountsError> {
        let rows = query(
            "SELECT u.id, u.login, u.plan, COALESCE(m.jobs, 0) AS jobs FROM account_users u \
             LEFT JOIN account_usage m ON m.account = u.id AND m.month = $1 \
             LEFT JOIN account_customers c ON c.account = u.id \
             WHERE COALESCE(m.jobs, 0) > 0 OR c.account IS NOT NULL ORDER BY u.id",
        )
        .bind(month)
        .fetch_all(&self.pool)
        .await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok::<_, sqlx::Error>(AccountMonth {
                account: row.try_get("id")?,
                login: row.try_get("login")?,
                plan: row.try_get("plan")?,
                jobs: row.try_get::<i64, _>("jobs")?.unsigned_abs(),
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Tells what an account used of this month.
    pub async fn usage(&self, account: &str, now: u64) -> Result<Usage, AccountsError> {
        let (month, resets_at) = month_of(now);
        let row = query("SELECT jobs FROM account_usage WHERE account = $1 AND month = $2")
            .bind(account)
            .bind(month)
            .fetch_optional(&self.pool)
            .await?;
        let jobs = row.map(|row| row.try_get::<i64, _>("jobs")).transpose()?.unwrap_or_default();
        Ok(Usage { jobs: jobs.unsigned_abs(), resets_at })
    }
}

/// Returns when a month such as `2026-11` begins and when the next one does, in UTC; `None` for no month.
pub fn month_bounds(month: &str) -> Option<(u64, u64)> {
    let begin: Timestamp = format!("{month}-01T00:00:00.000Z").parse().ok()?;
    let (named, next) = month_of(begin.0);
    (named == month).then_some((begin.0, next))
}

/// Names the month of a time in UTC, and says when the next one begins.
pub fn month_of(now: u64) -> (String, u64) {
    let text = Timestamp(now).to_string();
    let (month, _) = text.split_at(7);
    let number = |part: &str| part.parse::<u32>().unwrap_or(1);
    let (year, of_year) = (number(&month[..4]), number(&month[5..]));
    let (year, of_year) = if of_year == 12 { (year + 1, 1) } else { (year, of_year + 1) };
    let next: Timestamp = format!("{year:04}-{of_year:02}-01T00:00:00.000Z").parse().unwrap_or_default();
    (month.to_owned(), next.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_one_begins() {
        for (now, month, next) in [
            ("2026-11-24T16:00:00.000Z", "2026-11", "2026-12-01T00:00:00.000Z"),
            ("2026-12-31T23:59:59.999Z", "2026-12", "2027-01-01T00:00:00.000Z"),
            ("2027-01-01T00:00:00.000Z", "2027-01", "2027-02-01T00:00:00.000Z"),
        ] {
            let at = |text: &str| text.parse::<Timestamp>().expect("a time").0;
            assert_eq!(month_of(at(now)), (month.to_owned(), at(next)));
        }
        assert_eq!(month_bounds("2026-11"), Some((1_793_491_200_000, 1_796_083_200_000)));
        for text in ["2026-13", "2026-1", "11-2026", "", "2026-11-01"] {
            assert_eq!(month_bounds(text), None, "{text}");
        }
    }
}
