//! The App itself: what it says of itself, where it is installed, and the tokens that it gives out.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use source::api::{ApiCall, ApiClient, ApiReply, Verb};
use source::config::{SourceConfig, Token};
use source::failure::SourceError;
use source::limits::SourceLimits;

use crate::GithubError;
use crate::key::AppKey;

/// Pages that are read of a list; with 100 items each more than GitHub gives an App to see.
pub(crate) const MAX_PAGES: usize = 1_000;
pub(crate) const PER_PAGE: (&str, &str) = ("per_page", "100");

/// A GitHub App; cheap to clone.
#[derive(Clone)]
pub struct App {
    id: String,
    key: AppKey,
    config: SourceConfig,
    /// By how many seconds GitHub's clock is ahead of ours, where that matters.
    skew_s: Arc<AtomicI64>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What GitHub says of the App.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AppIdentity {
    pub slug: String,
    /// The App's page at GitHub, where people install it.
    pub html_url: String,
}

/// Where the App is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    pub id: u64,
    /// GitHub's number of the person or organisation.
    pub account_id: u64,
    pub account_login: String,
    pub is_suspended: bool,
    /// Whether the App may write check runs there.
    pub may_write_checks: bool,
    /// Whether the App may read pull requests there and comment on them.
    pub may_write_pulls: bool,
}

#[derive(Deserialize)]
struct InstallationAnswer {
    id: u64,
    account: AccountAnswer,
    #[serde(default)]
    suspended_at: Option<String>,
    #[serde(default)]
    permissions: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct AccountAnswer {
    id: u64,
    login: String,
}

impl From<InstallationAnswer> for Installation {
    fn from(answer: InstallationAnswer) -> Self {
        let may_write = |name: &str| answer.permissions.get(name).is_some_and(|it| it == "write");
        Self {
            id: answer.id,
            may_write_checks: may_write("checks"),
            may_write_pulls: may_write("pull_requests"),
            account_id: answer.account.id,
            account_login: answer.account.login,
            is_suspended: answer.suspended_at.is_some(),
        }
    }
}

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permissions {
    /// Reads files and commits.
    ReadContents,
    /// Writes check runs.
    WriteChecks,
    /// Reads pull requests and writes comments on them.
    WritePulls,
}

impl Permissions {
    fn wish(self) -> Value {
        match self {
            Self::ReadContents => json!({"contents": "read"}),
            Self::WriteChecks => json!({"checks": "write"}),
            Self::WritePulls => json!({"pull_requests": "write"}),
        }
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: String,
}

impl App {
    /// Makes an App of its client id (or number) and key; the configuration says where GitHub's API is.
    pub fn new(id: impl Into<String>, key: AppKey, config: SourceConfig) -> Self {
        // The operator's own token has no place in what the App asks.
        let config = SourceConfig { github_token: None, ..config };
        Self { id: id.into(), key, config, skew_s: Arc::default() }
    }

    /// Returns how the API is reached.
    pub fn config(&self) -> &SourceConfig {
        &self.config
    }

    /// Reports whether this is what the App calls itself: its client id or its number.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.id == name
    }

    /// Asks who the App is. Blocks, as everything here.
    pub fn identity(&self) -> Result<AppIdentity, GithubError> {
        read(&found(self.ask(&Wish::get(&["app"]))?, "App")?)
    }

    /// Lists where the App is installed.
    pub fn installations(&self) -> Result<Vec<Installation>, GithubError> {
        let mut list = Vec::new();
        let mut next: Option<(String, String)> = None;
        for _ in 0..MAX_PAGES {
            let mut query = vec![PER_PAGE];
            query.extend(next.as_ref().map(|(name, value)| (name.as_str(), value.as_str())));
            let wish = Wish { query: &query, ..Wish::get(&["app", "installations"]) };
            let reply = found(self.ask(&wish)?, "installation")?;
            let page: Vec<InstallationAnswer> = read(&reply)?;
            list.extend(page.into_iter().map(Installation::from));
            match reply.next {
                Some(page) => next = Some((page.name, page.value)),
                None => break,
            }
        }
        Ok(list)
    }

