//! Git repositories: commits found locally or fetched, and their trees read without a checkout.

pub(crate) mod guard;
mod remote;
mod tree;
mod wire;

use std::path::{Path, PathBuf};

use gix::ObjectId;
use tempfile::TempDir;

pub(crate) use remote::{open_remote, remote_head, remote_tags};
pub(crate) use tree::{read_tree, walk_all};

use crate::failure::SourceError;
use crate::spec::is_full_hash;

/// A commit whose objects are at hand.
#[derive(Debug)]
pub(crate) struct TreeAt {
    git_dir: PathBuf,
    commit: ObjectId,
    /// The folder that counts as the root; empty for the whole tree.
    folder: String,
    /// The host that objects were fetched from, and their folder, which is removed with this.
    fetched: Option<(String, TempDir)>,
}

impl TreeAt {
    pub(crate) fn local(git_dir: PathBuf, commit: ObjectId, folder: String) -> Self {
        Self { git_dir, commit, folder, fetched: None }
    }

    pub(crate) fn fetched(folder: TempDir, commit: ObjectId, host: String) -> Self {
        let git_dir = folder.path().to_owned();
        Self { git_dir, commit, folder: String::new(), fetched: Some((host, folder)) }
    }

    /// Blames damaged objects on the host that sent them; objects of this machine stay unreadable.
    fn blame(&self, error: SourceError) -> SourceError {
        match (&self.fetched, error) {
            (Some((host, _)), SourceError::Unreadable { reason, .. }) => {
                SourceError::protocol(host, format!("its repository is damaged: {reason}"))
            }
            (_, error) => error,
        }
    }
}

/// Opens a repository with its own settings only: nothing of the user's or the machine's.
pub(crate) fn open_repository(path: &Path) -> Result<gix::Repository, SourceError> {
    gix::open_opts(path, gix::open::Options::isolated()).map_err(broken)
}

pub(crate) fn broken(error: impl ToString) -> SourceError {
    SourceError::unreadable("the git repository", error)
}

/// Finds a commit by full hash, branch or tag; a hash wins over a branch of that name.
pub(crate) fn find_commit<'a>(
    repo: &'a gix::Repository,
    git_ref: &str,
) -> Result<gix::Commit<'a>, SourceError> {
    let missing =
        || SourceError::RefNotFound { repo: "the checkout".to_owned(), git_ref: git_ref.to_owned() };
    if is_full_hash(git_ref)
        && let Ok(id) = ObjectId::from_hex(git_ref.to_ascii_lowercase().as_bytes())
        && let Ok(object) = repo.find_object(id)
    {
        return object.peel_to_commit().map_err(|_| missing());
    }
    let names = [git_ref.to_owned(), format!("refs/remotes/origin/{git_ref}")];
    for name in names {
        if let Ok(Some(mut reference)) = repo.try_find_reference(name.as_str()) {
            return reference.peel_to_commit().map_err(|_| missing());
        }
    }
    Err(missing())
}
