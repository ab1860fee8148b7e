//! `/v1/sign-in`: to GitHub and back.

use accounts::{Accounts, Person};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use source::limits::SourceLimits;
use source::sign_in::{GithubPerson, SignInError};

use crate::app::{App, People};
use crate::caller::{COOKIE, cookie};
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::Query;

/// Ties the way back from GitHub to the browser that left.
const WAY_COOKIE: &str = "__Host-doctown-sign-in";
const WAY_SECONDS: u32 = 600;
/// A browser keeps a session for as long as it may last without being seen.
const SESSION_SECONDS: u32 = 30 * 24 * 3_600;
const MAX_CHARS: usize = 500;

pub(super) async fn begin(State(app): State<App>, RawQuery(raw): RawQuery) -> Answered {
    let people = people(&app)?;
    let query = Query::of(raw.as_deref())?;
    let return_to = query.text("return_to", MAX_CHARS)?.unwrap_or("/");
    let (browser, verifier) = (Accounts::random_token()?, Accounts::random_token()?);
    let state = people.accounts.begin_sign_in(&browser, &verifier, return_to, now(&app).0).await?;
    let address = people.sign_in.authorize_url(&state, &verifier)?;
    Ok(lead(&address, &[held(WAY_COOKIE, &browser, WAY_SECONDS)]))
}

pub(super) async fn finish(State(app): State<App>, headers: HeaderMap, RawQuery(raw): RawQuery) -> Answered {
    let people = people(&app)?;
    let gone = held(WAY_COOKIE, "", 0);
    match back(&app, people, &headers, raw.as_deref()).await {
        Ok((token, return_to)) => Ok(lead(&return_to, &[held(COOKIE, &token, SESSION_SECONDS), gone])),
        // A person reads this in a browser: the page says what to do.
        Err(failure) if failure.status < 500 => Ok(lead(&format!("/login?error={}", failure.code), &[gone])),
        Err(failure) => Err(failure),
    }
}

/// Finds out who came back, and begins a session; returns its token and where to go on.
async fn back(
    app: &App,
    people: &People,
    headers: &HeaderMap,
    raw: Option<&str>,
) -> Answered<(String, String)> {
    let failed = |detail: &str| Failure::new(codes::SIGN_IN_FAILED, detail);
    let query = Query::of(raw)?;
    if let Some(reason) = query.text("error", MAX_CHARS)? {
        return Err(failed(&format!("GitHub says `{reason}`")));
    }
    let (Some(code), Some(state)) = (query.text("code", MAX_CHARS)?, query.text("state", MAX_CHARS)?) else {
        return Err(failed("GitHub sent no code"));
    };
    let browser = cookie(headers, WAY_COOKIE).ok_or_else(|| failed("another browser began it"))?;
    let way = people.accounts.finish_sign_in(state, browser, now(app).0).await?;
    let way = way.ok_or_else(|| failed("it took longer than ten minutes, or was used before"))?;
    let (sign_in, code, verifier) = (people.sign_in.clone(), code.to_owned(), way.verifier);
    let config = app.source().clone();
    let asked = move || sign_in.person(&code, &verifier, &config, &SourceLimits::default());
    let found = tokio::task::spawn_blocking(asked).await.map_err(Failure::internal)?;
    let (GithubPerson { id, login, avatar_url, email }, tokens) = found.map_err(|error| match error {
        SignInError::Refused { reason } => failed(&format!("GitHub says `{reason}`")),
        SignInError::Source(error) => error.into(),
    })?;
    let person = Person { github_id: id, login, avatar_url, email };
    let user = people.accounts.sign_in(&person, now(app).0).await?;
    if let Some(grants) = app.grants() {
        grants.put(&user.id, tokens, now(app).0).await?;
    }
    // Nobody goes on with a session that stood in the browser before.
    if let Some(before) = cookie(headers, COOKIE)
        && let Some(session) = people.accounts.session(before, now(app).0).await?
    {
        people.accounts.end_session(&session.account, &session.id).await?;
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let (token, _) = people.accounts.begin_session(&user.id, agent, now(app).0).await?;
    Ok((token, way.return_to))
}

pub(super) fn people(app: &App) -> Answered<&People> {
    app.people().ok_or_else(|| Failure::new(codes::NO_ACCOUNTS, "everything here is one person's"))
}

fn held(name: &str, value: &str, seconds: u32) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

fn lead(address: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let told = response.headers_mut();
    told.extend(HeaderValue::from_str(address).ok().map(|address| (header::LOCATION, address)));
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            told.append(header::SET_COOKIE, cookie);
        }
    }
    response
}
