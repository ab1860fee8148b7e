//! Sends messages to addresses that people name.

use std::time::Duration;

use url::Url;

use crate::config::SourceConfig;
use crate::failure::SourceError;
use crate::http::{Call, HttpClient};
use crate::limits::SourceLimits;

/// Within which a host has to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Checks whether messages may go to an address: `https`, without a password in it, not of a private network.
pub fn check_target(text: &str, config: &SourceConfig) -> Result<Url, SourceError> {
    let url = Url::parse(text).map_err(|_| SourceError::SchemeNotAllowed { scheme: "none".to_owned() })?;
    if !url.username().is_empty() || url.password().is_some() {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(SourceError::HostNotAllowed { host, reason: "it may not contain a name or password" });
    }
    client(config)?.check(&call(&url, &[], Vec::new()))?;
    Ok(url)
}

/// Posts a message and returns the status of the answer, whose body is not read. Blocks for 15 s at most.
///
/// A redirect is an error: it could lead to an address that was not checked, and would repeat the message.
pub fn post(
    url: &Url,
    headers: &[(&'static str, &str)],
    body: Vec<u8>,
    config: &SourceConfig,
) -> Result<u16, SourceError> {
    let reply = client(config)?.send(&call(url, headers, body))?;
    Ok(reply.response.status().as_u16())
}

fn client(config: &SourceConfig) -> Result<HttpClient, SourceError> {
    let limits =
        SourceLimits { max_redirects: 0, answers_timeout: ANSWER_TIMEOUT, ..SourceLimits::default() };
    HttpClient::new(config, &limits)
}

fn call<'a>(url: &Url, headers: &'a [(&'static str, &'a str)], body: Vec<u8>) -> Call<'a> {
    Call {
        url: url.clone(),
        headers,
        body: Some(body),
        token: None,
        may_follow: &|_| false,
        is_download: false,
    }
}
