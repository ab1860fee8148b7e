//! The pinned files: which they are, where they lie, and whether they are the right ones.

use std::collections::BTreeMap;
use std::env::consts::{ARCH, OS};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use docpack::Digest;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::class::Precision;
use crate::embedder::EmbedError;

/// Says what is missing and how to mend it; error messages name it.
pub const SETUP_COMMAND: &str = "doctown setup";

/// Fetches the library for GPUs; it is in no package, so this takes a checkout of the repository.
pub(crate) const GPU_SETUP_COMMAND: &str = "scripts/setup-model --gpu";

/// No pinned file is longer, so of a longer one no more is read before it is refused.
const MAX_MODEL_BYTES: u64 = 1 << 30;
/// Hashed at once; larger pieces are no faster.
const READ_BYTES: usize = 1 << 16;

/// Returns the model's name, as the manifest of a docpack gives it.
pub fn model_name() -> &'static str {
    &PINNED.name
}

/// Returns the digest of the weights of a precision, which names who made a vector.
pub fn model_digest(precision: Precision) -> Digest {
    PINNED.weights.of(precision).digest()
}

/// Returns the number of components of every vector.
pub fn dimensions() -> usize {
    PINNED.dimensions
}

/// Returns the number of tokens, the two special ones included, that are read of a text in a build.
pub fn max_tokens() -> usize {
    PINNED.max_tokens
}

/// Returns the number of tokens that the network was made for.
pub fn network_tokens() -> usize {
    PINNED.network_tokens
}

/// Folders that are searched for the model's files.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    folders: Vec<PathBuf>,
}

/// A file that the model needs, and the place where it lies.
#[derive(Debug)]
pub struct NeededFile {
    pub name: &'static str,
    pub found: Result<PathBuf, EmbedError>,
}

impl ModelFiles {
    /// Searches one folder alone; the GPU's libraries lie in `cuda` below it.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self::in_folders([folder.into()])
    }

    /// Searches several folders in this order. A file with another digest than the pinned one is skipped, so
    /// that what an older version left behind does no harm.
    pub fn in_folders(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { folders: folders.into_iter().collect() }
    }

    /// Checks presence and digest of every file that `precision` needs on the CPU.
    pub fn check(&self, precision: Precision) -> Result<(), EmbedError> {
        self.needed(precision)?.into_iter().try_for_each(|file| file.found.map(drop))
    }

    /// Looks for every file that `precision` needs on the CPU; one with another digest is an error in its place.
    ///
    /// # Errors
    /// `RuntimeNotPublished` where no library exists for this platform.
    pub fn needed(&self, precision: Precision) -> Result<Vec<NeededFile>, EmbedError> {
        let needed = PINNED.needed(precision)?;
        Ok(needed.into_iter().map(|file| NeededFile { name: &file.file, found: self.find(file) }).collect())
    }

    /// Returns the checked path of the tokenizer's definition.
    pub(crate) fn tokenizer(&self) -> Result<PathBuf, EmbedError> {
        self.find(&PINNED.tokenizer)
    }

    /// Returns the checked path of the network.
    pub(crate) fn weights(&self, precision: Precision) -> Result<PathBuf, EmbedError> {
        self.find(PINNED.weights.of(precision))
    }

    /// Returns the checked path of the library that runs on the CPU alone.
    pub(crate) fn cpu_library(&self) -> Result<PathBuf, EmbedError> {
        self.find(PINNED.runtime.cpu_library()?)
    }

    /// Returns the checked path of the library that runs on a GPU too, if it was set up.
    pub(crate) fn gpu_library(&self) -> Result<Option<PathBuf>, EmbedError> {
        let Some(library) = self.gpu_library_path() else { return Ok(None) };
        let folder = library.parent().unwrap_or(&library);
        PINNED.runtime.cuda.iter().try_for_each(|file| check_pinned(folder, file).map(drop))?;
        Ok(Some(library))
    }

    /// Tells whether the library that runs on a GPU lies there, unchecked.
    pub fn has_gpu_library(&self) -> bool {
        self.gpu_library_path().is_some()
    }

    fn gpu_library_path(&self) -> Option<PathBuf> {
        let folder = self.folders.first()?.join("cuda");
        Some(folder.join(&PINNED.runtime.cuda_library().file)).filter(|library| library.exists())
    }

    pub(crate) fn find(&self, pinned: &PinnedFile) -> Result<PathBuf, EmbedError> {
        let mut wrong = None;
        for folder in &self.folders {
            match check_pinned(folder, pinned) {
                Ok(path) => return Ok(path),
                Err(error @ EmbedError::ModelHashMismatch { .. }) => wrong = wrong.or(Some(error)),
                Err(_) => {}
            }
        }
        let first = self.folders.first().cloned().unwrap_or_default();
        Err(wrong.unwrap_or_else(|| EmbedError::ModelMissing { path: first.join(&pinned.file) }))
    }
}

#[derive(Deserialize)]
pub(crate) struct Pinned {
    pub(crate) name: String,
    pub(crate) dimensions: usize,
    /// The name and shape of a function stand in its first ones; more of them find no more and cost as much.
    pub(crate) max_tokens: usize,
    pub(crate) network_tokens: usize,
    pub(crate) tokenizer: PinnedFile,
    pub(crate) weights: PinnedWeights,
    pub(crate) runtime: PinnedRuntime,
}

