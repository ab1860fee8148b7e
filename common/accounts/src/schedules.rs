//! Repositories that an account wants built again by themselves: each night, each week, or for each new version.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, secrets, signed};

/// Schedules of one account.
pub const MAX_SCHEDULES: u64 = 100;
const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
const WEEK_MS: u64 = 7 * DAY_MS;
/// Nightly and weekly builds begin from midnight on, over so many minutes, in UTC.
const NIGHT_MINUTES: u64 = 5 * 60;

/// When a repository is built again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Once between midnight and five in the morning, in UTC.
    Night,
    /// In one night of the week.
    Week,
    /// Whenever a tag of a higher version appears; tags are looked at once an hour.
    Tag,
}

impl Every {
    pub const ALL: [Self; 3] = [Self::Night, Self::Week, Self::Tag];

    /// Returns the word for it: `nightly`, `weekly` or `tag`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Night => "nightly",
            Self::Week => "weekly",
            Self::Tag => "tag",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.as_str() == word)
    }

    /// Returns the first moment after `after` at which a schedule of this id is due, both in milliseconds since 1970.
    ///
    /// The id decides the minute and the day of the week, so that not everybody's builds begin at once.
    pub fn next(self, id: &str, after: u64) -> u64 {
        let [day, high, low, minute] = place(id);
        let of_night = (u64::from(high) << 8 | u64::from(low)) % NIGHT_MINUTES * MINUTE_MS;
        let (period, offset) = match self {
            Self::Night => (DAY_MS, of_night),
            Self::Week => (WEEK_MS, u64::from(day) % 7 * DAY_MS + of_night),
            Self::Tag => (HOUR_MS, u64::from(minute) % 60 * MINUTE_MS),
        };
        let n_before = (after + period - offset) / period;
        n_before * period + offset
    }
}

fn place(id: &str) -> [u8; 4] {
    let digest = docpack::Digest::of(id.as_bytes()).0;
    [digest[0], digest[1], digest[2], digest[3]]
}

/// A repository that is built again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub id: String,
    pub account: String,
    /// The repository's address, as jobs have it.
    pub repo: String,
    /// `None` for the default branch.
    pub git_ref: Option<String>,
    pub every: Every,
    /// Milliseconds since 1970.
    pub created_at: u64,
    /// When it is looked at next.
    pub due_at: u64,
    /// How often it was begun since it last came to something, this time included.
    pub attempts: u64,
    /// The commit that was built last.
    pub seen_commit: Option<String>,
    /// The highest version that was seen, where tags are watched.
    pub seen_tag: Option<String>,
    /// The job that was made last.
    pub job: Option<String>,
    /// A stable code of what became of the last time.
    pub outcome: Option<String>,
    pub ran_at: Option<u64>,
    holds: u64,
}

impl Schedule {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let number = |name: &str| row.try_get::<i64, _>(name).map(i64::unsigned_abs);
        let text = |name: &str| row.try_get::<Option<String>, _>(name);
        let git_ref: String = row.try_get("git_ref")?;
        let every: String = row.try_get("every")?;
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            repo: row.try_get("repo")?,
            git_ref: Some(git_ref).filter(|it| !it.is_empty()),
            every: Every::parse(&every).ok_or_else(|| sqlx::Error::ColumnDecode {
                index: "every".to_owned(),
                source: format!("`{every}` is unknown").into(),
            })?,
            created_at: number("created_at")?,
            due_at: number("due_at")?,
            attempts: number("attempts")?,
            seen_commit: text("seen_commit")?,
            seen_tag: text("seen_tag")?,
            job: text("job")?,
            outcome: text("outcome")?,
            ran_at: row.try_get::<Option<i64>, _>("ran_at")?.map(i64::unsigned_abs),
            holds: number("holds")?,
        })
    }
}