    /// Looks one installation up.
    pub fn installation(&self, id: u64) -> Result<Installation, GithubError> {
        let reply = self.ask(&Wish::get(&["app", "installations", &id.to_string()]))?;
        if reply.status == 404 {
            return Err(GithubError::NotInstalled);
        }
        read::<InstallationAnswer>(&found(reply, "installation")?).map(Installation::from)
    }

    /// Makes a token that does one thing, at one repository where one is named.
    ///
    /// GitHub itself refuses a repository that the installation does not have: this is what keeps a delivery from
    /// naming another's.
    pub fn token(
        &self,
        installation: u64,
        repository: Option<u64>,
        permissions: Permissions,
    ) -> Result<Token, GithubError> {
        let mut body = json!({"permissions": permissions.wish()});
        if let Some(repository) = repository {
            body["repository_ids"] = json!([repository]);
        }
        let path = ["app", "installations", &installation.to_string(), "access_tokens"];
        let reply = self.ask(&Wish { verb: Verb::Post, body: Some(&body), ..Wish::get(&path) })?;
        match reply.status {
            403 => return Err(GithubError::Suspended),
            404 => return Err(GithubError::NotInstalled),
            422 => return Err(GithubError::NotCovered),
            _ => {}
        }
        let answer: TokenAnswer = read(&found(reply, "installation")?)?;
        Token::new(&answer.token)
            .ok_or_else(|| SourceError::protocol("GitHub", "it gives a blank token").into())
    }

    /// Sends a request as the App; where GitHub's clock is another than ours, once more by GitHub's.
    pub(crate) fn ask(&self, wish: &Wish<'_>) -> Result<ApiReply, GithubError> {
        let client = self.client()?;
        let reply = self.ask_once(&client, wish)?;
        if reply.status != 401 {
            return Ok(reply);
        }
        let date = reply.date.as_deref().and_then(|date| httpdate::parse_http_date(date).ok());
        let Some(theirs) = date.map(seconds) else { return Err(GithubError::AppRefused) };
        self.skew_s.store(theirs.cast_signed() - seconds(SystemTime::now()).cast_signed(), Ordering::Relaxed);
        let reply = self.ask_once(&client, wish)?;
        if reply.status == 401 { Err(GithubError::AppRefused) } else { Ok(reply) }
    }

    fn ask_once(&self, client: &ApiClient, wish: &Wish<'_>) -> Result<ApiReply, GithubError> {
        let now_s = seconds(SystemTime::now()).saturating_add_signed(self.skew_s.load(Ordering::Relaxed));
        let statement = self.key.statement(&self.id, now_s).and_then(|text| Token::new(&text));
        let token = statement.ok_or(GithubError::AppRefused)?;
        let Wish { verb, path, query, body } = *wish;
        Ok(client.send(&ApiCall { verb, path, query, token: Some(&token), body })?)
    }

    pub(crate) fn client(&self) -> Result<ApiClient, GithubError> {
        Ok(ApiClient::new(&self.config, &SourceLimits::default())?)
    }
}

/// A request of the App, without what it shows of itself.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) verb: Verb,
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<&'a Value>,
}

impl<'a> Wish<'a> {
    pub(crate) fn get(path: &'a [&'a str]) -> Self {
        Self { verb: Verb::Get, path, query: &[], body: None }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Turns every status but success into what the caller can do about it.
pub(crate) fn found(reply: ApiReply, what: &'static str) -> Result<ApiReply, GithubError> {
    match reply.status {
        200..=299 => Ok(reply),
        401 => Err(GithubError::TokenRefused),
        403 => Err(GithubError::NotCovered),
        404 | 409 | 410 | 422 | 451 => Err(GithubError::Absent { what }),
        status => Err(SourceError::protocol(&reply.host, format!("it answered {status}")).into()),
    }
}

pub(crate) fn read<T: DeserializeOwned>(reply: &ApiReply) -> Result<T, GithubError> {
    Ok(serde_json::from_slice(&reply.body).map_err(|error| SourceError::protocol(&reply.host, error))?)
}
