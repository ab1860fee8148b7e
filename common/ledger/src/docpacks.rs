//! Docpacks that are in the store.

use docpack::records::Statistics;
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::commons::address_of;
use crate::cursor::Cursor;
use crate::jobs::{place, signed};
use crate::{Ledger, LedgerError, Whose};

/// A docpack in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocpackRow {
    pub owner: String,
    /// The docpack's id, `sha256:…`.
    pub id: String,
    /// The job that made it; `None` for what was in the store without one.
    pub job_id: Option<String>,
    pub repository: String,
    pub name: String,
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    pub commit_hash: Option<String>,
    pub is_partial: bool,
    /// Of the archive's bytes, `sha256:…`.
    pub checksum: String,
    pub size_bytes: u64,
    /// The object's name in the store.
    pub storage_url: String,
    /// Whether everybody may read it, and the commons list it.
    pub is_public: bool,
    /// Whether its repository was withdrawn: nobody may be shown it.
    pub is_withdrawn: bool,
    pub statistics: Statistics,
    pub created_at: u64,
}

/// Which docpacks are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocpackFilter {
    pub repository: Option<String>,
    pub is_partial: Option<bool>,
    pub is_public: Option<bool>,
    /// Part of the repository's name, whatever the case.
    pub name: Option<String>,
}

impl DocpackRow {
    pub(crate) fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let statistics: String = row.try_get("statistics")?;
        Ok(Self {
            owner: row.try_get("owner")?,
            id: row.try_get("id")?,
            job_id: row.try_get("job_id")?,
            repository: row.try_get("repository")?,
            name: row.try_get("name")?,
            repo_url: row.try_get("repo_url")?,
            git_ref: row.try_get("git_ref")?,
            commit_hash: row.try_get("commit_hash")?,
            is_partial: row.try_get::<i64, _>("is_partial")? != 0,
            is_public: row.try_get::<i64, _>("is_public")? != 0,
            is_withdrawn: row.try_get::<i64, _>("is_withdrawn")? != 0,
            checksum: row.try_get("checksum")?,
            size_bytes: row.try_get::<i64, _>("size_bytes")?.unsigned_abs(),
            storage_url: row.try_get("storage_url")?,
            statistics: serde_json::from_str(&statistics)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            created_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
        })
    }
}

impl Ledger {
    /// Writes a docpack; of equal ids the first stays, so that its bytes do not change under a reader.
    pub async fn put_docpack(&self, pack: &DocpackRow) -> Result<(), LedgerError> {
        query(
            "INSERT INTO docpacks (owner, id, job_id, repository, name, repo_url, git_ref, commit_hash, \
             is_partial, checksum, size_bytes, storage_url, is_public, statistics, created_at, address, n_symbols, \
             looked_at, is_withdrawn) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $15, $18) \
             ON CONFLICT (owner, id) DO UPDATE SET job_id = COALESCE(docpacks.job_id, excluded.job_id)",
        )
        .bind(&pack.owner)
        .bind(&pack.id)
        .bind(&pack.job_id)
        .bind(&pack.repository)
        .bind(&pack.name)
        .bind(&pack.repo_url)
        .bind(&pack.git_ref)
        .bind(&pack.commit_hash)
        .bind(i64::from(pack.is_partial))
        .bind(&pack.checksum)
        .bind(signed(pack.size_bytes))
        .bind(&pack.storage_url)
        .bind(i64::from(pack.is_public))
        .bind(serde_json::to_string(&pack.statistics).unwrap_or_default())
        .bind(signed(pack.created_at))
        .bind(address_of(pack.repo_url.as_deref().unwrap_or_default()))
        .bind(signed(pack.statistics.symbol_count))
        .bind(i64::from(pack.is_withdrawn))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lists docpacks, the newest first, after the cursor.
    pub async fn docpacks(
        &self,
        whose: Whose<'_>,
        filter: &DocpackFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<DocpackRow>, LedgerError> {
        let (created_at, id) = place(after);
        let name = filter.name.as_deref().unwrap_or_default().to_lowercase();
        macro_rules! list {
            ($whose:literal) => {
                concat!(
                    "SELECT * FROM docpacks WHERE ",
                    $whose,
                    " AND (created_at < $2 OR (created_at = $2 AND id < $3)) \
                     AND ($4 = '' OR repository = $4) AND ($5 < 0 OR is_partial = $5) \
                     AND ($6 = '' OR LOWER(name) LIKE $7 ESCAPE '\\') \
                     AND ($8 < 0 OR is_public = $8) \
                     ORDER BY created_at DESC, id DESC LIMIT $9"
                )
            };
        }
        let (list, whose) = match whose {
            Whose::Owner(owner) => (list!("owner = $1"), owner),
            Whose::Account(account) => (
                list!(
                    "is_withdrawn = 0 AND EXISTS (SELECT 1 FROM orders JOIN jobs ON jobs.owner = orders.owner \
                     AND jobs.id = orders.job_id WHERE orders.account = $1 \
                     AND jobs.owner = docpacks.owner AND jobs.docpack_id = docpacks.id)"
                ),
                account,
            ),
        };
        let rows = query(list)
            .bind(whose)
            .bind(created_at)
            .bind(id)
            .bind(filter.repository.as_deref().unwrap_or_default())
            .bind(filter.is_partial.map_or(-1, i64::from))
            .bind(&name)
            .bind(format!("%{}%", escaped(&name)))
            .bind(filter.is_public.map_or(-1, i64::from))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(DocpackRow::read).collect::<Result<_, _>>()?)
    }

    /// Removes a docpack whose archive was deleted.
    pub async fn remove_docpack(&self, owner: &str, id: &str) -> Result<(), LedgerError> {
        let removed = query("DELETE FROM docpacks WHERE owner = $1 AND id = $2").bind(owner).bind(id);
        removed.execute(&self.pool).await?;
        Ok(())
    }

    /// Finds one docpack.
    pub async fn docpack(&self, owner: &str, id: &str) -> Result<Option<DocpackRow>, LedgerError> {
        let row = query("SELECT * FROM docpacks WHERE owner = $1 AND id = $2")
            .bind(owner)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(DocpackRow::read).transpose()?)
    }
}

/// Makes every character of a pattern stand for itself.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect()
}
