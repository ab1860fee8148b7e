//! A folder that is a git checkout: its commit, its remote, and whether its files still match.
//!
//! Only files are compared, byte by byte or by what git's index remembers of them. No filter,
//! hook or other program that the repository's configuration names is ever run.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use gix::ObjectId;
use gix::index::entry::{Flags, Mode, Stage, Stat};

use crate::failure::SourceError;
use crate::folder::{Listed, Listing};
use crate::git::{self, TreeAt};
use crate::opened::Revision;
use crate::spec::normalised_remote;
use crate::time::rfc3339;

#[derive(Debug)]
pub(crate) struct Checkout {
    git_dir: PathBuf,
    root: PathBuf,
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
    stat: Stat,
    is_absent: bool,
}

impl Checkout {
    /// Finds the repository around `root`; `None` when there is none or it tracks nothing in there.
    pub(crate) fn find(root: &Path) -> Result<Option<Self>, SourceError> {
        let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) else {
            return Ok(None);
        };
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
        let git_dir = repo.git_dir().to_owned();
        Ok(Some(Self { git_dir, root: root.to_owned(), prefix, tracked, index_written_s }))
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
        let Some(path) = std::str::from_utf8(path).ok().map(|path| self.root.join(path)) else {
            return true;
        };
        let Ok(metadata) = path.symlink_metadata() else { return false };
        if tracked.mode == Mode::SYMLINK {
            let target = std::fs::read_link(&path).unwrap_or_default();
            return metadata.is_symlink() && is_blob(tracked.id, target.as_os_str().as_encoded_bytes());
        }
        metadata.is_file()
            && (self.is_remembered(&metadata, &tracked.stat)
                || std::fs::read(&path).is_ok_and(|bytes| is_blob(tracked.id, &bytes)))
    }

    /// Trusts size and time as git does, unless the file changed in the second the index was written.
    fn is_remembered(&self, metadata: &Metadata, stat: &Stat) -> bool {
        let Some(modified) = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        else {
            return false;
        };
        let same_time = modified.as_secs() == u64::from(stat.mtime.secs)
            && (stat.mtime.nsecs == 0 || modified.subsec_nanos() == stat.mtime.nsecs);
        same_time
            && metadata.len() == u64::from(stat.size)
            && i64::from(stat.mtime.secs) < self.index_written_s
    }
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
