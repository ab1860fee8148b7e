//! Jobs, as their state documents say.

use docpack::Digest;
use pipeline::{BuildOptions, Phase, StateDocument};
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::cursor::Cursor;
use crate::{Ledger, LedgerError, Whose};

/// A job in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    pub owner: String,
    pub id: String,
    /// Digest of the source, which names the repository.
    pub repository: String,
    pub name: String,
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    /// Whether nothing was asked for but the source and its ref.
    pub has_default_options: bool,
    pub commit_hash: Option<String>,
    pub phase: String,
    pub is_over: bool,
    pub docpack_id: Option<String>,
    pub error_code: Option<String>,
    pub cost_micro_usd: Option<u64>,
    pub duration_ms: Option<u64>,
    pub created_at: u64,
    pub completed_at: Option<u64>,
    pub rev: u64,
}

/// Which jobs are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Digest of the source.
    pub repository: Option<String>,
    pub phase: Option<String>,
}

/// Names a repository in the ledger.
pub(crate) fn repository_id(source: &str) -> String {
    Digest::of(source.as_bytes()).hex()
}

impl JobRow {
    /// Takes from a state document what a list shows; `name` is the repository's own.
    pub fn of(state: &StateDocument, name: &str) -> Self {
        let completed_at = state.phases.last().filter(|last| last.phase.is_terminal()).map(|last| last.at);
        let source = &state.request.source;
        let is_local = source.starts_with('/') || source.get(1..3) == Some(":\\");
        Self {
            owner: state.tenant.to_string(),
            id: state.job.to_string(),
            repository: repository_id(source),
            name: name.to_owned(),
            repo_url: (!is_local).then(|| url_of(source)),
            git_ref: state.request.options.git_ref.clone(),
            has_default_options: has_default_options(&state.request.options),
            commit_hash: state.resolved_commit.clone(),
            phase: state.phase.as_str().to_owned(),
            is_over: state.phase.is_terminal(),
            docpack_id: state.result.as_ref().map(|result| result.docpack_id.to_string()),
            error_code: state.error.as_ref().map(|error| error.code.clone()),
            cost_micro_usd: None,
            duration_ms: completed_at.map(|_| state.duration().as_millis() as u64),
            created_at: state.created_at.0,
            completed_at: completed_at.map(|at| at.0),
            rev: state.rev,
        }
    }

    /// Reads the phase, whose words are those of the pipeline.
    pub fn phase(&self) -> Option<Phase> {
        serde_json::from_value(serde_json::Value::String(self.phase.clone())).ok()
    }

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            owner: row.try_get("owner")?,
            id: row.try_get("id")?,
            repository: row.try_get("repository")?,
            name: row.try_get("name")?,
            repo_url: row.try_get("repo_url")?,
            git_ref: row.try_get("git_ref")?,
            has_default_options: row.try_get::<i64, _>("has_default_options")? != 0,
            commit_hash: row.try_get("commit_hash")?,
            phase: row.try_get("phase")?,
            is_over: row.try_get::<i64, _>("is_over")? != 0,
            docpack_id: row.try_get("docpack_id")?,
            error_code: row.try_get("error_code")?,
            cost_micro_usd: number(row, "cost_micro_usd")?,
            duration_ms: number(row, "duration_ms")?,
            created_at: row.try_get::<i64, _>("created_at")?.unsigned_abs(),
            completed_at: number(row, "completed_at")?,
            rev: row.try_get::<i64, _>("rev")?.unsigned_abs(),
        })
    }
}

/// Tells whether the output is the one that is made without any option; the ref is told beside it.
fn has_default_options(options: &BuildOptions) -> bool {
    BuildOptions { git_ref: None, ..options.of_the_output() } == BuildOptions::default()
}

/// Spells out the short form of GitHub's repositories, without a ref.
fn url_of(source: &str) -> String {
    match source.contains("://") {
        true => source.to_owned(),
        false => format!("https://github.com/{}", source.split('@').next().unwrap_or(source)),
    }
}

pub(crate) fn number(row: &AnyRow, name: &str) -> Result<Option<u64>, sqlx::Error> {
    Ok(row.try_get::<Option<i64>, _>(name)?.map(i64::unsigned_abs))
}

