//! Settings of the HTTP API.

use crate::config::environment::Environment;
use crate::config::{ConfigError, SWITCH, Secret};

/// How the API is served.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Address of the ledger; a file in the home without it.
    pub database_url: Option<Secret>,
    /// Origins whose pages may call; `*` for any.
    pub cors_origins: Vec<String>,
    /// For one address; 0 sets no limit.
    pub reads_per_minute: u32,
    pub writes_per_minute: u32,
    /// Proxies that append the address they see to `x-forwarded-for`.
    pub n_trusted_proxies: usize,
    pub max_streams: usize,
    /// Whether everybody who reaches the API may build what the process's GitHub token can read.
    pub allow_private: bool,
    /// Whether clients are sent to the bucket for archives.
    pub redirect_downloads: bool,
}

impl ApiConfig {
    pub(super) fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let number = |name, max| environment.number(name, 0..=max);
        Ok(Self {
            database_url: environment.any_of(&["DATABASE_URL"]).map(Secret::new),
            cors_origins: environment.list("DOCTOWN_CORS_ORIGINS").unwrap_or_default(),
            reads_per_minute: number("DOCTOWN_READS_PER_MINUTE", 10_000_000)? as u32,
            writes_per_minute: number("DOCTOWN_WRITES_PER_MINUTE", 10_000_000)? as u32,
            n_trusted_proxies: number("DOCTOWN_TRUSTED_PROXIES", 16)? as usize,
            allow_private: environment.word("DOCTOWN_ALLOW_PRIVATE", &SWITCH)?,
            redirect_downloads: environment.word("DOCTOWN_REDIRECT_DOWNLOADS", &SWITCH)?,
            max_streams: number("DOCTOWN_MAX_STREAMS", 100_000)? as usize,
        })
    }
}
