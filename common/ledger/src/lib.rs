//! Keeps users, jobs, docpacks and repositories in a database, for queries that are slow in the store.
//!
//! In: state documents and manifests, as they change. Out: lists in pages, newest first, and the job of an
//! idempotency key. The ledger is an index: [`rebuild`] fills an empty one from the store, except for
//! idempotency keys, which are valid for a day. SQLite and PostgreSQL hold the same tables and run the same SQL.
//! Every row has an owner, the tenant of its objects, and every query names one. Accounts that share an owner have
//! orders beside it: which of the jobs they asked for.

mod commons;
mod costs;
mod cursor;
mod docpacks;
mod idempotency;
mod jobs;
mod migrations;
mod orders;
mod rebuild;

use database::DatabaseError;
use sqlx::AnyPool;

pub use commons::{CommonsCursor, CommonsFilter, CommonsOrder, address_of};
pub use costs::AccountCost;
pub use cursor::{Cursor, CursorError};
pub use docpacks::{DocpackFilter, DocpackRow};
pub use idempotency::Claim;
pub use jobs::{JobFilter, JobRow};
pub use orders::Whose;
pub use rebuild::{Rebuilt, docpack_row, manifest, rebuild};

/// The one user of a process that serves one person.
pub const LOCAL_USER: &str = "local";
/// Why the ledger did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger: {0}")]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Pipeline(#[from] pipeline::PipelineError),
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
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
        migrations::TABLES.up(&self.pool).await?;
        self.add_user(LOCAL_USER).await
    }

    /// Opens the database as it is.
    pub async fn connect(address: &str) -> Result<Self, LedgerError> {
        Ok(Self { pool: database::connect(address).await? })
    }

    /// Takes the tables away again, newest migration first.
    pub async fn tear_down(&self) -> Result<(), LedgerError> {
        Ok(migrations::TABLES.down(&self.pool).await?)
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
