//! Where an account wants to be told how its jobs ended, and what those messages are signed with.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::seal::{SealError, SecretKeys};
use crate::{Accounts, AccountsError, secrets, signed};

/// Endpoints of one account.
pub const MAX_ENDPOINTS: u64 = 10;
/// How long messages are also signed with the secret before the newest.
const OVERLAP_MS: u64 = 24 * 3_600_000;

/// An address that is told about an account's jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub id: String,
    pub url: String,
    /// Words for the events that are told.
    pub events: Vec<String>,
    /// Milliseconds since 1970.
    pub created_at: u64,
    /// When the address answered that it wants to be told nothing more.
    pub gone_at: Option<u64>,
}

impl Endpoint {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let events: String = row.try_get("events")?;
        Ok(Self {
            id: row.try_get("id")?,
            url: row.try_get("url")?,
            events: events.split(' ').map(str::to_owned).collect(),
            created_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
            gone_at: row.try_get::<Option<i64>, _>("gone_at")?.map(i64::unsigned_abs),
        })
    }
}

/// What messages of an account are signed with. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// Random bytes in base64, without a prefix.
    pub current: String,
    /// The secret before it, and until when it is used too.
    pub previous: Option<(String, u64)>,
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signing").finish_non_exhaustive()
    }
}

impl Signing {
    /// Lists the secrets that a message is signed with now, the newest first.
    pub fn secrets(&self, now: u64) -> Vec<&str> {
        let previous = self.previous.as_ref().filter(|(_, until)| *until > now);
        [Some(self.current.as_str()), previous.map(|(secret, _)| secret.as_str())]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Which ends of jobs an account is told by e-mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailWishes {
    pub on_finished: bool,
    pub on_failed: bool,
}

impl Accounts {
    /// Adds an address; `None` where the account has [`MAX_ENDPOINTS`].
    pub async fn add_endpoint(
        &self,
        account: &str,
        url: &str,
        events: &[&str],
        now: u64,
    ) -> Result<Option<Endpoint>, AccountsError> {
        let mut change = self.pool.begin().await?;
        // Locks the account's row, so that of two at once one waits and then counts the other.
        query("UPDATE account_users SET plan = plan WHERE id = $1")
            .bind(account)
            .execute(&mut *change)
            .await?;
        let row = query("SELECT COUNT(*) AS n FROM account_endpoints WHERE account = $1")
            .bind(account)
            .fetch_one(&mut *change)
            .await?;
        if row.try_get::<i64, _>("n")?.unsigned_abs() >= MAX_ENDPOINTS {
            return Ok(None);
        }
        let row = query(
            "INSERT INTO account_endpoints (id, account, url, events, created_at) VALUES ($1, $2, $3, $4, $5) \
             RETURNING *",
        )
        .bind(format!("we-{}", secrets::id()?))
        .bind(account)
        .bind(url)
        .bind(events.join(" "))
        .bind(signed(now))
        .fetch_one(&mut *change)
        .await?;
        change.commit().await?;
        Ok(Some(Endpoint::read(&row)?))
    }

    /// Lists an account's addresses, the oldest first.
    pub async fn endpoints(&self, account: &str) -> Result<Vec<Endpoint>, AccountsError> {
        let rows = query("SELECT * FROM account_endpoints WHERE account = $1 ORDER BY created_at, id")
            .bind(account)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(Endpoint::read).collect::<Result<_, _>>()?)
    }

    /// Removes an address, and gives up what was still to be sent there; `false` where the account has none of this id.
    pub async fn remove_endpoint(&self, account: &str, id: &str, now: u64) -> Result<bool, AccountsError> {
        let mut change = self.pool.begin().await?;
        let removed = query("DELETE FROM account_endpoints WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id)
            .execute(&mut *change)
            .await?;
        query(
            "UPDATE account_messages SET state = 'failed', answer = 'the endpoint was removed', ended_at = $3 \
             WHERE account = $1 AND endpoint = $2 AND state = 'waiting'",
        )
        .bind(account)
        .bind(id)
        .bind(signed(now))
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// Notes that an address wants to be told nothing more.
    pub async fn endpoint_is_gone(&self, id: &str, now: u64) -> Result<(), AccountsError> {
        query("UPDATE account_endpoints SET gone_at = $2 WHERE id = $1")
            .bind(id)
            .bind(signed(now))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Reads what an account's messages are signed with; `None` where no secret was made yet.
    pub async fn signing(&self, keys: &SecretKeys, account: &str) -> Result<Option<Signing>, AccountsError> {
        let row = query("SELECT sealed FROM account_signing WHERE account = $1")
            .bind(account)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let text = keys.open(account, &row.try_get::<String, _>("sealed")?)?;
        Ok(Some(serde_json::from_str(&text).map_err(|_| SealError::Damaged)?))
    }

    /// Makes a new secret for an account's messages; the one before it is used beside it for a day.
    pub async fn renew_signing(
        &self,
        keys: &SecretKeys,
        account: &str,
        now: u64,
    ) -> Result<Signing, AccountsError> {
        let before = self.signing(keys, account).await?;
        let signing = Signing {
            current: secrets::signing_secret()?,
            previous: before.map(|before| (before.current, now + OVERLAP_MS)),
        };
        let text = serde_json::to_string(&signing).map_err(|_| SealError::Damaged)?;
        query(
            "INSERT INTO account_signing (account, sealed, updated_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at",
        )
        .bind(account)
        .bind(keys.seal(account, &text)?)
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        Ok(signing)
    }

    /// Reads which ends of jobs an account is told by e-mail.
    pub async fn mail_wishes(&self, account: &str) -> Result<MailWishes, AccountsError> {
        let row = query("SELECT * FROM account_mail WHERE account = $1")
            .bind(account)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(MailWishes::default()) };
        let is_set = |name| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(name)? != 0);
        Ok(MailWishes { on_finished: is_set("on_finished")?, on_failed: is_set("on_failed")? })
    }

    /// Sets them.
    pub async fn set_mail_wishes(&self, account: &str, wishes: MailWishes) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_mail (account, on_finished, on_failed) VALUES ($1, $2, $3) \
             ON CONFLICT (account) DO UPDATE SET on_finished = excluded.on_finished, \
             on_failed = excluded.on_failed",
        )
        .bind(account)
        .bind(i64::from(wishes.on_finished))
        .bind(i64::from(wishes.on_failed))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
