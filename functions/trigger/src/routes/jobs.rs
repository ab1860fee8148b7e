//! `/v1/jobs`: lists, one job, and what is done with it.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use docpack::Digest;
use ledger::{Cursor, JobFilter, JobRow};
use pipeline::{Estimate, Phase, StateDocument};
use source::spec::SourceSpec;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::job_id;
use crate::http::read::{Query, json};
use crate::job_view::summary;
use crate::routes::submit::model_limit;
use crate::sync;
use crate::wire::{ApproveRequest, DEFAULT_PAGE_ITEMS, Job, JobSummary, MAX_PAGE_ITEMS, Page};

pub(super) async fn list(State(app): State<App>, caller: Caller, RawQuery(raw): RawQuery) -> Answered {
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_PAGE_ITEMS, DEFAULT_PAGE_ITEMS)?;
    let after: Option<Cursor> = query.cursor("cursor")?;
    let filter = JobFilter {
        repository: repository(&app, &query)?,
        phase: query.word::<Phase>("phase")?.map(|phase| phase.as_str().to_owned()),
    };
    sync::adopt_others(&app).await?;
    let rows = app.ledger().jobs(caller.whose(), &filter, after.as_ref(), limit + 1).await?;
    let cursor_of = |row: &JobRow| Cursor { created_at: row.created_at, id: row.id.clone() };
    let next = next_cursor(&rows, limit, cursor_of);
    let items: Vec<JobSummary> = rows.iter().take(limit as usize).map(summary).collect();
    Ok(page("/v1/jobs", raw.as_deref(), Page { items, next_cursor: next }))
}

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(job): Path<String>,
) -> Answered<Json<Job>> {
    let job = job_id(&job)?;
    let owner = caller.owner_of(&app, &job).await?;
    let shown = app.views().recent(&app, &owner, &job).await?;
    Ok(Json((*shown).clone()))
}

pub(super) async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(job): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answered<Json<Job>> {
    let job = job_id(&job)?;
    let request: ApproveRequest = json(&headers, body, Some(ApproveRequest::default)).await?;
    let owner = caller.owner_of(&app, &job).await?;
    let state = app.coordinator().state(&owner, &job).await?;
    let estimate: Digest = match &request.estimate_digest {
        Some(text) => text.parse().map_err(|_| {
            Failure::field(codes::INVALID_FIELD, "/estimate_digest", "expected `sha256:` and 64 hex digits")
        })?,
        None => state.estimate.as_ref().map_or_else(|| Estimate::default().digest(), Estimate::digest),
    };
    // An approval raises no limit above the plan's.
    let most = model_limit(&app, &caller).await?.unwrap_or(u64::MAX);
    let limit = request.limit_micro_usd.map(|limit| limit.min(most));
    let state = app.coordinator().approve(&owner, &job, &estimate, limit).await?;
    changed(&app, &state).await
}

pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(job): Path<String>,
) -> Answered<Json<Job>> {
    let job = job_id(&job)?;
    let owner = caller.owner_of(&app, &job).await?;
    let is_over = app.coordinator().state(&owner, &job).await.is_ok_and(|state| state.phase.is_terminal());
    if let Some(account) = caller.account().filter(|_| !is_over) {
        // Others who ordered the same job still wait for it.
        let orderers = app.ledger().orderers(owner.as_str(), job.as_str()).await?;
        if orderers.iter().any(|other| other != account.as_str()) {
            let detail = format!("{} others ordered this job as well", orderers.len() - 1);
            return Err(Failure::new(codes::JOB_SHARED, detail));
        }
    }
    let state = app.coordinator().cancel(&owner, &job).await?;
    changed(&app, &state).await
}

/// Shows a job after a change, which followers are told of too.
async fn changed(app: &App, state: &StateDocument) -> Answered<Json<Job>> {
    app.feeds().nudge(&state.job);
    sync::put(app, state).await?;
    let shown = app.views().of_state(app, state).await?;
    Ok(Json((*shown).clone()))
}

/// Reads a filter by repository, in any form of its address.
pub(super) fn repository(app: &App, query: &Query) -> Answered<Option<String>> {
    let Some(text) = query.text("repo_url", 2048)? else { return Ok(None) };
    let spec = SourceSpec::parse(text, app.source())
        .map_err(|error| Failure::field(codes::INVALID_PARAMETER, "repo_url", error.to_string()))?;
    Ok(Some(Digest::of(spec.canonical(app.source()).as_bytes()).hex()))
}

/// Names the last row of a page, if more rows than the page's were found.
pub(super) fn next_cursor<T>(rows: &[T], limit: u32, cursor_of: impl Fn(&T) -> Cursor) -> Option<String> {
    let limit = limit as usize;
    (rows.len() > limit).then(|| rows.get(limit - 1).map(|row| cursor_of(row).to_string())).flatten()
}

/// Answers with a page, and with the next one's address in `Link`.
pub(super) fn page<T: serde::Serialize>(path: &str, raw: Option<&str>, page: Page<T>) -> Response {
    let link = page.next_cursor.as_ref().map(|cursor| {
        let mut next = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
            if name != "cursor" {
                next.append_pair(&name, &value);
            }
        }
        format!("<{path}?{}>; rel=\"next\"", next.append_pair("cursor", cursor).finish())
    });
    let mut response = Json(page).into_response();
    if let Some(link) = link.and_then(|link| link.parse().ok()) {
        response.headers_mut().insert(axum::http::header::LINK, link);
    }
    response
}
