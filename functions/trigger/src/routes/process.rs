//! The server itself: health, counts, codes, contract.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pipeline::Tenant;
use tokio::sync::Mutex;

use crate::app::App;
use crate::http::read::has_it;
use crate::openapi;
use crate::wire::{Check, ErrorCodes, Health, Readiness};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Platforms ask often; what the process depends on is spared.
const ASKED_EVERY: Duration = Duration::from_secs(2);
/// What gives no answer in this time gives none.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);

static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = openapi::text();
    let etag = format!("\"{}\"", docpack::Digest::of(text.as_bytes()).hex());
    (text, etag)
});
static CODES: LazyLock<ErrorCodes> = LazyLock::new(crate::errors::table);
static CHECKED: Mutex<Option<(Instant, Vec<Check>)>> = Mutex::const_new(None);

pub(super) async fn errors() -> Json<&'static ErrorCodes> {
    Json(&CODES)
}

pub(super) async fn openapi(headers: HeaderMap) -> Response {
    let (text, etag) = &*DOCUMENT;
    let mut response = if has_it(&headers, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
    };
    response.headers_mut().extend(HeaderValue::from_str(etag).ok().map(|etag| (header::ETAG, etag)));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

pub(super) async fn live() -> Json<Health> {
    Json(Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
}

pub(super) async fn ready(State(app): State<App>) -> Response {
    let mut checks = dependencies(&app).await;
    let stopping = app.is_stopping();
    let detail = stopping.then(|| "the server is being stopped".to_owned());
    checks.push(Check { name: "intake".to_owned(), ok: !stopping, detail });
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, checks })).into_response()
}

async fn dependencies(app: &App) -> Vec<Check> {
    let mut checked = CHECKED.lock().await;
    if let Some((_, checks)) = checked.as_ref().filter(|(at, _)| at.elapsed() < ASKED_EVERY) {
        return checks.clone();
    }
    let local = Tenant::local();
    let store = tokio::time::timeout(CHECK_TIMEOUT, app.coordinator().active_jobs(&local));
    let ledger = tokio::time::timeout(CHECK_TIMEOUT, app.ledger().ping());
    let (store, ledger) = tokio::join!(store, ledger);
    let told = |failed: Option<String>, name: &str| {
        if let Some(reason) = &failed {
            tracing::warn!("{name} gives no answer: {reason}");
        }
        // The log has the reason: an address or a path is nobody else's business.
        Check {
            name: name.to_owned(),
            ok: failed.is_none(),
            detail: failed.map(|_| "it gives no answer".to_owned()),
        }
    };
    let store =
        store.map_or_else(|late| Some(late.to_string()), |asked| asked.err().map(|error| error.to_string()));
    let ledger =
        ledger.map_or_else(|late| Some(late.to_string()), |asked| asked.err().map(|error| error.to_string()));
    let checks = vec![told(store, "store"), told(ledger, "ledger")];
    *checked = Some((Instant::now(), checks.clone()));
    checks
}

pub(super) async fn metrics(State(app): State<App>) -> Response {
    // A ledger that does not answer leaves out its own counts only.
    let jobs = app.ledger().count_jobs().await.unwrap_or_default();
    ([(header::CONTENT_TYPE, OPENMETRICS)], app.metrics().text(jobs)).into_response()
}
