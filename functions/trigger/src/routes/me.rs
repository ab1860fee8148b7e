//! `/v1/me`: an account, its sessions and its keys.

use std::collections::BTreeSet;

use accounts::{Accounts, ApiKey, Member, NewKey, Scope, Session, plan};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use pipeline::{Tenant, Timestamp};

use crate::app::App;
use crate::caller::{COOKIE, Caller, Via};
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::removal::{WORKERS_STOP_WITHIN, remove_account};
use crate::wire::{
    ApiKeySummary, ApiKeys, MadeKey, Me, MemberSummary, MonthUsage, NewKeyRequest, PrivateRepositories,
    SessionSummary, Sessions,
};

const DAY_MS: u64 = 24 * 3_600_000;
const MAX_NAME_CHARS: usize = 100;
const MAX_KEY_DAYS: u32 = 365;

pub(super) async fn get(State(app): State<App>, caller: Caller) -> Answered<Json<Me>> {
    let account = caller.person()?.account.as_str();
    let accounts = of(&app)?;
    let user = accounts.user(account).await?;
    let user = user.ok_or_else(|| Failure::new(codes::INVALID_CREDENTIALS, "the account was deleted"))?;
    let (limits, usage) = (plan(&user.plan), accounts.usage(account, now(&app).0).await?);
    let memberships = accounts.memberships(account).await?.into_iter().map(member_summary).collect();
    let running_jobs = app.ledger().count_running(account).await?;
    let private_repositories = PrivateRepositories {
        allowed: limits.private_repositories && app.grants().is_some(),
        connected: app.grants().is_some() && accounts.has_grant(account).await?,
    };
    Ok(Json(Me {
        account: user.id,
        login: user.login,
        avatar_url: user.avatar_url,
        limits: limits.into(),
        private_repositories,
        memberships,
        plan: user.plan,
        usage: MonthUsage { jobs: usage.jobs, running_jobs, resets_at: Timestamp(usage.resets_at) },
        created_at: Timestamp(user.created_at),
    }))
}

pub(super) async fn remove(State(app): State<App>, caller: Caller) -> Answered {
    let account = caller.person()?.account.clone();
    let n_cancelled =
        remove_account(app.coordinator(), app.ledger(), of(&app)?, app.billing(), &account).await?;
    if n_cancelled > 0 {
        tokio::spawn(remove_rest(app.clone(), account));
    }
    Ok(signed_out())
}

/// Removes what the workers of cancelled jobs still wrote, once they have stopped; earlier if the server stops.
async fn remove_rest(app: App, account: Tenant) {
    tokio::select! {
        () = app.stopped() => {}
        () = tokio::time::sleep(WORKERS_STOP_WITHIN) => {}
    }
    if let Err(error) = app.coordinator().remove_tenant(&account).await {
        tracing::error!("objects of a removed account may be left: {error}");
    }
}

pub(super) async fn sign_out(State(app): State<App>, caller: Caller) -> Answered {
    let person = caller.person()?;
    if let Via::Session(id) = &person.via {
        of(&app)?.end_session(person.account.as_str(), id).await?;
    }
    Ok(signed_out())
}

fn signed_out() -> axum::response::Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookie = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    response
        .headers_mut()
        .extend(HeaderValue::from_str(&cookie).ok().map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

pub(super) async fn sessions(State(app): State<App>, caller: Caller) -> Answered<Json<Sessions>> {
    let person = caller.person()?;
    let listed = of(&app)?.sessions(person.account.as_str(), now(&app).0).await?;
    let summary = |session: Session| SessionSummary {
        is_this: matches!(&person.via, Via::Session(id) if *id == session.id),
        id: session.id,
        agent: session.agent,
        created_at: Timestamp(session.created_at),
        seen_at: Timestamp(session.seen_at),
        expires_at: Timestamp(session.expires_at),
    };
    Ok(Json(Sessions { items: listed.into_iter().map(summary).collect() }))
}

pub(super) async fn end_session(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    match of(&app)?.end_session(caller.person()?.account.as_str(), &id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Failure::new(codes::NO_SUCH_SESSION, "it is none of yours, or has ended")),
    }
}

