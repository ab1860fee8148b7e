//! The embedder's settings as the embed crate takes them.

use std::path::PathBuf;
use std::sync::Arc;

use embed::{EmbedError, EmbedParams, Embedder, ModelFiles, ProviderChoice};
use pipeline::options::{EmbedderName, Precision};
use runtime::config::{Config, Device, EmbedConfig};
use runtime::host::StartError;

use crate::EmbedStage;

impl EmbedStage {
    /// Makes the stage of a process's settings, which loads the model.
    pub fn from_config(config: &Config) -> Result<Self, StartError> {
        let EmbedConfig { precision, n_threads, .. } = config.embed;
        load_embedder(&config.embed, None, precision, n_threads)
            .map(Self::new)
            .map_err(|error| start_error(&error))
    }
}

/// Loads the embedder that is wanted, or else the one that the settings name, or else the network, which then
/// embeds `n_threads` texts at once on the CPU.
pub fn load_embedder(
    config: &EmbedConfig,
    wanted: Option<EmbedderName>,
    precision: Precision,
    n_threads: usize,
) -> Result<Arc<Embedder>, EmbedError> {
    if wanted.or(config.embedder) == Some(EmbedderName::Static) {
        return Ok(Arc::new(Embedder::built_in()));
    }
    let params = EmbedParams {
        precision: precision_of(precision),
        n_sessions: n_threads,
        provider: match config.device {
            Device::Auto => ProviderChoice::Auto,
            Device::Cpu => ProviderChoice::Cpu,
            Device::Cuda => ProviderChoice::Cuda,
        },
        max_tokens: embed::max_tokens(),
    };
    Embedder::load(&model_files(config), params).map(Arc::new)
}

/// Returns the embedder of builds on one's own machine: the one that is wanted or set, else the network where its
/// precision was asked for or a GPU runs it, else the table inside the program.
pub fn local_embedder(
    config: &EmbedConfig,
    wanted: Option<EmbedderName>,
    precision: Precision,
) -> EmbedderName {
    let has_gpu = || match config.device {
        Device::Auto => model_files(config).has_gpu_library(),
        Device::Cpu => false,
        Device::Cuda => true,
    };
    wanted.or(config.embedder).unwrap_or_else(|| match precision == Precision::Fp32 || has_gpu() {
        true => EmbedderName::Minilm,
        false => EmbedderName::Static,
    })
}

/// Returns the precision as the embed crate has it.
pub fn precision_of(precision: Precision) -> embed::Precision {
    match precision {
        Precision::Fp32 => embed::Precision::Fp32,
        Precision::Int8 => embed::Precision::Int8,
    }
}

/// Returns where the model's files are searched: in the folder that was named, or else in the user's own and
/// in the packages that were installed with this program.
pub fn model_files(config: &EmbedConfig) -> ModelFiles {
    let own = config.model_folder.clone();
    if config.model_folder_is_set {
        return ModelFiles::in_folder(own);
    }
    let installed = program().map_or_else(Vec::new, |program| embed::folders_near(&program));
    ModelFiles::in_folders([own].into_iter().chain(installed))
}

/// Says how to mend an error of the model's files, with one command that fits how this program was installed.
pub fn mend_help(error: &EmbedError) -> String {
    embed::mend_help(&program().unwrap_or_default(), error)
}

/// Says what to do about a model that cannot be loaded.
pub fn start_error(error: &EmbedError) -> StartError {
    StartError::new(error.code(), error.to_string())
        .with_help(format!("{}, or build with `--embedder static`", mend_help(error)))
}

/// Returns the path of the program itself, links resolved: packages lie beside the file, not beside a link to it.
fn program() -> Option<PathBuf> {
    std::env::current_exe().and_then(|path| path.canonicalize()).ok()
}
