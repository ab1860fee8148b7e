//! The one door every entry passes, wherever it came from: order of rules, limits, totals, digest.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Read};
use std::ops::ControlFlow;

use docpack::Digest;
use sha2::{Digest as _, Sha256};

use crate::content::{HEAD_BYTES, judge_head, judge_text};
use crate::entry::{Entry, SkipReason, SourceTotals};
use crate::failure::SourceError;
use crate::filter::Filters;
use crate::limits::SourceLimits;
use crate::path::SourcePath;

/// Tells by path and first bytes whether the caller wants a file.
pub type Wanted<'a> = &'a dyn Fn(&str, &[u8]) -> bool;

/// Takes each entry; `Break` ends the read with [`SourceError::Interrupted`].
pub type Each<'a> = &'a mut dyn FnMut(Entry) -> ControlFlow<()>;

pub(crate) struct Intake<'a> {
    limits: &'a SourceLimits,
    filters: &'a Filters,
    wanted: Wanted<'a>,
    each: Each<'a>,
    /// Digests of the paths seen, cut to 128 bits: names alone could take a gigabyte.
    seen: HashSet<[u8; 16]>,
    skipped_directories: BTreeSet<String>,
    kept_directories: BTreeSet<String>,
    files: BTreeMap<String, (u64, Digest)>,
    totals: SourceTotals,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(
        limits: &'a SourceLimits,
        filters: &'a Filters,
        wanted: Wanted<'a>,
        each: Each<'a>,
    ) -> Self {
        Self {
            limits,
            filters,
            wanted,
            each,
            seen: HashSet::new(),
            skipped_directories: BTreeSet::new(),
            kept_directories: BTreeSet::new(),
            files: BTreeMap::new(),
            totals: SourceTotals::default(),
        }
    }

    pub(crate) fn filters(&self) -> &'a Filters {
        self.filters
    }

    pub(crate) fn limits(&self) -> &'a SourceLimits {
        self.limits
    }

    /// Admits an entry by its path; returns it when its content is worth looking at.
    ///
    /// Counts it, refuses a path that came before, and lists what the path alone rules out.
    pub(crate) fn admit(&mut self, raw: &[u8]) -> Result<Option<String>, SourceError> {
        self.totals.n_entries += 1;
        if self.totals.n_entries > self.limits.max_entries {
            return Err(SourceError::TooManyFiles { limit: self.limits.max_entries });
        }
        let path = match SourcePath::parse(raw, self.limits) {
            SourcePath::Clean(path) => path,
            SourcePath::Root => return Ok(None),
            SourcePath::Unsupported(shown) => {
                self.skip(shown, SkipReason::UnsupportedPath)?;
                return Ok(None);
            }
        };
        if !self.seen.insert(short_digest(&path)) {
            return Err(SourceError::ArchiveDuplicate { path: Some(path) });
        }
        if self.is_in_skipped_directory(&path)? {
            return Ok(None);
        }
        match self.filters.judge_file(&path) {
            Some(reason) => self.skip(path, reason).map(|()| None),
            None => Ok(Some(path)),
        }
    }

    /// Judges a folder; lists it once and returns false when nothing below it is wanted.
    pub(crate) fn enter(&mut self, path: &str) -> Result<bool, SourceError> {
        if self.kept_directories.contains(path) {
            return Ok(true);
        }
        if self.skipped_directories.contains(path) {
            return Ok(false);
        }
        match self.filters.judge_directory(path) {
            Some(reason) => {
                self.skipped_directories.insert(path.to_owned());
                self.skip(format!("{path}/"), reason)?;
                Ok(false)
            }
            None => {
                self.kept_directories.insert(path.to_owned());
                Ok(true)
            }
        }
    }

    /// Lists something as left out.
    pub(crate) fn skip(&mut self, path: String, reason: SkipReason) -> Result<(), SourceError> {
        self.totals.n_skipped += 1;
        self.hand_over(Entry::Skipped { path, reason })
    }

    /// Lists a link as left out; a README says which file of the source it stands for.
    pub(crate) fn link(&mut self, path: String, target: &[u8]) -> Result<(), SourceError> {
        let target = linked(&path, target).filter(|_| is_readme(&path));
        self.skip(path.clone(), SkipReason::Symlink)?;
        target.map_or(Ok(()), |target| self.hand_over(Entry::Link { path, target }))
    }

    /// Judges an admitted file by its content, and hands it over when it passes.
    ///
    /// `size_bytes` is what the source claims; no more than that plus one byte is ever read.
    pub(crate) fn file(
        &mut self,
        path: String,
        size_bytes: u64,
        body: &mut dyn Read,
    ) -> Result<(), IntakeError> {
        if size_bytes > self.limits.max_file_bytes {
            return Ok(self.skip(path, SkipReason::TooLarge)?);
        }
        let mut bytes = Vec::new();
        body.take(HEAD_BYTES as u64).read_to_end(&mut bytes)?;
        if let Some(reason) = judge_head(&bytes) {
            return Ok(self.skip(path, reason)?);
        }
        if !(self.wanted)(&path, &bytes) {
            return Ok(self.skip(path, SkipReason::UnsupportedLanguage)?);
        }
        // The claim is a hint for the allocation only once it is known to be small.
        bytes.reserve(usize::try_from(size_bytes).unwrap_or(0).saturating_sub(bytes.len()));
        let rest_bytes = (self.limits.max_file_bytes + 1).saturating_sub(bytes.len() as u64);
        body.take(rest_bytes).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.limits.max_file_bytes {
            return Ok(self.skip(path, SkipReason::TooLarge)?);
        }
        match judge_text(&bytes, self.filters.default_filters()) {
            Some(reason) => Ok(self.skip(path, reason)?),
            None => Ok(self.keep(path, bytes)?),
        }
    }

    /// Ends the intake: the digest over all files kept, and the counts.
    pub(crate) fn finish(self) -> (Digest, SourceTotals) {
        (tree_digest(&self.files), self.totals)
    }

    fn keep(&mut self, path: String, bytes: Vec<u8>) -> Result<(), SourceError> {
        let size_bytes = bytes.len() as u64;
        self.totals.n_files += 1;
        self.totals.n_bytes += size_bytes;
        if self.totals.n_bytes > self.limits.max_total_bytes {
            return Err(SourceError::RepoTooLarge {
                what: "source so far",
                size_bytes: self.totals.n_bytes,
                limit_bytes: self.limits.max_total_bytes,
            });
        }
        let sha256 = Digest::of(&bytes);
        self.files.insert(path.clone(), (size_bytes, sha256));
        self.hand_over(Entry::File { path, bytes, sha256 })
    }

    fn hand_over(&mut self, entry: Entry) -> Result<(), SourceError> {
        match (self.each)(entry) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(SourceError::Interrupted),
        }
    }

    fn is_in_skipped_directory(&mut self, path: &str) -> Result<bool, SourceError> {
        for (end, _) in path.match_indices('/') {
            if !self.enter(&path[..end])? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Reading the source failed, or what was read is refused.
#[derive(Debug)]
pub(crate) enum IntakeError {
    Body(io::Error),
    Refused(SourceError),
}

impl IntakeError {
    /// Turns a failed read into what it means for this kind of source.
    pub(crate) fn or_body(self, meaning: impl FnOnce(io::Error) -> SourceError) -> SourceError {
        match self {
            Self::Body(error) => meaning(error),
            Self::Refused(error) => error,
        }
    }
}

impl From<io::Error> for IntakeError {
    fn from(error: io::Error) -> Self {
        Self::Body(error)
    }
}

impl From<SourceError> for IntakeError {
    fn from(error: SourceError) -> Self {
        Self::Refused(error)
    }
}

fn short_digest(path: &str) -> [u8; 16] {
    let digest = Digest::of(path.as_bytes()).0;
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

/// Hashes every kept file in byte order of paths.
///
/// The text hashed is `doctown-tree/1\n` and then, for each file: its path's length in bytes and its
/// size, both as little-endian u64, the path, and the 32 bytes of its content's SHA-256.
fn tree_digest(files: &BTreeMap<String, (u64, Digest)>) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(b"doctown-tree/1\n");
    for (path, (size_bytes, sha256)) in files {
        hasher.update((path.len() as u64).to_le_bytes());
        hasher.update(size_bytes.to_le_bytes());
        hasher.update(path.as_bytes());
        hasher.update(sha256.0);
    }
    Digest(hasher.finalize().into())
}

fn is_readme(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.split('.').next() == Some("readme")
}

/// The path that a link leads to, by its text alone; `None` where that is outside of the source.
fn linked(path: &str, target: &[u8]) -> Option<String> {
    let target =
        std::str::from_utf8(target).ok().filter(|it| !it.is_empty() && !it.starts_with(['/', '\\']))?;
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
