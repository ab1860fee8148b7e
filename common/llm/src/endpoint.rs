//! Where questions go, and how many at once.

use std::fmt;
use std::time::Duration;

use async_openai::config::Config;
use pipeline::breaker::BreakerParams;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;
use url::Url;

use crate::line::RetryParams;

/// More requests at once bring no endpoint forward, and most of them to their limit.
pub const MAX_PARALLEL: usize = 10;
/// A long answer of a slow model takes a minute or two.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);
const OPENAI_HOST: &str = "api.openai.com";

/// One OpenAI-compatible server: address, key, models, limits.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub(crate) base_url: Url,
    pub api: Api,
    /// Never printed; sent as `Authorization: Bearer`, to Azure as `api-key`.
    pub key: Option<SecretString>,
    /// The first is wanted, the others stand in for it in this order.
    pub(crate) models: Vec<String>,
    /// Of one attempt, from sending to the last byte.
    pub timeout: Duration,
    pub(crate) max_parallel: usize,
    pub retry: RetryParams,
    pub breaker: BreakerParams,
    /// The only proxy that is used; the environment is not asked for one.
    pub proxy: Option<Url>,
    /// Members added to each request's body, such as llama.cpp's `cache_prompt`.
    pub extra: Vec<(String, Box<RawValue>)>,
}

/// What kinds of servers differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// Counts answers by `max_completion_tokens`.
    OpenAi,
    /// A model is a deployment and part of the address; the version is a parameter.
    Azure { api_version: String },
    /// vLLM, llama.cpp, Ollama and others: counts answers by `max_tokens`.
    Compatible,
}

/// Why an endpoint cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEndpoint {
    #[error("`{url}` is no base URL; it looks like `https://api.openai.com/v1`")]
    Url { url: String },
    #[error("a base URL holds no user, password, query or fragment; give the key apart")]
    UrlWithExtras,
    #[error("an endpoint needs at least one model")]
    NoModel,
    #[error("the key has characters that no header can carry")]
    Key,
    #[error("the HTTP client cannot be built: {reason}")]
    Client { reason: String },
}

impl Endpoint {
    /// Checks an address; everything else has a default.
    ///
    /// The kind is [`Api::OpenAi`] for OpenAI's own host and [`Api::Compatible`] for others.
    pub fn new<M: Into<String>>(
        base_url: &str,
        models: impl IntoIterator<Item = M>,
    ) -> Result<Self, InvalidEndpoint> {
        let url = parse(base_url)?;
        let models = named(models)?;
        let api = if url.host_str() == Some(OPENAI_HOST) { Api::OpenAi } else { Api::Compatible };
        Ok(Self {
            base_url: url,
            api,
            key: None,
            models,
            timeout: DEFAULT_TIMEOUT,
            max_parallel: MAX_PARALLEL,
            retry: RetryParams::default(),
            breaker: BreakerParams::default(),
            proxy: None,
            extra: Vec::new(),
        })
    }

    /// Takes other models.
    pub fn with_models<M: Into<String>>(
        self,
        models: impl IntoIterator<Item = M>,
    ) -> Result<Self, InvalidEndpoint> {
        Ok(Self { models: named(models)?, ..self })
    }

    pub fn with_key(mut self, key: impl Into<SecretString>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub fn with_api(mut self, api: Api) -> Self {
        self.api = api;
        self
    }

    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how many requests may be under way at once; at least one always may.
    pub fn with_parallel(mut self, max_parallel: usize) -> Self {
        self.max_parallel = max_parallel.max(1);
        self
    }

    /// Sends everything through a proxy.
    pub fn with_proxy(mut self, proxy: Url) -> Self {
        self.proxy = Some(proxy);
        self
    }

    pub fn with_retry(mut self, retry: RetryParams) -> Self {
        self.retry = retry;
        self
    }

    /// Adds a member to each request's body.
    pub fn with_extra(mut self, name: &str, value: Box<RawValue>) -> Self {
        self.extra.push((name.to_owned(), value));
        self
    }

    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    pub fn models(&self) -> &[String] {
        &self.models
    }

    /// Tells whether the server runs on this machine.
    pub fn is_local(&self) -> bool {
        match self.base_url.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Names the provider as the semantic conventions of GenAI do.
    pub(crate) fn provider(&self) -> &'static str {
        match self.api {
            Api::OpenAi => "openai",
            Api::Azure { .. } => "azure.ai.openai",
            Api::Compatible => "openai_compatible",
        }
    }

    /// Returns where requests for one model go.
    pub(crate) fn address(&self, model: &str) -> Result<Address, InvalidEndpoint> {
        self.address_under(&["deployments", model])
    }

    /// Returns where batches and their files go: past all deployments.
    pub(crate) fn batch_address(&self) -> Result<Address, InvalidEndpoint> {
        self.address_under(&[])
    }

    fn address_under(&self, azure_path: &[&str]) -> Result<Address, InvalidEndpoint> {
        let mut url = self.base_url.clone();
        let version = match &self.api {
            Api::Azure { api_version } => {
                // Written by segments, so that a name cannot leave its place.
                let mut path = url.path_segments_mut().expect("http URLs have a path");
                path.pop_if_empty().push("openai").extend(azure_path);
                Some(api_version.clone())
            }
            Api::OpenAi | Api::Compatible => None,
        };
        let prefix = url.as_str().trim_end_matches('/').to_owned();
        Ok(Address { prefix, version, headers: self.headers()?, key: self.key.clone().unwrap_or_default() })
    }

    fn headers(&self) -> Result<HeaderMap, InvalidEndpoint> {
        let mut headers = HeaderMap::new();
        let Some(key) = &self.key else { return Ok(headers) };
        let (name, text) = match self.api {
            Api::Azure { .. } => {
                ("api-key".parse().expect("a header's name"), key.expose_secret().to_owned())
            }
            Api::OpenAi | Api::Compatible => (AUTHORIZATION, format!("Bearer {}", key.expose_secret())),
        };
        let mut value = HeaderValue::from_str(&text).map_err(|_| InvalidEndpoint::Key)?;
        value.set_sensitive(true);
        headers.insert(name, value);
        Ok(headers)
    }
}

fn named<M: Into<String>>(models: impl IntoIterator<Item = M>) -> Result<Vec<String>, InvalidEndpoint> {
    let models: Vec<String> = models.into_iter().map(Into::into).collect();
    let is_empty = models.iter().all(|model| model.trim().is_empty());
    if is_empty { Err(InvalidEndpoint::NoModel) } else { Ok(models) }
}

fn parse(base_url: &str) -> Result<Url, InvalidEndpoint> {
    let invalid = || InvalidEndpoint::Url { url: without_secrets(base_url).to_owned() };
    let url = Url::parse(base_url.trim()).map_err(|_| invalid())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(invalid());
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidEndpoint::UrlWithExtras);
    }
    Ok(url)
}

/// Leaves out where a user, a password or a key may stand.
fn without_secrets(base_url: &str) -> &str {
    let path_end = base_url.find(['?', '#']).unwrap_or(base_url.len());
    let shown = &base_url[..path_end];
    shown.rsplit('@').next().unwrap_or(shown)
}

/// What async-openai asks of a configuration; its own ones read the environment.
#[derive(Clone)]
pub(crate) struct Address {
    prefix: String,
    version: Option<String>,
    headers: HeaderMap,
    key: SecretString,
}

impl Config for Address {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        self.version.as_deref().map(|version| ("api-version", version)).into_iter().collect()
    }

    fn api_base(&self) -> &str {
        &self.prefix
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
