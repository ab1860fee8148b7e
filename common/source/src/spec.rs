//! What a user typed, taken apart once: a GitHub repository, another git URL, a folder, an archive.

use std::fmt;
use std::path::{Path, PathBuf};

use docpack::Digest;
use url::{Host, Url};

use crate::archive::ArchiveFormat;
use crate::config::{HostPolicy, SourceConfig};
use crate::failure::SourceError;
use crate::folder;
use crate::network::is_public;

/// No repository has a longer address; servers cut lines at 8 KiB.
const MAX_INPUT_BYTES: usize = 2048;

/// GitHub's own limit for account names.
const MAX_OWNER_BYTES: usize = 39;

/// GitHub's own limit for repository names.
const MAX_REPO_BYTES: usize = 100;

/// File systems hold a ref's name as a path.
const MAX_REF_BYTES: usize = 255;

/// A place to read source from, checked against the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSpec(pub(crate) Place);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    GitHub {
        owner: String,
        repo: String,
        wish: RefWish,
    },
    Git {
        url: Url,
        wish: RefWish,
    },
    Folder(PathBuf),
    Archive(PathBuf, ArchiveFormat),
    /// One source file.
    File(PathBuf),
}

/// Which commit is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefWish {
    /// The tip of the default branch.
    Default,
    /// A branch, tag, commit hash or `pull/N/head`.
    Named(String),
    /// `ref/path` as one: branch names may hold slashes, so only the host can tell where it ends.
    RefThenPath(Vec<String>),
}

impl SourceSpec {
    /// Takes apart what a user typed, and refuses what the configuration does not allow.
    ///
    /// A path that looks like one (`.`, `./x`, `/x`, `~/x`) or exists is a path; everything else is a
    /// URL, `git@host:path`, or `owner/repo[@ref]` on GitHub, whose URLs may be `ssh`, `git` or `http` too.
    /// User names and passwords in URLs are
    /// dropped. A path inside a repository (`/tree/main/src`) is dropped too: the whole commit is read.
    pub fn parse(text: &str, config: &SourceConfig) -> Result<Self, SourceError> {
        let text = text.trim();
        check_text(text)?;
        if looks_like_path(text) || (config.local_paths && !text.contains("://") && Path::new(text).exists())
        {
            return local(text, config).map(Self);
        }
        remote(text, config).map(Self)
    }

    /// Returns the folder or archive on this machine, if that is what is meant.
    pub fn local_path(&self) -> Option<&Path> {
        match &self.0 {
            Place::Folder(path) | Place::Archive(path, _) | Place::File(path) => Some(path),
            Place::GitHub { .. } | Place::Git { .. } => None,
        }
    }

    /// Digests how a local source looks (names, sizes, times), to tell cheaply whether it changed.
    ///
    /// `None` for what is not local, and for what cannot be looked at.
    pub fn fingerprint(&self) -> Option<Digest> {
        match &self.0 {
            Place::Folder(root) => folder::fingerprint(root).ok(),
            Place::Archive(path, _) | Place::File(path) => Some(folder::fingerprint_of_file(path)),
            Place::GitHub { .. } | Place::Git { .. } => None,
        }
    }

