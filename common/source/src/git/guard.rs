//! What a repository's own folder may hold before it is opened: files and folders of a bounded size.
//!
//! A clone never brings such a folder along, but an unpacked archive or another user may.

use std::fs::{self, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::broken;
use crate::failure::SourceError;

/// Of `HEAD`, `config`, a ref and the like; real ones have a few hundred bytes.
const MAX_SETTING_BYTES: u64 = 1 << 20;
/// An index of a million files has about 100 MB.
const MAX_INDEX_BYTES: u64 = 256 << 20;
/// Folders within folders below `.git`; a ref's name may have a few parts.
const MAX_DEPTH: usize = 32;
/// A repository that was never packed has some 100,000 objects.
const MAX_FILES: usize = 2_000_000;

/// What a reader of commits, trees and the index opens; hooks, logs and submodules are left alone.
const READ: [&str; 12] = [
    "HEAD",
    "commondir",
    "config",
    "config.worktree",
    "gitdir",
    "index",
    "info",
    "objects",
    "packed-refs",
    "refs",
    "reftable",
    "shallow",
];

/// Refuses a repository of which a file would block its reader, or take all memory.
pub(crate) fn check(dot_git: &Path) -> Result<(), SourceError> {
    let metadata = fs::metadata(dot_git).map_err(broken)?;
    let git_dir = if metadata.is_dir() {
        dot_git.to_owned()
    } else {
        named_folder(dot_git, &metadata, Some("gitdir:"))?
    };
    let mut n_files = 0;
    check_folder(&git_dir, &mut n_files)?;
    let common = git_dir.join("commondir");
    match fs::metadata(&common) {
        Ok(metadata) => check_folder(&named_folder(&common, &metadata, None)?, &mut n_files),
        Err(_) => Ok(()),
    }
}

/// Reads a file that holds the path of a folder.
fn named_folder(file: &Path, metadata: &Metadata, before: Option<&str>) -> Result<PathBuf, SourceError> {
    check_file(file, metadata)?;
    let mut text = String::new();
    let open = fs::File::open(file).map_err(broken)?;
    open.take(MAX_SETTING_BYTES).read_to_string(&mut text).map_err(broken)?;
    let path = before.map_or(Some(text.as_str()), |before| text.strip_prefix(before));
    let path = path.ok_or_else(|| refused(file, "names no folder"))?.trim();
    Ok(file.parent().unwrap_or(Path::new("")).join(path))
}

fn check_folder(git_dir: &Path, n_files: &mut usize) -> Result<(), SourceError> {
    for name in READ {
        let path = git_dir.join(name);
        // Links of the user's own making are followed, as git does.
        if let Ok(metadata) = fs::metadata(&path) {
            check_path(&path, &metadata, name == "objects", 0, n_files)?;
        }
    }
    Ok(())
}

/// `is_of_objects`: the reader of objects bounds their sizes itself.
fn check_path(
    path: &Path,
    metadata: &Metadata,
    is_of_objects: bool,
    depth: usize,
    n_files: &mut usize,
) -> Result<(), SourceError> {
    if metadata.is_file() && is_of_objects {
        return Ok(());
    }
    if !metadata.is_dir() {
        return check_file(path, metadata);
    }
    if depth > MAX_DEPTH {
        return Err(refused(path, "lies too deep"));
    }
    for entry in fs::read_dir(path).map_err(broken)? {
        let entry = entry.map_err(broken)?;
        *n_files += 1;
        if *n_files > MAX_FILES {
            return Err(refused(path, "holds too many files"));
        }
        // Objects are many, and their kind comes with the listing.
        if is_of_objects && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(metadata) = fs::metadata(entry.path()) {
            check_path(&entry.path(), &metadata, is_of_objects, depth + 1, n_files)?;
        }
    }
    Ok(())
}

fn check_file(path: &Path, metadata: &Metadata) -> Result<(), SourceError> {
    if !metadata.is_file() {
        return Err(refused(path, "is neither a file nor a folder"));
    }
    let is_large = path.file_name().is_some_and(|name| name == "index" || name == "packed-refs");
    let limit_bytes = if is_large { MAX_INDEX_BYTES } else { MAX_SETTING_BYTES };
    if metadata.len() > limit_bytes {
        return Err(refused(path, "is larger than any that git writes"));
    }
    Ok(())
}

fn refused(path: &Path, reason: &str) -> SourceError {
    let name = path.file_name().unwrap_or(path.as_os_str());
    broken(format!("`{}` {reason}", name.to_string_lossy()))
}
