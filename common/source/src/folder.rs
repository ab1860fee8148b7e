//! A folder on this machine, in byte order of its paths, without what its .gitignore files name.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use docpack::Digest;

use crate::beneath::{Kind, Root, Stat};
use crate::checkout::Checkout;
use crate::entry::SkipReason;
use crate::failure::SourceError;
use crate::filter::{FilterParams, Filters};
use crate::ignored::IgnoreRules;
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
    root: &Root,
    checkout: Option<&Checkout>,
    limits: &SourceLimits,
) -> Result<Listing, SourceError> {
    walk(root, checkout, limits, None)
}

/// Reads the folder; folders that the filters rule out are not entered.
pub(crate) fn read(
    root: &Root,
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
            Listed::File => read_file(root, &raw, path, intake)?,
            Listed::Symlink => intake.link(path, &root.link_text(&raw).unwrap_or_default())?,
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
    let (folder, own_name) = beside(path).map_err(unreadable)?;
    let mut file = folder.open_file(&own_name).map_err(unreadable)?;
    let size_bytes = file.metadata().map_err(unreadable)?.len();
    intake.file(name, size_bytes, &mut file).map_err(|error| error.or_body(unreadable))
}

/// Adds up the sizes of what would be read.
pub(crate) fn size_bytes(root: &Path) -> Result<u64, SourceError> {
    let root = open(root)?;
    let listing = list_by_default(&root)?;
    let files = listing.entries.iter().filter(|(_, listed)| **listed == Listed::File);
    let sizes = files.map(|(raw, _)| root.stat(raw).map_or(0, |stat| stat.size_bytes));
    Ok(sizes.sum())
}

/// Digests names, sizes and times of what would be read, without reading it.
pub(crate) fn fingerprint(root: &Path) -> Result<Digest, SourceError> {
    let root = open(root)?;
    let mut seen = Vec::new();
    for raw in list_by_default(&root)?.entries.keys() {
        seen.extend_from_slice(raw);
        seen.extend(stamp(root.stat(raw).ok()));
    }
    Ok(Digest::of(&seen))
}

pub(crate) fn open(root: &Path) -> Result<Root, SourceError> {
    Root::open(root).map_err(|error| SourceError::unreadable("the folder", error))
}

fn list_by_default(root: &Root) -> Result<Listing, SourceError> {
    let filters = Filters::new(&FilterParams::default())?;
    walk(root, None, &SourceLimits::default(), Some(&filters))
}

/// Size and time of the last change; a file that cannot be looked at has none.
fn stamp(stat: Option<Stat>) -> Vec<u8> {
    let text = stat.map_or_else(
        || "\0\n".to_owned(),
        |stat| {
            let modified_ns = u128::from(stat.modified_s) * 1_000_000_000 + u128::from(stat.modified_ns);
            format!("\0{} {modified_ns}\n", stat.size_bytes)
        },
    );
    text.into_bytes()
}

/// Digests size and time of one file.
pub(crate) fn fingerprint_of_file(path: &Path) -> Digest {
    let stat = beside(path).and_then(|(folder, name)| folder.stat(&name));
    Digest::of(&stamp(stat.ok()))
}

/// Opens the folder of a file that the user named; links on the way to it are the user's own.
fn beside(path: &Path) -> io::Result<(Root, Vec<u8>)> {
    let path = path.canonicalize()?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    Ok((Root::open(folder)?, name.as_encoded_bytes().to_vec()))
}

fn read_file(root: &Root, raw: &[u8], path: String, intake: &mut Intake<'_>) -> Result<(), SourceError> {
    // A file may have gone, or have become something else, since it was listed.
    let opened = root.open_file(raw).and_then(|file| Ok((file.metadata()?.len(), file)));
    let Ok((size_bytes, mut file)) = opened else {
        let is_other = root.stat(raw).is_ok_and(|stat| stat.kind != Kind::File);
        return intake.skip(path, if is_other { SkipReason::SpecialFile } else { SkipReason::Unreadable });
    };
    intake
        .file(path.clone(), size_bytes, &mut file)
        .map_err(|error| error.or_body(|error| SourceError::unreadable(format!("`{path}`"), error)))
}

