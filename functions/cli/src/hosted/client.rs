//! Requests to a hosted Doctown, and what its answers mean for a command.

use std::io::{Read, Write};
use std::time::Duration;

use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Method, Proxy, redirect};
use runtime::config::Config;
use serde::de::DeserializeOwned;
use serde_json::Value;
use source::failure::FailureClass;
use trigger::wire::Problem;
use url::Url;

use crate::failure::{Exit, Failure};
use crate::hosted::address::is_loopback;
use crate::hosted::{Key, ServerUrl};

const USER_AGENT: &str = concat!("doctown/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A server answers within a minute, or not at all.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(75);
/// A docpack of a gigabyte at a megabyte a second takes 17 minutes.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(3_600);
/// The largest answer is a page of 1,000 events.
const MAX_ANSWER_BYTES: u64 = 64_000_000;

/// A server, and the key that requests to it carry.
pub(crate) struct Client {
    http: reqwest::blocking::Client,
    server: ServerUrl,
    key: Option<Key>,
}

/// Why a request was not done.
#[derive(Debug)]
pub(crate) enum AskError {
    /// The server gave no answer.
    Unreachable { reason: String },
    /// The server answered with a problem of the API.
    Refused(Box<Problem>),
    /// Something answered that is no Doctown, or that stands before one.
    Unexpected { status: u16, reason: String },
}

impl AskError {
    /// Returns the API's stable code, if it is the API that refused.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => Some(&problem.code),
            _ => None,
        }
    }

    /// Tells whether the same request may succeed in a moment.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused(problem) => matches!(problem.status, 408 | 429 | 502..=504),
            Self::Unexpected { status, .. } => matches!(status, 502..=504),
        }
    }
}

impl Client {
    pub(crate) fn new(server: ServerUrl, key: Option<Key>, config: &Config) -> Result<Self, Failure> {
        // Fails when another part of the process chose a provider first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirect could lead the key to another host.
        let mut builder = reqwest::blocking::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .no_proxy();
        if let (Some(proxy), false) = (&config.source.proxy_url, server.is_loopback()) {
            let invalid = |error: reqwest::Error| {
                Failure::new(
                    Exit::Usage,
                    "proxy_invalid",
                    format!("the proxy cannot be used: {}", reason(error)),
                )
                .with_help("check DOCTOWN_PROXY or HTTPS_PROXY")
            };
            builder = builder.proxy(Proxy::all(proxy).map_err(invalid)?);
        }
        let http =
            builder.build().map_err(|error| Failure::new(Exit::Failed, "no_http_client", reason(error)))?;
        Ok(Self { http, server, key })
    }

    /// Returns the same client with another key.
    pub(crate) fn with_key(&self, key: Key) -> Self {
        Self { http: self.http.clone(), server: self.server.clone(), key: Some(key) }
    }

    pub(crate) fn server(&self) -> &ServerUrl {
        &self.server
    }

