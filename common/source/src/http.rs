//! An HTTP client that goes only where the configuration allows, and never waits for ever.

use std::error::Error;
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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

/// How long our own look-up of a name may take where a proxy would resolve it anyway.
const OWN_LOOKUP_TIMEOUT: Duration = Duration::from_secs(3);

/// Read at once from an answer.
const READ_BYTES: usize = 16 << 10;

pub(crate) struct HttpClient {
    client: Client,
    config: SourceConfig,
    limits: SourceLimits,
    /// `host:port` of the proxy, without its credentials.
    proxy: Option<String>,
    /// Short answers of this client together may take [`SourceLimits::answers_timeout`] from here.
    started: Instant,
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
    /// The answer is streamed, so its body has the longer time limit of downloads.
    pub(crate) is_download: bool,
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
        let proxy = config.proxy_url.as_deref().map(parse_proxy).transpose()?;
        let mut allowed = insecure_hosts(config);
        // The operator chose the proxy, and most proxies have private addresses.
        allowed.extend(proxy.as_ref().and_then(|proxy| proxy.host_str()).map(str::to_owned));
        let resolver = PublicOnly { allowed };
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.connect_timeout)
            .timeout(limits.read_timeout)
            .dns_resolver(Arc::new(resolver))
            .no_proxy();
        if let Some(url) = &proxy {
            builder = builder.proxy(Proxy::all(url.clone()).map_err(|error| proxy_invalid(&error))?);
        }
        let client = builder.build().map_err(|error| SourceError::unavailable("the http client", error))?;
        Ok(Self {
            client,
            config: config.clone(),
            limits: limits.clone(),
            proxy: proxy.as_ref().map(proxy_name),
            started: Instant::now(),
        })
    }

    /// Checks whether a call may be made at all.
    pub(crate) fn check(&self, call: &Call<'_>) -> Result<(), SourceError> {
        self.check_hop(&call.url, call)
    }

    /// Sends a call and follows its redirects, checking every hop before it is made.
    pub(crate) fn send(&self, call: &Call<'_>) -> Result<Reply, SourceError> {
        let method = if call.body.is_some() { Method::POST } else { Method::GET };
        self.send_as(&method, call)
    }

    /// Does so with this method.
    pub(crate) fn send_as(&self, method: &Method, call: &Call<'_>) -> Result<Reply, SourceError> {
        let mut url = call.url.clone();
        for _ in 0..=self.limits.max_redirects {
            self.check_hop(&url, call)?;
            let response = self.send_once(method, &url, call)?;
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

    fn send_once(&self, method: &Method, url: &Url, call: &Call<'_>) -> Result<Response, SourceError> {
        let mut request = self.client.request(method.clone(), url.clone());
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = call.token.filter(|_| authority(url) == authority(&call.url)) {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.reveal()));
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        if !call.is_download {
            // Covers the body too: it ends a host that drips bytes, however it spaces them.
            request = request.timeout(self.time_left(url)?);
        }
        request.send().map_err(|error| self.meaning_of(&error, url))
    }

    /// Returns what is left of the time for short answers.
    fn time_left(&self, url: &Url) -> Result<Duration, SourceError> {
        let left = self.limits.answers_timeout.checked_sub(self.started.elapsed());
        left.filter(|left| !left.is_zero()).ok_or_else(|| self.too_slow(&authority(url)))
    }

    fn too_slow(&self, host: &str) -> SourceError {
        let limit_s = self.limits.answers_timeout.as_secs_f64();
        SourceError::unavailable(host, format!("its answers took longer than {limit_s} s"))
    }

    /// Tells an address that was refused from a host, or a proxy, that does not answer.
    fn meaning_of(&self, error: &reqwest::Error, url: &Url) -> SourceError {
        let host = authority(url);
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        let mut deepest = String::new();
        while let Some(inner) = cause {
            if inner.is::<NotPublic>() {
                return SourceError::HostNotAllowed { host, reason: NOT_PUBLIC_NAME };
            }
            deepest = inner.to_string();
            cause = inner.source();
        }
        let reason = if error.is_timeout() { "it did not answer in time".to_owned() } else { deepest };
        match &self.proxy {
            Some(proxy) if error.is_connect() => {
                SourceError::ProxyUnavailable { proxy: proxy.clone(), host, reason }
            }
            _ => SourceError::UpstreamUnavailable { host, reason },
        }
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
        // Without a proxy `PublicOnly` checks the addresses that are connected to.
        if let (Some(_), false, Some(Host::Domain(name))) = (&self.proxy, insecure, url.host())
            && leads_to_private_address(name)
        {
            return refuse(NOT_PUBLIC_NAME);
        }
        Ok(())
    }

    /// Reads a short answer whole, within the limits of size, speed and time.
    pub(crate) fn read_short(&self, mut reply: Reply) -> Result<Vec<u8>, SourceError> {
        let host = authority(&reply.url);
        let mut pace = Pace::new(&self.limits);
        let (mut bytes, mut buffer) = (Vec::new(), vec![0; READ_BYTES]);
        loop {
            self.time_left(&reply.url)?;
            let n_read = match reply.response.read(&mut buffer) {
                Ok(0) => return Ok(bytes),
                Ok(n_read) => n_read,
                Err(_) if self.time_left(&reply.url).is_err() => return Err(self.too_slow(&host)),
                Err(error) => return Err(SourceError::unavailable(&host, error)),
            };
            bytes.extend_from_slice(&buffer[..n_read]);
            if bytes.len() as u64 > MAX_REPLY_BYTES {
                let reason = format!("its answer is longer than {MAX_REPLY_BYTES} bytes");
                return Err(SourceError::protocol(&host, reason));
            }
            pace.check(n_read as u64).map_err(|reason| SourceError::unavailable(&host, reason))?;
        }
    }

    /// Streams a long answer within the download's limits of size and speed.
    pub(crate) fn stream(&self, reply: Reply, fault: Fault) -> Download {
        Download {
            host: authority(&reply.url),
            response: reply.response,
            limits: self.limits.clone(),
            fault,
            n_bytes: 0,
            started: Instant::now(),
            pace: Pace::new(&self.limits),
        }
    }
}

