//! Settings and options as the source crate takes them.

use std::collections::BTreeSet;

use pipeline::options::BuildOptions;
use runtime::config::{Config, SourceSettings};
use runtime::host::StartError;
use source::config::{HostPolicy, SourceConfig, Token};
use source::limits::SourceLimits;

use crate::{Access, IngestStage};

impl IngestStage {
    /// Makes the stage of a process's settings.
    pub fn from_config(config: &Config) -> Result<Self, StartError> {
        let access = Access::from_config(source_config(&config.source)?, &config.api)?;
        Ok(Self::new(access, config.embed.n_threads))
    }
}

/// Says how sources may be read.
///
/// # Errors
/// `token_malformed` for a GitHub token that no token can be.
pub fn source_config(settings: &SourceSettings) -> Result<SourceConfig, StartError> {
    let token = settings.github_token.as_ref().map(|secret| {
        Token::new(secret.expose()).ok_or_else(|| {
            StartError::new("token_malformed", "the GitHub token holds characters that no token has")
                .with_help("set DOCTOWN_GITHUB_TOKEN to the token alone, without quotes or spaces")
        })
    });
    Ok(SourceConfig {
        github_api_url: settings.github_api_url.clone(),
        github_hosts: settings.github_hosts.clone(),
        github_download_hosts: settings.github_download_hosts.clone(),
        github_token: token.transpose()?,
        public_only: false,
        git_hosts: match &settings.git_hosts {
            Some(hosts) => HostPolicy::Only(hosts.iter().cloned().collect()),
            None => HostPolicy::AnyPublic,
        },
        local_paths: settings.local_paths,
        insecure_authorities: settings.insecure_authorities.iter().cloned().collect::<BTreeSet<_>>(),
        proxy_url: settings.proxy_url.clone(),
    })
}

/// Says how much a job's options let be read.
pub fn source_limits(options: &BuildOptions) -> SourceLimits {
    SourceLimits {
        max_file_bytes: options.limits.max_file_bytes,
        max_total_bytes: options.limits.max_total_bytes,
        max_entries: options.limits.max_entries,
        max_download_bytes: options.limits.max_download_bytes,
        max_decompressed_bytes: options.limits.max_decompressed_bytes,
        max_ratio: options.limits.max_ratio,
        ..SourceLimits::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_nobody_set_are_the_limits_of_the_source() {
        assert_eq!(source_limits(&BuildOptions::default()), SourceLimits::default());
    }
}