impl Accounts {
    /// Adds a schedule, or changes when that of the same repository and branch is due; `None` where the account has
    /// [`MAX_SCHEDULES`].
    pub async fn put_schedule(
        &self,
        account: &str,
        repo: &str,
        git_ref: Option<&str>,
        every: Every,
        now: u64,
    ) -> Result<Option<Schedule>, AccountsError> {
        let mut change = self.pool.begin().await?;
        // Locks the account's row, so that of two at once one waits and then counts the other.
        query("UPDATE account_users SET plan = plan WHERE id = $1")
            .bind(account)
            .execute(&mut *change)
            .await?;
        let git_ref = git_ref.unwrap_or_default();
        let known =
            query("SELECT id FROM account_schedules WHERE account = $1 AND repo = $2 AND git_ref = $3")
                .bind(account)
                .bind(repo)
                .bind(git_ref)
                .fetch_optional(&mut *change)
                .await?;
        let id = match &known {
            Some(row) => row.try_get("id")?,
            None => format!("sc-{}", secrets::id()?),
        };
        if known.is_none() {
            let row = query("SELECT COUNT(*) AS n FROM account_schedules WHERE account = $1")
                .bind(account)
                .fetch_one(&mut *change)
                .await?;
            if row.try_get::<i64, _>("n")?.unsigned_abs() >= MAX_SCHEDULES {
                return Ok(None);
            }
        }
        // The tags that there are now are no news; the others begin at their next time.
        let due_at = if every == Every::Tag { now } else { every.next(&id, now) };
        let row = query(
            "INSERT INTO account_schedules (id, account, repo, git_ref, every, created_at, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account, repo, git_ref) DO UPDATE SET \
             every = excluded.every, due_at = excluded.due_at, attempts = 0, seen_tag = NULL \
             RETURNING *",
        )
        .bind(id)
        .bind(account)
        .bind(repo)
        .bind(git_ref)
        .bind(every.as_str())
        .bind(signed(now))
        .bind(signed(due_at))
        .fetch_one(&mut *change)
        .await?;
        change.commit().await?;
        Ok(Some(Schedule::read(&row)?))
    }

    /// Lists an account's schedules by repository and branch.
    pub async fn schedules(&self, account: &str) -> Result<Vec<Schedule>, AccountsError> {
        let rows = query("SELECT * FROM account_schedules WHERE account = $1 ORDER BY repo, git_ref")
            .bind(account)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(Schedule::read).collect::<Result<_, _>>()?)
    }

    /// Removes a schedule; `false` where the account has none of this id.
    pub async fn remove_schedule(&self, account: &str, id: &str) -> Result<bool, AccountsError> {
        let removed = query("DELETE FROM account_schedules WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(removed.rows_affected() > 0)
    }

    /// Takes the schedule that is due longest, for as long as `lease_ms`. Of several processes one gets it.
    pub async fn take_schedule(&self, now: u64, lease_ms: u64) -> Result<Option<Schedule>, AccountsError> {
        loop {
            let row = query(
                "SELECT * FROM account_schedules WHERE due_at <= $1 AND leased_until <= $1 \
                 ORDER BY due_at, id LIMIT 1",
            )
            .bind(signed(now))
            .fetch_optional(&self.pool)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let found = Schedule::read(&row)?;
            let taken = query(
                "UPDATE account_schedules SET leased_until = $3, holds = holds + 1, attempts = attempts + 1 \
                 WHERE id = $1 AND holds = $2",
            )
            .bind(&found.id)
            .bind(signed(found.holds))
            .bind(signed(now + lease_ms))
            .execute(&self.pool)
            .await?;
            if taken.rows_affected() > 0 {
                return Ok(Some(Schedule { holds: found.holds + 1, attempts: found.attempts + 1, ..found }));
            }
        }
    }

    /// Writes what became of a schedule and lets go of it; `false` where somebody else holds it, or where it was
    /// changed or removed meanwhile.
    pub async fn release_schedule(&self, schedule: &Schedule) -> Result<bool, AccountsError> {
        let written = query(
            "UPDATE account_schedules SET due_at = $3, attempts = $4, seen_commit = $5, seen_tag = $6, job = $7, \
             outcome = $8, ran_at = $9, leased_until = 0 WHERE id = $1 AND holds = $2 AND every = $10",
        )
        .bind(&schedule.id)
        .bind(signed(schedule.holds))
        .bind(signed(schedule.due_at))
        .bind(signed(schedule.attempts))
        .bind(schedule.seen_commit.as_deref())
        .bind(schedule.seen_tag.as_deref())
        .bind(schedule.job.as_deref())
        .bind(schedule.outcome.as_deref())
        .bind(schedule.ran_at.map(signed))
        .bind(schedule.every.as_str())
        .execute(&self.pool)
        .await?;
        Ok(written.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schedule_has_its_own_minute_and_never_the_present_one() {
        // A Thursday at half past noon.
        let now = 1_767_270_600_000;
        for n in 0..200 {
            let id = format!("sc-{n}");
            for (every, period) in [(Every::Night, DAY_MS), (Every::Week, WEEK_MS), (Every::Tag, HOUR_MS)] {
                let due = every.next(&id, now);
                assert!(due > now && due <= now + period, "{every:?} {id}");
                assert_eq!(every.next(&id, due), due + period, "the next one is a period later");
                assert_eq!(every.next(&id, due - 1), due);
                if every != Every::Tag {
                    assert!(due % DAY_MS < NIGHT_MINUTES * MINUTE_MS, "it is night");
                }
            }
        }
        let minutes: std::collections::BTreeSet<_> =
            (0..200).map(|n| Every::Night.next(&format!("sc-{n}"), now)).collect();
        assert!(minutes.len() > 100, "they do not all begin at once");
    }
}