impl Pinned {
    /// Returns what an embedder on the CPU reads, the library first.
    pub(crate) fn needed(&self, precision: Precision) -> Result<[&PinnedFile; 3], EmbedError> {
        Ok([self.runtime.cpu_library()?, &self.tokenizer, self.weights.of(precision)])
    }
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
    /// By system and processor, as `std::env::consts` names them; others have no published library.
    cpu: BTreeMap<String, PinnedFile>,
    /// The library itself comes first, then the ones it loads.
    cuda: Vec<PinnedFile>,
}

impl PinnedRuntime {
    fn cpu_library(&self) -> Result<&PinnedFile, EmbedError> {
        let platform = format!("{OS}-{ARCH}");
        self.cpu.get(&platform).ok_or(EmbedError::RuntimeNotPublished { platform })
    }

    fn cuda_library(&self) -> &PinnedFile {
        self.cuda.first().expect("model.json names a library; model::tests reads it")
    }
}

/// A file without the `sha256:` prefix of its digest, so that `sha256sum` prints the same digits.
#[derive(Deserialize)]
pub(crate) struct PinnedFile {
    pub(crate) file: String,
    sha256: OneOrMore,
}

/// One digest, or several: on some systems the library differs between the wheels of each
/// Python version.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl PinnedFile {
    #[cfg(test)]
    pub(crate) fn of_bytes(file: &str, bytes: &[u8]) -> Self {
        Self { file: file.to_owned(), sha256: OneOrMore::One(Digest::of(bytes).hex()) }
    }

    /// Returns the first digest, the only one of every file but the library.
    pub(crate) fn digest(&self) -> Digest {
        self.digests().next().expect("model.json holds digests; model::tests reads each")
    }

    pub(crate) fn digests(&self) -> impl Iterator<Item = Digest> {
        let digits = match &self.sha256 {
            OneOrMore::One(digits) => std::slice::from_ref(digits),
            OneOrMore::More(digits) => digits,
        };
        digits.iter().map(|digits| {
            format!("sha256:{digits}").parse().expect("model.json holds digests; model::tests reads each")
        })
    }
}

/// The one table of everything that was fetched or exported.
pub(crate) static PINNED: LazyLock<Pinned> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../model.json")).expect("model.json is valid; model::tests reads it")
});

fn check_pinned(folder: &Path, pinned: &PinnedFile) -> Result<PathBuf, EmbedError> {
    let path = folder.join(&pinned.file);
    let Ok(found) = File::open(&path).and_then(|mut file| copy_with_digest(&mut file, &mut io::sink()))
    else {
        return Err(EmbedError::ModelMissing { path });
    };
    check_digest(pinned, found, &path)?;
    Ok(path)
}

/// Compares a digest with the pinned ones; `path` is where it was found.
pub(crate) fn check_digest(pinned: &PinnedFile, found: Digest, path: &Path) -> Result<(), EmbedError> {
    if pinned.digests().any(|expected| expected == found) {
        return Ok(());
    }
    Err(EmbedError::ModelHashMismatch { path: path.to_owned(), expected: pinned.digest(), found })
}

/// Copies piece by piece: the network is larger than what a session keeps of it.
pub(crate) fn copy_with_digest(from: &mut impl Read, to: &mut impl Write) -> io::Result<Digest> {
    let mut from = from.take(MAX_MODEL_BYTES);
    let mut hasher = Sha256::new();
    let mut piece = vec![0; READ_BYTES];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(Digest(hasher.finalize().into())),
            n_read => {
                hasher.update(&piece[..n_read]);
                to.write_all(&piece[..n_read])?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable() {
        let runtime = PINNED.runtime.cpu.values().chain(&PINNED.runtime.cuda);
        let weights = [Precision::Fp32, Precision::Int8].map(|precision| PINNED.weights.of(precision));
        let mut digests: Vec<Digest> =
            runtime.chain(weights).chain([&PINNED.tokenizer]).flat_map(PinnedFile::digests).collect();
        let n_digests = digests.len();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), n_digests, "two files have one digest");
        let library = &PINNED.runtime.cpu["linux-x86_64"].file;
        assert!(library.ends_with(&PINNED.runtime.version), "{library} is of another version");
        assert_eq!(PINNED.runtime.cuda_library().file, *library);
    }

    #[test]
    fn a_file_with_a_wrong_digest_is_skipped_for_the_right_one_in_a_later_folder() {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let pinned = PinnedFile::of_bytes("words.json", b"right");
        std::fs::write(old.path().join("words.json"), "of an older version").unwrap();
        let both = ModelFiles::in_folders([old.path().to_owned(), new.path().to_owned()]);
        assert_eq!(both.find(&pinned).unwrap_err().code(), "model_hash_mismatch");
        std::fs::write(new.path().join("words.json"), "right").unwrap();
        assert_eq!(both.find(&pinned).unwrap(), new.path().join("words.json"));
    }

    #[test]
    fn a_file_in_no_folder_is_named_in_the_first() {
        let files = ModelFiles::in_folders(["/no/such/home".into(), "/no/such/wheel".into()]);
        let error = files.find(&PinnedFile::of_bytes("words.json", b"right")).unwrap_err();
        assert!(error.to_string().contains("`/no/such/home/words.json` is missing"), "{error}");
    }

    #[test]
    fn any_of_several_pinned_digests_is_right() {
        let file = r#"{"file": "library", "sha256": ["AA", "BB"]}"#;
        let file = file.replace("AA", &Digest::of(b"one").hex()).replace("BB", &Digest::of(b"two").hex());
        let file: PinnedFile = serde_json::from_str(&file).unwrap();
        assert!(check_digest(&file, Digest::of(b"two"), Path::new("library")).is_ok());
        assert!(check_digest(&file, Digest::of(b"three"), Path::new("library")).is_err());
    }
}