/// Measures how fast bytes come.
struct Pace {
    min_bytes_per_s: u64,
    window: Duration,
    window_start: Instant,
    window_bytes: u64,
}

impl Pace {
    fn new(limits: &SourceLimits) -> Self {
        Self {
            min_bytes_per_s: limits.min_speed_bytes_per_s,
            window: limits.min_speed_window,
            window_start: Instant::now(),
            window_bytes: 0,
        }
    }

    /// Counts bytes; an error says that too few came since the window began.
    fn check(&mut self, n_bytes: u64) -> Result<(), String> {
        self.window_bytes += n_bytes;
        let elapsed = self.window_start.elapsed();
        if elapsed < self.window {
            return Ok(());
        }
        if (self.window_bytes as f64) < self.min_bytes_per_s as f64 * elapsed.as_secs_f64() {
            return Err(format!("it sends less than {} bytes per second", self.min_bytes_per_s));
        }
        (self.window_start, self.window_bytes) = (Instant::now(), 0);
        Ok(())
    }
}

/// The body of an answer, ended when it grows too long or comes too slowly.
pub(crate) struct Download {
    host: String,
    response: Response,
    limits: SourceLimits,
    fault: Fault,
    n_bytes: u64,
    started: Instant,
    pace: Pace,
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match self.response.read(buffer) {
            Ok(n) => n as u64,
            Err(error) => return Err(self.fault.raise(SourceError::unavailable(&self.host, error))),
        };
        self.n_bytes += n;
        self.check_size()?;
        if n > 0 {
            self.check_time(n)?;
        }
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

    fn check_time(&mut self, n_bytes: u64) -> io::Result<()> {
        let paced = self.pace.check(n_bytes);
        let limit = self.limits.download_timeout;
        let timed = match self.started.elapsed() > limit {
            true => Err(format!("the download took longer than {} s", limit.as_secs_f64())),
            false => Ok(()),
        };
        paced.and(timed).map_err(|reason| self.fault.raise(SourceError::unavailable(&self.host, reason)))
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

pub(crate) fn is_throttled(status: StatusCode, headers: &HeaderMap) -> bool {
    let exhausted = headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
    status == StatusCode::TOO_MANY_REQUESTS || headers.contains_key("retry-after") || exhausted
}

/// `retry-after` counts from now; `x-ratelimit-reset` is a time.
pub(crate) fn wait_ms(headers: &HeaderMap) -> u64 {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let wait_s = number("retry-after").or_else(|| Some(number("x-ratelimit-reset")?.saturating_sub(now_s)));
    wait_s.map_or(DEFAULT_WAIT_MS, |wait_s| wait_s.saturating_mul(1000).clamp(1000, MAX_WAIT_MS))
}

const NOT_PUBLIC_NAME: &str = "its name leads to an address that is not public";

/// Reads the proxy's address as `curl` does: a scheme may be left out.
fn parse_proxy(text: &str) -> Result<Url, SourceError> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).map_err(|error| proxy_invalid(&error))?;
    if url.host_str().is_none() {
        return Err(proxy_invalid(&"it names no host"));
    }
    Ok(url)
}

fn proxy_invalid(reason: &dyn std::fmt::Display) -> SourceError {
    SourceError::ProxyInvalid { reason: reason.to_string() }
}

/// Names the proxy without its credentials.
fn proxy_name(proxy: &Url) -> String {
    let host = proxy.host_str().unwrap_or_default();
    proxy.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Resolves a name here that a proxy would resolve; returns false where this machine cannot.
fn leads_to_private_address(name: &str) -> bool {
    let (sender, found) = mpsc::sync_channel(1);
    let name = name.to_owned();
    // A resolver without a network may take half a minute to give up, so nobody waits for this thread.
    std::thread::spawn(move || {
        let addresses = (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        let _ = sender.send(addresses.unwrap_or_default());
    });
    let addresses = found.recv_timeout(OWN_LOOKUP_TIMEOUT).unwrap_or_default();
    addresses.iter().any(|address| !is_public(address.ip()))
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
