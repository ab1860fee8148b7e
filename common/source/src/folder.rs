//! A folder on this machine, in byte order of its paths, without what its .gitignore files name.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use docpack::Digest;
use ignore::WalkBuilder;

use crate::checkout::Checkout;
use crate::entry::SkipReason;
use crate::failure::SourceError;
use crate::filter::{FilterParams, Filters};
use crate::intake::Intake;
use crate::limits::SourceLimits;
use crate::path::escape;

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    File,
    Symlink,
    Special,
    Unreadable,
    /// A folder that was not entered.
    Pruned(SkipReason),
}

/// Every path below a folder, as bytes with `/` between the parts.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) entries: BTreeMap<Vec<u8>, Listed>,
}

/// Lists what git would see: everything that is tracked or not ignored.
pub(crate) fn list(
    root: &Path,
    checkout: Option<&Checkout>,
    limits: &SourceLimits,
) -> Result<Listing, SourceError> {
    walk(root, checkout, limits, None)
}

/// Reads the folder; folders that the filters rule out are not entered.
pub(crate) fn read(
    root: &Path,
    checkout: Option<&Checkout>,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    let listing = walk(root, checkout, intake.limits(), Some(intake.filters()))?;
    // A checkout's own `.git` is no part of what it checks out.
    for (raw, listed) in listing.entries.into_iter().filter(|(raw, _)| raw != b".git") {
        if let Listed::Pruned(reason) = listed {
            let shown = escape(&raw);
            if reason == SkipReason::Submodule || intake.enter(&shown)? {
                intake.skip(format!("{shown}/"), reason)?;
            }
            continue;
        }
        let Some(path) = intake.admit(&raw)? else { continue };
        match listed {
            Listed::File => read_file(root, path, intake)?,
            Listed::Symlink => intake.skip(path, SkipReason::Symlink)?,
            Listed::Special => intake.skip(path, SkipReason::SpecialFile)?,
            Listed::Unreadable | Listed::Pruned(_) => intake.skip(path, SkipReason::Unreadable)?,
        }
    }
    Ok(())
}

/// Reads a single file under its own name.
pub(crate) fn read_one(path: &Path, intake: &mut Intake<'_>) -> Result<(), SourceError> {
    let unreadable = |error| SourceError::unreadable(format!("`{}`", path.display()), error);
    let name = path.file_name().unwrap_or_default();
    let Some(name) = intake.admit(name.as_encoded_bytes())? else { return Ok(()) };
    let mut file = File::open(path).map_err(unreadable)?;
    let size_bytes = file.metadata().map_err(unreadable)?.len();
    intake.file(name, size_bytes, &mut file).map_err(|error| error.or_body(unreadable))
}

/// Adds up the sizes of what would be read.
pub(crate) fn size_bytes(root: &Path) -> Result<u64, SourceError> {
    let filters = Filters::new(&FilterParams::default())?;
    let listing = walk(root, None, &SourceLimits::default(), Some(&filters))?;
    let files = listing.entries.iter().filter(|(_, listed)| **listed == Listed::File);
    let sizes = files.map(|(raw, _)| std::fs::metadata(root.join(escape(raw))).map_or(0, |data| data.len()));
    Ok(sizes.sum())
}

/// Digests names, sizes and times of what would be read, without reading it.
pub(crate) fn fingerprint(root: &Path) -> Result<Digest, SourceError> {
    let filters = Filters::new(&FilterParams::default())?;
    let listing = walk(root, None, &SourceLimits::default(), Some(&filters))?;
    let mut seen = Vec::new();
    for raw in listing.entries.keys() {
        seen.extend_from_slice(raw);
        seen.extend(stamp(&root.join(escape(raw))));
    }
    Ok(Digest::of(&seen))
}

/// Size and time of the last change; a file that cannot be looked at has none.
pub(crate) fn stamp(path: &Path) -> Vec<u8> {
    let stamp = path.symlink_metadata().map(|metadata| {
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        format!("\0{} {}\n", metadata.len(), modified.unwrap_or_default().as_nanos())
    });
    stamp.unwrap_or_else(|_| "\0\n".to_owned()).into_bytes()
}