pub(super) async fn keys(State(app): State<App>, caller: Caller) -> Answered<Json<ApiKeys>> {
    let keys = of(&app)?.keys(caller.person()?.account.as_str()).await?;
    Ok(Json(ApiKeys { items: keys.into_iter().map(key_summary).collect() }))
}

pub(super) async fn make_key(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<(StatusCode, Json<MadeKey>)> {
    let (account, accounts) = (caller.person()?.account.as_str(), of(&app)?);
    let now = now(&app).0;
    let new = wanted(json(&headers, body, None).await?, now)?;
    let (key, made) = accounts.make_key(account, &new, now).await?;
    Ok((StatusCode::CREATED, Json(MadeKey { key, summary: key_summary(made) })))
}

fn wanted(request: NewKeyRequest, now: u64) -> Answered<NewKey> {
    let (name, scopes) = (checked_name("/name", &request.name)?, checked_scopes(&request.scopes)?);
    if request.expires_in_days.is_some_and(|days| !(1..=MAX_KEY_DAYS).contains(&days)) {
        return Err(refused("/expires_in_days", format!("expected 1 to {MAX_KEY_DAYS}")));
    }
    let expires_at = request.expires_in_days.map(|days| now + u64::from(days) * DAY_MS);
    Ok(NewKey { name, scopes, expires_at })
}

fn refused(field: &str, detail: String) -> Failure {
    Failure::field(codes::INVALID_FIELD, field, detail)
}

/// Checks what a key is called.
pub(super) fn checked_name(field: &str, text: &str) -> Answered<String> {
    let name = text.trim();
    if !(1..=MAX_NAME_CHARS).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(refused(field, format!("expected 1 to {MAX_NAME_CHARS} characters")));
    }
    Ok(name.to_owned())
}

/// Checks what a key may do.
pub(super) fn checked_scopes(words: &[String]) -> Answered<Vec<Scope>> {
    let scopes: Result<BTreeSet<Scope>, _> = words.iter().map(|word| word.parse::<Scope>()).collect();
    let scopes = scopes.map_err(|error| refused("/scopes", error.to_string()))?;
    if scopes.is_empty() {
        return Err(refused("/scopes", "expected at least one".to_owned()));
    }
    Ok(scopes.into_iter().collect())
}

pub(super) async fn revoke_key(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    match of(&app)?.revoke_key(caller.person()?.account.as_str(), &id, now(&app).0).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Failure::new(codes::NO_SUCH_KEY, "it is none of yours")),
    }
}

pub(super) fn member_summary(member: Member) -> MemberSummary {
    MemberSummary {
        account: member.account,
        login: member.login,
        avatar_url: member.avatar_url,
        added_at: Timestamp(member.added_at),
    }
}

pub(super) async fn this_key(caller: Caller) -> Answered<Json<ApiKeySummary>> {
    Ok(Json(key_summary(shown_key(&caller)?.clone())))
}

pub(super) async fn revoke_this_key(State(app): State<App>, caller: Caller) -> Answered<StatusCode> {
    let key = shown_key(&caller)?;
    of(&app)?.revoke_key(&key.account, &key.id, now(&app).0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the key that a request was sent with.
fn shown_key(caller: &Caller) -> Answered<&ApiKey> {
    match &caller.person()?.via {
        Via::Key(key) => Ok(key),
        Via::Session(_) | Via::Installation => Err(Failure::new(codes::KEY_REQUIRED, "a session was sent")),
    }
}

pub(super) fn key_summary(key: ApiKey) -> ApiKeySummary {
    ApiKeySummary {
        id: key.id,
        name: key.name,
        prefix: key.prefix,
        scopes: key.scopes.iter().map(ToString::to_string).collect(),
        created_at: Timestamp(key.created_at),
        expires_at: key.expires_at.map(Timestamp),
        revoked_at: key.revoked_at.map(Timestamp),
        used_at: key.used_at.map(Timestamp),
    }
}

pub(super) fn of(app: &App) -> Answered<&Accounts> {
    app.accounts().ok_or_else(|| Failure::new(codes::NO_ACCOUNTS, "everything here is one person's"))
}
