//! Turns a repository URL, folder or archive into a stream of files.
//!
//! In: the user's input, limits, filters and a configuration. Out: the resolved revision, then one
//! [`entry::Entry`] per file: its bytes, or the reason why it was skipped. Nothing is unpacked to
//! disk, nothing in a repository is executed (no hooks, filters, submodules or LFS downloads), and
//! every size is bounded before it is allocated.
//!
//! GitHub is read through its API and the tarball of the resolved commit, other hosts through git's
//! smart HTTP protocol at depth 1, folders and archives in place. The same files give the same
//! tree digest, whatever their origin.
//!
//! This crate deliberately does not know languages (the caller chooses the files to read), does not
//! retry (the caller's attempt loop does, see [`failure::SourceError::is_retryable`]), and reads no
//! environment. It blocks: call it from a thread that may.
//!
//! ```no_run
//! use doctown_source as source;
//! use std::ops::ControlFlow;
//!
//! # fn main() -> Result<(), source::failure::SourceError> {
//! let config = source::config::SourceConfig::default();
//! let spec = source::spec::SourceSpec::parse("owner/repo", &config)?;
//! let limits = source::limits::SourceLimits::default();
//! let filters = source::filter::Filters::new(&Default::default())?;
//! let opened = source::open(&spec, None, limits, filters, &config)?;
//! let read = opened.read(&|path, _head| path.ends_with(".rs"), &mut |entry| {
//!     tracing::info!("{}", entry.path());
//!     ControlFlow::Continue(())
//! })?;
//! tracing::info!("{} files, {}", read.totals.n_files, read.revision.tree_digest);
//! # Ok(())
//! # }
//! ```

pub mod api;
mod archive;
mod beneath;
mod checkout;
pub mod config;
mod content;
pub mod entry;
pub mod failure;
pub mod filter;
mod folder;
mod git;
mod github;
mod http;
mod ignored;
mod intake;
pub mod limits;
mod network;
mod opened;
mod path;
pub mod post;
pub mod sign_in;
pub mod spec;
#[cfg(feature = "test-server")]
pub mod testserver;
mod time;

pub use github::{GithubRepository, github_repository};
pub use intake::{Each, Wanted};
pub use opened::{Look, OpenedSource, ReadSource, Revision, head, look, open, read_archive_bytes, tags};
