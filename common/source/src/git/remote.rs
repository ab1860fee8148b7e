//! One commit of a repository on any git host, over git's smart HTTP protocol.
//!
//! The exchange is written here, rather than left to a git client, so that every request goes
//! through the guarded HTTP client: allowed hosts and public addresses only, bounded in size and
//! time. The pack that comes is checked and indexed by `gix`, and its objects are read by `gix`.

use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use gix::ObjectId;
use tempfile::TempDir;
use url::Url;

use super::wire::{
    Greeting, PackStream, RemoteRef, push_delimiter, push_flush, push_line, read_greeting, read_refs,
};
use super::{TreeAt, broken};
use crate::archive::gauge::Fault;
use crate::config::{HostPolicy, SourceConfig};
use crate::failure::SourceError;
use crate::http::{Call, HttpClient, Reply, checked};
use crate::limits::SourceLimits;
use crate::opened::Revision;
use crate::spec::{RefWish, authority, is_full_hash, normalised_remote};
use crate::time::rfc3339;

/// One object while the pack is indexed; larger ones are left out of the fetch where the server can.
const MAX_OBJECT_BYTES: usize = 256 << 20;

const SERVICE: &str = "git-upload-pack";

/// Resolves the commit and fetches its objects, without history, into a temporary folder.
pub(crate) fn open_remote(
    url: &Url,
    wish: &RefWish,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<(Revision, TreeAt), SourceError> {
    let mut remote = Remote::greet(url, limits, config)?;
    let (git_ref, hash) = remote.resolve(wish)?;
    let scratch = TempDir::new().map_err(|error| SourceError::unreadable("a temporary folder", error))?;
    let repo = gix::ThreadSafeRepository::init_opts(
        scratch.path(),
        gix::create::Kind::Bare,
        gix::create::Options::default(),
        gix::open::Options::isolated(),
    );
    let repo = repo.map_err(broken)?.to_thread_local();
    remote.fetch(&hash, git_ref.as_deref().unwrap_or(&hash), &repo.git_dir().join("objects").join("pack"))?;
    // Opened again, because a pack has come in.
    let repo = super::open_repository(scratch.path())?;
    let missing = || remote.no_ref(git_ref.as_deref().unwrap_or(&hash));
    let id = ObjectId::from_hex(hash.as_bytes()).map_err(|_| missing())?;
    let object = repo.find_object(id).map_err(|_| missing())?;
    let commit = object.peel_to_commit().map_err(|_| missing())?;
    let revision = Revision {
        repo_url: normalised_remote(url.as_str()),
        git_ref,
        commit_hash: Some(commit.id.to_string()),
        commit_time: rfc3339(commit.time().map_err(broken)?.seconds),
        dirty: false,
    };
    let commit = commit.id;
    Ok((revision, TreeAt::fetched(scratch, commit, authority(url))))
}

/// Resolves the commit and fetches nothing.
pub(crate) fn remote_head(
    url: &Url,
    wish: &RefWish,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<String, SourceError> {
    Ok(Remote::greet(url, limits, config)?.resolve(wish)?.1)
}

/// Lists the names of all tags.
pub(crate) fn remote_tags(
    url: &Url,
    limits: &SourceLimits,
    config: &SourceConfig,
) -> Result<Vec<String>, SourceError> {
    let refs = Remote::greet(url, limits, config)?.refs("tags/")?;
    // Old servers list what an annotated tag points to under the tag's name and `^{}`.
    let names = refs.iter().filter_map(|found| found.name.strip_prefix("refs/tags/"));
    Ok(names.filter(|name| !name.ends_with("^{}")).map(str::to_owned).collect())
}

struct Remote<'a> {
    http: HttpClient,
    config: &'a SourceConfig,
    limits: &'a SourceLimits,
    /// Where the repository was found, redirects followed.
    base: Url,
    greeting: Greeting,
}

impl<'a> Remote<'a> {
    fn greet(url: &Url, limits: &'a SourceLimits, config: &'a SourceConfig) -> Result<Self, SourceError> {
        let http = HttpClient::new(config, limits)?;
        let mut first = url.clone();
        first.set_path(&format!("{}/info/refs", url.path().trim_end_matches('/')));
        first.set_query(Some(&format!("service={SERVICE}")));
        let reply = http.send(&Call {
            url: first,
            headers: &[("git-protocol", "version=2")],
            body: None,
            token: None,
            may_follow: &|url| may_follow(url, config),
            is_download: false,
        })?;
        let name = url.as_str().trim_end_matches('/').to_owned();
        let reply = checked(reply, &|_| SourceError::RepoNotFound { repo: name.clone() })?;
        let host = authority(&reply.url);
        let kind = reply.response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        if kind != Some("application/x-git-upload-pack-advertisement") {
            return Err(SourceError::protocol(&host, "there is no git repository at this address"));
        }
        let mut base = reply.url.clone();
        base.set_query(None);
        base.set_path(reply.url.path().strip_suffix("/info/refs").unwrap_or(reply.url.path()));
        let bytes = http.read_short(reply)?;
        let greeting = read_greeting(&bytes).map_err(|error| SourceError::protocol(&host, error))?;
        Ok(Self { http, config, limits, base, greeting })
    }

    /// Returns the ref's short name, unless a hash was asked for, and the hash.
    fn resolve(&mut self, wish: &RefWish) -> Result<(Option<String>, String), SourceError> {
        let named = match wish {
            RefWish::Named(name) => name.clone(),
            RefWish::RefThenPath(parts) => parts.join("/"),
            RefWish::Default => "HEAD".to_owned(),
        };
        let first = named.split('/').next().unwrap_or_default().to_owned();
        if let RefWish::Named(_) = wish
            && is_full_hash(&named)
        {
            return Ok((None, named.to_ascii_lowercase()));
        }
        if let RefWish::RefThenPath(_) = wish
            && is_full_hash(&first)
        {
            return Ok((None, first.to_ascii_lowercase()));
        }
        let refs = self.refs(if matches!(wish, RefWish::RefThenPath(_)) { &first } else { &named })?;
        if refs.is_empty() && self.refs("")?.is_empty() {
            return Err(SourceError::RepoEmpty { repo: self.name() });
        }
        let found = match wish {
            RefWish::Default => refs.iter().find(|found| found.name == "HEAD").map(|head| {
                let target = head.target.as_deref().unwrap_or("HEAD");
                (target.strip_prefix("refs/heads/").unwrap_or(target).to_owned(), head)
            }),
            RefWish::Named(_) => find_ref(&refs, &named).map(|found| (named.clone(), found)),
            RefWish::RefThenPath(parts) => (1..=parts.len()).find_map(|n| {
                let name = parts[..n].join("/");
                find_ref(&refs, &name).map(|found| (name, found))
            }),
        };
        let (name, found) = found.ok_or_else(|| self.no_ref(&named))?;
        if !is_full_hash(&found.hash) {
            return Err(SourceError::protocol(&authority(&self.base), "its commits have no SHA-1 hashes"));
        }
        Ok((Some(name), found.hash.clone()))
    }

    /// Lists HEAD and the branches, tags and other refs whose names begin with `prefix`.
    fn refs(&self, prefix: &str) -> Result<Vec<RemoteRef>, SourceError> {
        if let Greeting::V0 { refs } = &self.greeting {
            return Ok(refs.clone());
        }
        let mut body = Vec::new();
        push_line(&mut body, "command=ls-refs");
        push_delimiter(&mut body);
        push_line(&mut body, "symrefs");
        for start in [
            "HEAD",
            &format!("refs/heads/{prefix}"),
            &format!("refs/tags/{prefix}"),
            &format!("refs/{prefix}"),
        ] {
            push_line(&mut body, &format!("ref-prefix {start}"));
        }
        push_flush(&mut body);
        let reply = self.post(body, false)?;
        let bytes = self.http.read_short(reply)?;
        let mut refs =
            read_refs(&bytes).map_err(|error| SourceError::protocol(&authority(&self.base), error))?;
        // HEAD alone answers nothing about a name that was asked for.
        if prefix != "HEAD" && refs.iter().all(|found| found.name == "HEAD") && !prefix.is_empty() {
            refs.clear();
        }
        Ok(refs)
    }

    /// Fetches one commit and its tree into `pack_dir`.
    fn fetch(&self, hash: &str, git_ref: &str, pack_dir: &Path) -> Result<(), SourceError> {
        let reply = self.post(self.fetch_body(hash), true)?;
        let host = authority(&self.base);
        let fault = Fault::default();
        let download = BufReader::with_capacity(64 << 10, self.http.stream(reply, fault.clone()));
        let result = PackStream::begin(download, &host, fault.clone())
            .map_err(|error| SourceError::unavailable(&host, error))
            .and_then(|begun| match begun {
                Ok(pack) => index_pack(pack, pack_dir, &host),
                Err(message) if message.contains("not our ref") => Err(self.no_ref(git_ref)),
                Err(message) => Err(SourceError::protocol(&host, message)),
            });
        match fault.take() {
            Some(failure) => Err(failure),
            None => result,
        }
    }

    fn fetch_body(&self, hash: &str) -> Vec<u8> {
        let mut body = Vec::new();
        match &self.greeting {
            Greeting::V2 { capabilities } => {
                push_line(&mut body, "command=fetch");
                push_delimiter(&mut body);
                for line in ["no-progress", "ofs-delta", "deepen 1"] {
                    push_line(&mut body, line);
                }
                let fetch = capabilities.iter().find_map(|line| line.strip_prefix("fetch="));
                if fetch.is_some_and(|features| features.split(' ').any(|feature| feature == "filter")) {
                    push_line(&mut body, &format!("filter blob:limit={}", self.limits.max_file_bytes + 1));
                }
                push_line(&mut body, &format!("want {hash}"));
                push_line(&mut body, "done");
                push_flush(&mut body);
            }
            Greeting::V0 { .. } => {
                push_line(&mut body, &format!("want {hash} side-band-64k ofs-delta no-progress shallow"));
                push_line(&mut body, "deepen 1");
                push_flush(&mut body);
                push_line(&mut body, "done");
            }
        }
        body
    }

    fn post(&self, body: Vec<u8>, is_download: bool) -> Result<Reply, SourceError> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{SERVICE}", self.base.path()));
        let mut headers = vec![
            ("content-type", "application/x-git-upload-pack-request"),
            ("accept", "application/x-git-upload-pack-result"),
        ];
        if matches!(self.greeting, Greeting::V2 { .. }) {
            headers.push(("git-protocol", "version=2"));
        }
        let may_follow = |url: &Url| may_follow(url, self.config);
        let reply = self.http.send(&Call {
            url,
            headers: &headers,
            body: Some(body),
            token: None,
            may_follow: &may_follow,
            is_download,
        })?;
        checked(reply, &|_| SourceError::RepoNotFound { repo: self.name() })
    }

    fn name(&self) -> String {
        normalised_remote(self.base.as_str()).unwrap_or_else(|| self.base.to_string())
    }

    fn no_ref(&self, git_ref: &str) -> SourceError {
        SourceError::RefNotFound { repo: self.name(), git_ref: git_ref.to_owned() }
    }
}

