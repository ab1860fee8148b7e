//! A new App in one step: GitHub makes it of a manifest that somebody posts in a browser, and gives its secrets out
//! for a code, once.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};
use source::api::{ApiCall, ApiClient};
use source::config::SourceConfig;
use source::failure::SourceError;
use source::limits::SourceLimits;
use url::Url;

use crate::key::AppKey;

/// GitHub takes names of at most so many characters.
pub const MAX_NAME_CHARS: usize = 34;

/// What the new App is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// No other App of GitHub may have it.
    pub name: String,
    /// Where people reach the server, without a trailing slash.
    pub public_url: String,
    /// Where people come back to after they signed in, on that server.
    pub callback_path: &'static str,
    /// Where GitHub sends its deliveries, on that server.
    pub webhook_path: &'static str,
    /// Where GitHub sends the browser with the code.
    pub redirect_url: String,
}

impl Manifest {
    /// Writes the manifest as GitHub reads it.
    pub fn json(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.public_url);
        json!({
            "name": self.name,
            "url": self.public_url,
            "hook_attributes": {"url": at(self.webhook_path), "active": true},
            "redirect_url": self.redirect_url,
            "callback_urls": [at(self.callback_path)],
            "setup_url": at("/settings"),
            "public": true,
            "request_oauth_on_install": false,
            "default_permissions": {
                "contents": "read",
                "metadata": "read",
                "checks": "write",
                "pull_requests": "write",
            },
            "default_events": ["push", "pull_request", "repository"],
        })
    }

    /// Returns the address that the manifest is posted to, in the name of an organisation where one is named.
    /// `state` comes back with the code.
    pub fn post_to(web_url: &Url, organisation: Option<&str>, state: &str) -> Option<Url> {
        let mut url = web_url.clone();
        {
            let mut path = url.path_segments_mut().ok()?;
            path.pop_if_empty();
            if let Some(name) = organisation {
                path.extend(["organizations", name]);
            }
            path.extend(["settings", "apps", "new"]);
        }
        url.query_pairs_mut().append_pair("state", state);
        Some(url)
    }
}

/// An App that was just made, with its secrets. They do not show in logs.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct CreatedApp {
    /// GitHub's number of the App.
    pub id: u64,
    pub slug: String,
    /// The App's page at GitHub.
    pub html_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub webhook_secret: String,
    /// The private key, a PEM text.
    pub pem: String,
}

impl fmt::Debug for CreatedApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedApp").field("id", &self.id).field("slug", &self.slug).finish_non_exhaustive()
    }
}

/// Why a code gave no App.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    #[error(transparent)]
    Source(#[from] SourceError),
    /// GitHub does not know the code.
    #[error("GitHub does not know the code: it was used before, or is older than an hour")]
    UnknownCode,
    /// GitHub's answer lacks something that a server needs.
    #[error("GitHub's answer lacks a part of the App, or has it in another form")]
    Incomplete,
}

/// Gives the code of a manifest in for the App. It works once. Blocks.
pub fn convert(config: &SourceConfig, code: &str) -> Result<CreatedApp, ConvertError> {
    // The operator's own token has no place here.
    let config = SourceConfig { github_token: None, ..config.clone() };
    let client = ApiClient::new(&config, &SourceLimits::default())?;
    let path = ["app-manifests", code, "conversions"];
    let reply = client.send(&ApiCall::post(&path, None, &json!({})))?;
    match reply.status {
        200..=299 => {}
        404 | 410 | 422 => return Err(ConvertError::UnknownCode),
        status => return Err(SourceError::protocol(&reply.host, format!("it answered {status}")).into()),
    }
    // The parser's own message could quote a secret.
    let app: CreatedApp = serde_json::from_slice(&reply.body).map_err(|_| ConvertError::Incomplete)?;
    // Each becomes one line of a settings file; only the key has a file of its own.
    let is_line = |text: &String| !text.trim().is_empty() && !text.contains(char::is_control);
    let is_whole = [&app.slug, &app.html_url, &app.client_id, &app.client_secret, &app.webhook_secret]
        .into_iter()
        .all(is_line);
    if is_whole && AppKey::parse(&app.pem).is_ok() { Ok(app) } else { Err(ConvertError::Incomplete) }
}
