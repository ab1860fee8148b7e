//! Which stages run at endpoints elsewhere.

use std::collections::BTreeMap;
use std::time::Duration;

use pipeline::StageName;

use crate::config::ConfigError;
use crate::config::environment::Environment;

/// What a dispatcher hands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchConfig {
    /// The endpoint's id, by the stage that it runs.
    pub endpoints: BTreeMap<StageName, String>,
    /// How long a job may wait there for a worker.
    pub queue_budget: Duration,
    /// How often an endpoint gets a job of no consequence; `None` leaves it alone.
    pub canary_every: Option<Duration>,
}

impl DispatchConfig {
    pub(super) fn read(environment: &Environment) -> Result<Self, ConfigError> {
        const ENDPOINTS: &str = "DOCTOWN_ENDPOINTS";
        let mut endpoints = BTreeMap::new();
        for pair in environment.list(ENDPOINTS).unwrap_or_default() {
            let parsed =
                pair.split_once('=').and_then(|(stage, id)| Some((StageName::from_word(stage)?, id)));
            let Some((stage, id)) = parsed.filter(|(_, id)| !id.is_empty()) else {
                return Err(ConfigError::Invalid {
                    name: ENDPOINTS,
                    value: pair,
                    expected: "`STAGE=ENDPOINT_ID`",
                });
            };
            endpoints.insert(stage, id.to_owned());
        }
        let canary_hours = environment.number("DOCTOWN_CANARY_HOURS", 0..=720)?;
        Ok(Self {
            endpoints,
            queue_budget: Duration::from_secs(
                environment.number("DOCTOWN_ENDPOINT_QUEUE_SECONDS", 10..=604_800)?,
            ),
            canary_every: (canary_hours > 0).then(|| Duration::from_secs(canary_hours * 3_600)),
        })
    }
}
