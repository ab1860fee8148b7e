//! Configuration as the source and embed crates take it.

use std::path::Path;
use std::sync::Arc;

use embed::Embedder;
use pipeline::options::Precision;
use runtime::config::{Config, SourceSettings, StoreConfig};
use source::config::SourceConfig;

use crate::failure::{Exit, Failure};

pub(crate) fn source_config(settings: &SourceSettings) -> Result<SourceConfig, Failure> {
    stage_ingest::source_config(settings).map_err(Failure::from)
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
    stage_embed::load_embedder(&config.embed, precision, n_threads)
        .map_err(|error| stage_embed::start_error(&error).into())
}
