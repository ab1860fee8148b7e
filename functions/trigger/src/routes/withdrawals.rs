//! `/v1/withdrawals`: repositories whose owners want nobody to be shown their docpacks.

use accounts::WithdrawnBy;
use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use ledger::address_of;
use pipeline::Timestamp;
use source::GithubRepository;
use source::spec::SourceSpec;

use crate::app::App;
use crate::caller::{Caller, Person};
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::{Query, json};
use crate::rechecks::at_github;
use crate::routes::me::of;
use crate::sharing::refresh_at;
use crate::wire::{WithdrawalRequest, WithdrawalSummary, Withdrawals};

const MAX_URL_CHARS: usize = 2048;

pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answered<Json<Withdrawals>> {
    let listed = of(&app)?.withdrawals(caller.person()?.account.as_str()).await?;
    let items = listed
        .into_iter()
        .map(|it| WithdrawalSummary { repo_url: it.repository, withdrawn_at: Timestamp(it.withdrawn_at) });
    Ok(Json(Withdrawals { items: items.collect() }))
}

pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<StatusCode> {
    let (accounts, person) = (of(&app)?, caller.person()?);
    let WithdrawalRequest { repo_url } = json(&headers, body, None).await?;
    let (spec, address) = repository(&app, &repo_url, "/repo_url", codes::INVALID_FIELD)?;
    if !administers(&app, person, &spec).await? {
        let detail = "GitHub does not name you as an owner or administrator of it";
        return Err(Failure::new(codes::NOT_REPOSITORY_OWNER, detail));
    }
    let owner = WithdrawnBy::Owner(person.account.as_str());
    accounts.withdraw(&address, owner, now(&app).0).await?;
    refresh_at(app.ledger(), accounts, &address).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    RawQuery(raw): RawQuery,
) -> Answered<StatusCode> {
    let (accounts, person) = (of(&app)?, caller.person()?);
    let query = Query::of(raw.as_deref())?;
    let missing = || Failure::field(codes::INVALID_PARAMETER, "repo_url", "it is missing");
    let repo_url = query.text("repo_url", MAX_URL_CHARS)?.ok_or_else(missing)?;
    let (_, address) = repository(&app, repo_url, "repo_url", codes::INVALID_PARAMETER)?;
    let own = accounts.withdrawals(person.account.as_str()).await?;
    if !own.iter().any(|it| it.repository == address) {
        return Err(Failure::new(codes::NO_SUCH_WITHDRAWAL, "it is none of yours"));
    }
    accounts.reinstate(&address).await?;
    refresh_at(app.ledger(), accounts, &address).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn repository(app: &App, text: &str, field: &str, code: codes::Code) -> Answered<(SourceSpec, String)> {
    let refused = |detail: String| Failure::field(code, field, detail);
    let spec = SourceSpec::parse(text, app.source()).map_err(|error| refused(error.to_string()))?;
    let url = spec
        .repo_url(app.source())
        .ok_or_else(|| refused("it is not the address of a repository".to_owned()))?;
    Ok((spec, address_of(&url)))
}

/// Asks GitHub whether a repository is a person's own, or one that the person may administer.
async fn administers(app: &App, person: &Person, spec: &SourceSpec) -> Answered<bool> {
    let user = of(app)?.user(person.own.as_str()).await?;
    let github_id = user.map_or(0, |user| user.github_id);
    // The person's own right first: it also sees what is private.
    if let Some(grants) = app.grants()
        && let Ok(config) = stage_ingest::read_as(grants, person.own.as_str(), app.source(), now(app).0).await
        && let Ok(Some(GithubRepository { owner_id, may_administer, .. })) = at_github(spec, config).await
    {
        return Ok(may_administer || owner_id == github_id);
    }
    match at_github(spec, app.source().clone()).await {
        Ok(found) => Ok(found.is_some_and(|found| found.owner_id == github_id && github_id != 0)),
        Err(failure) if failure.status == 404 => Ok(false),
        Err(failure) => Err(failure),
    }
}
