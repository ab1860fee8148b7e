//! Configuration as the source and embed crates take it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use embed::{EmbedError, EmbedParams, Embedder, ModelFiles, ProviderChoice};
use pipeline::options::Precision;
use runtime::config::{Config, Device, SourceSettings, StoreConfig};
use source::config::{HostPolicy, SourceConfig, Token};

use crate::failure::{Exit, Failure};

pub(crate) fn source_config(settings: &SourceSettings) -> Result<SourceConfig, Failure> {
    let token = settings.github_token.as_ref().map(|secret| {
        Token::new(secret.expose()).ok_or_else(|| {
            Failure::new(
                Exit::NotAuthorised,
                "token_malformed",
                "the GitHub token holds characters that no token has",
            )
            .with_help("set DOCTOWN_GITHUB_TOKEN to the token alone, without quotes or spaces")
        })
    });
    Ok(SourceConfig {
        github_api_url: settings.github_api_url.clone(),
        github_hosts: settings.github_hosts.clone(),
        github_download_hosts: settings.github_download_hosts.clone(),
        github_token: token.transpose()?,
        git_hosts: match &settings.git_hosts {
            Some(hosts) => HostPolicy::Only(hosts.iter().cloned().collect()),
            None => HostPolicy::AnyPublic,
        },
        local_paths: settings.local_paths,
        insecure_authorities: settings.insecure_authorities.iter().cloned().collect::<BTreeSet<_>>(),
        proxy_url: settings.proxy_url.clone(),
    })
}

/// Returns the folder of the store, for what works in one process on one machine.
pub(crate) fn store_folder(config: &Config) -> Result<&Path, Failure> {
    match &config.store {
        StoreConfig::Folder(folder) => Ok(folder),
        StoreConfig::S3 { .. } => {
            let message = format!("`{}` is no folder, and this command works in one", config.store);
            Err(Failure::new(Exit::Usage, "store_not_local", message)
                .with_help("set DOCTOWN_STORE to a folder, or leave it unset"))
        }
    }
}

/// Loads the model; a missing or wrong one is an error that names the command that mends it.
pub(crate) fn embedder(
    config: &Config,
    precision: Precision,
    n_threads: usize,
) -> Result<Arc<Embedder>, Failure> {
    let params = EmbedParams {
        precision: embed_precision(precision),
        n_sessions: n_threads,
        provider: match config.embed.device {
            Device::Auto => ProviderChoice::Auto,
            Device::Cpu => ProviderChoice::Cpu,
            Device::Cuda => ProviderChoice::Cuda,
        },
    };
    let files = ModelFiles::in_folder(&config.embed.model_folder);
    Embedder::load(&files, params).map(Arc::new).map_err(|error| embed_failure(&error))
}

pub(crate) fn embed_precision(precision: Precision) -> embed::Precision {
    match precision {
        Precision::Fp32 => embed::Precision::Fp32,
        Precision::Int8 => embed::Precision::Int8,
    }
}

pub(crate) fn embed_failure(error: &EmbedError) -> Failure {
    Failure::new(Exit::Failed, error.code(), error.to_string())
        .with_help(format!("run `{}`, or build with `--no-embeddings`", embed::SETUP_COMMAND))
}