fn read_file(root: &Path, path: String, intake: &mut Intake<'_>) -> Result<(), SourceError> {
    let full = root.join(&path);
    // A file may have gone, or have become a link, since it was listed.
    let Ok(metadata) = full.symlink_metadata() else {
        return intake.skip(path, SkipReason::Unreadable);
    };
    if !metadata.is_file() {
        return intake.skip(path, SkipReason::SpecialFile);
    }
    match File::open(&full) {
        Ok(mut file) => intake
            .file(path.clone(), metadata.len(), &mut file)
            .map_err(|error| error.or_body(|error| SourceError::unreadable(format!("`{path}`"), error))),
        Err(_) => intake.skip(path, SkipReason::Unreadable),
    }
}

type Pruned = Arc<Mutex<Vec<(PathBuf, SkipReason)>>>;

fn walk(
    root: &Path,
    checkout: Option<&Checkout>,
    limits: &SourceLimits,
    filters: Option<&Filters>,
) -> Result<Listing, SourceError> {
    let pruned = Pruned::default();
    let mut listing = Listing::default();
    for found in walker(root, checkout.is_some(), filters, &pruned).build() {
        let (path, listed) = match found {
            Ok(entry) if entry.depth() == 0 => continue,
            Ok(entry) => match entry.file_type() {
                Some(kind) if kind.is_dir() => continue,
                Some(kind) if kind.is_symlink() => (entry.into_path(), Listed::Symlink),
                Some(kind) if kind.is_file() => (entry.into_path(), Listed::File),
                _ => (entry.into_path(), Listed::Special),
            },
            Err(error) => match path_of(&error) {
                Some(path) if path != root => (path, Listed::Unreadable),
                _ => return Err(SourceError::unreadable("the folder", error)),
            },
        };
        listing.add(root, &path, listed, limits)?;
    }
    for (path, reason) in std::mem::take(&mut *pruned.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    {
        listing.add(root, &path, Listed::Pruned(reason), limits)?;
    }
    listing.add_tracked(root, checkout, limits)?;
    Ok(listing)
}

/// Ignore rules come from the folder's own .gitignore files, never from the machine's settings.
fn walker(root: &Path, in_checkout: bool, filters: Option<&Filters>, pruned: &Pruned) -> WalkBuilder {
    let mut walker = WalkBuilder::new(root);
    walker
        .hidden(false)
        .follow_links(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(in_checkout)
        .parents(in_checkout)
        .require_git(false);
    let (top, filters, pruned) = (root.to_owned(), filters.cloned(), Arc::clone(pruned));
    walker.filter_entry(move |entry| {
        let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
        if entry.depth() == 0 || !is_directory {
            return true;
        }
        let Some(reason) = prune_reason(&top, entry.path(), filters.as_ref()) else { return true };
        pruned
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .push((entry.path().to_owned(), reason));
        false
    });
    walker
}

fn prune_reason(top: &Path, path: &Path, filters: Option<&Filters>) -> Option<SkipReason> {
    if path.file_name().is_some_and(|name| name == ".git") {
        return Some(SkipReason::IgnoredDirectory);
    }
    if path.join(".git").exists() {
        return Some(SkipReason::Submodule);
    }
    let relative = relative_bytes(top, path);
    filters.and_then(|filters| filters.judge_directory(&escape(&relative)))
}

impl Listing {
    fn add(
        &mut self,
        root: &Path,
        path: &Path,
        listed: Listed,
        limits: &SourceLimits,
    ) -> Result<(), SourceError> {
        self.entries.insert(relative_bytes(root, path), listed);
        if self.entries.len() as u64 > limits.max_entries {
            return Err(SourceError::TooManyFiles { limit: limits.max_entries });
        }
        Ok(())
    }

    /// Files that are tracked although an ignore rule names them belong to the commit.
    fn add_tracked(
        &mut self,
        root: &Path,
        checkout: Option<&Checkout>,
        limits: &SourceLimits,
    ) -> Result<(), SourceError> {
        let Some(checkout) = checkout else { return Ok(()) };
        for raw in checkout.tracked_paths() {
            let Some(path) = std::str::from_utf8(raw).ok().filter(|_| !self.entries.contains_key(raw)) else {
                continue;
            };
            let full = root.join(path);
            match full.symlink_metadata() {
                Ok(metadata) if metadata.is_file() => self.add(root, &full, Listed::File, limits)?,
                Ok(metadata) if metadata.is_symlink() => self.add(root, &full, Listed::Symlink, limits)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn relative_bytes(root: &Path, path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in path.strip_prefix(root).unwrap_or(path).components() {
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(part.as_os_str().as_encoded_bytes());
    }
    bytes
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}
