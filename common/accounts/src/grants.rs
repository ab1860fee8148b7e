//! What GitHub lets Doctown read in somebody's name.

use serde::{Deserialize, Serialize};
use sqlx::{Row, query};

use crate::seal::{SealError, SecretKeys};
use crate::{Accounts, AccountsError, signed};

/// How long one process may take to refresh a grant before another one tries.
const REFRESH_MS: u64 = 30_000;
/// A token that ends sooner is refreshed before it is used: a job may read for a while.
const LEAST_MS: u64 = 15 * 60_000;

/// A person's tokens at GitHub. Both are secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub access_token: String,
    /// Milliseconds since 1970; `None` for a token that does not expire.
    pub access_expires_at: Option<u64>,
    /// Works once, and gives a new pair.
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grant").field("access_expires_at", &self.access_expires_at).finish_non_exhaustive()
    }
}

impl Grant {
    /// Reports whether the token should be refreshed before it is used.
    pub fn is_stale(&self, now: u64) -> bool {
        self.access_expires_at.is_some_and(|at| at < now + LEAST_MS)
    }
}

/// What a process does with a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantState {
    /// There is none: the person never signed in since keys were set, or revoked it.
    Absent,
    /// The token can be used.
    Fresh(Grant),
    /// This process has to refresh it, then call [`Accounts::put_grant`] or [`Accounts::remove_grant`].
    Refresh(Grant),
    /// Another process is refreshing it: ask again in a moment.
    Refreshing,
}

impl Accounts {
    /// Stores the tokens of somebody who signed in or whose tokens were refreshed.
    pub async fn put_grant(
        &self,
        keys: &SecretKeys,
        account: &str,
        grant: &Grant,
        now: u64,
    ) -> Result<(), AccountsError> {
        let text = serde_json::to_string(grant).map_err(|_| SealError::Damaged)?;
        query(
            "INSERT INTO account_grants (account, sealed, updated_at, refreshing_until) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at, \
             refreshing_until = 0",
        )
        .bind(account)
        .bind(keys.seal(account, &text)?)
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Reads somebody's tokens. Of several processes that find them stale, one refreshes: a refresh token works once.
    pub async fn grant(
        &self,
        keys: &SecretKeys,
        account: &str,
        now: u64,
    ) -> Result<GrantState, AccountsError> {
        let row = query("SELECT sealed FROM account_grants WHERE account = $1")
            .bind(account)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(GrantState::Absent) };
        let sealed: String = row.try_get("sealed")?;
        let text = keys.open(account, &sealed)?;
        let grant: Grant = serde_json::from_str(&text).map_err(|_| SealError::Damaged)?;
        if !grant.is_stale(now) {
            return Ok(GrantState::Fresh(grant));
        }
        let taken = query(
            "UPDATE account_grants SET refreshing_until = $3 \
             WHERE account = $1 AND sealed = $2 AND refreshing_until <= $4",
        )
        .bind(account)
        .bind(&sealed)
        .bind(signed(now + REFRESH_MS))
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        Ok(if taken.rows_affected() > 0 { GrantState::Refresh(grant) } else { GrantState::Refreshing })
    }

    /// Reports whether Doctown holds tokens of somebody.
    pub async fn has_grant(&self, account: &str) -> Result<bool, AccountsError> {
        let row = query("SELECT 1 FROM account_grants WHERE account = $1").bind(account);
        Ok(row.fetch_optional(&self.pool).await?.is_some())
    }

    /// Forgets somebody's tokens.
    pub async fn remove_grant(&self, account: &str) -> Result<(), AccountsError> {
        query("DELETE FROM account_grants WHERE account = $1").bind(account).execute(&self.pool).await?;
        Ok(())
    }
}
