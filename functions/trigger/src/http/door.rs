//! The door: each request gets an id, a limit and a log line, each failure a body, each answer its headers.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use pipeline::{Clock, JobId, Ports, Timestamp};

use crate::app::App;
use crate::caller::shows_something;
use crate::codes;
use crate::contract::{DEVICES_PATH, WEBHOOK_PATH};
use crate::failure::Failure;
use crate::http::cors;
use crate::http::hosts::Hosts;
use crate::http::origins;
use crate::http::rate::{Allowance, Class};
use crate::wire::Problem;

/// Until an answer begins; streams and downloads then take as long as they take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest request id that is taken over from a client.
const MAX_REQUEST_ID_BYTES: usize = 64;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static N_REQUESTS: AtomicU64 = AtomicU64::new(0);

pub(crate) async fn pass(
    State((app, hosts)): State<(App, Hosts)>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = request_id(app.started_at(), request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let origin = request.headers().get(header::ORIGIN).cloned();
    let visitor = visitor(&app, &request);
    // Who shows a key or session is counted by its account, once that is known.
    let is_known_later = app.accounts().is_some() && shows_something(request.headers());
    let mut allowance = None;
    match visitor {
        Some(visitor) if is_known_later => {
            request.extensions_mut().insert(visitor);
        }
        Some(visitor) => allowance = app.rates().take(visitor.address, visitor.class),
        None => {}
    }
    let mut response = match early(&app, hosts, &request, allowance.as_ref()) {
        Some(response) => response,
        None => match tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Failure::new(codes::REQUEST_TIMEOUT, "no answer within 60 s").into_response(),
        },
    };
    let allowance = allowance.or_else(|| response.extensions().get::<Allowance>().copied());
    if response.status().as_u16() >= 400 {
        response = problem(response, &path, &id);
    }
    let headers = response.headers_mut();
    if let Some(allowance) = allowance {
        allowance.tell(headers);
    }
    cors::tell(&app.settings().cors_origins, origin.as_ref(), headers);
    secure(headers, &id);
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    app.metrics().answered(&method, &path, status, elapsed);
    let duration_ms = elapsed.as_millis() as u64;
    tracing::info!(request.id = %id, http.method = %method, http.path = path, status, duration_ms, "{method} {path} {status}");
    response
}

/// The door of a server that has no API behind it: no limits, no other origins, nothing counted.
pub(crate) async fn pass_without_api(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let id = request_id(Timestamp(0), request.headers());
    let path = request.uri().path().to_owned();
    let mut response = match hosts.check(&request) {
        Some(failure) => failure.into_response(),
        None => next.run(request).await,
    };
    if response.status().as_u16() >= 400 {
        response = problem(response, &path, &id);
    }
    secure(response.headers_mut(), &id);
    response
}

/// Answers what needs no handler.
fn early(app: &App, hosts: Hosts, request: &Request, allowance: Option<&Allowance>) -> Option<Response> {
    if let Some(failure) = hosts.check(request) {
        return Some(failure.into_response());
    }
    if let Some(preflight) = cors::preflight(&app.settings().cors_origins, request) {
        return Some(preflight);
    }
    let settings = app.settings();
    if let Some(failure) = origins::check(&settings.cors_origins, settings.n_trusted_proxies, request) {
        return Some(failure.into_response());
    }
    if let Some(Allowance { wait: Some(wait), .. }) = allowance {
        return Some(too_many(*wait).into_response());
    }
    if app.is_stopping() && is_write(request.method()) {
        let failure = Failure::new(codes::SHUTTING_DOWN, "nothing new is begun").retry_after(5);
        return Some(failure.into_response());
    }
    None
}

fn is_write(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::DELETE)
}

/// Refuses a request for a while.
pub(crate) fn too_many(wait: Duration) -> Failure {
    let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
    Failure::new(codes::RATE_LIMIT_EXCEEDED, format!("wait {seconds} s")).retry_after(seconds)
}

