//! Opens SQLite or PostgreSQL, and brings tables up to date.
//!
//! In: an address, and migrations as text. Out: a pool of connections. Each set of tables keeps its own list of the
//! migrations that were run, so several sets can share one database, and taking one away leaves the others whole.

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyPool, ConnectOptions, Executor};

/// SQLite has one writer at a time, and readers beside it; PostgreSQL has more to give.
const MAX_CONNECTIONS: u32 = 8;
/// A database that is busy for longer is one that does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("the address is neither `sqlite://FILE` nor `postgres://…`")]
    Address,
    #[error("this program was built without PostgreSQL; use a released one, or `sqlite://FILE`")]
    NoPostgres,
    /// Trying again may help.
    #[error("the database gave no answer: {0}")]
    Unavailable(#[from] sqlx::Error),
    #[error("the tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// Opens a database as it is; makes an SQLite file where there is none.
pub async fn connect(address: &str) -> Result<AnyPool, DatabaseError> {
    sqlx::any::install_default_drivers();
    let is_file = address.starts_with("sqlite:");
    let is_postgres = address.starts_with("postgres://") || address.starts_with("postgresql://");
    if !is_file && !is_postgres {
        return Err(DatabaseError::Address);
    }
    if is_postgres && !cfg!(feature = "postgres") {
        return Err(DatabaseError::NoPostgres);
    }
    let has_mode = address.contains("mode=") || address.contains(":memory:");
    let address = match (is_file, has_mode, address.contains('?')) {
        (true, false, false) => format!("{address}?mode=rwc"),
        (true, false, true) => format!("{address}&mode=rwc"),
        _ => address.to_owned(),
    };
    let options = AnyConnectOptions::from_str(&address).map_err(|_| DatabaseError::Address)?;
    let pool = AnyPoolOptions::new()
        .max_connections(MAX_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if is_file {
                    // First of all, so that the others wait too.
                    connection.execute("PRAGMA busy_timeout = 10000").await?;
                    // Readers go on beside the writer.
                    connection.execute("PRAGMA journal_mode = WAL").await?;
                    connection.execute("PRAGMA synchronous = NORMAL").await?;
                }
                Ok(())
            })
        })
        .connect_with(options.disable_statement_logging())
        .await?;
    Ok(pool)
}

/// Writes the address of an SQLite file; no character of the path is taken for a part of the address.
pub fn address_of(file: &Path) -> String {
    let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}")
}

/// One step of a set of tables, in SQL that both databases take.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub version: i64,
    pub name: &'static str,
    pub up: &'static str,
    pub down: &'static str,
}

/// A set of tables.
#[derive(Debug, Clone, Copy)]
pub struct Tables {
    /// The table that lists which steps were run.
    pub steps_table: &'static str,
    pub steps: &'static [Step],
}

impl Tables {
    /// Runs the steps that were not run yet.
    pub async fn up(&self, pool: &AnyPool) -> Result<(), DatabaseError> {
        Ok(self.migrator().run(pool).await?)
    }

    /// Takes the tables away again, newest step first.
    pub async fn down(&self, pool: &AnyPool) -> Result<(), DatabaseError> {
        Ok(self.migrator().undo(pool, 0).await?)
    }

    fn migrator(&self) -> Migrator {
        let migration = |step: &Step, kind, sql: &'static str| {
            let sql = sqlx::SqlSafeStr::into_sql_str(sql);
            Migration::new(step.version, Cow::Borrowed(step.name), kind, sql, false)
        };
        let migrations = self.steps.iter().flat_map(|step| {
            [
                migration(step, MigrationType::ReversibleUp, step.up),
                migration(step, MigrationType::ReversibleDown, step.down),
            ]
        });
        let mut migrator = Migrator::with_migrations(migrations.collect());
        migrator.dangerous_set_table_name(self.steps_table);
        migrator
    }
}