    pub(crate) fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// Reads something below `/v1`.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, AskError> {
        let request = self.request(Method::GET, path, query);
        parsed(checked(request.send().map_err(unreachable)?)?)
    }

    /// Sends a body, and reads the answer.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &[&str], body: &Value) -> Result<T, AskError> {
        self.post_with(path, body, &[])
    }

    /// As [`Client::post`], with more headers.
    pub(crate) fn post_with<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &Value,
        headers: &[(&'static str, &str)],
    ) -> Result<T, AskError> {
        let request = self.request(Method::POST, path, &[]);
        let request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        parsed(checked(request.send().map_err(unreachable)?)?)
    }

    /// Removes something.
    pub(crate) fn delete(&self, path: &[&str]) -> Result<(), AskError> {
        checked(self.request(Method::DELETE, path, &[]).send().map_err(unreachable)?).map(|_| ())
    }

    /// Writes a file of the server to `out`, at most `max_bytes` of it; returns how many bytes it has.
    ///
    /// The server may send clients to a bucket for large files. The key stays behind: the address there is enough.
    pub(crate) fn download(
        &self,
        path: &[&str],
        max_bytes: u64,
        out: &mut impl Write,
    ) -> Result<u64, AskError> {
        self.read_from(&self.at(path, &[]), max_bytes, out)
    }

    /// As [`Client::download`], from any address of the server.
    pub(crate) fn read_from(&self, url: &Url, max_bytes: u64, out: &mut impl Write) -> Result<u64, AskError> {
        let request = self.request_to(Method::GET, url.clone()).timeout(DOWNLOAD_TIMEOUT);
        let mut response = request.send().map_err(unreachable)?;
        if response.status().is_redirection() {
            let place = redirected(&response)?;
            response = self.http.get(place).timeout(DOWNLOAD_TIMEOUT).send().map_err(unreachable)?;
        }
        let mut body = checked(response)?.take(max_bytes + 1);
        std::io::copy(&mut body, out).map_err(|error| AskError::Unreachable { reason: error.to_string() })
    }

    fn request(&self, method: Method, path: &[&str], query: &[(&str, &str)]) -> RequestBuilder {
        self.request_to(method, self.at(path, query))
    }

    fn at(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let path: Vec<&str> = ["v1"].iter().chain(path).copied().collect();
        self.server.at(&path, query)
    }

    /// Begins a request to an address of the server.
    fn request_to(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url);
        let header = self.key.as_ref().and_then(|key| {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        match header {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }

    /// Turns a request that was not done into a command's failure.
    pub(crate) fn failure(&self, error: AskError) -> Failure {
        let server = &self.server;
        let sign_in = format!("run `doctown login --server {server}`");
        match error {
            AskError::Unreachable { reason } => Failure::new(
                Exit::UpstreamDown,
                "server_unreachable",
                format!("cannot reach `{server}`: {reason}"),
            )
            .with_help("check the address and your network, then run the same command again"),
            AskError::Unexpected { status: 502..=504, reason } => Failure::new(
                Exit::UpstreamDown,
                "server_unavailable",
                format!("`{server}` is down: {reason}"),
            )
            .with_help("run the same command again later"),
            AskError::Unexpected { reason, .. } => {
                let message = format!("`{server}` does not answer as a Doctown server: {reason}");
                Failure::new(Exit::Usage, "server_unknown", message).with_help("check the address")
            }
            AskError::Refused(problem) => {
                let Problem { code, title, detail, status, help, .. } = *problem;
                let exit = exit_of(&code, status);
                match code.as_str() {
                    "sign_in_required" => {
                        Failure::new(exit, code, format!("`{server}` needs you to sign in"))
                            .with_help(sign_in)
                    }
                    "invalid_credentials" => {
                        let message = format!("the key for `{server}` is unknown, revoked or expired");
                        Failure::new(exit, code, message).with_help(sign_in)
                    }
                    "missing_scope" => Failure::new(exit, code, detail).with_help(format!(
                        "make a key with it at {}, and use it with `doctown login --with-key`",
                        server.page(&["account"])
                    )),
                    "no_accounts" => Failure::new(exit, code, format!("`{server}` has no accounts"))
                        .with_help("use it without signing in: everybody who reaches it may do everything"),
                    // The API's help speaks to programs and browsers.
                    "no_embedder" => Failure::new(exit, code, format!("`{server}` computes no vectors"))
                        .with_help("submit with `--no-embeddings`"),
                    "model_not_configured" => {
                        Failure::new(exit, code, format!("`{server}` has no language model"))
                            .with_help("leave out `--model`")
                    }
                    "no_such_job" => Failure::new(exit, code, format!("you have no such job on `{server}`"))
                        .with_help(
                            "check the id; `--server` names another server, and DOCTOWN_STORE a store",
                        ),
                    "no_such_docpack" => {
                        Failure::new(exit, code, format!("you have no such docpack on `{server}`"))
                            .with_help("`doctown library` lists your docpacks")
                    }
                    "not_awaiting_approval" | "job_not_over" => {
                        Failure::new(exit, code, detail).with_help("`doctown status JOB` shows its progress")
                    }
                    _ => Failure::new(exit, code, if detail.is_empty() { title } else { detail })
                        .with_help(help),
                }
            }
        }
    }
}

/// Chooses the exit code for a problem of the API.
fn exit_of(code: &str, status: u16) -> Exit {
    if let Some((class, _)) = source::failure::by_code(code) {
        return match class {
            FailureClass::Failed => Exit::Failed,
            FailureClass::Usage => Exit::Usage,
            FailureClass::Refused => Exit::InputRefused,
            // The server's own right to read, which signing in does not change.
            FailureClass::Unauthorized => Exit::NotAuthorised,
            FailureClass::Upstream => Exit::UpstreamDown,
        };
    }
    match (code, status) {
        ("no_accounts", _) => Exit::Usage,
        (_, 401 | 403) => Exit::NotAuthorised,
        (_, 408 | 429 | 500..) => Exit::UpstreamDown,
        _ => Exit::InputRefused,
    }
}

fn unreachable(error: reqwest::Error) -> AskError {
    AskError::Unreachable { reason: reason(error) }
}

/// Says what went wrong, down to the cause, and without the address, which the message has already.
fn reason(error: reqwest::Error) -> String {
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

/// Passes an answer on unless it is a refusal.
fn checked(response: Response) -> Result<Response, AskError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    if status.is_redirection() {
        let place =
            redirected(&response).map_or_else(|_| "another address".to_owned(), |url| url.to_string());
        let reason = format!("it redirects to {place}");
        return Err(AskError::Unexpected { status: status.as_u16(), reason });
    }
    let problem = read(response).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Err(problem.map_or_else(
        || AskError::Unexpected { status: status.as_u16(), reason: format!("status {}", status.as_u16()) },
        |problem| AskError::Refused(Box::new(problem)),
    ))
}

/// Reads where a download was sent to: over https, or from one server of this machine to another.
fn redirected(response: &Response) -> Result<Url, AskError> {
    let status = response.status().as_u16();
    let place = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
    let place = place.and_then(|place| response.url().join(place).ok());
    let may_follow = |url: &Url| url.scheme() == "https" || (is_loopback(response.url()) && is_loopback(url));
    place.filter(may_follow).ok_or_else(|| AskError::Unexpected {
        status,
        reason: "it redirects to no usable address".to_owned(),
    })
}

fn read(response: Response) -> Result<Vec<u8>, AskError> {
    let mut bytes = Vec::new();
    let read = response.take(MAX_ANSWER_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| AskError::Unreachable { reason: error.to_string() })?;
    if bytes.len() as u64 > MAX_ANSWER_BYTES {
        let reason = format!("its answer is longer than {MAX_ANSWER_BYTES} bytes");
        return Err(AskError::Unexpected { status: 200, reason });
    }
    Ok(bytes)
}

fn parsed<T: DeserializeOwned>(response: Response) -> Result<T, AskError> {
    let (status, kind) = (response.status().as_u16(), response.headers().get(CONTENT_TYPE).cloned());
    let bytes = read(response)?;
    // 204 has no body, which is read as null.
    let bytes: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
    serde_json::from_slice(bytes).map_err(|error| {
        let kind = kind.as_ref().and_then(|kind| kind.to_str().ok()).unwrap_or("no type");
        AskError::Unexpected { status, reason: format!("its answer ({kind}) cannot be read: {error}") }
    })
}
