//! Keys for programs: shown once, kept as digests.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row, query};

use crate::{Accounts, AccountsError, plan, secrets, signed};

/// Begins every key, so that scanners of leaked secrets know it.
const KEY_PREFIX: &str = "dtk_";
/// Characters that name a key in lists, random ones, and those that show a typing mistake.
const N_PREFIX: usize = 8;
const N_SECRET: usize = 43;
const N_CHECKSUM: usize = 6;
/// The time of a key's last use is written no more often than this.
const USED_EVERY_MS: u64 = 60_000;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Lists and follows jobs.
    #[serde(rename = "jobs:read")]
    JobsRead,
    /// Submits, repeats, approves and cancels jobs.
    #[serde(rename = "jobs:write")]
    JobsWrite,
    /// Reads docpacks that the account may read.
    #[serde(rename = "packs:read")]
    PacksRead,
    /// Changes who may read the account's docpacks, and removes them.
    #[serde(rename = "packs:write")]
    PacksWrite,
}

/// A word that names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scope; there are jobs:read, jobs:write, packs:read and packs:write")]
pub struct UnknownScope(String);

impl Scope {
    pub const ALL: [Self; 4] = [Self::JobsRead, Self::JobsWrite, Self::PacksRead, Self::PacksWrite];

    /// Returns the scope's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JobsRead => "jobs:read",
            Self::JobsWrite => "jobs:write",
            Self::PacksRead => "packs:read",
            Self::PacksWrite => "packs:write",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| UnknownScope(text.chars().take(40).collect()))
    }
}

/// What a new key is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Milliseconds since 1970; `None` never.
    pub expires_at: Option<u64>,
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: String,
    pub account: String,
    pub name: String,
    /// The beginning of the key, by which its owner knows it again.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    /// Milliseconds since 1970.
    pub created_at: u64,
    pub expires_at: Option<u64>,
    pub revoked_at: Option<u64>,
    /// To the minute.
    pub used_at: Option<u64>,
}

impl ApiKey {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let time = |name| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(name)?.map(i64::unsigned_abs));
        let scopes: String = row.try_get("scopes")?;
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            name: row.try_get("name")?,
            prefix: row.try_get("prefix")?,
            // A scope of a later version allows nothing here.
            scopes: scopes.split(' ').filter_map(|word| word.parse().ok()).collect(),
            created_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
            expires_at: time("expires_at")?,
            revoked_at: time("revoked_at")?,
            used_at: time("used_at")?,
        })
    }
}

/// Tells whether a text has the form of a key, its last characters included.
pub fn looks_like_key(text: &str) -> bool {
    let Some((prefix, secret)) = text.strip_prefix(KEY_PREFIX).and_then(|rest| rest.split_once('_')) else {
        return false;
    };
    let is_plain =
        |part: &str, n_chars| part.len() == n_chars && part.bytes().all(|b| b.is_ascii_alphanumeric());
    is_plain(prefix, N_PREFIX)
        && is_plain(secret, N_SECRET)
        && text.ends_with(&secrets::checksum(&text[..text.len() - N_CHECKSUM], N_CHECKSUM))
}

fn make() -> Result<(String, String), AccountsError> {
    let prefix = format!("{KEY_PREFIX}{}", secrets::base62(N_PREFIX)?);
    let text = format!("{prefix}_{}", secrets::base62(N_SECRET - N_CHECKSUM)?);
    Ok((format!("{text}{}", secrets::checksum(&text, N_CHECKSUM)), prefix))
}

/// Makes a key and stores its digest, alone or as part of a larger change.
pub(crate) async fn insert(
    change: &mut AnyConnection,
    account: &str,
    new: &NewKey,
    now: u64,
) -> Result<(String, ApiKey), AccountsError> {
    let ((text, prefix), id) = (make()?, secrets::id()?);
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    let row = query(
        "INSERT INTO account_keys (sha256, id, account, name, prefix, scopes, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *",
    )
    .bind(secrets::sha256(&text))
    .bind(id)
    .bind(account)
    .bind(&new.name)
    .bind(prefix)
    .bind(scopes.join(" "))
    .bind(signed(now))
    .bind(new.expires_at.map(signed))
    .fetch_one(change)
    .await?;
    Ok((text, ApiKey::read(&row)?))
}

