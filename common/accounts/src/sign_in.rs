//! Somebody on the way to GitHub and back.

use sqlx::{Row, query};

use crate::{Accounts, AccountsError, secrets, signed};

/// Until somebody who went to GitHub must be back.
const LIFETIME_MS: u64 = 10 * 60_000;
/// Of the path to return to.
const MAX_PATH_CHARS: usize = 500;

/// A sign-in that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Of PKCE: shows GitHub that whoever began it also ends it.
    pub verifier: String,
    /// A path of our own website.
    pub return_to: String,
}

/// Keeps a path that leads to our own website; anything else leads to its first page.
///
/// Browsers take `//host`, `/\host` and what stands after a control character for another site.
pub fn own_path(text: &str) -> &str {
    let is_own = text.starts_with('/')
        && !text.starts_with("//")
        && text.chars().count() <= MAX_PATH_CHARS
        && !text.contains('\\')
        && !text.chars().any(char::is_control);
    if is_own { text } else { "/" }
}

impl Accounts {
    /// Notes that somebody goes to GitHub, and returns the state that GitHub sends back.
    ///
    /// `browser` is a secret that only this browser has, so that nobody can end a sign-in in the browser of another.
    pub async fn begin_sign_in(
        &self,
        browser: &str,
        verifier: &str,
        return_to: &str,
        now: u64,
    ) -> Result<String, AccountsError> {
        query("DELETE FROM account_sign_ins WHERE expires_at <= $1")
            .bind(signed(now))
            .execute(&self.pool)
            .await?;
        let state = secrets::token()?;
        query(
            "INSERT INTO account_sign_ins (state_sha256, browser_sha256, verifier, return_to, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(secrets::sha256(&state))
        .bind(secrets::sha256(browser))
        .bind(verifier)
        .bind(own_path(return_to))
        .bind(signed(now + LIFETIME_MS))
        .execute(&self.pool)
        .await?;
        Ok(state)
    }

    /// Ends a sign-in, once; `None` where it never began, began in another browser, or took too long.
    pub async fn finish_sign_in(
        &self,
        state: &str,
        browser: &str,
        now: u64,
    ) -> Result<Option<SignIn>, AccountsError> {
        let row = query(
            "DELETE FROM account_sign_ins WHERE state_sha256 = $1 AND browser_sha256 = $2 AND expires_at > $3 \
             RETURNING verifier, return_to",
        )
        .bind(secrets::sha256(state))
        .bind(secrets::sha256(browser))
        .bind(signed(now))
        .fetch_optional(&self.pool)
        .await?;
        let read = |row: sqlx::any::AnyRow| {
            Ok::<_, sqlx::Error>(SignIn {
                verifier: row.try_get("verifier")?,
                return_to: row.try_get("return_to")?,
            })
        };
        Ok(row.map(read).transpose()?)
    }

    /// Makes a secret for a browser, or a verifier for PKCE: 43 characters of 32 random bytes.
    pub fn random_token() -> Result<String, AccountsError> {
        secrets::token()
    }
}
