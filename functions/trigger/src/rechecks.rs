//! Looks again whether repositories are still public, and withdraws those that are not.
//!
//! Every repository with docpacks that everybody may read is looked at once a day. Of several processes one looks at
//! each: the ledger notes when that was. A repository is also withdrawn as soon as somebody orders it and GitHub no
//! longer shows it to everybody.

use std::time::Duration;

use accounts::WithdrawnBy;
use ledger::address_of;
use pipeline::{BuildOptions, Tenant};
use source::failure::SourceError;
use source::github_repository;
use source::limits::SourceLimits;
use source::spec::SourceSpec;

use crate::app::App;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::sharing::refresh_at;

/// Repositories of one round; with a round a minute that is 43,200 a day.
const MAX_LOOKS: u32 = 30;
/// When a look that failed is repeated.
const RETRY: Duration = Duration::from_secs(3_600);

/// Looks until the server stops. Does nothing on a server without accounts: nothing there is public.
pub(crate) async fn run(app: App) {
    if app.accounts().is_none() {
        return;
    }
    loop {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(app.settings().repository_look_every) => {}
        }
        if let Err(failure) = round(&app).await {
            tracing::warn!(code = failure.code, "public repositories were not looked at: {}", failure.detail);
        }
    }
}

async fn round(app: &App) -> Answered<()> {
    let (now, public) = (now(app).0, Tenant::public());
    let age = app.settings().repository_look_age.as_millis() as u64;
    let before = now.saturating_sub(age);
    for address in app.ledger().take_looks(public.as_str(), before, now, MAX_LOOKS).await? {
        if app.is_stopping() {
            break;
        }
        match is_public(app, &address).await {
            Ok(is_public) => note(app, &address, is_public).await?,
            Err(failure) => {
                tracing::info!(
                    code = failure.code,
                    "a repository will be looked at again: {}",
                    failure.detail
                );
                let due = before.saturating_sub(1) + RETRY.as_millis() as u64;
                app.ledger().set_look(public.as_str(), &address, due).await?;
            }
        }
    }
    Ok(())
}

/// Asks whether everybody may read a repository.
async fn is_public(app: &App, address: &str) -> Answered<bool> {
    let config = app.source().clone();
    let spec = SourceSpec::parse(address, &config)?;
    let looking = tokio::task::spawn_blocking(move || {
        let limits = stage_ingest::source_limits(&BuildOptions::default());
        match github_repository(&spec, &limits, &config) {
            Ok(Some(found)) => Ok(found.is_public),
            Ok(None) => match source::head(&spec, None, &limits, &config) {
                // Hosts without an API ask who it is instead of saying that there is nothing.
                Err(SourceError::Unauthorized { .. }) => Ok(false),
                found => found.map(|_| true),
            },
            Err(error) => Err(error),
        }
    });
    match looking.await.map_err(Failure::internal)? {
        Err(SourceError::RepoNotFound { .. }) => Ok(false),
        found => Ok(found?),
    }
}

/// Withdraws a repository that is no longer public, or gives one back that is public again.
///
/// What its owner or the operator withdrew stays withdrawn.
pub(crate) async fn note(app: &App, address: &str, is_public: bool) -> Answered<()> {
    let Some(accounts) = app.accounts() else { return Ok(()) };
    let withdrawal = accounts.withdrawal(address).await?;
    match (withdrawal, is_public) {
        (None, false) => accounts.withdraw(address, WithdrawnBy::Doctown, now(app).0).await?,
        (Some(withdrawal), true) if !withdrawal.was_asked_for => accounts.reinstate(address).await?,
        _ => return Ok(()),
    }
    tracing::info!(is_public, "a repository's docpacks are shown or withdrawn from now on");
    Ok(refresh_at(app.ledger(), accounts, address).await?)
}

/// Notes that GitHub shows a repository to nobody, if docpacks of it are public.
pub(crate) async fn note_absent(app: &App, spec: &SourceSpec) -> Answered<()> {
    let Some(address) = spec.repo_url(app.source()).map(|url| address_of(&url)) else { return Ok(()) };
    if app.ledger().docpacks_at(Tenant::public().as_str(), &address).await?.is_empty() {
        return Ok(());
    }
    note(app, &address, false).await
}

/// Looks at once whether everybody may read a repository, if docpacks of it are public.
pub(crate) async fn look_now(app: &App, address: &str) -> Answered<()> {
    if app.ledger().docpacks_at(Tenant::public().as_str(), address).await?.is_empty() {
        return Ok(());
    }
    let is_public = is_public(app, address).await?;
    note(app, address, is_public).await
}

/// Looks a repository up at GitHub in somebody's name.
pub(crate) async fn at_github(
    spec: &SourceSpec,
    config: source::config::SourceConfig,
) -> Answered<Option<source::GithubRepository>> {
    let spec = spec.clone();
    let asking =
        tokio::task::spawn_blocking(move || github_repository(&spec, &SourceLimits::default(), &config));
    Ok(asking.await.map_err(Failure::internal)??)
}
