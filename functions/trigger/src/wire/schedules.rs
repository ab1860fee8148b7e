//! What an account has built again by itself.

use accounts::Every;
use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a repository is built again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleEvery {
    Nightly,
    Weekly,
    /// Whenever a tag of a higher version appears.
    Tag,
}

impl From<ScheduleEvery> for Every {
    fn from(every: ScheduleEvery) -> Self {
        match every {
            ScheduleEvery::Nightly => Self::Night,
            ScheduleEvery::Weekly => Self::Week,
            ScheduleEvery::Tag => Self::Tag,
        }
    }
}

impl From<Every> for ScheduleEvery {
    fn from(every: Every) -> Self {
        match every {
            Every::Night => Self::Nightly,
            Every::Week => Self::Weekly,
            Every::Tag => Self::Tag,
        }
    }
}

/// A repository to build again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRequest {
    /// As a job takes it.
    #[schemars(length(min = 1, max = 2048))]
    pub repo_url: String,
    /// A branch; the default branch without it. Not together with `tag`.
    #[serde(default)]
    pub git_ref: Option<String>,
    pub every: ScheduleEvery,
}

/// A schedule of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleSummary {
    pub id: String,
    /// The repository's name, such as `owner/repo`.
    pub name: String,
    pub repo_url: String,
    /// `null` for the default branch.
    pub git_ref: Option<String>,
    pub every: ScheduleEvery,
    pub created_at: Timestamp,
    /// When it is looked at next.
    pub next_at: Timestamp,
    pub last_at: Option<Timestamp>,
    /// What came of it last: `submitted`, `unchanged`, `waiting` for a first new version, `no_version`, or the code of
    /// the error.
    pub outcome: Option<String>,
    /// The highest version that was seen, where tags are watched.
    pub seen_tag: Option<String>,
    /// The job that was made last.
    pub job: Option<String>,
}

/// The schedules of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schedules {
    pub items: Vec<ScheduleSummary>,
}
