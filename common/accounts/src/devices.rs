//! Signing in a program that has no browser: it shows a short code, and its user approves the code on the website.
//!
//! The flow is that of RFC 8628, except that the program gets one of our API keys. The program holds the device code,
//! a long secret; the user code is short, because a person reads it from a terminal.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::keys::key_usage;
use crate::{Accounts, AccountsError, ApiKey, NewKey, Scope, secrets, signed};

const DAY_MS: u64 = 24 * 3_600_000;
/// How long a user has to approve a code.
const LIFETIME_MS: u64 = 15 * 60_000;
/// A program that polls more often than this is told to slow down.
pub const POLL_INTERVAL_MS: u64 = 5_000;
/// Anybody can open a request, so their number is limited; 10,000 rows are a few megabytes.
const MAX_OPEN: u64 = 10_000;
/// Keys made by this flow expire, since nobody sees them again to clean them up.
const KEY_LIFETIME_MS: u64 = 90 * DAY_MS;

/// Consonants only: no two look alike, and they spell no words.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Eight letters are 34.5 bits: short enough to type, too short for unlimited guesses. An account that guesses all day,
/// [`MAX_WRONG`] codes in each [`WRONG_WINDOW_MS`], hits one of 100 open codes with a chance of 1 in 89,000.
const N_LETTERS: usize = 8;
const MAX_WRONG: u64 = 20;
const WRONG_WINDOW_MS: u64 = 10 * 60_000;

/// A request that a program has just opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// The program's secret, with which it asks for its key.
    pub device_code: String,
    /// What the user reads and types, such as `BCDF-GHJK`.
    pub user_code: String,
    /// Milliseconds since 1970.
    pub expires_at: u64,
}

/// A request as its user sees it before deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub user_code: String,
    /// What the program calls itself.
    pub client_name: String,
    pub scopes: Vec<Scope>,
    /// Milliseconds since 1970.
    pub requested_at: u64,
    pub expires_at: u64,
}

/// What a program that asks for its key is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poll {
    /// The key, once; the request is gone.
    Key(String, ApiKey),
    /// Nobody has decided yet.
    Pending,
    /// Nobody has decided yet, and the program asks too often.
    TooFast,
    Denied,
    /// The code has expired, was used, or never existed.
    Gone,
}

/// Reads a user code as people type it: in lower case, with or without the dash.
fn letters(text: &str) -> Option<String> {
    let plain: String =
        text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
    let is_code = plain.len() == N_LETTERS && plain.bytes().all(|byte| ALPHABET.contains(&byte));
    is_code.then_some(plain)
}

fn with_dash(letters: &str) -> String {
    let (first, last) = letters.split_at(N_LETTERS / 2);
    format!("{first}-{last}")
}

fn scopes_of(words: &str) -> Vec<Scope> {
    words.split(' ').filter_map(|word| word.parse().ok()).collect()
}

impl Device {
    fn read(row: &AnyRow, letters: &str) -> Result<Self, sqlx::Error> {
        Ok(Self {
            user_code: with_dash(letters),
            client_name: row.try_get("client_name")?,
            scopes: scopes_of(&row.try_get::<String, _>("scopes")?),
            requested_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
            expires_at: row.try_get::<i64, _>("expires_at")?.unsigned_abs(),
        })
    }
}

