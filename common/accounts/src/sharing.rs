//! Who besides its owner may read a docpack.

use std::collections::BTreeMap;
use std::str::FromStr;

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, secrets, signed};

/// Who may read what an account ordered, besides the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Nobody.
    Private,
    /// Whoever has a link.
    Unlisted,
    /// Everybody; the commons list it.
    Public,
}

impl Visibility {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Unlisted => "unlisted",
            Self::Public => "public",
        }
    }
}

impl FromStr for Visibility {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Private, Self::Unlisted, Self::Public].into_iter().find(|it| it.as_str() == text).ok_or(())
    }
}

/// Who withdraws a repository. A stronger word replaces a weaker one, never the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawnBy<'a> {
    /// GitHub no longer shows it to everybody; undone when it does again.
    Doctown,
    /// An account that may administer it, which alone may undo it.
    Owner(&'a str),
    /// The operator, who alone may undo it.
    Operator,
}

const NOT_PUBLIC: &str = "not_public";

impl<'a> WithdrawnBy<'a> {
    /// Returns the reason and the account of the row.
    fn columns(self) -> (&'static str, &'a str) {
        match self {
            Self::Doctown => (NOT_PUBLIC, ""),
            Self::Owner(account) => ("owner", account),
            Self::Operator => ("operator", ""),
        }
    }
}

/// A repository whose packs nobody may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    pub repository: String,
    /// Whether somebody asked for it; otherwise GitHub no longer shows it to everybody.
    pub was_asked_for: bool,
    /// Milliseconds since 1970.
    pub withdrawn_at: u64,
}

impl Withdrawal {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            repository: row.try_get("repository")?,
            was_asked_for: row.try_get::<String, _>("reason")? != NOT_PUBLIC,
            withdrawn_at: row.try_get::<i64, _>("withdrawn_at")?.unsigned_abs(),
        })
    }
}

/// A link to a docpack, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLink {
    pub id: String,
    pub account: String,
    /// The tenant of the docpack.
    pub owner: String,
    pub docpack: String,
    /// Milliseconds since 1970.
    pub created_at: u64,
    pub expires_at: Option<u64>,
    pub revoked_at: Option<u64>,
}

impl ShareLink {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let time = |name| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(name)?.map(i64::unsigned_abs));
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            owner: row.try_get("owner")?,
            docpack: row.try_get("docpack")?,
            created_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
            expires_at: time("expires_at")?,
            revoked_at: time("revoked_at")?,
        })
    }
}

