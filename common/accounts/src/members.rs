//! People who may use an account besides its owner.

use sqlx::{Row, query};

use crate::{Accounts, AccountsError, signed};

/// Somebody who may use an account of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The member's own account.
    pub account: String,
    pub login: String,
    pub avatar_url: Option<String>,
    /// Milliseconds since 1970.
    pub added_at: u64,
}

/// Why nobody was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdded {
    /// Nobody of this name ever signed in.
    NoSuchPerson,
    /// The plan allows no more.
    TooMany,
}

impl Accounts {
    /// Adds the person of this GitHub login to an account, and returns who it is. Repeating it is harmless.
    ///
    /// `limit` counts the owner too.
    pub async fn add_member(
        &self,
        account: &str,
        login: &str,
        limit: u64,
        now: u64,
    ) -> Result<Result<Member, NotAdded>, AccountsError> {
        let mut change = self.pool.begin().await?;
        // A write comes first, so that two who add at the same time wait for each other.
        query("UPDATE account_users SET plan = plan WHERE id = $1")
            .bind(account)
            .execute(&mut *change)
            .await?;
        // A login can have had an earlier owner: whoever signed in last has it now.
        let found: Option<String> = sqlx::query_scalar(
            "SELECT id FROM account_users WHERE LOWER(login) = LOWER($1) AND id <> $2 \
             ORDER BY signed_in_at DESC, id LIMIT 1",
        )
        .bind(login)
        .bind(account)
        .fetch_optional(&mut *change)
        .await?;
        let Some(member) = found else { return Ok(Err(NotAdded::NoSuchPerson)) };
        let others: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM account_members WHERE account = $1 AND member <> $2")
                .bind(account)
                .bind(&member)
                .fetch_one(&mut *change)
                .await?;
        if others.unsigned_abs() + 1 >= limit {
            return Ok(Err(NotAdded::TooMany));
        }
        query(
            "INSERT INTO account_members (account, member, added_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account, member) DO NOTHING",
        )
        .bind(account)
        .bind(&member)
        .bind(signed(now))
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        let members = self.members(account).await?;
        Ok(members.into_iter().find(|it| it.account == member).ok_or(NotAdded::NoSuchPerson))
    }

    /// Lists an account's members, in the order in which they were added.
    pub async fn members(&self, account: &str) -> Result<Vec<Member>, AccountsError> {
        self.related(
            "SELECT u.id, u.login, u.avatar_url, m.added_at FROM account_members m \
             JOIN account_users u ON u.id = m.member WHERE m.account = $1 ORDER BY m.added_at, u.id",
            account,
        )
        .await
    }

    /// Lists the accounts of others that somebody may use, in the order in which they were added.
    pub async fn memberships(&self, member: &str) -> Result<Vec<Member>, AccountsError> {
        self.related(
            "SELECT u.id, u.login, u.avatar_url, m.added_at FROM account_members m \
             JOIN account_users u ON u.id = m.account WHERE m.member = $1 ORDER BY m.added_at, u.id",
            member,
        )
        .await
    }

    async fn related(&self, statement: &'static str, account: &str) -> Result<Vec<Member>, AccountsError> {
        let rows = query(statement).bind(account).fetch_all(&self.pool).await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok::<_, sqlx::Error>(Member {
                account: row.try_get("id")?,
                login: row.try_get("login")?,
                avatar_url: row.try_get("avatar_url")?,
                added_at: row.try_get::<i64, _>("added_at")?.unsigned_abs(),
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Reports whether somebody may use an account of somebody else.
    pub async fn is_member(&self, account: &str, member: &str) -> Result<bool, AccountsError> {
        let row = query("SELECT 1 FROM account_members WHERE account = $1 AND member = $2");
        Ok(row.bind(account).bind(member).fetch_optional(&self.pool).await?.is_some())
    }

    /// Takes somebody off an account; `false` for somebody who is not on it.
    pub async fn remove_member(&self, account: &str, member: &str) -> Result<bool, AccountsError> {
        let removed = query("DELETE FROM account_members WHERE account = $1 AND member = $2");
        Ok(removed.bind(account).bind(member).execute(&self.pool).await?.rows_affected() > 0)
    }
}
