//! A folder that is a git checkout: its commit, its remote, and whether its files still match.
//!
//! Only files are compared, byte by byte or by what git's index remembers of them. No filter,
//! hook or other program that the repository's configuration names is ever run.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::index::entry::{self, Flags, Mode, Stage};

use crate::beneath::{Kind, Root, Stat};
use crate::failure::SourceError;
use crate::folder::{self, Listed, Listing};
use crate::git::{self, TreeAt, guard};
use crate::ignored::MAX_RULE_BYTES;
use crate::opened::Revision;
use crate::spec::normalised_remote;
use crate::time::rfc3339;

/// A file whose time changed is compared by content up to this size; a larger one counts as changed.
const MAX_COMPARED_BYTES: u64 = 256 << 20;

/// Read at once while a file is compared.
const PIECE_BYTES: usize = 64 << 10;

#[derive(Debug)]
pub(crate) struct Checkout {
    git_dir: PathBuf,
    /// Holds what all worktrees of the repository share.
    common_dir: PathBuf,
    /// The top of the checkout; `prefix` leads from it to the folder that is read.
    top: Root,
    /// Bytes of the path from the repository's top to the folder, with a trailing `/` unless empty.
    prefix: Vec<u8>,
    /// By path inside the folder.
    tracked: BTreeMap<Vec<u8>, Tracked>,
    index_written_s: i64,
}

#[derive(Debug)]
struct Tracked {
    id: ObjectId,
    mode: Mode,
    stat: entry::Stat,
    is_absent: bool,
}

