//! Keeps users, jobs, docpacks and repositories in a database, for queries that are slow in the store.
//!
//! In: state documents and manifests, as they change. Out: lists in pages, newest first, and the job of an
//! idempotency key. The ledger is an index: [`rebuild`] fills an empty one from the store, except for
//! idempotency keys, which are valid for a day. SQLite and PostgreSQL hold the same tables and run the same SQL.
//! Every row has an owner, and every query names one.

mod cursor;
mod docpacks;
mod idempotency;
mod jobs;
mod migrations;
mod rebuild;

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, ConnectOptions, Executor};

pub use cursor::{Cursor, CursorError};
pub use docpacks::{DocpackFilter, DocpackRow};
pub use idempotency::Claim;
pub use jobs::{JobFilter, JobRow};
pub use rebuild::{Rebuilt, docpack_row, manifest, rebuild};

/// The one user of a process that serves one person.
pub const LOCAL_USER: &str = "local";
/// SQLite has one writer at a time, and readers beside it; PostgreSQL has more to give.
const MAX_CONNECTIONS: u32 = 8;
/// A database that is busy for longer is one that does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the ledger did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger's address is neither `sqlite://FILE` nor `postgres://…`")]
    Address,
    #[error("this program was built without PostgreSQL; use a released one, or `sqlite://FILE`")]
    NoPostgres,
    /// Trying again may help.
    #[error("the ledger gave no answer: {0}")]
    Unavailable(#[from] sqlx::Error),
    #[error("the ledger's tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error(transparent)]
    Pipeline(#[from] pipeline::PipelineError),
}

/// A database with the ledger's tables.
#[derive(Debug, Clone)]
pub struct Ledger {
    pool: AnyPool,
}

impl Ledger {
    /// Opens the database, makes an SQLite file where there is none, and brings the tables up to date.
    pub async fn open(address: &str) -> Result<Self, LedgerError> {
        let ledger = Self::connect(address).await?;
        ledger.bring_up().await?;
        Ok(ledger)
    }

    /// Makes the tables that are missing, and the local user.
    pub async fn bring_up(&self) -> Result<(), LedgerError> {
        migrations::up(&self.pool).await?;
        self.add_user(LOCAL_USER).await
    }

    /// Opens the database as it is.
    pub async fn connect(address: &str) -> Result<Self, LedgerError> {
        sqlx::any::install_default_drivers();
        let is_file = address.starts_with("sqlite:");
        let is_postgres = address.starts_with("postgres://") || address.starts_with("postgresql://");
        if !is_file && !is_postgres {
            return Err(LedgerError::Address);
        }
        if is_postgres && !cfg!(feature = "postgres") {
            return Err(LedgerError::NoPostgres);
        }
        let has_mode = address.contains("mode=") || address.contains(":memory:");
        let address = match (is_file, has_mode, address.contains('?')) {
            (true, false, false) => format!("{address}?mode=rwc"),
            (true, false, true) => format!("{address}&mode=rwc"),
            _ => address.to_owned(),
        };
        let options = AnyConnectOptions::from_str(&address).map_err(|_| LedgerError::Address)?;
        let pool = AnyPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if is_file {
                        // First of all, so that the others wait too.
                        connection.execute("PRAGMA busy_timeout = 10000").await?;
                        // Readers go on beside the writer, and a crash loses at most the last moment, which
                        // the store still has.
                        connection.execute("PRAGMA journal_mode = WAL").await?;
                        connection.execute("PRAGMA synchronous = NORMAL").await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options.disable_statement_logging())
            .await?;
        Ok(Self { pool })
    }

    /// Takes the tables away again, newest migration first.
    pub async fn tear_down(&self) -> Result<(), LedgerError> {
        migrations::down(&self.pool).await
    }

    /// Asks whether the database answers.
    pub async fn ping(&self) -> Result<(), LedgerError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Adds a user unless there is one of this id.
    pub async fn add_user(&self, id: &str) -> Result<(), LedgerError> {
        sqlx::query(
            "INSERT INTO users (id, plan_tier, created_at, updated_at) VALUES ($1, 'local', 0, 0) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
