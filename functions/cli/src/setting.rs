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

/// Loads the model; the error for a missing or wrong one names the command that fixes it.
pub(crate) fn embedder(
    config: &Config,
    precision: Precision,
    n_threads: usize,
) -> Result<Arc<Embedder>, Failure> {
    stage_embed::load_embedder(&config.embed, precision, n_threads)
        .map_err(|error| stage_embed::start_error(&error).into())
}
