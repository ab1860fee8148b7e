//! The pinned files: which they are, where they lie, and whether they are the right ones.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use docpack::Digest;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::class::Precision;
use crate::embedder::EmbedError;

/// The command that fetches and writes every file of the model; error messages name it.
pub const SETUP_COMMAND: &str = "scripts/setup-model";

/// No pinned file is longer, so of a longer one no more is read before it is refused.
const MAX_MODEL_BYTES: u64 = 1 << 30;
/// Hashed at once; larger pieces are no faster.
const READ_BYTES: usize = 1 << 16;

/// Returns the model's name, as the manifest of a docpack gives it.
pub fn model_name() -> &'static str {
    &PINNED.name
}

/// Returns the number of components of every vector.
pub fn dimensions() -> usize {
    PINNED.dimensions
}

/// Returns the number of tokens, the two special ones included, that are read of a text.
pub fn max_tokens() -> usize {
    PINNED.max_tokens
}

/// Says where the model's files lie.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    folder: PathBuf,
    gpu_folder: PathBuf,
}

impl ModelFiles {
    /// Names the folder that the set-up command filled; the GPU's libraries lie in `cuda` below it.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self { gpu_folder: folder.join("cuda"), folder }
    }

    /// Checks presence and digest of every file that `precision` needs on the CPU.
    pub fn check(&self, precision: Precision) -> Result<(), EmbedError> {
        for pinned in PINNED.runtime.cpu.iter().chain([&PINNED.tokenizer, PINNED.weights.of(precision)]) {
            check_pinned(&self.folder, pinned)?;
        }
        Ok(())
    }

    /// Returns the checked path of the tokenizer's definition.
    pub(crate) fn tokenizer(&self) -> Result<PathBuf, EmbedError> {
        check_pinned(&self.folder, &PINNED.tokenizer)
    }

    /// Returns the checked path of the network.
    pub(crate) fn weights(&self, precision: Precision) -> Result<PathBuf, EmbedError> {
        check_pinned(&self.folder, PINNED.weights.of(precision))
    }

    /// Returns the checked path of the library that runs on the CPU alone.
    pub(crate) fn cpu_library(&self) -> Result<PathBuf, EmbedError> {
        checked_library(&self.folder, &PINNED.runtime.cpu)
    }

    /// Returns the checked path of the library that runs on a GPU too, if it was set up.
    pub(crate) fn gpu_library(&self) -> Result<Option<PathBuf>, EmbedError> {
        let library = PINNED.runtime.cuda.first().map(|library| self.gpu_folder.join(&library.file));
        if !library.is_some_and(|library| library.exists()) {
            return Ok(None);
        }
        checked_library(&self.gpu_folder, &PINNED.runtime.cuda).map(Some)
    }
}

#[derive(Deserialize)]
pub(crate) struct Pinned {
    pub(crate) name: String,
    pub(crate) dimensions: usize,
    pub(crate) max_tokens: usize,
    pub(crate) tokenizer: PinnedFile,
    pub(crate) weights: PinnedWeights,
    pub(crate) runtime: PinnedRuntime,
}

#[derive(Deserialize)]
pub(crate) struct PinnedWeights {
    fp32: PinnedFile,
    int8: PinnedFile,
}

impl PinnedWeights {
    pub(crate) fn of(&self, precision: Precision) -> &PinnedFile {
        match precision {
            Precision::Fp32 => &self.fp32,
            Precision::Int8 => &self.int8,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct PinnedRuntime {
    pub(crate) version: String,
    /// The library itself comes first, then what it loads.
    cpu: Vec<PinnedFile>,
    cuda: Vec<PinnedFile>,
}

/// A file without its `sha256:` prefix, so that `sha256sum` prints the same digits.
#[derive(Deserialize)]
pub(crate) struct PinnedFile {
    file: String,
    sha256: String,
}

impl PinnedFile {
    pub(crate) fn digest(&self) -> Digest {
        format!("sha256:{}", self.sha256).parse().expect("model.json holds digests; model::tests reads each")
    }
}

/// The one table of everything that was fetched or exported.
pub(crate) static PINNED: LazyLock<Pinned> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../model.json")).expect("model.json is valid; model::tests reads it")
});

/// Checks a file's digest, piece by piece: the network is larger than what a session keeps of it.
fn check_pinned(folder: &Path, pinned: &PinnedFile) -> Result<PathBuf, EmbedError> {
    let path = folder.join(&pinned.file);
    match digest_of_file(&path) {
        Ok(found) if found == pinned.digest() => Ok(path),
        Ok(found) => Err(EmbedError::ModelHashMismatch { path, expected: pinned.digest(), found }),
        Err(_) => Err(EmbedError::ModelMissing { path }),
    }
}

fn digest_of_file(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?.take(MAX_MODEL_BYTES);
    let mut hasher = Sha256::new();
    let mut piece = vec![0; READ_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Digest(hasher.finalize().into())),
            n_read => hasher.update(&piece[..n_read]),
        }
    }
}

fn checked_library(folder: &Path, files: &[PinnedFile]) -> Result<PathBuf, EmbedError> {
    for file in files {
        check_pinned(folder, file)?;
    }
    let library = files.first().expect("model.json names a library; model::tests reads it");
    Ok(folder.join(&library.file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable() {
        let runtime = PINNED.runtime.cpu.iter().chain(&PINNED.runtime.cuda);
        let weights = [Precision::Fp32, Precision::Int8].map(|precision| PINNED.weights.of(precision));
        let digests: Vec<Digest> =
            runtime.chain(weights).chain([&PINNED.tokenizer]).map(PinnedFile::digest).collect();
        let library = &PINNED.runtime.cpu[0].file;
        assert!(library.ends_with(&PINNED.runtime.version), "{library} is of another version");
        assert!(digests.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(!PINNED.runtime.cuda.is_empty());
    }
}
