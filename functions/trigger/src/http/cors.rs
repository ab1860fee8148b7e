//! Which pages of other origins may call.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type, idempotency-key, last-event-id, range, if-none-match, x-request-id",
);
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "etag, link, location, content-range, retry-after, ratelimit, ratelimit-policy, x-request-id",
);
const DAY: HeaderValue = HeaderValue::from_static("86400");

/// Answers a browser that asks beforehand.
pub(crate) fn preflight(allowed: &[String], request: &Request) -> Option<Response> {
    let headers = request.headers();
    let asks =
        request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || !is_allowed(allowed, headers.get(header::ORIGIN)) {
        return None;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let told = response.headers_mut();
    told.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    told.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    told.insert(header::ACCESS_CONTROL_MAX_AGE, DAY);
    Some(response)
}

/// Lets the page of an allowed origin read the answer.
pub(crate) fn tell(allowed: &[String], origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    if allowed.is_empty() {
        return;
    }
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.filter(|origin| is_allowed(allowed, Some(origin))) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        // Answers carry no credentials, so that a page may hold them whatever its own policy is.
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
}

/// Tells whether the settings name the origin.
pub(crate) fn is_allowed(allowed: &[String], origin: Option<&HeaderValue>) -> bool {
    origin.is_some_and(|origin| {
        allowed.iter().any(|allowed| allowed == "*" || allowed.as_bytes() == origin.as_bytes())
    })
}