    /// Returns the repository's, folder's or archive's own name, without endings; may be empty.
    pub fn name(&self) -> String {
        match &self.0 {
            Place::GitHub { repo, .. } => repo.clone(),
            Place::Git { url, .. } => {
                let last = url.path().rsplit('/').next().unwrap_or_default();
                last.strip_suffix(".git").unwrap_or(last).to_owned()
            }
            Place::Folder(path) => file_name(&std::path::absolute(path).unwrap_or_else(|_| path.clone())),
            Place::File(path) => {
                path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
            Place::Archive(path, _) => {
                let name = file_name(path);
                let ending = [".tar.gz", ".tgz", ".zip"].into_iter().find(|ending| name.ends_with(ending));
                ending.map_or(name.clone(), |ending| name[..name.len() - ending.len()].to_owned())
            }
        }
    }

    /// Returns the repository's own address, without ref and credentials; `None` for what is local.
    pub fn repo_url(&self, config: &SourceConfig) -> Option<String> {
        match &self.0 {
            Place::GitHub { owner, repo, .. } => {
                let host = config.github_hosts.first().map_or("github.com", String::as_str);
                Some(format!("https://{host}/{owner}/{repo}"))
            }
            Place::Git { url, .. } => normalised_remote(url.as_str()),
            Place::Folder(_) | Place::Archive(..) | Place::File(_) => None,
        }
    }

    /// Writes an address that parses to the same place, without credentials; local paths are absolute.
    pub fn canonical(&self, config: &SourceConfig) -> String {
        let page = |kind: &str, wish: &RefWish| match wish {
            RefWish::Default => String::new(),
            RefWish::Named(git_ref) => format!("@{git_ref}"),
            RefWish::RefThenPath(parts) => format!("{kind}/{}", parts.join("/")),
        };
        match &self.0 {
            Place::GitHub { owner, repo, wish: wish @ RefWish::RefThenPath(_) } => {
                let host = config.github_hosts.first().map_or("github.com", String::as_str);
                format!("https://{host}/{owner}/{repo}{}", page("/tree", wish))
            }
            Place::GitHub { owner, repo, wish } => format!("{owner}/{repo}{}", page("", wish)),
            Place::Git { url, wish: RefWish::Named(sha) } => format!("{url}/-/commit/{sha}"),
            Place::Git { url, wish } => format!("{url}{}", page("/-/tree", wish)),
            Place::Folder(path) | Place::Archive(path, _) | Place::File(path) => {
                std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl fmt::Display for SourceSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::GitHub { owner, repo, .. } => write!(f, "{owner}/{repo}"),
            Place::Git { url, .. } => write!(f, "{url}"),
            Place::Folder(path) | Place::Archive(path, _) | Place::File(path) => {
                write!(f, "{}", path.display())
            }
        }
    }
}

fn check_text(text: &str) -> Result<(), SourceError> {
    if text.is_empty() {
        return Err(invalid(text, "it is empty"));
    }
    if text.len() > MAX_INPUT_BYTES {
        return Err(invalid(&text.chars().take(40).collect::<String>(), "it is longer than 2048 bytes"));
    }
    // The `url` crate drops line breaks silently; here they are somebody's attempt at a second header.
    if text.chars().any(char::is_control) {
        return Err(invalid(&text.escape_debug().to_string(), "it holds control characters"));
    }
    if text.starts_with('-') {
        return Err(invalid(text, "it looks like an option"));
    }
    Ok(())
}

fn looks_like_path(text: &str) -> bool {
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', rest @ ..]
        if letter.is_ascii_alphabetic() && !rest.starts_with(b"/"));
    matches!(text, "." | ".." | "~")
        || drive
        || ["./", "../", "/", "~/", "\\"].iter().any(|start| text.starts_with(start))
}

fn local(text: &str, config: &SourceConfig) -> Result<Place, SourceError> {
    if !config.local_paths {
        return Err(SourceError::LocalPathNotAllowed);
    }
    let path = PathBuf::from(text);
    let metadata =
        std::fs::metadata(&path).map_err(|_| SourceError::PathNotFound { path: text.to_owned() })?;
    if metadata.is_dir() {
        return Ok(Place::Folder(path));
    }
    match ArchiveFormat::of_name(text) {
        Some(format) if metadata.is_file() => Ok(Place::Archive(path, format)),
        None if metadata.is_file() && !is_packed(text) => Ok(Place::File(path)),
        _ => Err(SourceError::UnsupportedInput { path: text.to_owned() }),
    }
}

/// Tells archives and other packed files that are not read by their endings.
fn is_packed(name: &str) -> bool {
    const ENDINGS: [&str; 10] = ["7z", "bz2", "docpack", "gz", "jar", "rar", "tar", "whl", "xz", "zst"];
    let ending = Path::new(name).extension().map(|ending| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.iter().any(|packed| ending == *packed))
}

fn remote(text: &str, config: &SourceConfig) -> Result<Place, SourceError> {
    if let Some((scheme, _)) = text.split_once("://") {
        return by_url(text, scheme, config);
    }
    if let Some((user_host, path)) = text.split_once(':')
        && let Some((_, host)) = user_host.split_once('@')
    {
        let path = path.trim_start_matches('/');
        return by_url(&format!("https://{host}/{path}"), "https", config);
    }
    if text.contains("::") || text.contains(':') {
        let scheme = text.split(':').next().unwrap_or_default();
        return Err(SourceError::SchemeNotAllowed { scheme: scheme.to_owned() });
    }
    let first = text.split('/').next().unwrap_or_default();
    if config.is_github(first) || (first.contains('.') && text.split('/').count() > 2) {
        return by_url(&format!("https://{text}"), "https", config);
    }
    short_form(text, config)
}

/// `owner/repo` or `owner/repo@ref`.
fn short_form(text: &str, config: &SourceConfig) -> Result<Place, SourceError> {
    let (name, git_ref) = match text.split_once('@') {
        Some((name, git_ref)) => (name, Some(git_ref)),
        None => (text, None),
    };
    let Some((owner, repo)) = name.split_once('/') else {
        if ArchiveFormat::of_name(text).is_some() && config.local_paths {
            return Err(SourceError::PathNotFound { path: text.to_owned() });
        }
        return Err(invalid(text, "it has no `/`"));
    };
    if config.local_paths && ArchiveFormat::of_name(text).is_some() {
        return Err(SourceError::PathNotFound { path: text.to_owned() });
    }
    let wish = match git_ref {
        Some(git_ref) => RefWish::Named(check_ref(git_ref)?),
        None => RefWish::Default,
    };
    github(text, owner, repo, wish)
}

fn by_url(text: &str, scheme: &str, config: &SourceConfig) -> Result<Place, SourceError> {
    if let Some(https) = github_over_https(text, config) {
        return by_url(&https, "https", config);
    }
    // The `url` crate resolves these, and so would turn one repository into another.
    if text.to_ascii_lowercase().replace("%2e", ".").split(['/', '\\']).any(|part| part == "..") {
        return Err(invalid(text, "its path leaves the repository"));
    }
    let url = Url::parse(text).map_err(|_| match scheme {
        "https" => invalid(text, "it is not a URL"),
        _ => SourceError::SchemeNotAllowed { scheme: scheme.to_owned() },
    })?;
    let url = checked_url(url, config)?;
    let host = url.host_str().unwrap_or_default();
    if config.is_github(host) && url.port().is_none() {
        return by_github_path(&url);
    }
    by_git_path(url)
}

/// Writes a repository's address at GitHub with https where it has another scheme: each means the same repository.
///
/// A user name stays, so that it is checked like any other; `None` for other hosts and schemes.
fn github_over_https(text: &str, config: &SourceConfig) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let usual_port = match scheme.to_ascii_lowercase().as_str() {
        "http" | "git+http" => ":80",
        "git+https" => ":443",
        "ssh" | "git+ssh" => ":22",
        "git" => ":9418",
        _ => return None,
    };
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let host = host.strip_suffix(usual_port).unwrap_or(host);
    let is_it = config.is_github(host) && !config.insecure_authorities.contains(host);
    is_it.then(|| format!("https://{user}@{host}{path}"))
}