impl Accounts {
    /// Makes a key, unless the plan allows no more; its text is returned once and kept nowhere.
    pub async fn make_key(
        &self,
        account: &str,
        new: &NewKey,
        now: u64,
    ) -> Result<(String, ApiKey), AccountsError> {
        let mut change = self.pool.begin().await?;
        key_usage(&mut change, account, "", now).await?.check()?;
        let made = insert(&mut change, account, new, now).await?;
        change.commit().await?;
        Ok(made)
    }

    /// Finds a key that may be used; `None` where it was revoked, has expired or never was.
    pub async fn key(&self, text: &str, now: u64) -> Result<Option<ApiKey>, AccountsError> {
        if !looks_like_key(text) {
            return Ok(None);
        }
        let sha256 = secrets::sha256(text);
        let found = query(
            "SELECT * FROM account_keys WHERE sha256 = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(&sha256)
        .bind(signed(now))
        .fetch_optional(&self.pool)
        .await?;
        let Some(key) = found.as_ref().map(ApiKey::read).transpose()? else { return Ok(None) };
        if key.used_at.is_none_or(|used_at| now.saturating_sub(used_at) >= USED_EVERY_MS) {
            let used = query("UPDATE account_keys SET used_at = $2 WHERE sha256 = $1");
            used.bind(&sha256).bind(signed(now)).execute(&self.pool).await?;
        }
        Ok(Some(key))
    }

    /// Reports whether a key may still be used, by its id.
    pub async fn is_live_key(&self, account: &str, id: &str, now: u64) -> Result<bool, AccountsError> {
        let row = query(
            "SELECT 1 FROM account_keys WHERE account = $1 AND id = $2 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $3)",
        );
        Ok(row.bind(account).bind(id).bind(signed(now)).fetch_optional(&self.pool).await?.is_some())
    }

    /// Lists an account's keys, the newest first, those that may no longer be used included.
    pub async fn keys(&self, account: &str) -> Result<Vec<ApiKey>, AccountsError> {
        let rows = query("SELECT * FROM account_keys WHERE account = $1 ORDER BY created_at DESC, id")
            .bind(account)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(ApiKey::read).collect::<Result<_, _>>()?)
    }

    /// Revokes one of an account's keys for ever; `false` where the account has none of this id.
    pub async fn revoke_key(&self, account: &str, id: &str, now: u64) -> Result<bool, AccountsError> {
        let revoked = query(
            "UPDATE account_keys SET revoked_at = COALESCE(revoked_at, $3) WHERE account = $1 AND id = $2",
        );
        let revoked = revoked.bind(account).bind(id).bind(signed(now)).execute(&self.pool).await?;
        Ok(revoked.rows_affected() > 0)
    }
}

/// How many of an account's keys are taken.
pub(crate) struct KeyUsage {
    n_usable: u64,
    limit: u64,
}

impl KeyUsage {
    pub(crate) fn check(&self) -> Result<(), AccountsError> {
        let Self { n_usable, limit } = *self;
        if n_usable < limit { Ok(()) } else { Err(AccountsError::TooManyKeys { n_usable, limit }) }
    }
}

/// Counts the keys that an account can use, and those that approved programs will still fetch, except one.
///
/// The update locks the account's row, so that of two approvals or new keys at once one waits and then counts the other.
pub(crate) async fn key_usage(
    change: &mut AnyConnection,
    account: &str,
    except_user_sha256: &str,
    now: u64,
) -> Result<KeyUsage, AccountsError> {
    let row = query("UPDATE account_users SET plan = plan WHERE id = $1 RETURNING plan")
        .bind(account)
        .fetch_optional(&mut *change)
        .await?;
    let plan_name: Option<String> = row.map(|row| row.try_get("plan")).transpose()?;
    let row = query(
        "SELECT (SELECT COUNT(*) FROM account_keys WHERE account = $1 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2)) + (SELECT COUNT(*) FROM account_devices WHERE account = $1 \
         AND decision = 'approved' AND expires_at > $2 AND user_sha256 <> $3) AS n",
    )
    .bind(account)
    .bind(signed(now))
    .bind(except_user_sha256)
    .fetch_one(&mut *change)
    .await?;
    Ok(KeyUsage {
        n_usable: row.try_get::<i64, _>("n")?.unsigned_abs(),
        // An account that was deleted meanwhile has no plan, and gets no key.
        limit: plan_name.map_or(0, |name| plan(&name).api_keys),
    })
}