impl Accounts {
    /// Opens a request of a program; both codes are returned once and stored only as digests.
    pub async fn begin_device(
        &self,
        client_name: &str,
        scopes: &[Scope],
        now: u64,
    ) -> Result<NewDevice, AccountsError> {
        query("DELETE FROM account_devices WHERE expires_at <= $1")
            .bind(signed(now))
            .execute(&self.pool)
            .await?;
        let (device_code, user_letters) = (secrets::token()?, secrets::letters(ALPHABET, N_LETTERS)?);
        let expires_at = now + LIFETIME_MS;
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let opened = query(
            "INSERT INTO account_devices (device_sha256, user_sha256, client_name, scopes, created_at, expires_at) \
             SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT COUNT(*) FROM account_devices) < $7",
        )
        .bind(secrets::sha256(&device_code))
        .bind(secrets::sha256(&user_letters))
        .bind(client_name)
        .bind(words.join(" "))
        .bind(signed(now))
        .bind(signed(expires_at))
        .bind(signed(MAX_OPEN))
        .execute(&self.pool)
        .await?;
        if opened.rows_affected() == 0 {
            return Err(AccountsError::TooManyDevices);
        }
        Ok(NewDevice { device_code, user_code: with_dash(&user_letters), expires_at })
    }

    /// Finds a request by its user code, for an account that may decide about it; `None` if there is none.
    ///
    /// Wrong codes are counted, so that an account cannot guess the codes of others.
    pub async fn device(
        &self,
        account: &str,
        user_code: &str,
        now: u64,
    ) -> Result<Option<Device>, AccountsError> {
        let Some(letters) = letters(user_code) else { return Ok(None) };
        self.check_wrong_codes(account, now).await?;
        let row = query(
            "SELECT * FROM account_devices WHERE user_sha256 = $1 AND expires_at > $2 \
             AND (decision IS NULL OR (account = $3 AND decision = 'approved'))",
        )
        .bind(secrets::sha256(&letters))
        .bind(signed(now))
        .bind(account)
        .fetch_optional(&self.pool)
        .await?;
        if row.is_none() {
            self.count_wrong_code(account, now).await?;
        }
        Ok(row.map(|row| Device::read(&row, &letters)).transpose()?)
    }

    /// Lets the program of a user code have a key of this account; `false` if there is no such code.
    ///
    /// Repeating it is harmless. The key counts against the plan's limit from here on.
    pub async fn approve_device(
        &self,
        account: &str,
        user_code: &str,
        now: u64,
    ) -> Result<bool, AccountsError> {
        let Some(letters) = letters(user_code) else { return Ok(false) };
        self.check_wrong_codes(account, now).await?;
        let user_sha256 = secrets::sha256(&letters);
        let mut change = self.pool.begin().await?;
        let usage = key_usage(&mut change, account, &user_sha256, now).await?;
        let approved = query(
            "UPDATE account_devices SET account = $2, decision = 'approved' WHERE user_sha256 = $1 \
             AND expires_at > $3 AND (decision IS NULL OR (account = $2 AND decision = 'approved'))",
        )
        .bind(&user_sha256)
        .bind(account)
        .bind(signed(now))
        .execute(&mut *change)
        .await?
        .rows_affected();
        if approved == 0 {
            change.rollback().await?;
            self.count_wrong_code(account, now).await?;
            return Ok(false);
        }
        // A wrong code is told to be wrong even to an account that has no key left.
        usage.check()?;
        change.commit().await?;
        Ok(true)
    }

    /// Refuses the program of a user code; `false` if there is no such code. Repeating it is harmless.
    pub async fn deny_device(&self, account: &str, user_code: &str, now: u64) -> Result<bool, AccountsError> {
        let Some(letters) = letters(user_code) else { return Ok(false) };
        self.check_wrong_codes(account, now).await?;
        let denied = query(
            "UPDATE account_devices SET account = $2, decision = 'denied' WHERE user_sha256 = $1 \
             AND expires_at > $3 AND (decision IS NULL OR account = $2)",
        )
        .bind(secrets::sha256(&letters))
        .bind(account)
        .bind(signed(now))
        .execute(&self.pool)
        .await?
        .rows_affected();
        if denied == 0 {
            self.count_wrong_code(account, now).await?;
        }
        Ok(denied > 0)
    }

