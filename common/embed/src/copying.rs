//! Copies the model's files out of a folder into the place where the program looks for them.
//!
//! For machines without a network: the folder holds the files themselves, or the wheels, npm packages or
//! release archives that they come in.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::class::Precision;
use crate::embedder::EmbedError;
use crate::model::{ModelFiles, PINNED, PinnedFile, check_digest, copy_with_digest};

/// Packages are unpacked into a few levels of folders.
const MAX_DEPTH: usize = 8;
/// Keeps a walk through the wrong folder, such as a whole disk, from lasting for ever.
const MAX_ENTRIES: usize = 100_000;

/// The model's files could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("cannot write `{}`: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    #[error("more than {MAX_ENTRIES} files lie below `{}`; name the folder that holds the packages", path.display())]
    TooManyFiles { path: PathBuf },
    #[error("`{file}` is neither in `{}` nor in a package there", path.display())]
    NotFound { file: String, path: PathBuf },
    #[error(transparent)]
    Model(#[from] EmbedError),
}

impl CopyError {
    /// Returns the stable word for the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::TooManyFiles { .. } => "setup_folder_unreadable",
            Self::Unwritable { .. } => "model_folder_unwritable",
            Self::NotFound { .. } => "model_missing",
            Self::Model(error) => error.code(),
        }
    }
}

/// Copies each file that `precision` needs and that `target` lacks; one with a wrong digest is never copied.
pub fn copy_model(source: &Path, target: &Path, precision: Precision) -> Result<(), CopyError> {
    let in_place = ModelFiles::in_folder(target);
    let needed = PINNED.needed(precision)?;
    let missing: Vec<&PinnedFile> =
        needed.into_iter().filter(|pinned| in_place.find(pinned).is_err()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let files = files_below(source)?;
    let unwritable =
        |error: io::Error| CopyError::Unwritable { path: target.to_owned(), reason: error.to_string() };
    fs::create_dir_all(target).map_err(unwritable)?;
    missing.into_iter().try_for_each(|pinned| copy_file(pinned, source, &files, target))
}

fn copy_file(pinned: &PinnedFile, source: &Path, files: &[PathBuf], target: &Path) -> Result<(), CopyError> {
    let mut incoming = Incoming::new(pinned, target);
    let named = files.iter().filter(|file| file.file_name().is_some_and(|name| *name == *pinned.file));
    let mut wrong = None;
    // The file itself first: reading archives takes longer.
    for file in named.chain(files.iter().filter(|file| Package::of(file).is_some())) {
        let unreadable =
            |error: io::Error| CopyError::Unreadable { path: file.clone(), reason: error.to_string() };
        let tried = match Package::of(file) {
            None => {
                File::open(file).map_err(unreadable).and_then(|mut opened| incoming.take(&mut opened, file))
            }
            Some(package) => package.take(file, &mut incoming),
        };
        match tried {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error @ CopyError::Unwritable { .. }) => return Err(error),
            Err(error) => wrong = wrong.or(Some(error)),
        }
    }
    Err(wrong.unwrap_or_else(|| CopyError::NotFound { file: pinned.file.clone(), path: source.to_owned() }))
}

/// A file on its way into the model's folder, under another name until its digest is known to be right.
struct Incoming<'a> {
    pinned: &'a PinnedFile,
    partial: PathBuf,
    whole: PathBuf,
}

impl<'a> Incoming<'a> {
    fn new(pinned: &'a PinnedFile, target: &Path) -> Self {
        let partial = target.join(format!(".{}.{}", pinned.file, std::process::id()));
        Self { pinned, partial, whole: target.join(&pinned.file) }
    }

    /// Tells whether `bytes` were the file; they were read from `origin`.
    fn take(&mut self, bytes: &mut impl Read, origin: &Path) -> Result<bool, CopyError> {
        let unwritable =
            |error: io::Error| CopyError::Unwritable { path: self.whole.clone(), reason: error.to_string() };
        let mut file = File::create(&self.partial).map_err(unwritable)?;
        let found = copy_with_digest(bytes, &mut file).map_err(unwritable)?;
        check_digest(self.pinned, found, origin)?;
        file.sync_all().and_then(|()| fs::rename(&self.partial, &self.whole)).map_err(unwritable)?;
        Ok(true)
    }
}

impl Drop for Incoming<'_> {
    fn drop(&mut self) {
        // Gone already when the file came whole.
        let _ = fs::remove_file(&self.partial);
    }
}

/// The forms in which packages come.
#[derive(Clone, Copy)]
enum Package {
    Wheel,
    TarGz,
}

