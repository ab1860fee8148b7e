//! From a checked place to its commit, and from there to its files.

use std::path::PathBuf;

use docpack::Digest;
use model::ingest::SourceRevision;

use crate::archive::{self, ArchiveFormat};
use crate::beneath::Root;
use crate::checkout::Checkout;
use crate::config::SourceConfig;
use crate::entry::SourceTotals;
use crate::failure::SourceError;
use crate::filter::Filters;
use crate::folder;
use crate::git::{self, TreeAt};
use crate::github::{self, Tarball};
use crate::intake::{Each, Intake, Wanted};
use crate::limits::SourceLimits;
use crate::spec::{Place, RefWish, SourceSpec, check_ref};
use crate::time::EPOCH;

/// What is known of a source before its files are read; names no local path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// https, without credentials and `.git`; a checkout's `origin`, if it has one.
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    pub commit_hash: Option<String>,
    /// RFC 3339 in UTC; the epoch without a commit.
    pub commit_time: String,
    /// A checkout whose files differ from its commit.
    pub dirty: bool,
}

impl Revision {
    pub(crate) fn none() -> Self {
        Self { repo_url: None, git_ref: None, commit_hash: None, commit_time: EPOCH.to_owned(), dirty: false }
    }
}

/// A source whose commit is fixed and whose files are still to be read.
#[derive(Debug)]
pub struct OpenedSource {
    revision: Revision,
    files: Files,
    limits: SourceLimits,
    filters: Filters,
}

#[derive(Debug)]
enum Files {
    Folder { root: Root, checkout: Option<Box<Checkout>> },
    Archive { path: PathBuf, format: ArchiveFormat },
    File(PathBuf),
    Tree(TreeAt),
    Tarball(Box<Tarball>),
}

/// What a read found, once every file was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSource {
    pub revision: SourceRevision,
    pub totals: SourceTotals,
}

/// Resolves `spec` to one commit; `git_ref` wins over a ref in the spec.
///
/// GitHub is asked for size and commit and refused as too large before anything is downloaded.
/// Another git host's commit is fetched, at depth 1, into a temporary folder that is removed with
/// the result. Local sources are only looked at.
pub fn open(
    spec: &SourceSpec,
    git_ref: Option<&str>,
    limits: SourceLimits,
    filters: Filters,
    config: &SourceConfig,
) -> Result<OpenedSource, SourceError> {
    let git_ref = git_ref.map(check_ref).transpose()?;
    let (revision, files) = match &spec.0 {
        Place::GitHub { owner, repo, wish } => {
            let (revision, tarball) = github::open(owner, repo, &wish_of(git_ref, wish), &limits, config)?;
            (revision, Files::Tarball(Box::new(tarball)))
        }
        Place::Git { url, wish } => {
            let (revision, tree) = git::open_remote(url, &wish_of(git_ref, wish), &limits, config)?;
            (revision, Files::Tree(tree))
        }
        Place::Folder(path) => open_folder(path, git_ref, &limits)?,
        Place::Archive(..) if git_ref.is_some() => {
            return Err(SourceError::RefNotApplicable { what: "an archive" });
        }
        Place::File(_) if git_ref.is_some() => return Err(SourceError::RefNotApplicable { what: "a file" }),
        Place::File(path) => (Revision::none(), Files::File(path.clone())),
        Place::Archive(path, format) => {
            (Revision::none(), Files::Archive { path: path.clone(), format: *format })
        }
    };
    Ok(OpenedSource { revision, files, limits, filters })
}

