//! An HTTP client that goes only where the configuration allows, and never waits for ever.

use std::error::Error;
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use reqwest::blocking::{Client, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{AUTHORIZATION, HeaderMap, LOCATION};
use reqwest::{Method, Proxy, StatusCode, redirect};
use url::{Host, Url};

use crate::archive::gauge::Fault;
use crate::config::{SourceConfig, Token};
use crate::failure::SourceError;
use crate::limits::{MAX_REPLY_BYTES, SourceLimits};
use crate::network::is_public;
use crate::spec::authority;

/// Says which program calls, as GitHub's API demands.
const USER_AGENT: &str = concat!("doctown/", env!("CARGO_PKG_VERSION"));

/// What to wait when the host throttles and does not say how long.
const DEFAULT_WAIT_MS: u64 = 60_000;

/// A longer wait than the window of GitHub's own limit is a broken clock on one side.
const MAX_WAIT_MS: u64 = 3_600_000;

pub(crate) struct HttpClient {
    client: Client,
    config: SourceConfig,
    limits: SourceLimits,
}

/// One request, before redirects.
pub(crate) struct Call<'a> {
    pub(crate) url: Url,
    pub(crate) headers: &'a [(&'static str, &'a str)],
    /// Posted when there is one.
    pub(crate) body: Option<Vec<u8>>,
    /// Sent to the first URL's host only.
    pub(crate) token: Option<&'a Token>,
    /// Hosts, besides the first one, that may be redirected to.
    pub(crate) may_follow: &'a dyn Fn(&Url) -> bool,
}

/// An answer of any status, and the URL that gave it.
pub(crate) struct Reply {
    pub(crate) url: Url,
    pub(crate) response: Response,
}

impl HttpClient {
    pub(crate) fn new(config: &SourceConfig, limits: &SourceLimits) -> Result<Self, SourceError> {
        // Fails when another part of the process chose a provider first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let resolver = PublicOnly { allowed: insecure_hosts(config) };
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.connect_timeout)
            .timeout(limits.read_timeout)
            .dns_resolver(Arc::new(resolver))
            .no_proxy();
        if let Some(proxy) = &config.proxy_url {
            let proxy = Proxy::all(proxy).map_err(|error| SourceError::unavailable("the proxy", error))?;
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| SourceError::unavailable("the http client", error))?;
        Ok(Self { client, config: config.clone(), limits: limits.clone() })
    }

    /// Sends a call and follows its redirects, checking every hop before it is made.
    pub(crate) fn send(&self, call: &Call<'_>) -> Result<Reply, SourceError> {
        let mut url = call.url.clone();
        for _ in 0..=self.limits.max_redirects {
            self.check_hop(&url, call)?;
            let response = self.send_once(&url, call)?;
            let Some(next) = redirect_target(&url, &response)? else {
                return Ok(Reply { url, response });
            };
            url = next;
        }
        Err(SourceError::protocol(
            &authority(&call.url),
            format!("more than {} redirects", self.limits.max_redirects),
        ))
    }

    fn send_once(&self, url: &Url, call: &Call<'_>) -> Result<Response, SourceError> {
        let method = if call.body.is_some() { Method::POST } else { Method::GET };
        let mut request = self.client.request(method, url.clone());
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = call.token.filter(|_| authority(url) == authority(&call.url)) {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.reveal()));
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request.send().map_err(|error| meaning_of(&error, url))
    }

    fn check_hop(&self, url: &Url, call: &Call<'_>) -> Result<(), SourceError> {
        let authority = authority(url);
        let insecure = self.config.insecure_authorities.contains(&authority);
        if url.scheme() != "https" && !(insecure && url.scheme() == "http") {
            return Err(SourceError::SchemeNotAllowed { scheme: url.scheme().to_owned() });
        }
        let refuse = |reason| Err(SourceError::HostNotAllowed { host: authority.clone(), reason });
        if url.origin() != call.url.origin() && !(call.may_follow)(url) {
            return refuse("a redirect may not lead there");
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            _ => None,
        };
        if !insecure && ip.is_some_and(|ip| !is_public(ip)) {
            return refuse("its address is not public");
        }
        Ok(())
    }

    /// Reads a short answer whole.
    pub(crate) fn read_short(&self, reply: Reply) -> Result<Vec<u8>, SourceError> {
        let host = authority(&reply.url);
        let mut bytes = Vec::new();
        let read = reply.response.take(MAX_REPLY_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| SourceError::unavailable(&host, error))?;
        if bytes.len() as u64 > MAX_REPLY_BYTES {
            return Err(SourceError::protocol(
                &host,
                format!("its answer is longer than {MAX_REPLY_BYTES} bytes"),
            ));
        }
        Ok(bytes)
    }

    /// Streams a long answer within the download's limits of size and speed.
    pub(crate) fn stream(&self, reply: Reply, fault: Fault) -> Download {
        Download {
            host: authority(&reply.url),
            response: reply.response,
            limits: self.limits.clone(),
            fault,
            n_bytes: 0,
            window_start: Instant::now(),
            window_bytes: 0,
        }
    }
}