/// Ignore rules come from the folder's own .gitignore files, never from the machine's settings.
fn walk(
    root: &Root,
    checkout: Option<&Checkout>,
    limits: &SourceLimits,
    filters: Option<&Filters>,
) -> Result<Listing, SourceError> {
    let rules = match checkout {
        Some(checkout) => IgnoreRules::above(checkout, root.path())?,
        None => IgnoreRules::default(),
    };
    let mut walker = Walker { root, limits, filters, rules, listing: Listing::default(), n_folders: 0 };
    walker.folder(b"", 0)?;
    let mut listing = walker.listing;
    listing.add_tracked(root, checkout, limits)?;
    Ok(listing)
}

struct Walker<'a> {
    root: &'a Root,
    limits: &'a SourceLimits,
    filters: Option<&'a Filters>,
    rules: IgnoreRules,
    listing: Listing,
    n_folders: u64,
}

impl Walker<'_> {
    fn folder(&mut self, folder: &[u8], depth: usize) -> Result<(), SourceError> {
        self.n_folders += 1;
        if self.n_folders > self.limits.max_entries {
            return Err(SourceError::TooManyFiles { limit: self.limits.max_entries });
        }
        let entries = match self.root.entries(folder, self.limits.max_entries) {
            Ok(entries) => entries,
            Err(error) if folder.is_empty() => return Err(SourceError::unreadable("the folder", error)),
            Err(_) => return self.listing.add(folder.to_vec(), Listed::Unreadable, self.limits),
        };
        let has_rules = entries.iter().any(|entry| *entry == (b".gitignore".to_vec(), Kind::File));
        self.rules.enter(self.root, folder, has_rules)?;
        for (name, kind) in entries {
            // A worktree has a file of this name, which is no part of what is checked out.
            if kind != Kind::Folder && name == b".git" {
                continue;
            }
            let path = if folder.is_empty() { name } else { [folder, b"/", &name].concat() };
            if self.rules.ignore(&self.root.full(&path), kind == Kind::Folder) {
                continue;
            }
            match kind {
                Kind::Folder => match self.prune_reason(&path, depth) {
                    Some(reason) => self.listing.add(path, Listed::Pruned(reason), self.limits)?,
                    None => self.folder(&path, depth + 1)?,
                },
                Kind::File => self.listing.add(path, Listed::File, self.limits)?,
                Kind::Link => self.listing.add(path, Listed::Symlink, self.limits)?,
                Kind::Special => self.listing.add(path, Listed::Special, self.limits)?,
            }
        }
        self.rules.leave();
        Ok(())
    }

    fn prune_reason(&self, path: &[u8], depth: usize) -> Option<SkipReason> {
        if path == b".git" || path.ends_with(b"/.git") {
            return Some(SkipReason::IgnoredDirectory);
        }
        if self.root.stat(&[path, b"/.git"].concat()).is_ok() {
            return Some(SkipReason::Submodule);
        }
        // No file below it could be read: see `SourcePath`.
        if depth + 1 >= self.limits.max_path_depth {
            return Some(SkipReason::UnsupportedPath);
        }
        self.filters.and_then(|filters| filters.judge_directory(&escape(path)))
    }
}

impl Listing {
    fn add(&mut self, path: Vec<u8>, listed: Listed, limits: &SourceLimits) -> Result<(), SourceError> {
        self.entries.insert(path, listed);
        if self.entries.len() as u64 > limits.max_entries {
            return Err(SourceError::TooManyFiles { limit: limits.max_entries });
        }
        Ok(())
    }

    /// Files that are tracked although an ignore rule names them belong to the commit.
    fn add_tracked(
        &mut self,
        root: &Root,
        checkout: Option<&Checkout>,
        limits: &SourceLimits,
    ) -> Result<(), SourceError> {
        let Some(checkout) = checkout else { return Ok(()) };
        for raw in checkout.tracked_paths() {
            if self.entries.contains_key(raw) {
                continue;
            }
            match root.stat(raw).map(|stat| stat.kind) {
                Ok(Kind::File) => self.add(raw.to_vec(), Listed::File, limits)?,
                Ok(Kind::Link) => self.add(raw.to_vec(), Listed::Symlink, limits)?,
                // What lies behind a linked folder is not in this one.
                Ok(Kind::Folder | Kind::Special) | Err(_) => {}
            }
        }
        Ok(())
    }
}