/// Finds the commit that [`open`] would read, without reading it; `None` where there is none to name.
///
/// A checkout that differs from its commit names none either.
pub fn head(
    spec: &SourceSpec,
    git_ref: Option<&str>,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<Option<String>, SourceError> {
    let git_ref = git_ref.map(check_ref).transpose()?;
    match &spec.0 {
        Place::GitHub { owner, repo, wish } => {
            let (revision, _) = github::open(owner, repo, &wish_of(git_ref, wish), limits, config)?;
            Ok(revision.commit_hash)
        }
        Place::Git { url, wish } => git::remote_head(url, &wish_of(git_ref, wish), limits, config).map(Some),
        Place::Folder(path) => {
            let (revision, _) = open_folder(path, git_ref, limits)?;
            Ok(revision.commit_hash.filter(|_| !revision.dirty))
        }
        Place::Archive(..) | Place::File(_) => Ok(None),
    }
}

/// Lists the names of a repository's tags, in no order; a local source has none.
pub fn tags(
    spec: &SourceSpec,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<Vec<String>, SourceError> {
    match &spec.0 {
        Place::GitHub { owner, repo, .. } => github::tags(owner, repo, limits, config),
        Place::Git { url, .. } => git::remote_tags(url, limits, config),
        Place::Folder(_) | Place::Archive(..) | Place::File(_) => Ok(Vec::new()),
    }
}

/// What is known of a source before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub revision: Revision,
    /// An upper bound in round numbers, where the source tells; a git host other than GitHub does not.
    pub size_bytes: Option<u64>,
    /// How large GitHub stores the repository, with all its history.
    pub stored_bytes: Option<u64>,
}

/// Finds commit and size of what [`open`] would read, and refuses what it would refuse, without reading it.
pub fn look(
    spec: &SourceSpec,
    git_ref: Option<&str>,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<Look, SourceError> {
    let checked_ref = git_ref.map(check_ref).transpose()?;
    match &spec.0 {
        Place::GitHub { owner, repo, wish } => {
            let (revision, tarball) = github::open(owner, repo, &wish_of(checked_ref, wish), limits, config)?;
            let (size_bytes, stored_bytes) = (Some(tarball.size_bytes), Some(tarball.stored_bytes));
            Ok(Look { revision, size_bytes, stored_bytes })
        }
        Place::Git { url, wish } => {
            let commit = git::remote_head(url, &wish_of(checked_ref, wish), limits, config)?;
            let repo_url = Some(url.as_str().trim_end_matches(".git").to_owned());
            let revision = Revision { repo_url, commit_hash: Some(commit), ..Revision::none() };
            Ok(Look { revision, size_bytes: None, stored_bytes: None })
        }
        Place::Folder(path) => {
            let (revision, _) = open_folder(path, checked_ref, limits)?;
            Ok(Look { revision, size_bytes: Some(folder::size_bytes(path)?), stored_bytes: None })
        }
        Place::Archive(path, _) | Place::File(path) => {
            let metadata =
                std::fs::metadata(path).map_err(|error| SourceError::unreadable("the file", error))?;
            Ok(Look { revision: Revision::none(), size_bytes: Some(metadata.len()), stored_bytes: None })
        }
    }
}

fn wish_of(git_ref: Option<String>, wish: &RefWish) -> RefWish {
    git_ref.map_or_else(|| wish.clone(), RefWish::Named)
}

fn open_folder(
    path: &std::path::Path,
    git_ref: Option<String>,
    limits: &SourceLimits,
) -> Result<(Revision, Files), SourceError> {
    let root = path.canonicalize().map_err(|error| SourceError::unreadable("the folder", error))?;
    let checkout = Checkout::find(&root)?;
    let root = folder::open(&root)?;
    match (git_ref, checkout) {
        (Some(git_ref), Some(checkout)) => {
            let (revision, tree) = checkout.at_ref(&git_ref)?;
            Ok((revision, Files::Tree(tree)))
        }
        (Some(_), None) => Err(SourceError::RefNotApplicable { what: "a folder that is not a git checkout" }),
        (None, Some(checkout)) => {
            let revision = checkout.revision(&folder::list(&root, Some(&checkout), limits)?)?;
            Ok((revision, Files::Folder { root, checkout: Some(Box::new(checkout)) }))
        }
        (None, None) => Ok((Revision::none(), Files::Folder { root, checkout: None })),
    }
}

impl OpenedSource {
    /// Returns what is known before reading.
    pub fn revision(&self) -> &Revision {
        &self.revision
    }

    /// Reads every file once and hands over an entry for each file, and for each thing left out.
    ///
    /// `wanted` sees a path and the first bytes (8 KiB at most) and decides whether the rest is read.
    /// Folders, zips, git trees and GitHub's tarballs come in byte order of their paths, other
    /// tarballs in their own order. An error may come after entries were handed over; what was
    /// handed over before it is then not a whole source.
    pub fn read(self, wanted: Wanted<'_>, each: Each<'_>) -> Result<ReadSource, SourceError> {
        let mut intake = Intake::new(&self.limits, &self.filters, wanted, each);
        match &self.files {
            Files::Folder { root, checkout } => folder::read(root, checkout.as_deref(), &mut intake)?,
            Files::Archive { path, format } => archive::read_file(path, *format, &mut intake)?,
            Files::File(path) => folder::read_one(path, &mut intake)?,
            Files::Tree(tree) => git::read_tree(tree, &mut intake)?,
            Files::Tarball(tarball) => tarball.read(&mut intake)?,
        }
        let (tree_digest, totals) = intake.finish();
        Ok(ReadSource { revision: self.revision.with_digest(tree_digest), totals })
    }
}

impl Revision {
    fn with_digest(self, tree_digest: Digest) -> SourceRevision {
        SourceRevision {
            repo_url: self.repo_url,
            git_ref: self.git_ref,
            commit_hash: self.commit_hash,
            commit_time: self.commit_time,
            tree_digest,
            dirty: self.dirty,
        }
    }
}

/// Reads an archive that lies in memory, as `open` and `read` do one on disk; for tests and fuzzing.
pub fn read_archive_bytes(
    bytes: &[u8],
    is_zip: bool,
    limits: &SourceLimits,
    filters: &Filters,
    wanted: Wanted<'_>,
    each: Each<'_>,
) -> Result<(Digest, SourceTotals), SourceError> {
    let format = if is_zip { ArchiveFormat::Zip } else { ArchiveFormat::TarGz };
    let mut intake = Intake::new(limits, filters, wanted, each);
    archive::read_bytes(bytes, format, &mut intake)?;
    Ok(intake.finish())
}