/// Hosts move repositories; where they may lead is what the configuration allows for input.
fn may_follow(url: &Url, config: &SourceConfig) -> bool {
    let authority = authority(url);
    match &config.git_hosts {
        _ if config.insecure_authorities.contains(&authority) => true,
        HostPolicy::AnyPublic => url.port().is_none(),
        HostPolicy::Only(hosts) => hosts.contains(&authority),
    }
}

/// Branches win over tags of the same name, as in `git clone --branch`.
fn find_ref<'a>(refs: &'a [RemoteRef], name: &str) -> Option<&'a RemoteRef> {
    let full =
        [format!("refs/heads/{name}"), format!("refs/tags/{name}"), format!("refs/{name}"), name.to_owned()];
    full.iter().find_map(|full| refs.iter().find(|found| found.name == *full))
}

fn index_pack(
    pack: PackStream<impl std::io::BufRead>,
    pack_dir: &Path,
    host: &str,
) -> Result<(), SourceError> {
    let options = gix_pack::bundle::write::Options {
        thread_limit: Some(1),
        alloc_limit_bytes: Some(MAX_OBJECT_BYTES),
        ..Default::default()
    };
    let written = gix_pack::Bundle::write_to_directory(
        &mut BufReader::new(pack),
        Some(pack_dir),
        &mut gix::progress::Discard,
        &AtomicBool::new(false),
        None::<gix::objs::find::Never>,
        gix::hash::Kind::Sha1,
        options,
    );
    written
        .map(drop)
        .map_err(|error| SourceError::unavailable(host, format!("pack damaged or too large: {error}")))
}