impl Package {
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        match name {
            _ if name.ends_with(".whl") => Some(Self::Wheel),
            _ if name.ends_with(".tgz") || name.ends_with(".tar.gz") => Some(Self::TarGz),
            _ => None,
        }
    }

    /// Takes the first entry that has the name of the file.
    fn take(self, path: &Path, incoming: &mut Incoming<'_>) -> Result<bool, CopyError> {
        let unreadable = |reason: String| CopyError::Unreadable { path: path.to_owned(), reason };
        let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
        let is_named = |name: &str, wanted: &str| name.rsplit('/').next() == Some(wanted);
        match self {
            Self::Wheel => {
                let mut wheel = zip::ZipArchive::new(file).map_err(|error| unreadable(error.to_string()))?;
                let wanted = incoming.pinned.file.clone();
                let mut names = wheel.file_names().filter_map(Result::ok);
                let name = names.find(|name| is_named(name, &wanted)).map(Cow::into_owned);
                drop(names);
                let Some(name) = name else {
                    return Ok(false);
                };
                let mut entry = wheel.by_name(&name).map_err(|error| unreadable(error.to_string()))?;
                incoming.take(&mut entry, path)
            }
            Self::TarGz => {
                let mut archive = tar::Archive::new(GzDecoder::new(file));
                let entries = archive.entries().map_err(|error| unreadable(error.to_string()))?;
                for entry in entries {
                    let mut entry = entry.map_err(|error| unreadable(error.to_string()))?;
                    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                    if is_named(&name, &incoming.pinned.file) {
                        return incoming.take(&mut entry, path);
                    }
                }
                Ok(false)
            }
        }
    }
}

/// Lists the files below a folder, sorted, so that the same folder gives the same choice.
fn files_below(source: &Path) -> Result<Vec<PathBuf>, CopyError> {
    let unreadable = |path: &Path, error: io::Error| CopyError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut files = Vec::new();
    let mut folders = vec![(source.to_owned(), 0)];
    let mut n_entries = 0;
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(&folder, error))? {
            let entry = entry.map_err(|error| unreadable(&folder, error))?;
            n_entries += 1;
            if n_entries > MAX_ENTRIES {
                return Err(CopyError::TooManyFiles { path: source.to_owned() });
            }
            // Links to folders are not followed, so that the walk ends; links to files are.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => folders.push((entry.path(), depth + 1)),
                Ok(kind) if !kind.is_dir() && entry.path().is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const FILE: &str = "words.json";

    fn copy(source: &Path, target: &Path) -> Result<(), CopyError> {
        let pinned = PinnedFile::of_bytes(FILE, b"right");
        copy_file(&pinned, source, &files_below(source)?, target)
    }

    fn wheel(path: &Path, bytes: &[u8]) {
        let mut wheel = zip::ZipWriter::new(File::create(path).unwrap());
        wheel.start_file(format!("doctown_model/{FILE}"), zip::write::SimpleFileOptions::default()).unwrap();
        wheel.write_all(bytes).unwrap();
        wheel.finish().unwrap();
    }

    fn npm_package(path: &Path, bytes: &[u8]) {
        let gzip = flate2::write::GzEncoder::new(File::create(path).unwrap(), flate2::Compression::fast());
        let mut archive = tar::Builder::new(gzip);
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, format!("package/{FILE}"), bytes).unwrap();
        archive.into_inner().unwrap().finish().unwrap();
    }

    #[test]
    fn a_file_is_copied_out_of_a_folder_a_wheel_or_an_npm_package() {
        for make in [
            (|folder: &Path| {
                fs::create_dir(folder.join("below")).unwrap();
                fs::write(folder.join("below").join(FILE), "right").unwrap();
            }) as fn(&Path),
            |folder| wheel(&folder.join("doctown_model-0.1.0-py3-none-any.whl"), b"right"),
            |folder| npm_package(&folder.join("doctown-model-0.1.0.tgz"), b"right"),
        ] {
            let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            make(source.path());
            copy(source.path(), target.path()).unwrap();
            assert_eq!(fs::read(target.path().join(FILE)).unwrap(), b"right");
            assert_eq!(fs::read_dir(target.path()).unwrap().count(), 1, "nothing else is left behind");
        }
    }

    #[test]
    fn a_file_with_a_wrong_digest_is_refused_and_leaves_nothing() {
        let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(source.path().join(FILE), "wrong").unwrap();
        let error = copy(source.path(), target.path()).unwrap_err();
        assert_eq!(error.code(), "model_hash_mismatch");
        assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_right_file_is_taken_though_a_wrong_one_and_a_broken_package_lie_beside_it() {
        let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(source.path().join(FILE), "wrong").unwrap();
        fs::write(source.path().join("a.whl"), "no archive").unwrap();
        wheel(&source.path().join("b.whl"), b"right");
        copy(source.path(), target.path()).unwrap();
        assert_eq!(fs::read(target.path().join(FILE)).unwrap(), b"right");
    }

    #[test]
    fn a_folder_without_the_file_and_no_folder_at_all_have_codes() {
        let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(copy(source.path(), target.path()).unwrap_err().code(), "model_missing");
        let nowhere = source.path().join("nowhere");
        assert_eq!(copy(&nowhere, target.path()).unwrap_err().code(), "setup_folder_unreadable");
    }
}
