//! `/v1/github/webhook` and `/v1/me/repositories`: what GitHub tells, and what is built of it.

use accounts::{Added, Installation, InstalledRepository, NewDelivery};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use docpack::Digest;
use github::{MAX_DELIVERY_BYTES, WebhookSecrets, read_event};
use pipeline::Timestamp;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::pushes::{self, PushApp};
use crate::routes::me::of;
use crate::wire::{BuiltBranch, InstalledRepositories, RepositoryChoice, RepositorySummary};

/// A delivery of more than this waits for one of a few places.
const SMALL_BYTES: usize = 1_000_000;
const MAX_GUID_CHARS: usize = 100;
const MAX_BRANCHES: usize = 20;
const MAX_BRANCH_CHARS: usize = 255;

/// Stores a delivery. What follows from it is done afterwards, so that GitHub has its answer at once.
pub(super) async fn receive(State(app): State<App>, headers: HeaderMap, body: Body) -> Answered<StatusCode> {
    let (accounts, push) = (of(&app)?, push_app(&app)?);
    if push.secrets.is_empty() {
        return Err(Failure::new(
            codes::NO_GITHUB_APP,
            "no secret is set that deliveries could be signed with",
        ));
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let unsigned = || Failure::new(codes::INVALID_SIGNATURE, "the header `X-Hub-Signature-256` does not fit");
    let signature = text("x-hub-signature-256");
    if !WebhookSecrets::is_signature(signature) {
        return Err(unsigned());
    }
    let n_bytes = text(header::CONTENT_LENGTH.as_str()).parse().unwrap_or(usize::MAX);
    let _place = match n_bytes > SMALL_BYTES {
        true => Some(app.large_deliveries().try_acquire().map_err(|_| {
            Failure::new(codes::TOO_MANY_DELIVERIES, "other large deliveries are being read").retry_after(5)
        })?),
        false => None,
    };
    let too_large = format!("the limit is {MAX_DELIVERY_BYTES} bytes");
    let bytes = to_bytes(body, n_bytes.min(MAX_DELIVERY_BYTES))
        .await
        .map_err(|_| Failure::new(codes::BODY_TOO_LARGE, too_large))?;
    push.secrets.check(&bytes, signature).map_err(|_| unsigned())?;
    // From here on GitHub speaks.
    let guid = text("x-github-delivery");
    if !(1..=MAX_GUID_CHARS).contains(&guid.len()) || !guid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::new(codes::INVALID_REQUEST, "the header `X-GitHub-Delivery` is missing"));
    }
    let name = text("x-github-event");
    let event =
        read_event(name, &bytes).map_err(|error| Failure::new(codes::INVALID_REQUEST, error.to_string()))?;
    let Some(event) = event else { return Ok(StatusCode::NO_CONTENT) };
    let delivery = NewDelivery {
        guid: guid.to_owned(),
        event: name.to_owned(),
        installation: event.installation(),
        repository: event.repository(),
        body_sha256: Digest::of(&bytes).hex(),
        body: serde_json::to_string(&event).map_err(Failure::internal)?,
    };
    match accounts.add_delivery(&delivery, now(&app).0).await? {
        Added::New => app.deliveries().notify_one(),
        Added::Again => {}
        Added::OtherBody => {
            return Err(Failure::new(codes::DELIVERY_REUSED, "a delivery with this id had another body"));
        }
    }
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answered<Json<InstalledRepositories>> {
    let accounts = of(&app)?;
    push_app(&app)?;
    let account = caller.person()?.account.as_str();
    // Somebody who installed the App before signing in for the first time.
    for installation in accounts.installations_of(account).await? {
        if !installation.is_suspended && accounts.installed_at(installation.id).await?.is_empty() {
            // What GitHub does not say now is found out by the daily comparison.
            let _ = pushes::adopt(&app, installation.id).await;
        }
    }
    let mut items = Vec::new();
    for (installation, repository) in accounts.installed_of(account).await? {
        items.push(shown(&app, &installation, repository).await?);
    }
    let install_url = app.install_url().await.map(str::to_owned);
    Ok(Json(InstalledRepositories { install_url, items }))
}

pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answered<Json<RepositorySummary>> {
    let choice: RepositoryChoice = json(&headers, body, None).await?;
    let branches = choice.branches.map(checked).transpose()?;
    let (accounts, (installation, repository)) = (of(&app)?, own(&app, &caller, &id).await?);
    let (at, id) = (installation.id, repository.id);
    let choice = accounts::RepositoryChoice {
        branches,
        is_building: choice.is_building,
        fails_on: choice.fails_on.map_or(repository.fails_on.clone(), |gates| pushes::words(&gates)),
        comments: choice.comments_on_pulls.unwrap_or(repository.comments),
    };
    accounts.choose(at, id, &choice).await?;
    want(&app, at, id).await?;
    let chosen = accounts.installed(at, id).await?.unwrap_or(repository);
    Ok(Json(shown(&app, &installation, chosen).await?))
}

pub(super) async fn rebuild(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    let (accounts, (installation, repository)) = (of(&app)?, own(&app, &caller, &id).await?);
    accounts.forget_built(installation.id, repository.id).await?;
    want(&app, installation.id, repository.id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Has the chosen branches looked at.
async fn want(app: &App, installation: u64, repository: u64) -> Answered<()> {
    let accounts = of(app)?;
    let Some(found) = accounts.installed(installation, repository).await? else { return Ok(()) };
    if found.is_building {
        for branch in found.built_branches() {
            accounts.want_head(installation, repository, &branch, now(app).0).await?;
        }
        app.deliveries().notify_one();
    }
    Ok(())
}

fn push_app(app: &App) -> Answered<&PushApp> {
    app.push_app().ok_or_else(|| Failure::new(codes::NO_GITHUB_APP, "no App is set"))
}

/// Finds a repository whose jobs are made for the caller's account.
async fn own(app: &App, caller: &Caller, id: &str) -> Answered<(Installation, InstalledRepository)> {
    push_app(app)?;
    let account = caller.person()?.account.as_str();
    let of_account = of(app)?.installed_of(account).await?;
    let mut found = of_account.into_iter().filter(|(_, repository)| repository.id.to_string() == id);
    let missing = || Failure::new(codes::NO_SUCH_REPOSITORY, "no installation of the App has it");
    found.next().ok_or_else(missing)
}

fn checked(branches: Vec<String>) -> Answered<Vec<String>> {
    let refused = |detail: &str| Failure::field(codes::INVALID_FIELD, "/branches", detail);
    if !(1..=MAX_BRANCHES).contains(&branches.len()) {
        return Err(refused("expected 1 to 20 branches, or null for the default branch"));
    }
    let is_name = |name: &String| {
        (1..=MAX_BRANCH_CHARS).contains(&name.chars().count())
            && !name.contains(|c: char| c.is_control() || c == ' ')
    };
    match branches.iter().all(is_name) {
        true => Ok(branches),
        false => Err(refused("a branch has 1 to 255 characters, without spaces")),
    }
}

async fn shown(
    app: &App,
    installation: &Installation,
    repository: InstalledRepository,
) -> Answered<RepositorySummary> {
    let built_branches = repository.built_branches();
    let heads = of(app)?.heads(installation.id, repository.id).await?;
    let mut branches = Vec::new();
    for name in &built_branches {
        let head = heads.iter().find(|head| head.branch == *name);
        let built = head.and_then(|head| head.built.as_ref());
        let row = match built {
            Some(built) => app.ledger().job(&built.owner, &built.job).await?,
            None => None,
        };
        branches.push(BuiltBranch {
            name: name.clone(),
            commit_hash: built.map(|built| built.commit.clone()),
            docpack_id: row.and_then(|row| row.docpack_id),
            built_at: built.map(|built| Timestamp(built.at)),
            job_id: head.and_then(|head| head.job.as_ref()).map(|(job, _)| job.clone()),
            outcome: head.and_then(|head| head.outcome.clone()),
        });
    }
    let fails_on = pushes::gates(&repository);
    Ok(RepositorySummary {
        repository_id: repository.id.to_string(),
        full_name: repository.full_name,
        is_private: repository.is_private,
        default_branch: repository.default_branch,
        follows_default_branch: repository.branches.is_none(),
        is_building: repository.is_building,
        is_suspended: installation.is_suspended,
        has_check_runs: installation.may_write_checks,
        fails_on,
        comments_on_pulls: repository.comments,
        has_pulls: installation.may_write_pulls,
        delivered_at: repository.delivered_at.map(Timestamp),
        branches,
    })
}
