//! Compares everything with GitHub once a day: what no delivery told is found out here.

use std::collections::BTreeSet;

use github::{GithubError, Repository, installed_repositories};
use pipeline::Timestamp;

use super::{Pushes, installed, kept};
use crate::app::App;
use crate::failure::{Answered, Failure};

const ROUND: &str = "github";
/// GitHub keeps deliveries for three days.
const DELIVERIES_MS: u64 = 3 * 24 * 3_600_000;
/// When a comparison that was cut short is repeated.
const RETRY_MS: u64 = 3_600_000;
/// Repositories of an installation that are looked at right away.
const N_AT_ONCE: usize = 10;
/// Deliveries that GitHub is asked to repeat, in one comparison.
const MAX_REDELIVERIES: usize = 200;

/// Compares, where that is due; of several processes one does.
pub(super) async fn reconcile_if_due(pushes: Pushes<'_>) -> Answered<()> {
    let (now, every) = (pushes.now(), pushes.limits().reconcile_every.as_millis() as u64);
    let before = now.saturating_sub(every);
    // Until it is done it counts as one that is due in an hour, so that a crash does not put it off for a day.
    if !pushes.accounts.take_round(ROUND, before, before.saturating_add(RETRY_MS.min(every))).await? {
        return Ok(());
    }
    match reconcile(pushes).await {
        Ok(()) => pushes.accounts.set_round(ROUND, now).await?,
        Err(failure) => {
            tracing::warn!(
                code = failure.code,
                "the comparison with GitHub was cut short: {}",
                failure.detail
            );
        }
    }
    Ok(())
}

async fn reconcile(pushes: Pushes<'_>) -> Answered<()> {
    let at_github = pushes.ask(|github| github.installations()).await??;
    let listed: BTreeSet<u64> = at_github.iter().map(|it| it.id).collect();
    for known in pushes.accounts.installations().await? {
        if !listed.contains(&known.id) {
            pushes.remove_installation(known.id).await?;
        }
    }
    for found in at_github {
        let installation = kept(&found, None);
        // Who installed it may be known from a delivery.
        let is_known = pushes.accounts.installation(found.id).await?.is_some();
        if is_known || pushes.accounts.account_of_installation(&installation).await?.is_some() {
            pushes.accounts.put_installation(&installation, pushes.now()).await?;
            if !installation.is_suspended {
                list(pushes, found.id).await?;
            }
        }
    }
    redeliver(pushes).await
}

/// Asks for deliveries that never came.
async fn redeliver(pushes: Pushes<'_>) -> Answered<()> {
    if pushes.github.secrets.is_empty() {
        return Ok(());
    }
    let since = Timestamp(pushes.now().saturating_sub(DELIVERIES_MS)).to_string();
    let failed = pushes.ask(move |github| github.failed_deliveries(&since)).await??;
    let mut n_asked = 0;
    for delivery in failed {
        if n_asked < MAX_REDELIVERIES && !pushes.accounts.has_delivery(&delivery.guid).await? {
            n_asked += 1;
            pushes.ask(move |github| github.redeliver(delivery.id)).await??;
        }
    }
    Ok(())
}

/// Takes over every repository of an installation, and builds those whose head is not built yet.
pub(crate) async fn adopt(app: &App, installation: u64) -> Answered<()> {
    let (Some(accounts), Some(github)) = (app.accounts(), app.push_app()) else { return Ok(()) };
    list(Pushes { app, accounts, github }, installation).await
}

async fn list(pushes: Pushes<'_>, installation: u64) -> Answered<()> {
    let listing = pushes.ask(move |github| {
        let mut all: Vec<Repository> = Vec::new();
        installed_repositories(github, installation, |page| {
            all.extend(page);
            true
        })?;
        Ok(all)
    });
    let all = match listing.await? {
        // The App was uninstalled a moment ago; a delivery says so too.
        Err(GithubError::NotInstalled) => return pushes.remove_installation(installation).await,
        listed => listed?,
    };
    let listed: BTreeSet<u64> = all.iter().map(|it| it.id).collect();
    for known in pushes.accounts.installed_at(installation).await? {
        if !listed.contains(&known.id) {
            pushes.remove_repository(installation, known.id).await?;
        }
    }
    let spacing = pushes.limits().spacing.as_millis() as u64;
    for (n, found) in all.iter().enumerate() {
        pushes.accounts.put_installed(&installed(installation, found)).await?;
        let Some(kept) = pushes.accounts.installed(installation, found.id).await? else { continue };
        // A few begin at once; those of a large organisation come one by one, so that others get their turn.
        let later = spacing.saturating_mul(n.saturating_sub(N_AT_ONCE) as u64);
        if !found.is_archived || !is_built(pushes, installation, found.id).await? {
            pushes.want(&kept, pushes.now() + later).await?;
        }
    }
    Ok(())
}

/// Reports whether a repository was ever built: an archived one does not change any more.
async fn is_built(pushes: Pushes<'_>, installation: u64, repository: u64) -> Result<bool, Failure> {
    let heads = pushes.accounts.heads(installation, repository).await?;
    Ok(heads.iter().any(|head| head.built.is_some()))
}
