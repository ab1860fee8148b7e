//! `/v1/docpacks/{docpack_id}/sharing` and `/v1/commons`: who besides its owner may read a docpack.

use accounts::{Accounts, ShareLink, Visibility};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use ledger::{CommonsCursor, CommonsFilter, CommonsOrder, DocpackRow, address_of};
use pipeline::{ArtifactStore, Ports, Tenant, Timestamp};
use source::spec::SourceSpec;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::{Query, docpack_id, json};
use crate::routes::docpacks::summary;
use crate::routes::download::key_of;
use crate::routes::jobs::page;
use crate::routes::me::of;
use crate::sharing::{refresh, visibility_of, word_of};
use crate::wire::{
    CommonsSort, DEFAULT_PAGE_ITEMS, DocpackSummary, LinkSummary, MAX_PAGE_ITEMS, MadeLink, NewLinkRequest,
    Page, Sharing, VisibilityRequest, VisibilityWord,
};

const DAY_MS: u64 = 24 * 3_600_000;
const MAX_LINK_DAYS: u32 = 365;
/// Of one docpack and account, those that ended included.
const MAX_LINKS: usize = 100;

pub(super) async fn commons(State(app): State<App>, RawQuery(raw): RawQuery) -> Answered {
    of(&app)?;
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_PAGE_ITEMS, DEFAULT_PAGE_ITEMS)?;
    let after: Option<CommonsCursor> = query.cursor("cursor")?;
    let repo_url = match query.text("repo_url", 2048)? {
        None => None,
        Some(text) => {
            let spec = SourceSpec::parse(text, app.source())
                .map_err(|error| Failure::field(codes::INVALID_PARAMETER, "repo_url", error.to_string()))?;
            Some(spec.repo_url(app.source()).unwrap_or_else(|| text.to_owned()))
        }
    };
    let order = match query.word::<CommonsSort>("sort")?.unwrap_or_default() {
        CommonsSort::Newest => CommonsOrder::Newest,
        CommonsSort::Name => CommonsOrder::Name,
        CommonsSort::Symbols => CommonsOrder::Symbols,
    };
    let filter = CommonsFilter {
        address: repo_url.map(|url| address_of(&url)),
        repository_owner: query.text("owner", 100)?.map(str::to_owned),
        name: query.text("name", 100)?.map(str::to_owned),
        order,
    };
    let rows = app.ledger().commons(Tenant::public().as_str(), &filter, after.as_ref(), limit + 1).await?;
    let last = rows.get(limit as usize - 1).filter(|_| rows.len() > limit as usize);
    let next = last.map(|row| CommonsCursor::of(row, order).to_string());
    let items: Vec<DocpackSummary> = rows.iter().take(limit as usize).map(summary).collect();
    Ok(page("/v1/commons", raw.as_deref(), Page { items, next_cursor: next }))
}

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<Json<Sharing>> {
    let (accounts, own) = own(&app, &caller, &id).await?;
    shared(&app, accounts, &own).await
}

pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answered<Json<Sharing>> {
    let (accounts, own) = own(&app, &caller, &id).await?;
    let VisibilityRequest { visibility } = json(&headers, body, None).await?;
    let visibility = match visibility {
        VisibilityWord::Private => Visibility::Private,
        VisibilityWord::Unlisted => Visibility::Unlisted,
        VisibilityWord::Public if own.row.owner == Tenant::public().as_str() => Visibility::Public,
        VisibilityWord::Public => {
            let detail = "only docpacks of public repositories can be public";
            return Err(Failure::field(codes::INVALID_FIELD, "/visibility", detail));
        }
    };
    accounts.set_visibility(&own.account, &own.row.owner, &own.row.id, visibility).await?;
    refresh(app.ledger(), accounts, &own.row.owner, &own.row.id).await?;
    shared(&app, accounts, &own).await
}