impl Accounts {
    /// Says who may read what an account ordered.
    pub async fn set_visibility(
        &self,
        account: &str,
        owner: &str,
        docpack: &str,
        visibility: Visibility,
    ) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_visibility (account, owner, docpack, visibility) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account, owner, docpack) DO UPDATE SET visibility = excluded.visibility",
        )
        .bind(account)
        .bind(owner)
        .bind(docpack)
        .bind(visibility.as_str())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Tells what an account said of a docpack; `None` where it said nothing.
    pub async fn visibility(
        &self,
        account: &str,
        owner: &str,
        docpack: &str,
    ) -> Result<Option<Visibility>, AccountsError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT visibility FROM account_visibility WHERE account = $1 AND owner = $2 AND docpack = $3",
        )
        .bind(account)
        .bind(owner)
        .bind(docpack)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.and_then(|word| word.parse().ok()))
    }

    /// Lists what an account said of its docpacks: owner, docpack.
    pub async fn visibilities(
        &self,
        account: &str,
    ) -> Result<BTreeMap<(String, String), Visibility>, AccountsError> {
        let rows = query("SELECT owner, docpack, visibility FROM account_visibility WHERE account = $1")
            .bind(account)
            .fetch_all(&self.pool)
            .await?;
        let mut said = BTreeMap::new();
        for row in &rows {
            let word: String = row.try_get("visibility")?;
            if let Ok(visibility) = word.parse() {
                said.insert((row.try_get("owner")?, row.try_get("docpack")?), visibility);
            }
        }
        Ok(said)
    }

    /// Lists what accounts said of docpacks, for an index that is rebuilt: account, owner, docpack.
    pub async fn all_visibilities(&self) -> Result<Vec<(String, String, String, Visibility)>, AccountsError> {
        let rows = query("SELECT * FROM account_visibility ORDER BY owner, docpack, account")
            .fetch_all(&self.pool)
            .await?;
        let mut said = Vec::new();
        for row in &rows {
            let word: String = row.try_get("visibility")?;
            if let Ok(visibility) = word.parse() {
                said.push((
                    row.try_get("account")?,
                    row.try_get("owner")?,
                    row.try_get("docpack")?,
                    visibility,
                ));
            }
        }
        Ok(said)
    }

    /// Makes a link; its token is returned once and kept nowhere.
    pub async fn make_link(
        &self,
        account: &str,
        owner: &str,
        docpack: &str,
        expires_at: Option<u64>,
        now: u64,
    ) -> Result<(String, ShareLink), AccountsError> {
        let (token, id) = (secrets::token()?, secrets::id()?);
        let row = query(
            "INSERT INTO account_links (token_sha256, id, account, owner, docpack, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *",
        )
        .bind(secrets::sha256(&token))
        .bind(id)
        .bind(account)
        .bind(owner)
        .bind(docpack)
        .bind(signed(now))
        .bind(expires_at.map(signed))
        .fetch_one(&self.pool)
        .await?;
        Ok((token, ShareLink::read(&row)?))
    }

    /// Finds the link of a token; `None` where it was revoked, has expired or never was.
    pub async fn link(&self, token: &str, now: u64) -> Result<Option<ShareLink>, AccountsError> {
        let row = query(
            "SELECT * FROM account_links WHERE token_sha256 = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(secrets::sha256(token))
        .bind(signed(now))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.as_ref().map(ShareLink::read).transpose()?)
    }

    /// Lists an account's links to a docpack, the newest first.
    pub async fn links(
        &self,
        account: &str,
        owner: &str,
        docpack: &str,
    ) -> Result<Vec<ShareLink>, AccountsError> {
        let rows = query(
            "SELECT * FROM account_links WHERE account = $1 AND owner = $2 AND docpack = $3 \
             ORDER BY created_at DESC, id",
        )
        .bind(account)
        .bind(owner)
        .bind(docpack)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(ShareLink::read).collect::<Result<_, _>>()?)
    }

    /// Revokes one of an account's links for ever; `false` where the account has none of this id.
    pub async fn revoke_link(&self, account: &str, id: &str, now: u64) -> Result<bool, AccountsError> {
        let revoked = query(
            "UPDATE account_links SET revoked_at = COALESCE(revoked_at, $3) WHERE account = $1 AND id = $2",
        );
        let revoked = revoked.bind(account).bind(id).bind(signed(now)).execute(&self.pool).await?;
        Ok(revoked.rows_affected() > 0)
    }

    /// Withdraws a repository: nobody may find, open or download its packs. Repeating it keeps the first time.
    pub async fn withdraw(
        &self,
        repository: &str,
        by: WithdrawnBy<'_>,
        now: u64,
    ) -> Result<(), AccountsError> {
        let (reason, account) = by.columns();
        query(
            "INSERT INTO account_withdrawals (repository, reason, account, withdrawn_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (repository) DO UPDATE SET \
             reason = excluded.reason, account = excluded.account WHERE excluded.reason = 'operator' \
             OR (excluded.reason = 'owner' AND account_withdrawals.reason <> 'operator')",
        )
        .bind(repository)
        .bind(reason)
        .bind(account)
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Returns why a repository was withdrawn; `None` where it was not.
    pub async fn withdrawal(&self, repository: &str) -> Result<Option<Withdrawal>, AccountsError> {
        let row = query("SELECT * FROM account_withdrawals WHERE repository = $1")
            .bind(repository)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(Withdrawal::read).transpose()?)
    }

    /// Lists the repositories that an account withdrew, the newest first.
    pub async fn withdrawals(&self, account: &str) -> Result<Vec<Withdrawal>, AccountsError> {
        let rows = query(
            "SELECT * FROM account_withdrawals WHERE account = $1 ORDER BY withdrawn_at DESC, repository",
        )
        .bind(account)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(Withdrawal::read).collect::<Result<_, _>>()?)
    }

    /// Lets packs of a repository be shown again.
    pub async fn reinstate(&self, repository: &str) -> Result<(), AccountsError> {
        query("DELETE FROM account_withdrawals WHERE repository = $1")
            .bind(repository)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
