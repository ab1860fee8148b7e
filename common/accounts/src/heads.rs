//! Branches that are built at every push: at most one job each at a time.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, signed};

/// Later than any time: nothing is to be done until somebody says so.
const NEVER: i64 = i64::MAX;

/// A branch that is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub installation: u64,
    pub repository: u64,
    pub branch: String,
    /// How often somebody said that the branch has another head.
    pub wanted: u64,
    /// How much of that was seen to.
    pub seen: u64,
    /// The job that runs, and its tenant.
    pub job: Option<(String, String)>,
    /// The branch's head when that job was made.
    pub job_commit: Option<String>,
    /// The newest build.
    pub built: Option<Built>,
    /// A stable code of what became of the last push.
    pub outcome: Option<String>,
    /// How often it was taken since it last came to something, this time included.
    pub attempts: u64,
    /// When somebody last said that the branch has another head, in milliseconds since 1970.
    pub wanted_at: u64,
    /// When its last job was begun, in milliseconds since 1970.
    pub begun_at: u64,
    /// How many jobs were begun one soon after the other, the last one included.
    pub in_a_row: u64,
    /// How many of the last jobs were ended for a newer head.
    pub superseded: u64,
    /// Names who holds it: how often it was taken.
    holds: u64,
}

/// A build of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    pub commit: String,
    pub job: String,
    /// Tenant of the job.
    pub owner: String,
    /// Milliseconds since 1970.
    pub at: u64,
}

impl Head {
    /// Reports whether the branch may have another head than the one that was built.
    pub fn is_wanted(&self) -> bool {
        self.wanted > self.seen
    }

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let number = |name: &str| row.try_get::<i64, _>(name).map(i64::unsigned_abs);
        let text = |name: &str| row.try_get::<Option<String>, _>(name);
        let built = match (text("built_commit")?, text("built_job")?, text("built_owner")?) {
            (Some(commit), Some(job), Some(owner)) => {
                Some(Built { commit, job, owner, at: number("built_at")? })
            }
            _ => None,
        };
        Ok(Self {
            installation: number("installation")?,
            repository: number("repository")?,
            branch: row.try_get("branch")?,
            wanted: number("wanted")?,
            seen: number("seen")?,
            job: text("job")?.zip(text("owner")?),
            job_commit: text("job_commit")?,
            built,
            outcome: text("outcome")?,
            attempts: number("attempts")?,
            wanted_at: number("wanted_at")?,
            begun_at: number("begun_at")?,
            in_a_row: number("in_a_row")?,
            superseded: number("superseded")?,
            holds: number("holds")?,
        })
    }
}

impl Accounts {
    /// Notes that a branch may have another head, to be looked at from `due_at` on, or earlier if that was said before.
    /// That time counts as the time of the push.
    pub async fn want_head(
        &self,
        installation: u64,
        repository: u64,
        branch: &str,
        due_at: u64,
    ) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_heads (installation, repository, branch, wanted, due_at, wanted_at) \
             VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT (installation, repository, branch) DO UPDATE SET \
             wanted = account_heads.wanted + 1, wanted_at = excluded.wanted_at, due_at = CASE WHEN account_heads.due_at < excluded.due_at \
             THEN account_heads.due_at ELSE excluded.due_at END",
        )
        .bind(signed(installation))
        .bind(signed(repository))
        .bind(branch)
        .bind(signed(due_at))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes the branch that is due longest, for as long as `lease_ms`. Of several processes one gets it.
    pub async fn take_head(&self, now: u64, lease_ms: u64) -> Result<Option<Head>, AccountsError> {
        loop {
            let row = query(
                "SELECT * FROM account_heads WHERE due_at <= $1 AND leased_until <= $1 \
                 ORDER BY due_at, installation, repository, branch LIMIT 1",
            )
            .bind(signed(now))
            .fetch_optional(&self.pool)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let found = Head::read(&row)?;
            let holds = found.holds + 1;
            let taken = query(
                "UPDATE account_heads SET leased_until = $5, holds = holds + 1, attempts = attempts + 1 \
                 WHERE installation = $1 AND repository = $2 AND branch = $3 AND holds = $4",
            )
            .bind(signed(found.installation))
            .bind(signed(found.repository))
            .bind(&found.branch)
            .bind(signed(found.holds))
            .bind(signed(now + lease_ms))
            .execute(&self.pool)
            .await?;
            if taken.rows_affected() > 0 {
                return Ok(Some(Head { holds, attempts: found.attempts + 1, ..found }));
            }
        }
    }

    /// Writes what became of a branch while it was held, and keeps holding it; `false` where somebody else holds it.
    pub async fn keep_head(&self, head: &Head) -> Result<bool, AccountsError> {
        self.write_head(head, None).await
    }

    /// Writes what became of a branch and lets go of it. `due_at` says when to look again; `None` waits for a push.
    /// A push that came meanwhile is looked at at once.
    pub async fn release_head(&self, head: &Head, due_at: Option<u64>) -> Result<bool, AccountsError> {
        self.write_head(head, Some(due_at.map_or(NEVER, signed))).await
    }

    async fn write_head(&self, head: &Head, due_at: Option<i64>) -> Result<bool, AccountsError> {
        let (job, owner) = head.job.as_ref().map(|(job, owner)| (job.as_str(), owner.as_str())).unzip();
        let built = head.built.as_ref();
        let written = query(
            "UPDATE account_heads SET seen = $5, job = $6, owner = $7, built_commit = $8, built_job = $9, \
             built_owner = $10, built_at = $11, outcome = $12, attempts = $13, begun_at = $16, \
             in_a_row = $17, superseded = $18, job_commit = $19, \
             due_at = CASE WHEN $14 < 0 THEN due_at WHEN wanted > $15 THEN 0 ELSE $14 END, \
             leased_until = CASE WHEN $14 < 0 THEN leased_until ELSE 0 END \
             WHERE installation = $1 AND repository = $2 AND branch = $3 AND holds = $4 AND leased_until > 0",
        )
        .bind(signed(head.installation))
        .bind(signed(head.repository))
        .bind(&head.branch)
        .bind(signed(head.holds))
        .bind(signed(head.seen))
        .bind(job)
        .bind(owner)
        .bind(built.map(|built| built.commit.as_str()))
        .bind(built.map(|built| built.job.as_str()))
        .bind(built.map(|built| built.owner.as_str()))
        .bind(built.map(|built| signed(built.at)))
        .bind(head.outcome.as_deref())
        .bind(signed(head.attempts))
        .bind(due_at.unwrap_or(-1))
        .bind(signed(head.wanted))
        .bind(signed(head.begun_at))
        .bind(signed(head.in_a_row))
        .bind(signed(head.superseded))
        .bind(head.job_commit.as_deref())
        .execute(&self.pool)
        .await?;
        Ok(written.rows_affected() > 0)
    }

    /// Lists the branches of a repository that were ever pushed to, by name.
    pub async fn heads(&self, installation: u64, repository: u64) -> Result<Vec<Head>, AccountsError> {
        let rows =
            query("SELECT * FROM account_heads WHERE installation = $1 AND repository = $2 ORDER BY branch")
                .bind(signed(installation))
                .bind(signed(repository))
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.iter().map(Head::read).collect::<Result<_, _>>()?)
    }

    /// Forgets what was built of a repository, so that its branches are built again.
    pub async fn forget_built(&self, installation: u64, repository: u64) -> Result<(), AccountsError> {
        query("UPDATE account_heads SET built_commit = NULL WHERE installation = $1 AND repository = $2")
            .bind(signed(installation))
            .bind(signed(repository))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