/// Databases count to 63 bits; no count of ours comes near.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Ledger {
    /// Writes what a job's state says, unless a newer state was written already.
    pub async fn put_job(&self, job: &JobRow) -> Result<(), LedgerError> {
        query(
            "INSERT INTO repositories (owner, id, url, name, is_private, last_processed_at) \
             VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (owner, id) DO UPDATE SET \
             last_processed_at = excluded.last_processed_at",
        )
        .bind(&job.owner)
        .bind(&job.repository)
        .bind(&job.repo_url)
        .bind(&job.name)
        .bind(signed(job.created_at))
        .execute(&self.pool)
        .await?;
        query(
            "INSERT INTO jobs (owner, id, repository, name, repo_url, git_ref, commit_hash, phase, is_over, \
             docpack_id, error_code, cost_micro_usd, duration_ms, created_at, completed_at, rev, \
             has_default_options) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
             ON CONFLICT (owner, id) DO UPDATE SET commit_hash = excluded.commit_hash, \
             has_default_options = excluded.has_default_options, \
             phase = excluded.phase, is_over = excluded.is_over, docpack_id = excluded.docpack_id, \
             error_code = excluded.error_code, \
             cost_micro_usd = COALESCE(excluded.cost_micro_usd, jobs.cost_micro_usd), \
             duration_ms = excluded.duration_ms, completed_at = excluded.completed_at, rev = excluded.rev \
             WHERE excluded.rev >= jobs.rev",
        )
        .bind(&job.owner)
        .bind(&job.id)
        .bind(&job.repository)
        .bind(&job.name)
        .bind(&job.repo_url)
        .bind(&job.git_ref)
        .bind(&job.commit_hash)
        .bind(&job.phase)
        .bind(i64::from(job.is_over))
        .bind(&job.docpack_id)
        .bind(&job.error_code)
        .bind(job.cost_micro_usd.map(signed))
        .bind(job.duration_ms.map(signed))
        .bind(signed(job.created_at))
        .bind(job.completed_at.map(signed))
        .bind(signed(job.rev))
        .bind(i64::from(job.has_default_options))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lists jobs, the newest first, after the cursor.
    pub async fn jobs(
        &self,
        whose: Whose<'_>,
        filter: &JobFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<JobRow>, LedgerError> {
        let (created_at, id) = place(after);
        macro_rules! list {
            ($whose:literal) => {
                concat!(
                    "SELECT * FROM jobs WHERE ",
                    $whose,
                    " AND (created_at < $2 OR (created_at = $2 AND id < $3)) \
                     AND ($4 = '' OR repository = $4) AND ($5 = '' OR phase = $5) \
                     ORDER BY created_at DESC, id DESC LIMIT $6"
                )
            };
        }
        let (list, name) = match whose {
            Whose::Owner(owner) => (list!("owner = $1"), owner),
            Whose::Account(account) => (
                list!(
                    "EXISTS (SELECT 1 FROM orders WHERE orders.account = $1 \
                     AND orders.owner = jobs.owner AND orders.job_id = jobs.id)"
                ),
                account,
            ),
        };
        let rows = query(list)
            .bind(name)
            .bind(created_at)
            .bind(id)
            .bind(filter.repository.as_deref().unwrap_or_default())
            .bind(filter.phase.as_deref().unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(JobRow::read).collect::<Result<_, _>>()?)
    }

    /// Finds one job.
    pub async fn job(&self, owner: &str, id: &str) -> Result<Option<JobRow>, LedgerError> {
        let row = query("SELECT * FROM jobs WHERE owner = $1 AND id = $2")
            .bind(owner)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(JobRow::read).transpose()?)
    }

    /// Names jobs that are not over, of any owner, the oldest first.
    pub async fn jobs_not_over(&self, limit: u32) -> Result<Vec<JobRow>, LedgerError> {
        let rows = query("SELECT * FROM jobs WHERE is_over = 0 ORDER BY created_at LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(JobRow::read).collect::<Result<_, _>>()?)
    }

    /// Counts jobs by phase, of any owner.
    pub async fn count_jobs(&self) -> Result<Vec<(String, u64)>, LedgerError> {
        let rows = query("SELECT phase, COUNT(*) AS n FROM jobs GROUP BY phase ORDER BY phase")
            .fetch_all(&self.pool)
            .await?;
        let count = |row: &AnyRow| Ok((row.try_get("phase")?, row.try_get::<i64, _>("n")?.unsigned_abs()));
        Ok(rows.iter().map(count).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Removes a job that the store no longer has; its docpack stays, without a job.
    pub async fn forget_job(&self, owner: &str, id: &str) -> Result<(), LedgerError> {
        query("UPDATE docpacks SET job_id = NULL WHERE owner = $1 AND job_id = $2")
            .bind(owner)
            .bind(id)
            .execute(&self.pool)
            .await?;
        query("DELETE FROM jobs WHERE owner = $1 AND id = $2")
            .bind(owner)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Where a page begins; without a cursor after everything.
pub(crate) fn place(after: Option<&Cursor>) -> (i64, &str) {
    after.map_or((i64::MAX, ""), |cursor| (signed(cursor.created_at), cursor.id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_the_defaults_but_for_the_ref_and_who_agrees() {
        let plain = BuildOptions::default();
        let named = BuildOptions { git_ref: Some("v1".to_owned()), approve: true, ..plain.clone() };
        assert!(has_default_options(&plain) && has_default_options(&named));
        assert!(!has_default_options(&BuildOptions { embeddings: false, ..plain.clone() }));
        let limits = pipeline::Limits { max_files: 5, ..plain.limits.clone() };
        assert!(!has_default_options(&BuildOptions { limits, ..plain.clone() }));
        let prose = Some(pipeline::ProseOptions::of_model("m"));
        assert!(!has_default_options(&BuildOptions { prose, ..plain.clone() }));
        assert!(!has_default_options(&BuildOptions { include: vec!["src/**".to_owned()], ..plain.clone() }));
        assert!(!has_default_options(&BuildOptions { exclude: vec!["docs/**".to_owned()], ..plain }));
    }
}
