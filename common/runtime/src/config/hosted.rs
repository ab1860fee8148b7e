//! The hosted Doctown that commands of this machine use.

use crate::config::Secret;
use crate::config::environment::Environment;

/// Which server commands use, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedConfig {
    pub server: Option<String>,
    pub api_key: Option<Secret>,
}

impl HostedConfig {
    pub(super) fn read(environment: &Environment) -> Self {
        Self {
            server: environment.any_of(&["DOCTOWN_SERVER"]),
            api_key: environment.any_of(&["DOCTOWN_API_KEY"]).map(Secret::new),
        }
    }
}