/// Where a request comes from, and what it counts as.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor {
    pub(crate) address: IpAddr,
    pub(crate) class: Class,
}

/// Health checks come from platforms, not from users.
fn visitor(app: &App, request: &Request) -> Option<Visitor> {
    let path = request.uri().path();
    // All of GitHub's deliveries come from a few addresses, and are told from others by their signature.
    if !path.starts_with("/v1/") || path == WEBHOOK_PATH {
        return None;
    }
    let class = match is_write(request.method()) {
        true if path == DEVICES_PATH => Class::SignIns,
        true => Class::Writes,
        false => Class::Reads,
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = forwarded(request.headers(), app.settings().n_trusted_proxies).or(peer)?;
    Some(Visitor { address, class })
}

/// The address that the outermost trusted proxy saw.
fn forwarded(headers: &HeaderMap, n_trusted: usize) -> Option<IpAddr> {
    let seen = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<&str> = seen.flat_map(|line| line.split(',')).map(str::trim).collect();
    let place = addresses.len().checked_sub(n_trusted.max(1))?;
    (n_trusted > 0).then(|| addresses.get(place)?.parse().ok()).flatten()
}

fn request_id(started_at: Timestamp, headers: &HeaderMap) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_usable = |id: &&str| {
        (1..=MAX_REQUEST_ID_BYTES).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    given.filter(is_usable).map_or_else(|| made_id(started_at), str::to_owned)
}

/// Unlike any other of this process or an earlier one.
fn made_id(started_at: Timestamp) -> String {
    let n = N_REQUESTS.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{:x}-{n:x}", started_at.0, std::process::id())
}

/// Writes the body of a failure, whoever found it.
fn problem(response: Response, path: &str, id: &str) -> Response {
    let status = response.status();
    let is_written = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.starts_with(b"application/problem+json") || kind.starts_with(b"application/json")
    });
    if is_written {
        return response;
    }
    let failure = match response.extensions().get::<Failure>() {
        Some(failure) => failure.clone(),
        None => unexplained(status, path),
    };
    let body = Problem {
        type_uri: format!("/docs/errors/{}", failure.code),
        title: failure.title.into(),
        status: status.as_u16(),
        detail: failure.detail.into(),
        instance: path.to_owned(),
        code: failure.code.to_owned(),
        help: failure.help.to_owned(),
        request_id: id.to_owned(),
        errors: failure.errors,
    };
    let text = serde_json::to_string(&body).unwrap_or_default();
    let mut told = (status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response();
    let reset = HeaderName::from_static("ratelimit-reset");
    for name in [header::ALLOW, header::RETRY_AFTER, header::CONTENT_RANGE, header::WWW_AUTHENTICATE, reset] {
        if let Some(value) = response.headers().get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

/// The router's own refusals.
fn unexplained(status: StatusCode, path: &str) -> Failure {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            Failure::new(codes::METHOD_NOT_ALLOWED, format!("`{path}` does not take this method"))
        }
        StatusCode::NOT_FOUND => Failure::new(codes::NOT_FOUND, format!("there is nothing at `{path}`")),
        StatusCode::PAYLOAD_TOO_LARGE => Failure::new(codes::BODY_TOO_LARGE, "the body is too large"),
        status if status.is_client_error() => {
            let mut failure = Failure::new(codes::INVALID_REQUEST, "the request cannot be read");
            failure.status = status.as_u16();
            failure
        }
        _ => Failure::internal(format!("status {status} without a reason")),
    }
}

/// No page of another origin may frame, sniff or embed an answer.
fn secure(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    // What the API answers is data: no browser is to run any of it. Pages of the site bring their own policy.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Reads a job's id from a path.
pub(crate) fn job_id(text: &str) -> Result<JobId, Failure> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(80).collect();
        Failure::new(codes::NO_SUCH_JOB, format!("job `{shown}` does not exist"))
    })
}

/// The moment now, by the clock that jobs go by.
pub(crate) fn now(app: &App) -> Timestamp {
    app.coordinator().ports().clock().now()
}
