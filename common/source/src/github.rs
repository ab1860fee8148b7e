//! GitHub: a repository's commit through the API, its files as the tarball of that commit.

use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::archive::gauge::Fault;
use crate::archive::tarball;
use crate::config::SourceConfig;
use crate::failure::SourceError;
use crate::http::{Call, HttpClient, checked};
use crate::intake::Intake;
use crate::limits::{STORED_SIZE_FACTOR, SourceLimits};
use crate::opened::Revision;
use crate::spec::{Place, RefWish, SourceSpec, authority};

/// How many parts a branch's name may have when a URL runs it together with a path.
const MAX_REF_PARTS: usize = 6;

/// A commit whose tarball is still to be downloaded.
#[derive(Debug)]
pub(crate) struct Tarball {
    url: Url,
    config: SourceConfig,
    /// At most so much source, in round numbers.
    pub(crate) size_bytes: u64,
    /// As the server stores the repository: compressed, with all history.
    pub(crate) stored_bytes: u64,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
    default_branch: String,
    /// In KiB, with all history, as the server stores it.
    #[serde(default)]
    size: u64,
    #[serde(default)]
    private: Option<bool>,
    /// `public`, `private` or `internal`; older servers leave it out.
    #[serde(default)]
    visibility: Option<String>,
    #[serde(default)]
    owner: Option<Owner>,
    /// Of the person whose token asks.
    #[serde(default)]
    permissions: Option<Permissions>,
}

impl Repository {
    fn stored_bytes(&self) -> u64 {
        self.size.saturating_mul(1024)
    }

    fn is_public(&self) -> bool {
        self.private == Some(false) && self.visibility.as_deref().is_none_or(|word| word == "public")
    }
}

/// A repository as GitHub shows it to whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubRepository {
    /// `owner/repo`, as GitHub spells it now.
    pub full_name: String,
    /// Whether everybody may see it.
    pub is_public: bool,
    /// GitHub's number of the person or organisation that owns it; unlike a name, it is never given to another.
    pub owner_id: u64,
    /// Whether the person whose token asks may administer it; `false` without a person's token.
    pub may_administer: bool,
}

