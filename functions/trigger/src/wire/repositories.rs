//! Repositories that are built at every push.

use compare::Gate;
use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Repositories that the GitHub App is installed on for an account, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InstalledRepositories {
    /// Where the App is installed on more repositories; null if GitHub gives no answer.
    pub install_url: Option<String>,
    pub items: Vec<RepositorySummary>,
}

/// A repository that the GitHub App is installed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RepositorySummary {
    /// GitHub's number, in decimal digits.
    pub repository_id: String,
    pub full_name: String,
    pub is_private: bool,
    pub default_branch: String,
    /// Whether the default branch is built, whichever that is.
    pub follows_default_branch: bool,
    /// Whether pushes are built.
    pub is_building: bool,
    /// Whether the installation is suspended: nothing is built until it is resumed at GitHub.
    pub is_suspended: bool,
    /// Whether commits get a check run.
    pub has_check_runs: bool,
    /// Changes that a check run fails on, compared with the docpack before or with that of a pull request's base;
    /// with none it never fails.
    pub fails_on: Vec<Gate>,
    /// Whether pull requests get a comment.
    pub comments_on_pulls: bool,
    /// Whether the installation lets the App read pull requests and comment on them; until then nothing is done there.
    pub has_pulls: bool,
    /// When GitHub last told of the repository.
    pub delivered_at: Option<Timestamp>,
    /// The branches that are built.
    pub branches: Vec<BuiltBranch>,
}

/// A branch that is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BuiltBranch {
    pub name: String,
    /// The commit that the last job read.
    pub commit_hash: Option<String>,
    /// The docpack of that commit; null where the job failed or the docpack was deleted.
    pub docpack_id: Option<String>,
    /// When that job was over.
    pub built_at: Option<Timestamp>,
    /// The job that runs now.
    pub job_id: Option<String>,
    /// A stable word: a phase, `building`, `unchanged`, or the code of why nothing is built.
    pub outcome: Option<String>,
}

/// What is built of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepositoryChoice {
    /// The branches that are built, 1 to 20; null for the default branch, whichever that is.
    #[serde(default)]
    pub branches: Option<Vec<String>>,
    /// Whether pushes are built.
    pub is_building: bool,
    /// Changes that a check run fails on; `[]` for none. Null or absent leaves them as they are.
    /// With any, branches with an open pull request into a built branch are built too, and each build is a job.
    #[serde(default)]
    pub fails_on: Option<Vec<Gate>>,
    /// Whether pull requests get a comment, which builds their branches likewise. Null or absent leaves it as it is.
    #[serde(default)]
    pub comments_on_pulls: Option<bool>,
}
