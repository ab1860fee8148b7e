//! An account, and how it is reached.

use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    pub account: String,
    /// The name at GitHub when the owner last signed in.
    pub login: String,
    pub avatar_url: Option<String>,
    pub plan: String,
    pub limits: PlanLimits,
    pub usage: MonthUsage,
    pub private_repositories: PrivateRepositories,
    /// Accounts of others that the owner may use, by the parameter `account` of a request.
    pub memberships: Vec<MemberSummary>,
    pub created_at: Timestamp,
}

/// Whether private repositories can be built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PrivateRepositories {
    /// Whether the plan and the server have them.
    pub allowed: bool,
    /// Whether Doctown may read what the owner of the account may read at GitHub.
    pub connected: bool,
}

/// Somebody who may use an account, or an account that somebody may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberSummary {
    pub account: String,
    /// The name at GitHub when they last signed in.
    pub login: String,
    pub avatar_url: Option<String>,
    pub added_at: Timestamp,
}

/// Who may use an account besides its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Members {
    pub items: Vec<MemberSummary>,
    /// How many people the plan allows, the owner included.
    pub limit: u64,
}

/// Somebody to add to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMemberRequest {
    /// The name at GitHub.
    #[schemars(length(min = 1, max = 100))]
    pub login: String,
}

/// What a plan allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanLimits {
    pub jobs_per_month: u64,
    pub private_repositories: bool,
    /// Jobs that are not over at the same time.
    pub parallel_jobs: u64,
    pub max_repository_mb: u64,
    pub api_keys: u64,
    /// People who may use the account, its owner included.
    pub members: u64,
    /// Most that summaries by a language model may cost for one job, in millionths of a US dollar; 0 has none.
    pub model_micro_usd_per_job: u64,
}

impl From<&accounts::Plan> for PlanLimits {
    fn from(plan: &accounts::Plan) -> Self {
        Self {
            jobs_per_month: plan.jobs_per_month,
            private_repositories: plan.private_repositories,
            parallel_jobs: plan.parallel_jobs,
            max_repository_mb: plan.max_repository_mb,
            api_keys: plan.api_keys,
            members: plan.members,
            model_micro_usd_per_job: plan.model_micro_usd_per_job,
        }
    }
}

/// What of this month is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthUsage {
    pub jobs: u64,
    /// Jobs that are not over, whenever they began.
    pub running_jobs: u64,
    /// When it begins again at nothing.
    pub resets_at: Timestamp,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionSummary {
    pub id: String,
    /// What the browser calls itself.
    pub agent: String,
    pub created_at: Timestamp,
    /// To the hour.
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// Whether the request came from it.
    pub is_this: bool,
}

/// All sessions of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sessions {
    pub items: Vec<SessionSummary>,
}

/// What a new key is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKeyRequest {
    /// What its owner calls it: 1 to 100 characters.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// At least one of `jobs:read`, `jobs:write`, `packs:read` and `packs:write`.
    #[schemars(length(min = 1, max = 4))]
    pub scopes: Vec<String>,
    /// 1 to 365; without it the key works until it is revoked.
    #[serde(default)]
    #[schemars(range(min = 1, max = 365))]
    pub expires_in_days: Option<u32>,
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiKeySummary {
    pub id: String,
    pub name: String,
    /// How the key begins.
    pub prefix: String,
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// To the minute; null before its first use.
    pub used_at: Option<Timestamp>,
}

/// All keys of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiKeys {
    pub items: Vec<ApiKeySummary>,
}

/// A key that was made just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeKey {
    /// The key itself; it is shown this once.
    pub key: String,
    pub summary: ApiKeySummary,
}