/// Looks a repository up at GitHub; `None` for a source that is elsewhere. Blocks.
///
/// # Errors
/// `RepoNotFound` for a repository that does not exist or that the token may not see.
pub fn github_repository(
    spec: &SourceSpec,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<Option<GithubRepository>, SourceError> {
    let Place::GitHub { owner, repo, .. } = &spec.0 else { return Ok(None) };
    let missing = |_| SourceError::RepoNotFound { repo: format!("{owner}/{repo}") };
    let found: Repository = Api::new(config, limits)?.get(&["repos", owner, repo], &missing)?;
    Ok(Some(GithubRepository {
        is_public: found.is_public(),
        owner_id: found.owner.map_or(0, |owner| owner.id),
        may_administer: found.permissions.is_some_and(|it| it.admin),
        full_name: found.full_name,
    }))
}

#[derive(Deserialize)]
struct Owner {
    id: u64,
}

#[derive(Deserialize)]
struct Permissions {
    #[serde(default)]
    admin: bool,
}

#[derive(Deserialize)]
struct CommitAnswer {
    sha: String,
    commit: CommitFields,
}

#[derive(Deserialize)]
struct CommitFields {
    committer: Committer,
}

#[derive(Deserialize)]
struct Committer {
    date: String,
}

/// Asks for the repository, checks its size, and resolves the commit.
pub(crate) fn open(
    owner: &str,
    repo: &str,
    wish: &RefWish,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<(Revision, Tarball), SourceError> {
    let api = Api::new(config, limits)?;
    let slug = format!("{owner}/{repo}");
    let found: Repository =
        api.get(&["repos", owner, repo], &|_| SourceError::RepoNotFound { repo: slug.clone() })?;
    // The same answer as for one that does not exist: that it does is a secret too.
    if config.public_only && config.github_token.is_some() && !found.is_public() {
        return Err(SourceError::RepoNotFound { repo: slug });
    }
    let slug = checked_slug(&found.full_name).unwrap_or(slug);
    let size_bytes = api.check_size(&slug, &found, limits)?;
    let (git_ref, commit) = api.resolve(&slug, wish, &found.default_branch)?;
    let host = config.github_hosts.first().map_or("github.com", String::as_str);
    let revision = Revision {
        repo_url: Some(format!("https://{host}/{slug}")),
        git_ref: Some(git_ref),
        commit_time: api.checked_time(&commit)?,
        commit_hash: Some(commit.sha.clone()),
        dirty: false,
    };
    let url = api.url(&path_of(&slug, &["tarball", &commit.sha]))?;
    let stored_bytes = found.stored_bytes();
    Ok((revision, Tarball { url, config: config.clone(), size_bytes, stored_bytes }))
}

#[derive(Deserialize)]
struct RefAnswer {
    #[serde(rename = "ref")]
    name: String,
}

/// Lists the names of all tags.
pub(crate) fn tags(
    owner: &str,
    repo: &str,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<Vec<String>, SourceError> {
    let api = Api::new(config, limits)?;
    let missing = |_| SourceError::RepoNotFound { repo: format!("{owner}/{repo}") };
    if config.public_only && config.github_token.is_some() {
        let found: Repository = api.get(&["repos", owner, repo], &missing)?;
        if !found.is_public() {
            return Err(missing(StatusCode::NOT_FOUND));
        }
    }
    let found: Vec<RefAnswer> = api.get(&["repos", owner, repo, "git", "matching-refs", "tags"], &missing)?;
    Ok(found.iter().filter_map(|tag| tag.name.strip_prefix("refs/tags/")).map(str::to_owned).collect())
}

impl Tarball {
    /// Downloads the tarball and reads it on the way; nothing is stored.
    pub(crate) fn read(&self, intake: &mut Intake<'_>) -> Result<(), SourceError> {
        let http = HttpClient::new(&self.config, intake.limits())?;
        let hosts = &self.config.github_download_hosts;
        let reply = http.send(&Call {
            url: self.url.clone(),
            headers: &[],
            body: None,
            token: self.config.github_token.as_ref(),
            may_follow: &|url| hosts.contains(&authority(url)),
            is_download: true,
        })?;
        // The commit was there a moment ago: a force-push and a clean-up came between.
        let gone = |_| SourceError::RefNotFound {
            repo: self.url.path().to_owned(),
            git_ref: "the commit".to_owned(),
        };
        let reply = checked(reply, &gone).map_err(named)?;
        let host = authority(&reply.url);
        let fault = Fault::default();
        let result = tarball::read_download(http.stream(reply, fault.clone()), &host, intake);
        match fault.take() {
            Some(failure) => Err(failure),
            None => result,
        }
    }
}

/// Names GitHub rather than one of its hosts where its request limit is used up.
fn named(error: SourceError) -> SourceError {
    match error {
        SourceError::RateLimited { retry_after_ms, .. } => {
            SourceError::RateLimited { host: "GitHub".to_owned(), retry_after_ms }
        }
        error => error,
    }
}

struct Api<'a> {
    http: HttpClient,
    base: Url,
    config: &'a SourceConfig,
}

impl<'a> Api<'a> {
    fn new(config: &'a SourceConfig, limits: &SourceLimits) -> Result<Self, SourceError> {
        let base = Url::parse(&config.github_api_url).map_err(|_| SourceError::InvalidUrl {
            input: config.github_api_url.clone(),
            reason: "the configured API address is not a URL",
        })?;
        Ok(Self { http: HttpClient::new(config, limits)?, base, config })
    }

    /// Builds an address from parts, each escaped: nothing a user typed is taken for structure.
    fn url(&self, parts: &[&str]) -> Result<Url, SourceError> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut path) => {
                path.pop_if_empty().extend(parts);
            }
            Err(()) => return Err(SourceError::protocol(self.base.as_str(), "it cannot be a base address")),
        }
        Ok(url)
    }

    /// Gets one record; redirects (of renamed repositories) stay on the API's own host.
    fn get<T: DeserializeOwned>(
        &self,
        parts: &[&str],
        missing: &dyn Fn(StatusCode) -> SourceError,
    ) -> Result<T, SourceError> {
        let reply = self.http.send(&Call {
            url: self.url(parts)?,
            headers: &[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")],
            body: None,
            token: self.config.github_token.as_ref(),
            may_follow: &|_| false,
            is_download: false,
        })?;
        let reply = checked(reply, missing).map_err(named)?;
        let host = authority(&reply.url);
        let bytes = self.http.read_short(reply)?;
        serde_json::from_slice(&bytes).map_err(|error| SourceError::protocol(&host, error))
    }

    /// Refuses before the download what cannot fit.
    ///
    /// The stored size is a coarse bound (it holds history and is compressed); past the limit, the
    /// sizes per language, which are of the current source, decide.
    fn check_size(&self, slug: &str, found: &Repository, limits: &SourceLimits) -> Result<u64, SourceError> {
        let stored_bytes = found.stored_bytes();
        let limit_bytes = limits.max_total_bytes;
        let too_large =
            |what, size_bytes, limit_bytes| SourceError::RepoTooLarge { what, size_bytes, limit_bytes };
        let stored_limit = limit_bytes.saturating_mul(STORED_SIZE_FACTOR);
        if stored_bytes > stored_limit {
            return Err(too_large("the repository with its history", stored_bytes, stored_limit));
        }
        if stored_bytes <= limit_bytes {
            return Ok(stored_bytes);
        }
        let missing = |_| SourceError::RepoNotFound { repo: slug.to_owned() };
        let languages: BTreeMap<String, u64> = self.get(&path_of(slug, &["languages"]), &missing)?;
        let source_bytes = PARSED_LANGUAGES.iter().filter_map(|name| languages.get(*name)).sum();
        if source_bytes > limit_bytes {
            return Err(too_large("its source", source_bytes, limit_bytes));
        }
        Ok(source_bytes)
    }

    /// Turns a wish into a commit; a full hash wins over a branch that is spelled like one.
    fn resolve(
        &self,
        slug: &str,
        wish: &RefWish,
        default: &str,
    ) -> Result<(String, CommitAnswer), SourceError> {
        match wish {
            RefWish::Default => self.commit(slug, default).map(|commit| (default.to_owned(), commit)),
            RefWish::Named(name) => self.commit(slug, name).map(|commit| (name.clone(), commit)),
            RefWish::RefThenPath(parts) => self.longest_ref(slug, parts),
        }
    }

    /// Tries `a`, `a/b`, …: git keeps a branch from being a folder of another, so one at most exists.
    fn longest_ref(&self, slug: &str, parts: &[String]) -> Result<(String, CommitAnswer), SourceError> {
        for n_parts in 1..=parts.len().min(MAX_REF_PARTS) {
            let name = parts[..n_parts].join("/");
            match self.commit(slug, &name) {
                Ok(commit) => return Ok((name, commit)),
                Err(SourceError::RefNotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(SourceError::RefNotFound { repo: slug.to_owned(), git_ref: parts.join("/") })
    }

    fn commit(&self, slug: &str, name: &str) -> Result<CommitAnswer, SourceError> {
        let missing = |status| match status {
            StatusCode::CONFLICT => SourceError::RepoEmpty { repo: slug.to_owned() },
            _ => SourceError::RefNotFound { repo: slug.to_owned(), git_ref: name.to_owned() },
        };
        let mut parts = path_of(slug, &["commits"]);
        parts.extend(name.split('/'));
        let answer: CommitAnswer = self.get(&parts, &missing)?;
        if !crate::spec::is_full_hash(&answer.sha) {
            return Err(SourceError::protocol(&authority(&self.base), "the commit has no full hash"));
        }
        Ok(answer)
    }

    fn checked_time(&self, answer: &CommitAnswer) -> Result<String, SourceError> {
        let date = &answer.commit.committer.date;
        let is_utc = date.len() == 20 && date.ends_with('Z') && date.as_bytes()[10] == b'T';
        if is_utc {
            Ok(date.clone())
        } else {
            Err(SourceError::protocol(&authority(&self.base), "the commit has no time"))
        }
    }
}

/// Languages whose bytes count against the limit, as GitHub names them.
const PARSED_LANGUAGES: &[&str] = &["Go", "JavaScript", "Python", "Rust", "TypeScript"];

/// The API's own spelling of `owner/repo`, which differs when the repository was renamed.
fn checked_slug(full_name: &str) -> Option<String> {
    let (owner, repo) = full_name.split_once('/')?;
    let clean = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '/' || c.is_control());
    (clean(owner) && clean(repo)).then(|| full_name.to_owned())
}

fn path_of<'a>(slug: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    std::iter::once("repos").chain(slug.split('/')).chain(rest.iter().copied()).collect()
}
