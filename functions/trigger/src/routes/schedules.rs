//! `/v1/me/schedules`: what an account has built again by itself.

use accounts::{MAX_SCHEDULES, Schedule};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use pipeline::Timestamp;
use source::spec::SourceSpec;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::routes::me::of;
use crate::sync;
use crate::wire::{ScheduleEvery, ScheduleRequest, ScheduleSummary, Schedules};

const MAX_REF_CHARS: usize = 255;

pub(super) async fn list(State(app): State<App>, caller: Caller) -> Answered<Json<Schedules>> {
    let listed = of(&app)?.schedules(caller.person()?.account.as_str()).await?;
    Ok(Json(Schedules { items: listed.into_iter().map(|schedule| summary(&app, schedule)).collect() }))
}

pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<Json<ScheduleSummary>> {
    let account = caller.person()?.account.as_str();
    let ScheduleRequest { repo_url, git_ref, every } = json(&headers, body, None).await?;
    let spec = SourceSpec::parse(&repo_url, app.source())?;
    let git_ref = git_ref.as_deref().map(str::trim).filter(|it| !it.is_empty());
    if git_ref.is_some_and(|it| it.chars().count() > MAX_REF_CHARS) {
        let detail = format!("at most {MAX_REF_CHARS} characters");
        return Err(Failure::field(codes::INVALID_FIELD, "/git_ref", detail));
    }
    if every == ScheduleEvery::Tag && git_ref.is_some() {
        let detail = "tags are looked for in the whole repository";
        return Err(Failure::field(codes::INVALID_FIELD, "/git_ref", detail));
    }
    let repo = spec.canonical(app.source());
    let set = of(&app)?.put_schedule(account, &repo, git_ref, every.into(), now(&app).0).await?;
    let too_many = || Failure::new(codes::TOO_MANY_SCHEDULES, format!("it has {MAX_SCHEDULES}"));
    Ok(Json(summary(&app, set.ok_or_else(too_many)?)))
}

pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    match of(&app)?.remove_schedule(caller.person()?.account.as_str(), &id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Failure::new(codes::NO_SUCH_SCHEDULE, "it is none of yours")),
    }
}

/// Names a repository as people do: `owner/repo`.
fn full_name(app: &App, repo: &str) -> String {
    let spec = SourceSpec::parse(repo, app.source()).ok();
    let url = spec.and_then(|spec| spec.repo_url(app.source()));
    let path = url.as_deref().and_then(|url| url.split_once("://")?.1.split_once('/'));
    path.map_or_else(|| sync::name_of(app, repo), |(_, path)| path.to_owned())
}

fn summary(app: &App, schedule: Schedule) -> ScheduleSummary {
    ScheduleSummary {
        id: schedule.id,
        name: full_name(app, &schedule.repo),
        repo_url: schedule.repo,
        git_ref: schedule.git_ref,
        every: schedule.every.into(),
        created_at: Timestamp(schedule.created_at),
        next_at: Timestamp(schedule.due_at),
        last_at: schedule.ran_at.map(Timestamp),
        outcome: schedule.outcome,
        seen_tag: schedule.seen_tag,
        job: schedule.job,
    }
}
