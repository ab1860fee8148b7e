//! People, their sessions and keys, and what their plans allow.
//!
//! In: what a person or program showed, and the time. Out: whose it is, or why not. Unlike the ledger, which is an
//! index of the store, these tables are the only place where this stands: they need a backup. SQLite and PostgreSQL
//! hold the same tables and run the same SQL. No secret is kept as it is: of tokens and keys only the SHA-256.

mod backup;
mod billing;
mod deliveries;
mod devices;
mod endpoints;
mod grants;
mod heads;
mod installations;
mod keys;
mod members;
mod messages;
mod plans;
mod schedules;
mod seal;
mod secrets;
mod sessions;
mod sharing;
mod sign_in;
mod usage;
mod users;

use database::{DatabaseError, Step, Tables};
use sqlx::AnyPool;

pub use backup::BackupError;
pub use billing::{Customer, Dispute, Look, Payment, StripeEvent, Subscription, Unmetered};
pub use deliveries::{Added, Delivery, NewDelivery};
pub use devices::{Device, NewDevice, POLL_INTERVAL_MS, Poll};
pub use endpoints::{Endpoint, MAX_ENDPOINTS, MailWishes, Signing};
pub use grants::{Grant, GrantState};
pub use heads::{Built, Head};
pub use installations::{Installation, InstalledRepository, RepositoryChoice};
pub use keys::{ApiKey, NewKey, Scope, UnknownScope, looks_like_key};
pub use members::{Member, NotAdded};
pub use messages::{Awaited, Channel, Message, NewMessage, Sent};
pub use plans::{Plan, better_plan, plan, plans};
pub use schedules::{Every, MAX_SCHEDULES, Schedule};
pub use seal::{SealError, SecretKeys};
pub use sessions::Session;
pub use sharing::{ShareLink, Visibility, Withdrawal, WithdrawnBy};
pub use sign_in::{SignIn, own_path};
pub use usage::{AccountMonth, Usage, month_bounds, month_of};
pub use users::{Person, User};

const TABLES: Tables = Tables {
    steps_table: "account_migrations",
    steps: &[
        Step {
            version: 1,
            name: "first",
            up: include_str!("../migrations/0001_first.up.sql"),
            down: include_str!("../migrations/0001_first.down.sql"),
        },
        Step {
            version: 2,
            name: "sharing",
            up: include_str!("../migrations/0002_sharing.up.sql"),
            down: include_str!("../migrations/0002_sharing.down.sql"),
        },
        Step {
            version: 3,
            name: "devices",
            up: include_str!("../migrations/0003_devices.up.sql"),
            down: include_str!("../migrations/0003_devices.down.sql"),
        },
        Step {
            version: 4,
            name: "teams",
            up: include_str!("../migrations/0004_teams.up.sql"),
            down: include_str!("../migrations/0004_teams.down.sql"),
        },
        Step {
            version: 5,
            name: "installations",
            up: include_str!("../migrations/0005_installations.up.sql"),
            down: include_str!("../migrations/0005_installations.down.sql"),
        },
        Step {
            version: 6,
            name: "billing",
            up: include_str!("../migrations/0006_billing.up.sql"),
            down: include_str!("../migrations/0006_billing.down.sql"),
        },
        Step {
            version: 7,
            name: "notices",
            up: include_str!("../migrations/0007_notices.up.sql"),
            down: include_str!("../migrations/0007_notices.down.sql"),
        },
        Step {
            version: 8,
            name: "answers",
            up: include_str!("../migrations/0008_answers.up.sql"),
            down: include_str!("../migrations/0008_answers.down.sql"),
        },
        Step {
            version: 9,
            name: "schedules",
            up: include_str!("../migrations/0009_schedules.up.sql"),
            down: include_str!("../migrations/0009_schedules.down.sql"),
        },
    ],
};

/// Why an account's data was not read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The month's jobs are used up.
    #[error("{used} of {limit} jobs of this month are used")]
    OverQuota {
        used: u64,
        limit: u64,
        /// When the next month begins, in milliseconds since 1970.
        resets_at: u64,
    },
    /// The plan allows no more keys.
    #[error("{n_usable} of {limit} keys can be used")]
    TooManyKeys { n_usable: u64, limit: u64 },
    /// So many programs wait to be signed in that no more can be remembered.
    #[error("too many programs are waiting to be signed in")]
    TooManyDevices,
    /// An account entered so many wrong user codes that it may be guessing.
    #[error("too many wrong codes were entered")]
    TooManyWrongCodes {
        /// Until codes are read again.
        wait_ms: u64,
    },
    /// GitHub would not know the App.
    #[error("the client secret is blank")]
    NoSecret,
    /// The system has no random numbers, so no secret can be made.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// A person's tokens cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl From<sqlx::Error> for AccountsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A database with the tables of accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    pool: AnyPool,
}

impl Accounts {
    /// Opens the database, makes an SQLite file where there is none, and brings the tables up to date.
    pub async fn open(address: &str) -> Result<Self, AccountsError> {
        let accounts = Self { pool: database::connect(address).await? };
        TABLES.up(&accounts.pool).await?;
        Ok(accounts)
    }

    /// Takes the tables away again: every account is lost.
    pub async fn tear_down(&self) -> Result<(), AccountsError> {
        Ok(TABLES.down(&self.pool).await?)
    }

    /// Asks whether the database answers.
    pub async fn ping(&self) -> Result<(), AccountsError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Databases count to 63 bits; no time of ours comes near.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
