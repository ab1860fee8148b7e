//! The answers of GitHub's API, for repositories that a test describes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::State;
use super::answer::Answer;
use super::tarball::tar_gz;

/// A repository as the API shows it.
#[derive(Debug, Clone)]
pub struct Repository {
    /// GitHub's number, which no other repository ever has.
    pub id: u64,
    pub full_name: String,
    pub default_branch: String,
    /// In KiB, as the API counts.
    pub size_kib: u64,
    /// Shown to its readers, and to whoever has a token that is no person's, as GitHub does.
    pub private: bool,
    /// Logins of the people who may see it although it is private.
    pub readers: BTreeSet<String>,
    /// Number of the person who owns it.
    pub owner_id: u64,
    /// By branch, tag and full hash; none at all makes the repository empty.
    pub commits: BTreeMap<String, Commit>,
    /// Names of tags; each is among `commits` too.
    pub tags: Vec<String>,
    /// Bytes by language.
    pub languages: BTreeMap<String, u64>,
    /// By full hash.
    pub tarballs: BTreeMap<String, Vec<u8>>,
}

/// A commit as the API shows it.
#[derive(Debug, Clone)]
pub struct Commit {
    pub sha: String,
    /// RFC 3339 in UTC.
    pub date: String,
}

impl Repository {
    /// A repository without commits.
    pub fn empty(full_name: &str) -> Self {
        // As good as unique among the few of a test.
        let id = full_name.bytes().fold(1, |id: u64, byte| (id * 31 + u64::from(byte)) % 1_000_000_007);
        Self {
            id,
            full_name: full_name.to_owned(),
            default_branch: "main".to_owned(),
            size_kib: 1,
            private: false,
            readers: BTreeSet::new(),
            owner_id: 1,
            commits: BTreeMap::new(),
            tags: Vec::new(),
            languages: BTreeMap::new(),
            tarballs: BTreeMap::new(),
        }
    }

    /// Adds a commit under its hash and `names`, with a tarball of `files`.
    pub fn commit(mut self, sha: &str, date: &str, names: &[&str], files: &[(&str, &[u8])]) -> Self {
        let commit = Commit { sha: sha.to_owned(), date: date.to_owned() };
        for name in names.iter().chain([&sha]) {
            self.commits.insert((*name).to_owned(), commit.clone());
        }
        let folder = format!("{}-{}", self.full_name.replace('/', "-"), &sha[..7.min(sha.len())]);
        self.tarballs.insert(sha.to_owned(), tar_gz(&folder, files));
        self
    }
}

impl State {
    /// Answers `owner/repo/…`.
    pub(super) fn api_answer(&self, path: &str, authorization: Option<&str>) -> Answer {
        let mut parts = path.splitn(4, '/');
        let [owner, repo, action, rest] = [(); 4].map(|()| parts.next().unwrap_or_default());
        let name = format!("{owner}/{repo}");
        if let Some(new) = self.renames.get(&name) {
            let rest = path.strip_prefix(&name).unwrap_or_default();
            return Answer::redirect(301, &format!("/api/repos/{new}{rest}"));
        }
        let token = authorization.and_then(|it| it.strip_prefix("Bearer "));
        let person = token.and_then(|token| self.tokens.get(token));
        if token.is_some_and(|token| token.starts_with("ghu_")) && person.is_none() {
            return Answer::status(401);
        }
        let given = token.filter(|token| token.starts_with("ghs_")).map(|token| self.given(token));
        if matches!(given, Some(None)) {
            return Answer::status(401);
        }
        let permission = if action.is_empty() || action == "languages" { "metadata" } else { "contents" };
        let is_shown = |it: &&Repository| match (token, person) {
            _ if !it.private => true,
            _ if given.is_some() => {
                given.flatten().is_some_and(|given| self.reaches(given, it.id, permission))
            }
            (_, Some(person)) => it.readers.contains(&person.login),
            (token, None) => token.is_some(),
        };
        // GitHub's names ignore case.
        let mut named = self.repositories.values().filter(|it| it.full_name.eq_ignore_ascii_case(&name));
        let Some(found) = named.next().filter(is_shown) else {
            return Answer::status(404).header("x-ratelimit-remaining", "59");
        };
        match action {
            "" => json_answer(&json!({
                "id": found.id,
                "full_name": found.full_name,
                "default_branch": found.default_branch,
                "size": found.size_kib,
                "private": found.private,
                "owner": {"id": found.owner_id},
                "permissions": person.map(|person| json!({"admin": person.id == found.owner_id})),
            })),
            "languages" => json_answer(&json!(found.languages)),
            "commits" if found.commits.is_empty() => Answer::status(409),
            "commits" => match found.commits.get(rest) {
                Some(commit) => json_answer(&json!({
                    "sha": commit.sha,
                    "commit": {"committer": {"date": commit.date}},
                })),
                None => Answer::status(422),
            },
            "git" if rest == "matching-refs/tags" => {
                let tags = found.tags.iter().map(|tag| json!({"ref": format!("refs/tags/{tag}")}));
                json_answer(&json!(tags.collect::<Vec<_>>()))
            }
            "tarball" => match self.downloads {
                Some(downloads) => {
                    Answer::redirect(302, &format!("http://{downloads}/download/{name}/{rest}"))
                }
                None => Answer::status(404),
            },
            _ => Answer::status(404),
        }
    }

    /// Answers `owner/repo/sha` with its tarball.
    pub(super) fn download_answer(&self, path: &str) -> Answer {
        let tarball =
            path.rsplit_once('/').and_then(|(name, sha)| self.repositories.get(name)?.tarballs.get(sha));
        match tarball {
            Some(bytes) => Answer::body("application/x-gzip", bytes.clone()),
            None => Answer::status(404),
        }
    }
}

fn json_answer(value: &serde_json::Value) -> Answer {
    Answer::body("application/json; charset=utf-8", value.to_string().into_bytes())
}
