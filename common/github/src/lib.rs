//! A GitHub App: its tokens, its deliveries, what it is told and what it answers.
//!
//! In: the App's client id and private key, and the secrets that deliveries are signed with. Out: tokens that read one
//! repository, repositories as GitHub shows them, deliveries as typed values, check runs, comments on pull requests, and
//! a new App out of a manifest. What a delivery says is a hint; whoever acts on it asks GitHub first, with a token of the
//! installation that the delivery names.
//!
//! This crate knows no account and no job, keeps nothing, and never retries but for a wrong clock. It blocks.

mod app;
mod checks;
mod deliveries;
mod events;
mod key;
mod manifest;
mod pulls;
mod repositories;
mod webhook;

use source::failure::SourceError;

pub use app::{App, AppIdentity, Installation, Permissions};
pub use checks::{CHECK_NAME, CheckRun, Conclusion};
pub use deliveries::FailedDelivery;
pub use events::{Change, Event, EventError, InstallationChange, read_event};
pub use key::{AppKey, KeyError};
pub use manifest::{ConvertError, CreatedApp, MAX_NAME_CHARS, Manifest, convert};
pub use pulls::{Pull, merge_base, open_pulls};
pub use repositories::{Repository, branch_head, installed_repositories, repository};
pub use webhook::{MAX_DELIVERY_BYTES, WebhookSecrets, WrongSignature};

/// Why GitHub gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GithubError {
    #[error(transparent)]
    Source(#[from] SourceError),
    /// GitHub does not take the App's client id and key.
    #[error("GitHub does not know the App by its client id and private key")]
    AppRefused,
    /// Whoever owns the installation, or GitHub, has suspended it.
    #[error("the installation of the GitHub App is suspended")]
    Suspended,
    /// The App was uninstalled.
    #[error("the GitHub App is not installed there any more")]
    NotInstalled,
    /// The installation does not reach the repository, or lacks the permission.
    #[error(
        "the installation of the GitHub App does not reach this repository, or lacks a permission for it"
    )]
    NotCovered,
    /// There is no such thing at GitHub, or it is not shown.
    #[error("GitHub shows no {what}")]
    Absent { what: &'static str },
    /// GitHub did not take the token.
    #[error("GitHub does not take the token of the installation")]
    TokenRefused,
}

impl GithubError {
    /// Returns the stable code of a job that ends with this.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(error) => error.code(),
            Self::AppRefused => "github_app_refused",
            Self::Suspended => "installation_suspended",
            Self::NotInstalled => "installation_removed",
            Self::NotCovered => "repository_not_installed",
            Self::Absent { .. } => "repo_not_found",
            Self::TokenRefused => "installation_token_refused",
        }
    }

    /// Reports whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Source(error) => error.is_retryable(),
            Self::TokenRefused => true,
            _ => false,
        }
    }
}
