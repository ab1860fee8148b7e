//! A copy of every account as lines of JSON, which either database can be filled from.
//!
//! The first line names the format. Each other line is one row: `{"table": …, "row": {…}}`, without columns that are
//! null. Secrets are in it as they are in the tables: digests, and tokens that only the operator's keys open.

use std::io::{BufRead, Write};

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, AssertSqlSafe, Column, Connection, Row, ValueRef, query};

use crate::{Accounts, AccountsError};

const FORMAT: &str = "doctown-accounts/1";
const POSTGRES: &str = "PostgreSQL";
/// Longest line of a backup that is read.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Every table, those that others refer to first. Sign-ins last ten minutes and are left out.
const TABLES: [&str; 25] = [
    "account_users",
    "account_sessions",
    "account_keys",
    "account_usage",
    "account_usage_entries",
    "account_visibility",
    "account_links",
    "account_withdrawals",
    "account_grants",
    "account_members",
    "account_installations",
    "account_installed",
    "account_heads",
    "account_deliveries",
    "account_rounds",
    "account_schedules",
    "account_endpoints",
    "account_signing",
    "account_mail",
    "account_awaited",
    "account_messages",
    "account_customers",
    "account_subscriptions",
    "account_payments",
    "account_stripe_events",
];

/// Why accounts were not written to a backup or read from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    #[error("the backup cannot be written or read: {0}")]
    File(#[from] std::io::Error),
    #[error("line {line} is not part of a backup of accounts: {reason}")]
    Line { line: u64, reason: String },
    /// A restore never mixes two sets of accounts.
    #[error("the database has accounts already")]
    NotEmpty,
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Accounts(error.into())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    table: String,
    row: Map<String, Value>,
}

impl Accounts {
    /// Writes every account as of one moment, and returns the number of rows. The service may go on meanwhile.
    pub async fn backup(&self, out: &mut impl Write) -> Result<u64, BackupError> {
        let mut connection = self.pool.acquire().await?;
        // SQLite reads one snapshot in any transaction.
        let begin = match connection.backend_name() {
            POSTGRES => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            _ => "BEGIN",
        };
        let mut reading = connection.begin_with(begin).await?;
        write_line(out, &Head { format: FORMAT.to_owned() })?;
        let mut n_rows = 0;
        for table in TABLES {
            let select = AssertSqlSafe(format!("SELECT * FROM {table}"));
            let mut rows = query(select).fetch(&mut *reading);
            while let Some(row) = rows.try_next().await? {
                write_line(out, &Line { table: table.to_owned(), row: row_of(&row)? })?;
                n_rows += 1;
            }
        }
        out.flush()?;
        Ok(n_rows)
    }

    /// Fills a database without accounts from a backup, all or nothing, and returns the number of rows.
    pub async fn restore(&self, mut from: impl BufRead) -> Result<u64, BackupError> {
        let mut change = self.pool.begin().await?;
        // In SQLite only a transaction that begins by writing waits for another one to end.
        query("UPDATE account_users SET id = id WHERE id = ''").execute(&mut *change).await?;
        let n_users: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM account_users").fetch_one(&mut *change).await?;
        if n_users > 0 {
            return Err(BackupError::NotEmpty);
        }
        let mut n_lines = 0;
        while let Some(text) = read_line(&mut from, n_lines + 1)? {
            n_lines += 1;
            let refused = |reason: String| BackupError::Line { line: n_lines, reason };
            if n_lines == 1 {
                let head: Head = serde_json::from_slice(&text).map_err(|error| refused(error.to_string()))?;
                if head.format != FORMAT {
                    return Err(refused(format!("its format is not `{FORMAT}`")));
                }
                continue;
            }
            let line: Line = serde_json::from_slice(&text).map_err(|error| refused(error.to_string()))?;
            insert(&mut change, &line).await.map_err(|error| match error {
                BackupError::Line { reason, .. } => refused(reason),
                error => error,
            })?;
        }
        if n_lines == 0 {
            return Err(BackupError::Line { line: 1, reason: "it is empty".to_owned() });
        }
        // Backups of before there was billing do not say who gave a plan: the operator gave them all.
        query(
            "UPDATE account_users SET granted_plan = plan \
             WHERE id NOT IN (SELECT account FROM account_customers)",
        )
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        Ok(n_lines - 1)
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Result<(), BackupError> {
    serde_json::to_writer(&mut *out, line).map_err(std::io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

fn read_line(from: &mut impl BufRead, line: u64) -> Result<Option<Vec<u8>>, BackupError> {
    let mut text = Vec::new();
    let mut limited = std::io::Read::take(from, MAX_LINE_BYTES as u64);
    if limited.read_until(b'\n', &mut text)? == 0 {
        return Ok(None);
    }
    match text.len() < MAX_LINE_BYTES {
        true => Ok(Some(text)),
        false => Err(BackupError::Line { line, reason: "it is longer than 1 MiB".to_owned() }),
    }
}

fn row_of(row: &AnyRow) -> Result<Map<String, Value>, BackupError> {
    let mut values = Map::new();
    for column in row.columns() {
        let place = column.ordinal();
        let raw = row.try_get_raw(place)?;
        if raw.is_null() {
            continue;
        }
        let value = match raw.type_info().kind() {
            AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
                Value::from(row.try_get::<i64, _>(place)?)
            }
            _ => Value::from(row.try_get::<String, _>(place)?),
        };
        values.insert(column.name().to_owned(), value);
    }
    Ok(values)
}

async fn insert(change: &mut AnyConnection, line: &Line) -> Result<(), BackupError> {
    let refused = |reason: String| BackupError::Line { line: 0, reason };
    // Names become part of the statement: only those that a backup writes.
    let is_plain = |name: &String| {
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit())
    };
    if !TABLES.contains(&line.table.as_str()) || line.row.is_empty() || !line.row.keys().all(is_plain) {
        return Err(refused("it names an unknown table or column".to_owned()));
    }
    let columns: Vec<&str> = line.row.keys().map(String::as_str).collect();
    let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let statement =
        format!("INSERT INTO {} ({}) VALUES ({})", line.table, columns.join(", "), places.join(", "));
    let mut inserting = query(AssertSqlSafe(statement));
    for (name, value) in &line.row {
        inserting = match value {
            Value::String(text) => inserting.bind(text.clone()),
            Value::Number(number) => {
                let number = number.as_i64();
                inserting.bind(number.ok_or_else(|| refused(format!("`{name}` is too large")))?)
            }
            _ => return Err(refused(format!("`{name}` is neither text nor a number"))),
        };
    }
    match inserting.execute(&mut *change).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) => Err(refused(error.to_string())),
        Err(error) => Err(error.into()),
    }
}
