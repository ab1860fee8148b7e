//! Browsers that somebody signed in with.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, secrets, signed};

const DAY_MS: u64 = 24 * 3_600_000;
/// A session ends so long after it was last seen.
const LIFETIME_MS: u64 = 30 * DAY_MS;
/// Reading a session writes nothing more often than this.
const SEEN_EVERY_MS: u64 = 3_600_000;
/// Of what a browser calls itself.
const MAX_AGENT_CHARS: usize = 200;

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names it in lists; it is no secret and opens nothing.
    pub id: String,
    pub account: String,
    /// What the browser called itself.
    pub agent: String,
    /// Milliseconds since 1970.
    pub created_at: u64,
    /// To the hour.
    pub seen_at: u64,
    pub expires_at: u64,
}

impl Session {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let time = |name| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(name)?.unsigned_abs());
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            agent: row.try_get("agent")?,
            created_at: time("created_at")?,
            seen_at: time("seen_at")?,
            expires_at: time("expires_at")?,
        })
    }
}

impl Accounts {
    /// Begins a session; the token is returned once and kept nowhere.
    pub async fn begin_session(
        &self,
        account: &str,
        agent: &str,
        now: u64,
    ) -> Result<(String, Session), AccountsError> {
        let (token, id) = (secrets::token()?, secrets::id()?);
        let row = query(
            "INSERT INTO account_sessions (token_sha256, id, account, agent, created_at, seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING *",
        )
        .bind(secrets::sha256(&token))
        .bind(id)
        .bind(account)
        .bind(agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT_CHARS).collect::<String>())
        .bind(signed(now))
        .bind(signed(now + LIFETIME_MS))
        .fetch_one(&self.pool)
        .await?;
        Ok((token, Session::read(&row)?))
    }

    /// Finds the session of a token and prolongs it; `None` where it ended or never was.
    pub async fn session(&self, token: &str, now: u64) -> Result<Option<Session>, AccountsError> {
        let sha256 = secrets::sha256(token);
        let found = query("SELECT * FROM account_sessions WHERE token_sha256 = $1 AND expires_at > $2")
            .bind(&sha256)
            .bind(signed(now))
            .fetch_optional(&self.pool)
            .await?;
        let Some(session) = found.as_ref().map(Session::read).transpose()? else { return Ok(None) };
        if now.saturating_sub(session.seen_at) >= SEEN_EVERY_MS {
            query("UPDATE account_sessions SET seen_at = $2, expires_at = $3 WHERE token_sha256 = $1")
                .bind(&sha256)
                .bind(signed(now))
                .bind(signed(now + LIFETIME_MS))
                .execute(&self.pool)
                .await?;
        }
        Ok(Some(session))
    }

    /// Reports whether a session has not ended, by its id.
    pub async fn is_live_session(&self, account: &str, id: &str, now: u64) -> Result<bool, AccountsError> {
        let row = query("SELECT 1 FROM account_sessions WHERE account = $1 AND id = $2 AND expires_at > $3");
        Ok(row.bind(account).bind(id).bind(signed(now)).fetch_optional(&self.pool).await?.is_some())
    }

    /// Lists an account's sessions, the newest first; those that ended are removed.
    pub async fn sessions(&self, account: &str, now: u64) -> Result<Vec<Session>, AccountsError> {
        query("DELETE FROM account_sessions WHERE account = $1 AND expires_at <= $2")
            .bind(account)
            .bind(signed(now))
            .execute(&self.pool)
            .await?;
        let rows = query("SELECT * FROM account_sessions WHERE account = $1 ORDER BY created_at DESC, id")
            .bind(account)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(Session::read).collect::<Result<_, _>>()?)
    }

    /// Ends one of an account's sessions; `false` where the account has none of this id.
    pub async fn end_session(&self, account: &str, id: &str) -> Result<bool, AccountsError> {
        let ended =
            query("DELETE FROM account_sessions WHERE account = $1 AND id = $2").bind(account).bind(id);
        Ok(ended.execute(&self.pool).await?.rows_affected() > 0)
    }
}
