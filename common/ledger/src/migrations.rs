//! The tables, up and down, as files.

use std::borrow::Cow;

use sqlx::AnyPool;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::LedgerError;

/// Version, name, and the SQL that makes and unmakes it.
const FILES: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "first",
        include_str!("../migrations/0001_first.up.sql"),
        include_str!("../migrations/0001_first.down.sql"),
    ),
    (
        2,
        "options",
        include_str!("../migrations/0002_options.up.sql"),
        include_str!("../migrations/0002_options.down.sql"),
    ),
];

pub(crate) async fn up(pool: &AnyPool) -> Result<(), LedgerError> {
    Ok(migrator().run(pool).await?)
}

pub(crate) async fn down(pool: &AnyPool) -> Result<(), LedgerError> {
    Ok(migrator().undo(pool, 0).await?)
}

fn migrator() -> Migrator {
    let migration = |version, name, kind, sql: &'static str| {
        Migration::new(version, Cow::Borrowed(name), kind, sqlx::SqlSafeStr::into_sql_str(sql), false)
    };
    let migrations = FILES.iter().flat_map(|(version, name, up, down)| {
        [
            migration(*version, *name, MigrationType::ReversibleUp, up),
            migration(*version, *name, MigrationType::ReversibleDown, down),
        ]
    });
    Migrator::with_migrations(migrations.collect())
}
