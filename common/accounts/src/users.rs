//! People with an account.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, billing, secrets, signed};

/// Begins the id of every account, which is the tenant of what is the account's alone.
const ID_PREFIX: &str = "a-";

/// What GitHub says of somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The one thing that names a person: logins are renamed and given to others, addresses are shared.
    pub github_id: u64,
    pub login: String,
    pub avatar_url: Option<String>,
    pub email: Option<String>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `a-` and 32 hex digits; a name that a `pipeline::Tenant` can have.
    pub id: String,
    pub github_id: u64,
    pub login: String,
    pub avatar_url: Option<String>,
    pub email: Option<String>,
    /// A name of the table of plans.
    pub plan: String,
    /// Milliseconds since 1970.
    pub created_at: u64,
}

impl User {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            github_id: row.try_get::<i64, _>("github_id")?.unsigned_abs(),
            login: row.try_get("login")?,
            avatar_url: row.try_get("avatar_url")?,
            email: row.try_get("email")?,
            plan: row.try_get("plan")?,
            created_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
        })
    }
}

impl Accounts {
    /// Finds the account of a person, with the name it has now, or makes one on the free plan.
    pub async fn sign_in(&self, person: &Person, now: u64) -> Result<User, AccountsError> {
        let row = query(
            "INSERT INTO account_users (id, github_id, login, avatar_url, email, plan, created_at, \
             signed_in_at) VALUES ($1, $2, $3, $4, $5, 'free', $6, $6) ON CONFLICT (github_id) DO UPDATE SET \
             login = excluded.login, avatar_url = excluded.avatar_url, email = excluded.email, \
             signed_in_at = excluded.signed_in_at RETURNING *",
        )
        .bind(format!("{ID_PREFIX}{}", secrets::id()?))
        .bind(signed(person.github_id))
        .bind(&person.login)
        .bind(&person.avatar_url)
        .bind(&person.email)
        .bind(signed(now))
        .fetch_one(&self.pool)
        .await?;
        Ok(User::read(&row)?)
    }

    /// Finds an account.
    pub async fn user(&self, id: &str) -> Result<Option<User>, AccountsError> {
        let row =
            query("SELECT * FROM account_users WHERE id = $1").bind(id).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(User::read).transpose()?)
    }

    /// Finds the account of a person by GitHub's number.
    pub async fn user_of_github(&self, github_id: u64) -> Result<Option<User>, AccountsError> {
        let row = query("SELECT * FROM account_users WHERE github_id = $1").bind(signed(github_id));
        let row = row.fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(User::read).transpose()?)
    }

    /// Finds the account of whoever has this login at GitHub; of several that had it, whoever signed in last.
    pub async fn user_of_login(&self, login: &str) -> Result<Option<User>, AccountsError> {
        let row = query(
            "SELECT * FROM account_users WHERE LOWER(login) = LOWER($1) ORDER BY signed_in_at DESC, id LIMIT 1",
        )
        .bind(login)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.as_ref().map(User::read).transpose()?)
    }

    /// Gives an account a plan, as the operator does; `false` where there is no such account.
    ///
    /// A subscription to a better plan still counts.
    pub async fn set_plan(&self, id: &str, plan: &str) -> Result<bool, AccountsError> {
        let mut change = self.pool.begin().await?;
        let set = query("UPDATE account_users SET granted_plan = $2 WHERE id = $1").bind(id).bind(plan);
        let is_set = set.execute(&mut *change).await?.rows_affected() > 0;
        billing::apply_plan(&mut change, id).await?;
        change.commit().await?;
        Ok(is_set)
    }

    /// Removes an account and every row that belongs to it, all at once. Repeating it is harmless.
    pub async fn delete_user(&self, id: &str) -> Result<(), AccountsError> {
        let mut change = self.pool.begin().await?;
        // Installations are found by GitHub's number of the person: of deliveries only guid and digest are kept.
        let of_person = "SELECT id FROM account_installations WHERE github_account = \
             (SELECT github_id FROM account_users WHERE id = $1) OR installer = \
             (SELECT github_id FROM account_users WHERE id = $1)";
        for statement in [
            format!("DELETE FROM account_heads WHERE installation IN ({of_person})"),
            format!("DELETE FROM account_installed WHERE installation IN ({of_person})"),
            format!(
                "UPDATE account_deliveries SET body = NULL, outcome = COALESCE(outcome, 'account_deleted'), \
                 done_at = COALESCE(done_at, received_at), installation = NULL, repository = NULL \
                 WHERE installation IN ({of_person})"
            ),
            format!("DELETE FROM account_installations WHERE id IN ({of_person})"),
        ] {
            query(sqlx::AssertSqlSafe(statement)).bind(id).execute(&mut *change).await?;
        }
        for statement in [
            "DELETE FROM account_schedules WHERE account = $1",
            "DELETE FROM account_messages WHERE account = $1",
            "DELETE FROM account_awaited WHERE account = $1",
            "DELETE FROM account_mail WHERE account = $1",
            "DELETE FROM account_signing WHERE account = $1",
            "DELETE FROM account_endpoints WHERE account = $1",
            "DELETE FROM account_stripe_events WHERE customer IN \
             (SELECT customer FROM account_customers WHERE account = $1)",
            "DELETE FROM account_payments WHERE account = $1",
            "DELETE FROM account_subscriptions WHERE account = $1",
            "DELETE FROM account_customers WHERE account = $1",
            "DELETE FROM account_grants WHERE account = $1",
            "DELETE FROM account_members WHERE account = $1 OR member = $1",
            // A repository stays withdrawn when the account of its owner goes.
            "UPDATE account_withdrawals SET account = '' WHERE account = $1",
            "DELETE FROM account_visibility WHERE account = $1",
            "DELETE FROM account_links WHERE account = $1",
            "DELETE FROM account_usage_entries WHERE account = $1",
            "DELETE FROM account_usage WHERE account = $1",
            "DELETE FROM account_wrong_codes WHERE account = $1",
            "DELETE FROM account_devices WHERE account = $1",
            "DELETE FROM account_keys WHERE account = $1",
            "DELETE FROM account_sessions WHERE account = $1",
            "DELETE FROM account_users WHERE id = $1",
        ] {
            query(statement).bind(id).execute(&mut *change).await?;
        }
        Ok(change.commit().await?)
    }
}
