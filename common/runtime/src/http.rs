//! What every HTTP client of this crate does alike.

use std::time::Duration;

use reqwest::{ClientBuilder, Response, redirect};

/// Says which program calls.
const USER_AGENT: &str = concat!("doctown/", env!("CARGO_PKG_VERSION"));
/// A longer wait than this is a broken clock on one side.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);
/// Past this size a new connection is cheaper than the rest of a body.
const MAX_DISCARDED_BYTES: usize = 65_536;

/// Begins a client that reads no environment and follows no redirect.
///
/// A redirected POST would arrive as a GET, and its 200 would look like an accepted one.
pub(crate) fn client_builder() -> ClientBuilder {
    // Fails when another part of the process chose a provider first, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().user_agent(USER_AGENT).redirect(redirect::Policy::none()).no_proxy()
}

/// Reads the wait that a server names in seconds; a date is not worth a calendar.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
}

/// Reads a body of at most this size.
pub(crate) async fn read_body(mut response: Response, limit_bytes: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(reason)? {
        if body.len() + part.len() > limit_bytes {
            return Err(format!("the answer is longer than {limit_bytes} bytes"));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Reads a body that nobody wants: its connection serves again only once it is read.
pub(crate) async fn discard(response: Response) {
    // The status is what counts, and it is known already.
    let _ = read_body(response, MAX_DISCARDED_BYTES).await;
}

/// Says what went wrong, down to the cause, and without the address: it may hold more than a reader needs.
pub(crate) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    text
}

/// Writes a text so that it means nothing in an address, in a path or in a parameter.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
