//! What follows from a delivery. All of it can be done again: each step asks GitHub how things are now.

use accounts::{Delivery, Installation};
use github::{Change, Event, GithubError, InstallationChange};
use ledger::address_of;
use source::spec::SourceSpec;

use super::{Pushes, adopt, delay_ms, is_temporary, kept};
use crate::failure::Answered;
use crate::rechecks;

/// From so many repositories on the whole list is read, 100 at a time, rather than each one by itself.
const MANY: usize = 20;

/// Works on a delivery and notes what became of it.
pub(super) async fn work(pushes: Pushes<'_>, delivery: Delivery) -> Answered<()> {
    let accounts = pushes.accounts;
    if delivery.attempts > pushes.limits().max_attempts {
        return Ok(accounts.finish_delivery(&delivery, "gave_up", pushes.now()).await?);
    }
    let Ok(event) = serde_json::from_str::<Event>(&delivery.body) else {
        return Ok(accounts.finish_delivery(&delivery, "unreadable", pushes.now()).await?);
    };
    match apply(pushes, &event, delivery.received_at).await {
        Ok(outcome) => accounts.finish_delivery(&delivery, outcome, pushes.now()).await?,
        Err(failure) if is_temporary(&failure) => {
            tracing::info!(code = failure.code, "a delivery is worked on later: {}", failure.detail);
            let due_at = pushes.now() + delay_ms(delivery.attempts);
            accounts.delay_delivery(&delivery, failure.code, due_at).await?;
        }
        Err(failure) => accounts.finish_delivery(&delivery, failure.code, pushes.now()).await?,
    }
    Ok(())
}

async fn apply(pushes: Pushes<'_>, event: &Event, received_at: u64) -> Answered<&'static str> {
    match event {
        Event::Ping => Ok("pong"),
        Event::Installation { installation, change, sender } => {
            let installer = sender.filter(|_| *change == InstallationChange::Created);
            let is_begun = matches!(change, InstallationChange::Created | InstallationChange::Unsuspend);
            of_installation(pushes, *installation, installer, is_begun).await
        }
        Event::Repositories { installation, added, removed } => {
            pushes.installation(*installation).await?;
            if added.len() + removed.len() > MANY {
                adopt(pushes.app, *installation).await?;
                return Ok("repositories_listed");
            }
            // Deliveries come in any order: of each repository GitHub says whether it is there now.
            for repository in added.iter().chain(removed) {
                match pushes.repository(*installation, *repository).await? {
                    Ok((found, true)) => pushes.want(&found, pushes.now()).await?,
                    Ok((_, false)) | Err(GithubError::NotCovered | GithubError::Absent { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok("repositories_looked_up")
        }
        Event::Push { installation, repository, branch, is_default } => {
            pushes.installation(*installation).await?;
            push(pushes, (*installation, *repository), branch, *is_default, received_at).await
        }
        Event::PullRequest { installation, repository, branch, is_own } => {
            let found = pushes.installation(*installation).await?;
            pull_request(pushes, &found, *repository, branch, *is_own, received_at).await
        }
        Event::Repository { installation, repository, change, full_name } => {
            of_repository(pushes, (*installation, *repository), *change, full_name.as_deref()).await
        }
    }
}

async fn of_installation(
    pushes: Pushes<'_>,
    id: u64,
    installer: Option<u64>,
    is_begun: bool,
) -> Answered<&'static str> {
    let found = match pushes.ask(move |github| github.installation(id)).await? {
        Err(GithubError::NotInstalled) => {
            pushes.remove_installation(id).await?;
            return Ok("installation_removed");
        }
        found => found?,
    };
    let installation = kept(&found, installer);
    // Whoever installs the App before signing in finds the repositories afterwards.
    if installer.is_some() || pushes.accounts.installation(id).await?.is_some() {
        pushes.accounts.put_installation(&installation, pushes.now()).await?;
    }
    if installation.is_suspended {
        pushes.cancel_all(id).await?;
        return Ok("installation_suspended");
    }
    pushes.installation(id).await?;
    if is_begun {
        adopt(pushes.app, id).await?;
        return Ok("installed");
    }
    Ok("noted")
}

async fn push(
    pushes: Pushes<'_>,
    (installation, id): (u64, u64),
    branch: &str,
    is_default: bool,
    received_at: u64,
) -> Answered<&'static str> {
    let known = pushes.accounts.installed(installation, id).await?;
    // A repository that is new, or has another default branch than is known.
    let is_stale = known.as_ref().is_none_or(|known| is_default != (known.default_branch == branch));
    let repository = match known {
        Some(known) if !is_stale => known,
        _ => pushes.repository(installation, id).await??.0,
    };
    pushes.accounts.note_delivered(installation, id, received_at).await?;
    if !repository.is_building {
        return Ok("building_off");
    }
    if !repository.builds(branch) {
        return Ok("branch_not_built");
    }
    pushes.accounts.want_head(installation, id, branch, pushes.now()).await?;
    Ok("queued")
}

async fn pull_request(
    pushes: Pushes<'_>,
    installation: &Installation,
    id: u64,
    branch: &str,
    is_own: bool,
    received_at: u64,
) -> Answered<&'static str> {
    let repository = match pushes.accounts.installed(installation.id, id).await? {
        Some(known) => known,
        None => pushes.repository(installation.id, id).await??.0,
    };
    pushes.accounts.note_delivered(installation.id, id, received_at).await?;
    if !repository.is_building {
        return Ok("building_off");
    }
    if !repository.builds_pulls() {
        return Ok("pull_requests_off");
    }
    if !is_own {
        return Ok("pull_request_of_fork");
    }
    if !installation.may_write_pulls {
        return Ok("pull_requests_not_allowed");
    }
    pushes.accounts.want_head(installation.id, id, branch, pushes.now()).await?;
    Ok("queued")
}

/// Looks whether everybody may still see a repository, and what it is called now.
async fn of_repository(
    pushes: Pushes<'_>,
    (installation, id): (u64, u64),
    change: Change,
    full_name: Option<&str>,
) -> Answered<&'static str> {
    let before = pushes.accounts.installed(installation, id).await?;
    // What is shown to others comes first, and needs no account: names are only asked for.
    let mut names: Vec<&str> = before.iter().map(|it| it.full_name.as_str()).chain(full_name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        if let Ok(spec) = SourceSpec::parse(name, pushes.app.source())
            && let Some(url) = spec.repo_url(pushes.app.source())
        {
            rechecks::look_now(pushes.app, &address_of(&url)).await?;
        }
    }
    pushes.installation(installation).await?;
    match pushes.repository(installation, id).await? {
        Ok((now, _)) => {
            pushes.accounts.note_delivered(installation, id, pushes.now()).await?;
            if before.is_some_and(|before| before.is_private != now.is_private) {
                // It now belongs to another tenant.
                pushes.accounts.forget_built(installation, id).await?;
                pushes.want(&now, pushes.now()).await?;
            }
            Ok(match change {
                Change::Privatized => "privatized",
                Change::Publicized => "publicized",
                Change::Renamed => "renamed",
                _ => "noted",
            })
        }
        Err(GithubError::NotCovered | GithubError::Absent { .. }) => Ok("repository_removed"),
        Err(error) => Err(error.into()),
    }
}