    /// Asks whether a request was approved; if so, makes its key and removes the request in one transaction, so
    /// that there is one key however often and from wherever the program asks.
    pub async fn poll_device(&self, device_code: &str, now: u64) -> Result<Poll, AccountsError> {
        let device_sha256 = secrets::sha256(device_code);
        if let Some((text, key)) = self.redeem(&device_sha256, now).await? {
            return Ok(Poll::Key(text, key));
        }
        let row = query("SELECT decision FROM account_devices WHERE device_sha256 = $1 AND expires_at > $2")
            .bind(&device_sha256)
            .bind(signed(now))
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(Poll::Gone) };
        match row.try_get::<Option<String>, _>("decision")?.as_deref() {
            Some("denied") => return Ok(Poll::Denied),
            // Approved since the first look: the next poll gets the key.
            Some(_) => return Ok(Poll::Pending),
            None => {}
        }
        let in_time = query(
            "UPDATE account_devices SET polled_at = $2 WHERE device_sha256 = $1 \
             AND (polled_at IS NULL OR polled_at <= $3)",
        )
        .bind(&device_sha256)
        .bind(signed(now))
        .bind(signed(now.saturating_sub(POLL_INTERVAL_MS)))
        .execute(&self.pool)
        .await?;
        Ok(if in_time.rows_affected() > 0 { Poll::Pending } else { Poll::TooFast })
    }

    async fn redeem(&self, device_sha256: &str, now: u64) -> Result<Option<(String, ApiKey)>, AccountsError> {
        let mut change = self.pool.begin().await?;
        let row = query(
            "DELETE FROM account_devices WHERE device_sha256 = $1 AND expires_at > $2 AND decision = 'approved' \
             RETURNING account, client_name, scopes",
        )
        .bind(device_sha256)
        .bind(signed(now))
        .fetch_optional(&mut *change)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let account: String = row.try_get("account")?;
        // The account may have made other keys since it approved; the request then stays for another try.
        key_usage(&mut change, &account, "", now).await?.check()?;
        let new = NewKey {
            name: row.try_get("client_name")?,
            scopes: scopes_of(&row.try_get::<String, _>("scopes")?),
            expires_at: Some(now + KEY_LIFETIME_MS),
        };
        let made = crate::keys::insert(&mut change, &account, &new, now).await?;
        change.commit().await?;
        Ok(Some(made))
    }

    /// Refuses an account that has entered too many wrong codes lately.
    async fn check_wrong_codes(&self, account: &str, now: u64) -> Result<(), AccountsError> {
        let row = query("SELECT since, wrong FROM account_wrong_codes WHERE account = $1")
            .bind(account)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let number = |name| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(name)?.unsigned_abs());
        let ends_at = number("since")? + WRONG_WINDOW_MS;
        match number("wrong")? >= MAX_WRONG && ends_at > now {
            true => Err(AccountsError::TooManyWrongCodes { wait_ms: ends_at - now }),
            false => Ok(()),
        }
    }

    async fn count_wrong_code(&self, account: &str, now: u64) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_wrong_codes (account, since, wrong) VALUES ($1, $2, 1) \
             ON CONFLICT (account) DO UPDATE SET \
             wrong = CASE WHEN account_wrong_codes.since <= $3 THEN 1 ELSE account_wrong_codes.wrong + 1 END, \
             since = CASE WHEN account_wrong_codes.since <= $3 THEN $2 ELSE account_wrong_codes.since END",
        )
        .bind(account)
        .bind(signed(now))
        .bind(signed(now.saturating_sub(WRONG_WINDOW_MS)))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_codes_are_read_as_people_type_them() {
        for typed in ["BCDF-GHJK", "bcdf-ghjk", "bcdfghjk", " BCDF GHJK "] {
            assert_eq!(letters(typed).as_deref(), Some("BCDFGHJK"), "{typed}");
        }
        for typed in ["", "BCDF", "BCDF-GHJKL", "ABCD-EFGH", "BCDF-GHJ1", "BCDF_GHJK"] {
            assert_eq!(letters(typed), None, "{typed}");
        }
        assert_eq!(with_dash("BCDFGHJK"), "BCDF-GHJK");
    }
}