/// The body of an answer, ended when it grows too long or comes too slowly.
pub(crate) struct Download {
    host: String,
    response: Response,
    limits: SourceLimits,
    fault: Fault,
    n_bytes: u64,
    window_start: Instant,
    window_bytes: u64,
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match self.response.read(buffer) {
            Ok(n) => n as u64,
            Err(error) => return Err(self.fault.raise(SourceError::unavailable(&self.host, error))),
        };
        self.n_bytes += n;
        self.window_bytes += n;
        self.check_size()?;
        self.check_speed()?;
        Ok(n as usize)
    }
}

impl Download {
    fn check_size(&self) -> io::Result<()> {
        let limit_bytes = self.limits.max_download_bytes;
        if self.n_bytes <= limit_bytes {
            return Ok(());
        }
        Err(self.fault.raise(SourceError::RepoTooLarge {
            what: "the download so far",
            size_bytes: self.n_bytes,
            limit_bytes,
        }))
    }

    fn check_speed(&mut self) -> io::Result<()> {
        let elapsed = self.window_start.elapsed();
        if elapsed < self.limits.min_speed_window {
            return Ok(());
        }
        let wanted = self.limits.min_speed_bytes_per_s as f64 * elapsed.as_secs_f64();
        if (self.window_bytes as f64) < wanted {
            let reason = format!("it sends less than {} bytes per second", self.limits.min_speed_bytes_per_s);
            return Err(self.fault.raise(SourceError::unavailable(&self.host, reason)));
        }
        (self.window_start, self.window_bytes) = (Instant::now(), 0);
        Ok(())
    }
}

fn redirect_target(url: &Url, response: &Response) -> Result<Option<Url>, SourceError> {
    let kind = response.status();
    let follows = matches!(
        kind,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    if !follows {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    match location.and_then(|location| url.join(location).ok()) {
        Some(next) => Ok(Some(next)),
        None => Err(SourceError::protocol(&authority(url), "a redirect without a target")),
    }
}

/// Turns every status but success into what the caller can do about it.
pub(crate) fn checked(
    reply: Reply,
    missing: &dyn Fn(StatusCode) -> SourceError,
) -> Result<Reply, SourceError> {
    let status = reply.response.status();
    let host = authority(&reply.url);
    if status.is_success() {
        return Ok(reply);
    }
    let headers = reply.response.headers();
    Err(match status {
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS if is_throttled(status, headers) => {
            SourceError::RateLimited { host, retry_after_ms: wait_ms(headers) }
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => SourceError::Unauthorized { host },
        StatusCode::NOT_FOUND
        | StatusCode::CONFLICT
        | StatusCode::GONE
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => missing(status),
        status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            SourceError::unavailable(&host, format!("it answered {status}"))
        }
        status => SourceError::protocol(&host, format!("it answered {status}")),
    })
}

fn is_throttled(status: StatusCode, headers: &HeaderMap) -> bool {
    let exhausted = headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
    status == StatusCode::TOO_MANY_REQUESTS || headers.contains_key("retry-after") || exhausted
}

/// `retry-after` counts from now; `x-ratelimit-reset` is a time.
fn wait_ms(headers: &HeaderMap) -> u64 {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let wait_s = number("retry-after").or_else(|| Some(number("x-ratelimit-reset")?.saturating_sub(now_s)));
    wait_s.map_or(DEFAULT_WAIT_MS, |wait_s| wait_s.saturating_mul(1000).clamp(1000, MAX_WAIT_MS))
}

/// Tells an address that was refused from a host that does not answer.
fn meaning_of(error: &reqwest::Error, url: &Url) -> SourceError {
    let host = authority(url);
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut deepest = String::new();
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return SourceError::HostNotAllowed {
                host,
                reason: "its name leads to an address that is not public",
            };
        }
        deepest = inner.to_string();
        cause = inner.source();
    }
    let reason = if error.is_timeout() { "it did not answer in time".to_owned() } else { deepest };
    SourceError::UpstreamUnavailable { host, reason }
}

/// Resolves names, and refuses those with any address outside the public internet.
///
/// The connection is made to the addresses that were checked, so that a name that answers
/// differently the second time gains nothing.
struct PublicOnly {
    allowed: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not public")]
struct NotPublic;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let insecure = self.allowed.contains(&host);
        Box::pin(async move {
            // The blocking client runs its own thread for this, so nobody else waits here.
            let found: Vec<SocketAddr> = (host.as_str(), 0).to_socket_addrs()?.collect();
            if !insecure && found.iter().any(|address| !is_public(address.ip())) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn insecure_hosts(config: &SourceConfig) -> Vec<String> {
    let host = |authority: &String| {
        authority.rsplit_once(':').map_or(authority.as_str(), |(host, _)| host).to_owned()
    };
    config.insecure_authorities.iter().map(host).collect()
}
