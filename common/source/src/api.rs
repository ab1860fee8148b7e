//! Single requests to GitHub's API, with the limits and the network policy of everything else that is read.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::config::{SourceConfig, Token};
use crate::failure::SourceError;
use crate::http::{Call, HttpClient, is_throttled, wait_ms};
use crate::limits::SourceLimits;
use crate::spec::authority;

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Patch,
    Delete,
}

/// One request to the API.
#[derive(Debug, Clone)]
pub struct ApiCall<'a> {
    pub verb: Verb,
    /// Parts of the path below the API's base; each is escaped, so none is taken for structure.
    pub path: &'a [&'a str],
    pub query: &'a [(&'a str, &'a str)],
    pub token: Option<&'a Token>,
    pub body: Option<&'a Value>,
}

impl<'a> ApiCall<'a> {
    /// Makes a request that reads.
    pub fn get(path: &'a [&'a str], token: Option<&'a Token>) -> Self {
        Self { verb: Verb::Get, path, query: &[], token, body: None }
    }

    /// Makes a request that sends a body.
    pub fn post(path: &'a [&'a str], token: Option<&'a Token>, body: &'a Value) -> Self {
        Self { verb: Verb::Post, path, query: &[], token, body: Some(body) }
    }
}

/// An answer of any status but those of a host that gives none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiReply {
    pub status: u16,
    /// When the host answered, by its own clock, as the header has it.
    pub date: Option<String>,
    /// The `cursor` or `page` of the next page, where the host names one.
    pub next: Option<NextPage>,
    pub body: Vec<u8>,
    /// The host that answered.
    pub host: String,
}

/// Where the next page of a list begins: a parameter of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage {
    pub name: String,
    pub value: String,
}

/// A client of GitHub's API. Each may ask for as long as [`SourceLimits::answers_timeout`]; make one for a task.
pub struct ApiClient {
    http: HttpClient,
    base: Url,
}

impl ApiClient {
    /// Makes a client of the API that the configuration names.
    pub fn new(config: &SourceConfig, limits: &SourceLimits) -> Result<Self, SourceError> {
        let base = Url::parse(&config.github_api_url).map_err(|_| SourceError::InvalidUrl {
            input: config.github_api_url.clone(),
            reason: "the configured API address is not a URL",
        })?;
        Ok(Self { http: HttpClient::new(config, limits)?, base })
    }

    /// Sends a request and reads its answer, whatever the status. Blocks.
    ///
    /// # Errors
    /// `RateLimited` where the host wants us to wait, `UpstreamUnavailable` for a status of 500 and above.
    pub fn send(&self, call: &ApiCall<'_>) -> Result<ApiReply, SourceError> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut path) => drop(path.pop_if_empty().extend(call.path)),
            Err(()) => return Err(SourceError::protocol(self.base.as_str(), "it cannot be a base address")),
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let method = match call.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Patch => Method::PATCH,
            Verb::Delete => Method::DELETE,
        };
        let mut headers =
            vec![("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")];
        if call.body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let reply = self.http.send_as(
            &method,
            &Call {
                url,
                headers: &headers,
                body: call.body.map(|body| body.to_string().into_bytes()),
                token: call.token,
                may_follow: &|_| false,
                is_download: false,
            },
        )?;
        let (status, headers) = (reply.response.status(), reply.response.headers().clone());
        let host = authority(&reply.url);
        if matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS)
            && is_throttled(status, &headers)
        {
            let retry_after_ms = wait_ms(&headers);
            return Err(SourceError::RateLimited { host: "GitHub".to_owned(), retry_after_ms });
        }
        if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
            return Err(SourceError::unavailable(&host, format!("it answered {status}")));
        }
        Ok(ApiReply {
            status: status.as_u16(),
            date: text(&headers, "date"),
            next: text(&headers, "link").and_then(|link| next_page(&link)),
            body: self.http.read_short(reply)?,
            host,
        })
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Reads where the next page begins. Only the parameter is taken: the address is not followed.
fn next_page(link: &str) -> Option<NextPage> {
    let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let address = part.split_once('<')?.1.split_once('>')?.0;
    let pairs = Url::parse(address).ok()?;
    let mut pairs = pairs.query_pairs();
    let (name, value) = pairs.find(|(name, _)| matches!(name.as_ref(), "cursor" | "page"))?;
    Some(NextPage { name: name.into_owned(), value: value.into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_link_only_the_place_of_the_next_page_is_taken() {
        let page = |link: &str| next_page(link).map(|next| (next.name, next.value));
        let of = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        let links = r#"<https://elsewhere.example/a?page=1>; rel="prev", <https://elsewhere.example/a?per_page=100&page=3>; rel="next""#;
        assert_eq!(page(links), of("page", "3"));
        assert_eq!(page(r#"<https://x.example/d?cursor=v1_9>; rel="next""#), of("cursor", "v1_9"));
        assert_eq!(page(r#"<https://x.example/d?page=9>; rel="last""#), None);
        assert_eq!(page("nonsense"), None);
    }
}
