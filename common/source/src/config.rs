//! Which hosts may be talked to, and as whom.

use std::collections::BTreeSet;
use std::fmt;

/// A secret that never shows in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps a secret; blank text gives none.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// Hosts that repositories may come from, besides GitHub's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPolicy {
    /// Any host whose every address is public, on port 443.
    AnyPublic,
    /// These and no others, each `host` or `host:port`; their addresses must be public too.
    Only(BTreeSet<String>),
}

/// Everything about the outside world that reading a source depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceConfig {
    /// Base of GitHub's REST API, without a trailing slash.
    pub github_api_url: String,
    /// Hosts whose repository URLs are answered by that API; the first one names them.
    pub github_hosts: Vec<String>,
    /// Where the API may redirect a tarball's download to.
    pub github_download_hosts: Vec<String>,
    /// Sent to the API's host only.
    pub github_token: Option<Token>,
    /// Reads no repository that the API does not call public: the token is not the asker's own.
    pub public_only: bool,
    pub git_hosts: HostPolicy,
    /// Folders and archives on this machine; off where strangers type the input.
    pub local_paths: bool,
    /// `host:port` pairs where plain http and private addresses are accepted: a test's own server.
    pub insecure_authorities: BTreeSet<String>,
    /// An http proxy, which resolves names itself: only names that this machine can resolve too are
    /// checked for private addresses here, and the proxy must refuse the others.
    pub proxy_url: Option<String>,
}

impl Default for SourceConfig {
    /// What the command line uses: github.com, any public git host, local paths.
    fn default() -> Self {
        Self {
            github_api_url: "https://api.github.com".to_owned(),
            github_hosts: vec!["github.com".to_owned(), "www.github.com".to_owned()],
            github_download_hosts: vec!["codeload.github.com".to_owned()],
            github_token: None,
            public_only: false,
            git_hosts: HostPolicy::AnyPublic,
            local_paths: true,
            insecure_authorities: BTreeSet::new(),
            proxy_url: None,
        }
    }
}

impl SourceConfig {
    /// Returns what a public service uses: GitHub only, no local paths.
    pub fn hosted() -> Self {
        Self { git_hosts: HostPolicy::Only(BTreeSet::new()), local_paths: false, ..Self::default() }
    }

    pub(crate) fn is_github(&self, host: &str) -> bool {
        self.github_hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}