impl Checkout {
    /// Finds the repository around `root`; `None` when there is none or it tracks nothing in there.
    pub(crate) fn find(root: &Path) -> Result<Option<Self>, SourceError> {
        let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) else {
            return Ok(None);
        };
        // The reader of the repository would wait for a FIFO, and read a device to its end.
        guard::check(&top.join(".git"))?;
        let repo = git::open_repository(top)?;
        let index = match repo.try_index().map_err(git::broken)? {
            Some(index) => index,
            None => return Ok(None),
        };
        let prefix = prefix_of(root.strip_prefix(top).unwrap_or(Path::new("")));
        let mut tracked = BTreeMap::new();
        for entry in index.entries().iter().filter(|entry| entry.stage() == Stage::Unconflicted) {
            let path: &[u8] = entry.path(&index);
            if let Some(path) = path.strip_prefix(prefix.as_slice()) {
                let is_absent = entry.flags.contains(Flags::SKIP_WORKTREE);
                let found = Tracked { id: entry.id, mode: entry.mode, stat: entry.stat, is_absent };
                tracked.insert(path.to_vec(), found);
            }
        }
        if tracked.is_empty() {
            return Ok(None);
        }
        let index_written_s = index.timestamp().unix_seconds();
        let (git_dir, common_dir) = (repo.git_dir().to_owned(), repo.common_dir().to_owned());
        let top = folder::open(top)?;
        Ok(Some(Self { git_dir, common_dir, top, prefix, tracked, index_written_s }))
    }

    pub(crate) fn top(&self) -> &Root {
        &self.top
    }

    /// Reads `.git/info/exclude`, where there is one.
    pub(crate) fn exclude_rules(&self) -> Result<Option<Vec<u8>>, SourceError> {
        let Ok(common_dir) = Root::open(&self.common_dir) else { return Ok(None) };
        match common_dir.read_small(b"info/exclude", MAX_RULE_BYTES) {
            Ok(Some(bytes)) => Ok(Some(bytes)),
            Ok(None) => Err(SourceError::IgnoreRulesTooLarge {
                path: ".git/info/exclude".to_owned(),
                limit_bytes: MAX_RULE_BYTES,
            }),
            Err(_) => Ok(None),
        }
    }

    /// Returns the paths that git tracks in the folder, links and all, but no submodules.
    pub(crate) fn tracked_paths(&self) -> impl Iterator<Item = &[u8]> {
        let present =
            self.tracked.iter().filter(|(_, tracked)| !tracked.is_absent && tracked.mode != Mode::COMMIT);
        present.map(|(path, _)| path.as_slice())
    }

    /// Returns the commit at HEAD, and whether `listing` differs from it.
    pub(crate) fn revision(&self, listing: &Listing) -> Result<Revision, SourceError> {
        let repo = git::open_repository(&self.git_dir)?;
        let repo_url = remote_of(&repo);
        let git_ref = repo.head_name().ok().flatten().map(|name| name.shorten().to_string());
        let Ok(commit) = repo.head_commit() else {
            // Files are staged, and nothing is committed yet.
            return Ok(Revision { repo_url, git_ref, dirty: true, ..Revision::none() });
        };
        let seconds = commit.time().map_err(git::broken)?.seconds;
        let dirty = self.is_staged(&commit)? || self.is_changed(listing);
        let commit_hash = Some(commit.id.to_string());
        Ok(Revision { repo_url, git_ref, commit_hash, commit_time: rfc3339(seconds), dirty })
    }

    /// Returns another commit of the repository, to be read from its objects instead of its files.
    pub(crate) fn at_ref(&self, git_ref: &str) -> Result<(Revision, TreeAt), SourceError> {
        let repo = git::open_repository(&self.git_dir)?;
        let commit = git::find_commit(&repo, git_ref)?;
        let seconds = commit.time().map_err(git::broken)?.seconds;
        let revision = Revision {
            repo_url: remote_of(&repo),
            git_ref: Some(git_ref.to_owned()),
            commit_hash: Some(commit.id.to_string()),
            commit_time: rfc3339(seconds),
            dirty: false,
        };
        let folder = String::from_utf8_lossy(&self.prefix).trim_end_matches('/').to_owned();
        Ok((revision, TreeAt::local(self.git_dir.clone(), commit.id, folder)))
    }

    /// Compares the index with the commit.
    fn is_staged(&self, commit: &gix::Commit<'_>) -> Result<bool, SourceError> {
        let mut n_same = 0;
        let mut differs = false;
        git::walk_all(commit, &mut |path, mode, id| {
            let Some(path) = path.strip_prefix(self.prefix.as_slice()) else { return };
            match self.tracked.get(path) {
                Some(tracked) if tracked.id == id && tracked.mode.bits() == u32::from(mode.value()) => {
                    n_same += 1
                }
                _ => differs = true,
            }
        })?;
        Ok(differs || n_same != self.tracked.len())
    }

    /// Compares the files with the index, and finds files that git neither tracks nor ignores.
    fn is_changed(&self, listing: &Listing) -> bool {
        let untracked = listing.entries.iter().any(|(path, listed)| match listed {
            Listed::File | Listed::Symlink => !self.tracked.contains_key(path),
            Listed::Pruned(_) | Listed::Special | Listed::Unreadable => false,
        });
        untracked || self.tracked.iter().any(|(path, tracked)| !self.is_same(path, tracked))
    }

    fn is_same(&self, path: &[u8], tracked: &Tracked) -> bool {
        if tracked.is_absent || tracked.mode == Mode::COMMIT {
            return true;
        }
        let path = [self.prefix.as_slice(), path].concat();
        let Ok(stat) = self.top.stat(&path) else { return false };
        match (stat.kind, tracked.mode == Mode::SYMLINK) {
            (Kind::Link, true) => self.top.link_text(&path).is_ok_and(|text| is_blob(tracked.id, &text)),
            (Kind::File, false) => {
                self.is_remembered(&stat, &tracked.stat)
                    || (may_be_same(&stat, &tracked.stat) && self.has_content(&path, &stat, tracked.id))
            }
            _ => false,
        }
    }

    /// Trusts size and time as git does, unless the file changed in the second the index was written.
    fn is_remembered(&self, found: &Stat, stat: &entry::Stat) -> bool {
        let same_time = found.modified_s == u64::from(stat.mtime.secs)
            && (stat.mtime.nsecs == 0 || found.modified_ns == stat.mtime.nsecs);
        same_time
            && found.size_bytes == u64::from(stat.size)
            && i64::from(stat.mtime.secs) < self.index_written_s
    }

    /// Hashes the file piece by piece.
    fn has_content(&self, path: &[u8], stat: &Stat, id: ObjectId) -> bool {
        let hash = || -> io::Result<Option<ObjectId>> {
            let mut file = self.top.open_file(path)?.take(stat.size_bytes + 1);
            let mut hasher = gix::hash::hasher(id.kind());
            hasher.update(&gix::objs::encode::loose_header(gix::objs::Kind::Blob, stat.size_bytes));
            let (mut buffer, mut n_bytes) = (vec![0; PIECE_BYTES], 0);
            loop {
                let n_read = file.read(&mut buffer)?;
                if n_read == 0 {
                    break;
                }
                n_bytes += n_read as u64;
                hasher.update(&buffer[..n_read]);
            }
            Ok(hasher.try_finalize().ok().filter(|_| n_bytes == stat.size_bytes))
        };
        hash().is_ok_and(|found| found == Some(id))
    }
}

/// Rules out by size what need not be read: git writes a size of 0 where it does not remember one.
fn may_be_same(found: &Stat, stat: &entry::Stat) -> bool {
    found.size_bytes <= MAX_COMPARED_BYTES && (stat.size == 0 || found.size_bytes == u64::from(stat.size))
}

fn is_blob(id: ObjectId, bytes: &[u8]) -> bool {
    gix::objs::compute_hash(id.kind(), gix::objs::Kind::Blob, bytes).is_ok_and(|found| found == id)
}

fn prefix_of(relative: &Path) -> Vec<u8> {
    let mut prefix = Vec::new();
    for part in relative.components() {
        prefix.extend_from_slice(part.as_os_str().as_encoded_bytes());
        prefix.push(b'/');
    }
    prefix
}

fn remote_of(repo: &gix::Repository) -> Option<String> {
    let url = repo.config_snapshot().string("remote.origin.url")?;
    normalised_remote(&url.to_string())
}