/// Checks scheme, host, port and encoding; drops what no repository's address needs.
fn checked_url(mut url: Url, config: &SourceConfig) -> Result<Url, SourceError> {
    let authority = authority(&url);
    let insecure = config.insecure_authorities.contains(&authority);
    if url.scheme() != "https" && !(url.scheme() == "http" && insecure) {
        return Err(SourceError::SchemeNotAllowed { scheme: url.scheme().to_owned() });
    }
    if url.username().contains('.') || config.is_github(url.username()) {
        return Err(invalid(url.as_str(), "its user name looks like a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        tracing::warn!("dropped the user name or password in the address of {authority}");
    }
    let lower = url.path().to_ascii_lowercase();
    if (0..0x20).chain([0x7f]).any(|byte: u8| lower.contains(&format!("%{byte:02x}"))) {
        return Err(invalid(&authority, "its path holds encoded control characters"));
    }
    if !insecure {
        check_host(&url, &authority, config)?;
    }
    let cleaned = url.set_username("").and_then(|()| url.set_password(None));
    cleaned.map_err(|()| invalid(&authority, "it has no host"))?;
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn check_host(url: &Url, authority: &str, config: &SourceConfig) -> Result<(), SourceError> {
    let refuse = |reason| Err(SourceError::HostNotAllowed { host: authority.to_owned(), reason });
    let listed = match &config.git_hosts {
        HostPolicy::AnyPublic => None,
        HostPolicy::Only(hosts) => Some(hosts.contains(authority)),
    };
    let github = config.is_github(authority);
    match url.host() {
        Some(Host::Ipv4(ip)) if !is_public(ip.into()) => return refuse("its address is not public"),
        Some(Host::Ipv6(ip)) if !is_public(ip.into()) => return refuse("its address is not public"),
        Some(Host::Domain(name)) if !name.contains('.') => return refuse("it is not a public name"),
        Some(Host::Domain(name))
            if name.split('.').any(|label| label.starts_with("xn--")) && listed != Some(true) =>
        {
            return refuse("its name can be mistaken for another one");
        }
        Some(_) => {}
        None => return refuse("it is empty"),
    }
    if !github && listed == Some(false) {
        return refuse("it is not in the list of allowed hosts");
    }
    if url.port().is_some() && listed != Some(true) {
        return refuse("only port 443 is used");
    }
    Ok(())
}

/// Returns `host` or `host:port` when the port is not the scheme's own.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn by_github_path(url: &Url) -> Result<Place, SourceError> {
    let parts: Vec<String> = path_parts(url)?;
    let text = url.as_str();
    let [owner, repo, rest @ ..] = parts.as_slice() else {
        return Err(invalid(text, "it names no repository"));
    };
    let wish = match rest {
        [] => RefWish::Default,
        [kind, rest @ ..]
            if !rest.is_empty() && matches!(kind.as_str(), "tree" | "blob" | "raw" | "commits") =>
        {
            check_ref(&rest.join("/"))?;
            RefWish::RefThenPath(rest.to_vec())
        }
        [kind, sha, ..] if kind == "commit" => RefWish::Named(check_ref(sha)?),
        [kind, tag @ ..] if kind == "releases" && tag.first().is_some_and(|word| word == "tag") => {
            RefWish::Named(check_ref(&tag[1..].join("/"))?)
        }
        [kind, number, ..] if kind == "pull" => match number.parse::<u64>() {
            Ok(number) => RefWish::Named(format!("pull/{number}/head")),
            Err(_) => return Err(invalid(text, "its pull request has no number")),
        },
        // Issues, wikis, settings: pages of the repository whose default branch is meant.
        _ => RefWish::Default,
    };
    github(text, owner, repo, wish)
}

/// Any other host: the path is the repository, up to a marker that hosts put before pages.
fn by_git_path(mut url: Url) -> Result<Place, SourceError> {
    let parts = path_parts(&url)?;
    let page = parts.iter().position(|part| part == "-");
    let (repo, page) = parts.split_at(page.unwrap_or(parts.len()));
    if repo.is_empty() {
        return Err(invalid(url.as_str(), "it names no repository"));
    }
    let wish = match page {
        [_, kind, rest @ ..] if !rest.is_empty() && matches!(kind.as_str(), "tree" | "blob" | "commits") => {
            check_ref(&rest.join("/"))?;
            RefWish::RefThenPath(rest.to_vec())
        }
        [_, kind, sha, ..] if kind == "commit" => RefWish::Named(check_ref(sha)?),
        _ => RefWish::Default,
    };
    let path = repo.join("/");
    url.set_path(&path);
    Ok(Place::Git { url, wish })
}

/// Splits and decodes a URL's path, refusing parts that mean another place.
fn path_parts(url: &Url) -> Result<Vec<String>, SourceError> {
    let mut parts = Vec::new();
    for part in url.path().split('/').filter(|part| !part.is_empty()) {
        let part = percent_decode(part).ok_or_else(|| invalid(url.as_str(), "its path is not UTF-8"))?;
        if part == ".." || part == "." || part.contains(['/', '\\']) || part.chars().any(char::is_control) {
            return Err(invalid(url.as_str(), "its path leaves the repository"));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn percent_decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let decoded = (*first == b'%')
            .then(|| {
                tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
            })
            .flatten();
        bytes.push(decoded.unwrap_or(*first));
        rest = &tail[if decoded.is_some() { 2 } else { 0 }..];
    }
    String::from_utf8(bytes).ok()
}

fn github(text: &str, owner: &str, repo: &str, wish: RefWish) -> Result<Place, SourceError> {
    let repo = repo.strip_suffix(".git").unwrap_or(repo);
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if owner.is_empty() || owner.len() > MAX_OWNER_BYTES || !owner.chars().all(word) || owner.starts_with('-')
    {
        return Err(invalid(text, "the owner's name is not one that GitHub gives"));
    }
    let is_name =
        !repo.is_empty() && repo.len() <= MAX_REPO_BYTES && repo.chars().all(|c| word(c) || c == '.');
    if !is_name || repo == "." || repo == ".." {
        return Err(invalid(text, "the repository's name is not one that GitHub gives"));
    }
    Ok(Place::GitHub { owner: owner.to_owned(), repo: repo.to_owned(), wish })
}

/// Checks a branch, tag or commit name by git's own rules, and that it cannot be an option.
pub(crate) fn check_ref(text: &str) -> Result<String, SourceError> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    let bad_part = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    let refused = text.is_empty()
        || text.len() > MAX_REF_BYTES
        || text.starts_with('-')
        || text.ends_with('.')
        || text == "@"
        || text.contains("..")
        || text.contains("@{")
        || text.contains(odd)
        || text.split('/').any(bad_part);
    if refused {
        return Err(SourceError::InvalidRef { git_ref: text.chars().take(MAX_REF_BYTES).collect() });
    }
    Ok(text.to_owned())
}

/// Returns whether `text` is a full commit hash.
pub(crate) fn is_full_hash(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Writes a remote's address in one form: https, no credentials, no `.git`; `None` for local ones.
pub(crate) fn normalised_remote(text: &str) -> Option<String> {
    let text = text.trim();
    let url = match (text.contains("://"), text.split_once(':')) {
        (true, _) => Url::parse(text).ok()?,
        (false, Some((user_host, path))) if !user_host.contains('/') => {
            let host = user_host.rsplit('@').next().unwrap_or(user_host);
            Url::parse(&format!("https://{host}/{}", path.trim_start_matches('/'))).ok()?
        }
        _ => return None,
    };
    if !matches!(url.scheme(), "https" | "http" | "ssh" | "git") {
        return None;
    }
    let scheme = if url.scheme() == "http" { "http" } else { "https" };
    let authority = if scheme == url.scheme() { authority(&url) } else { url.host_str()?.to_owned() };
    let path = url.path().trim_matches('/');
    Some(format!("{scheme}://{authority}/{}", path.strip_suffix(".git").unwrap_or(path)))
}

/// Cuts a user name and password out of text that may not even be a URL.
fn without_credentials(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://{}", &text[..scheme], &text[at + 1..]),
        _ => text.to_owned(),
    }
}

fn invalid(input: &str, reason: &'static str) -> SourceError {
    SourceError::InvalidUrl { input: without_credentials(input), reason }
}