pub(super) async fn make_link(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answered<(StatusCode, Json<MadeLink>)> {
    let (accounts, own) = own(&app, &caller, &id).await?;
    let NewLinkRequest { expires_in_days } = json(&headers, body, Some(NewLinkRequest::default)).await?;
    if expires_in_days.is_some_and(|days| !(1..=MAX_LINK_DAYS).contains(&days)) {
        let detail = format!("expected 1 to {MAX_LINK_DAYS}");
        return Err(Failure::field(codes::INVALID_FIELD, "/expires_in_days", detail));
    }
    let (owner, docpack) = (own.row.owner.as_str(), own.row.id.as_str());
    if visibility_of(accounts, &own.account, owner, docpack).await? == Visibility::Private {
        return Err(Failure::new(codes::DOCPACK_PRIVATE, "its visibility is `private`"));
    }
    if accounts.links(&own.account, owner, docpack).await?.len() >= MAX_LINKS {
        return Err(Failure::new(codes::TOO_MANY_LINKS, format!("it has {MAX_LINKS} links")));
    }
    let now = now(&app).0;
    let expires_at = expires_in_days.map(|days| now + u64::from(days) * DAY_MS);
    let (token, link) = accounts.make_link(&own.account, owner, docpack, expires_at, now).await?;
    Ok((StatusCode::CREATED, Json(MadeLink { token, summary: link_summary(link) })))
}

pub(super) async fn revoke_link(
    State(app): State<App>,
    caller: Caller,
    Path((id, link)): Path<(String, String)>,
) -> Answered<StatusCode> {
    let (accounts, own) = own(&app, &caller, &id).await?;
    match accounts.revoke_link(&own.account, &link, now(&app).0).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Failure::new(codes::NO_SUCH_LINK, "it is none of yours")),
    }
}

/// Takes a docpack off the account's list; what others ordered stays with them, and what is the account's alone is
/// deleted.
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    let (accounts, own) = own(&app, &caller, &id).await?;
    let account: Tenant = own.account.parse().map_err(Failure::internal)?;
    let owner: Tenant = own.row.owner.parse().map_err(Failure::internal)?;
    for job in app.ledger().jobs_of_docpack(&own.account, owner.as_str(), &own.row.id).await? {
        let id = job.parse().map_err(Failure::internal)?;
        app.coordinator().remove_order(&account, &owner, &id).await?;
        app.ledger().remove_order(&own.account, owner.as_str(), &job).await?;
        if owner == account {
            app.coordinator().empty(&owner, &id).await?;
        }
    }
    if owner == account {
        app.ports().store().delete(&key_of(&own.row)?).await?;
        app.ledger().remove_docpack(owner.as_str(), &own.row.id).await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    refresh(app.ledger(), accounts, owner.as_str(), &own.row.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A docpack that the caller ordered.
struct Own {
    account: String,
    row: DocpackRow,
}

async fn own<'a>(app: &'a App, caller: &Caller, id: &str) -> Answered<(&'a Accounts, Own)> {
    let (accounts, account) = (of(app)?, caller.person()?.account.to_string());
    let id = docpack_id(id)?.to_string();
    for owner in [account.clone(), Tenant::public().to_string()] {
        if app.ledger().has_docpack(&account, &owner, &id).await?
            && let Some(row) = app.ledger().docpack(&owner, &id).await?
        {
            return Ok((accounts, Own { account, row }));
        }
    }
    Err(Failure::new(codes::NO_SUCH_DOCPACK, format!("docpack `{id}` does not exist")))
}

async fn shared(app: &App, accounts: &Accounts, own: &Own) -> Answered<Json<Sharing>> {
    let (owner, docpack) = (own.row.owner.as_str(), own.row.id.as_str());
    let visibility = word_of(visibility_of(accounts, &own.account, owner, docpack).await?);
    let is_public = app.ledger().docpack(owner, docpack).await?.is_some_and(|row| row.is_public);
    let links = accounts.links(&own.account, owner, docpack).await?;
    Ok(Json(Sharing { visibility, is_public, links: links.into_iter().map(link_summary).collect() }))
}

fn link_summary(link: ShareLink) -> LinkSummary {
    LinkSummary {
        id: link.id,
        created_at: Timestamp(link.created_at),
        expires_at: link.expires_at.map(Timestamp),
        revoked_at: link.revoked_at.map(Timestamp),
    }
}
