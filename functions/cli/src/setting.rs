//! Configuration as the source and embed crates take it.

use std::path::Path;
use std::sync::Arc;

use embed::Embedder;
use pipeline::options::{EmbedderName, Precision};
use runtime::config::{Config, SourceSettings, StoreConfig};
use source::config::SourceConfig;

use crate::failure::{Exit, Failure};

pub(crate) fn source_config(settings: &SourceSettings) -> Result<SourceConfig, Failure> {
    stage_ingest::source_config(settings).map_err(Failure::from)
}

/// Returns the folder of a local store.
pub(crate) fn store_folder(config: &Config) -> Result<&Path, Failure> {
    match &config.store {
        StoreConfig::Folder(folder) => Ok(folder),
        StoreConfig::S3 { .. } => {
            let message = format!("`{}` is not a folder, and this command needs a local store", config.store);
            Err(Failure::new(Exit::Usage, "store_not_local", message)
                .with_help("set DOCTOWN_STORE to a folder, or unset it"))
        }
    }
}

/// Loads the embedder that is wanted, or else configured; the error for a missing or wrong model names the command
/// that fixes it.
pub(crate) fn embedder(
    config: &Config,
    wanted: Option<EmbedderName>,
    precision: Precision,
    n_threads: usize,
) -> Result<Arc<Embedder>, Failure> {
    stage_embed::load_embedder(&config.embed, wanted, precision, n_threads)
        .map_err(|error| stage_embed::start_error(&error).into())
}

/// Loads the embedder of builds on one's own machine, which need no model unless it was asked for.
pub(crate) fn local_embedder(
    config: &Config,
    wanted: Option<EmbedderName>,
    precision: Precision,
    n_threads: usize,
) -> Result<Arc<Embedder>, Failure> {
    let chosen = stage_embed::local_embedder(&config.embed, wanted, precision);
    embedder(config, Some(chosen), precision, n_threads)
}
