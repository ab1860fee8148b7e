//! Output files: checked before the work begins, written whole or not at all.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::failure::{Exit, Failure};

/// Refuses a path that cannot be written to, and the file that the work reads.
pub(crate) fn check(path: &Path, source: Option<&Path>, what_it_is: &str) -> Result<(), Failure> {
    let refuse = |what: &str| {
        Err(Failure::new(Exit::Usage, "output_unusable", format!("`{}` {what}", path.display()))
            .with_help("name a writable file with `-o FILE`"))
    };
    if path.is_dir() {
        return refuse("is a folder");
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return refuse("is in a folder that does not exist");
    }
    let is_source =
        source.is_some_and(|source| source.canonicalize().ok() == path.canonicalize().ok() && path.exists());
    if is_source { refuse(what_it_is) } else { Ok(()) }
}

/// Writes a file of these bytes.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_with(path, |file| file.write_all(bytes).map_err(|error| unwritable(path, &error)))
}

/// Writes beside the target first, so that a reader never sees half a file.
pub(crate) fn write_with<T>(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let beside = PathBuf::from(format!("{}.{}.part", path.display(), std::process::id()));
    let failed = |error| unwritable(path, &error);
    // Readable too, so that what was written can be checked before it takes its name.
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(true);
    let mut file = options.open(&beside).map_err(failed)?;
    let filled = fill(&mut file).and_then(|filled| {
        file.sync_all().and_then(|()| std::fs::rename(&beside, path)).map_err(failed)?;
        Ok(filled)
    });
    if filled.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    filled
}

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = PathBuf::from(format!("{}.{}.part", path.display(), std::process::id()));
    // A process that was killed may have left one.
    let _ = std::fs::remove_file(&beside);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Reports a file that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, "output_unusable", format!("cannot write `{}`: {error}", path.display()))
        .with_help("free some space, or choose another place with `-o FILE`; finished work is kept")
}
