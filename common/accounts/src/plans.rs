//! What each plan allows, as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// What a plan allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub jobs_per_month: u64,
    pub private_repositories: bool,
    /// Jobs that are not over at the same time.
    pub parallel_jobs: u64,
    pub max_repository_mb: u64,
    /// While more jobs wait than can be worked on, each account's jobs are begun in turn: so many turns.
    pub queue_shares: u8,
    /// Keys that can be used at the same time.
    pub api_keys: u64,
    pub members: u64,
    /// Most that the operator's language model may cost for one job, in millionths of a US dollar; 0 asks none.
    pub model_micro_usd_per_job: u64,
}

static PLANS: LazyLock<BTreeMap<String, Plan>> =
    LazyLock::new(|| serde_json::from_str(include_str!("plans.json")).expect("a test reads the table"));

/// Returns every plan by name.
pub fn plans() -> &'static BTreeMap<String, Plan> {
    &PLANS
}

/// Finds a plan; a name that is in no table is the free one's.
pub fn plan(name: &str) -> &'static Plan {
    PLANS.get(name).unwrap_or(&PLANS["free"])
}

/// Returns the name of the plan that allows more.
pub fn better_plan<'n>(one: &'n str, other: &'n str) -> &'n str {
    if plan(other).jobs_per_month > plan(one).jobs_per_month { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_a_dearer_plan_allows_no_less() {
        let [free, creator, team] = ["free", "creator", "team"].map(plan);
        assert_eq!((plans().len(), free.jobs_per_month, free.private_repositories), (3, 5, false));
        for (less, more) in [(free, creator), (creator, team)] {
            assert!(less.jobs_per_month < more.jobs_per_month && less.api_keys < more.api_keys);
            assert!(less.max_repository_mb < more.max_repository_mb && less.members <= more.members);
            assert!(less.queue_shares < more.queue_shares);
            assert!(less.model_micro_usd_per_job < more.model_micro_usd_per_job);
        }
        assert_eq!(plan("unheard of"), free);
        assert_eq!((better_plan("free", "team"), better_plan("team", "creator")), ("team", "team"));
    }
}
