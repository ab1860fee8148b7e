//! The embedder's settings as the embed crate takes them.

use std::sync::Arc;

use embed::{EmbedError, EmbedParams, Embedder, ModelFiles, ProviderChoice, SETUP_COMMAND};
use pipeline::options::Precision;
use runtime::config::{Config, Device, EmbedConfig};
use runtime::host::StartError;

use crate::EmbedStage;

impl EmbedStage {
    /// Makes the stage of a process's settings, which loads the model.
    pub fn from_config(config: &Config) -> Result<Self, StartError> {
        let EmbedConfig { precision, n_threads, .. } = config.embed;
        load_embedder(&config.embed, precision, n_threads).map(Self::new).map_err(|error| start_error(&error))
    }
}

/// Loads the model that the settings name; `n_threads` texts are then embedded at once on the CPU.
pub fn load_embedder(
    config: &EmbedConfig,
    precision: Precision,
    n_threads: usize,
) -> Result<Arc<Embedder>, EmbedError> {
    let params = EmbedParams {
        precision: match precision {
            Precision::Fp32 => embed::Precision::Fp32,
            Precision::Int8 => embed::Precision::Int8,
        },
        n_sessions: n_threads,
        provider: match config.device {
            Device::Auto => ProviderChoice::Auto,
            Device::Cpu => ProviderChoice::Cpu,
            Device::Cuda => ProviderChoice::Cuda,
        },
    };
    Embedder::load(&ModelFiles::in_folder(&config.model_folder), params).map(Arc::new)
}

/// Says what to do about a model that cannot be loaded.
pub fn start_error(error: &EmbedError) -> StartError {
    StartError::new(error.code(), error.to_string())
        .with_help(format!("run `{SETUP_COMMAND}`, or build with `--no-embeddings`"))
}
