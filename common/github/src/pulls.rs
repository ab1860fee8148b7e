//! Pull requests whose branch is the repository's own, and the one comment that Doctown keeps on each.

use serde::Deserialize;
use serde_json::json;
use source::api::{ApiCall, ApiReply, Verb};
use source::config::Token;

use crate::app::{App, MAX_PAGES, PER_PAGE, found, read};
use crate::{GithubError, Permissions};

/// Hidden in every comment of Doctown: by it and by its author the comment is found again.
const MARKER: &str = "<!-- doctown -->";
/// GitHub's limit is 65,536 characters.
const MAX_COMMENT_CHARS: usize = 60_000;

/// An open pull request from a branch of the repository itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    pub number: u64,
    /// The branch that it is to be merged into.
    pub base: String,
}

#[derive(Deserialize)]
struct PullAnswer {
    number: u64,
    base: Side,
    head: Side,
}

#[derive(Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    git_ref: String,
    /// Nothing where the fork was deleted.
    #[serde(default)]
    repo: Option<Id>,
}

#[derive(Deserialize)]
struct Id {
    id: u64,
}

#[derive(Deserialize)]
struct Comparison {
    merge_base_commit: Commit,
}

#[derive(Deserialize)]
struct Commit {
    sha: String,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    performed_via_github_app: Option<Author>,
}

/// The App that wrote a comment.
#[derive(Deserialize)]
struct Author {
    id: u64,
    #[serde(default)]
    client_id: Option<String>,
}

/// Lists the open pull requests from a branch, by number. Those of forks are left out. Blocks.
///
/// # Errors
/// `NotCovered` where the installation does not let the App read pull requests.
pub fn open_pulls(
    app: &App,
    installation: u64,
    repository: u64,
    owner: &str,
    branch: &str,
) -> Result<Vec<Pull>, GithubError> {
    let token = app.token(installation, Some(repository), Permissions::WritePulls)?;
    let id = repository.to_string();
    let head = format!("{owner}:{branch}");
    let query = [("state", "open"), ("head", head.as_str()), PER_PAGE];
    let path = ["repositories", id.as_str(), "pulls"];
    let call = ApiCall { query: &query, ..ApiCall::get(&path, Some(&token)) };
    let listed: Vec<PullAnswer> = read(&found(app.client()?.send(&call)?, "repository")?)?;
    // A fork within the same organisation may have a branch of this name as well.
    let is_own = |it: &PullAnswer| {
        it.head.git_ref == branch && it.head.repo.as_ref().is_some_and(|repo| repo.id == repository)
    };
    let own = listed.into_iter().filter(is_own);
    let mut pulls: Vec<Pull> = own.map(|it| Pull { number: it.number, base: it.base.git_ref }).collect();
    pulls.sort_by_key(|pull| pull.number);
    Ok(pulls)
}

/// Finds the commit at which a commit left a branch. Blocks.
///
/// # Errors
/// `Absent` where they have no commit in common.
pub fn merge_base(
    app: &App,
    token: &Token,
    repository: u64,
    base: &str,
    commit: &str,
) -> Result<String, GithubError> {
    let (id, range) = (repository.to_string(), format!("{base}...{commit}"));
    // The first page lists every changed file with its patch, which nobody reads here.
    let query = [("per_page", "1"), ("page", "2")];
    let path = ["repositories", id.as_str(), "compare", range.as_str()];
    let reply = app.client()?.send(&ApiCall { query: &query, ..ApiCall::get(&path, Some(token)) })?;
    let compared: Comparison = read(&found(reply, "common commit")?)?;
    Ok(compared.merge_base_commit.sha)
}

impl App {
    /// Writes the comment on a pull request, over the one that is there. Repeating it is harmless. Blocks.
    ///
    /// The comment is looked for before one is made, so a process that dies in between leaves one behind and not two;
    /// of two that were made at the same moment the older stays.
    ///
    /// # Errors
    /// `NotCovered` where the installation does not let the App write comments.
    pub fn put_comment(
        &self,
        installation: u64,
        repository: u64,
        pull: u64,
        markdown: &str,
    ) -> Result<(), GithubError> {
        let token = self.token(installation, Some(repository), Permissions::WritePulls)?;
        let place = Place { app: self, token, repository: repository.to_string(), pull: pull.to_string() };
        let text: String = markdown.chars().take(MAX_COMMENT_CHARS).collect();
        let body = format!("{MARKER}\n{text}");
        match place.own()?.as_slice() {
            [] => {
                place.add(&body)?;
                place.remove(place.own()?.get(1..).unwrap_or_default())
            }
            [first, others @ ..] => {
                if first.body.as_deref() != Some(&body) {
                    place.edit(first.id, &body)?;
                }
                place.remove(others)
            }
        }
    }
}

/// Where a comment stands.
struct Place<'a> {
    app: &'a App,
    token: Token,
    repository: String,
    pull: String,
}

impl Place<'_> {
    /// Lists the comments that this App wrote with its marker, the oldest first.
    fn own(&self) -> Result<Vec<Comment>, GithubError> {
        let path = ["repositories", &self.repository, "issues", &self.pull, "comments"];
        let mut own = Vec::new();
        let mut next: Option<(String, String)> = None;
        for _ in 0..MAX_PAGES {
            let mut query = vec![PER_PAGE];
            query.extend(next.as_ref().map(|(name, value)| (name.as_str(), value.as_str())));
            let call = ApiCall { query: &query, ..ApiCall::get(&path, Some(&self.token)) };
            let reply = self.send(&call)?;
            let page: Vec<Comment> = read(&reply)?;
            own.extend(page.into_iter().filter(|comment| self.is_own(comment)));
            match reply.next {
                Some(page) => next = Some((page.name, page.value)),
                None => break,
            }
        }
        own.sort_by_key(|comment| comment.id);
        Ok(own)
    }

    /// The marker alone is nothing: anybody may write it.
    fn is_own(&self, comment: &Comment) -> bool {
        let is_marked = comment.body.as_deref().is_some_and(|body| body.starts_with(MARKER));
        let by_app = comment.performed_via_github_app.as_ref().is_some_and(|author| {
            author.client_id.as_deref().is_some_and(|id| self.app.is_called(id))
                || self.app.is_called(&author.id.to_string())
        });
        is_marked && by_app
    }

    fn add(&self, body: &str) -> Result<(), GithubError> {
        let path = ["repositories", &self.repository, "issues", &self.pull, "comments"];
        self.send(&ApiCall::post(&path, Some(&self.token), &json!({"body": body}))).map(drop)
    }

    fn edit(&self, id: u64, body: &str) -> Result<(), GithubError> {
        let id = id.to_string();
        let path = ["repositories", &self.repository, "issues", "comments", &id];
        let body = json!({"body": body});
        self.send(&ApiCall { verb: Verb::Patch, ..ApiCall::post(&path, Some(&self.token), &body) }).map(drop)
    }

    fn remove(&self, comments: &[Comment]) -> Result<(), GithubError> {
        for comment in comments {
            let id = comment.id.to_string();
            let path = ["repositories", &self.repository, "issues", "comments", &id];
            match self.send(&ApiCall { verb: Verb::Delete, ..ApiCall::get(&path, Some(&self.token)) }) {
                // Somebody was faster.
                Ok(_) | Err(GithubError::Absent { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn send(&self, call: &ApiCall<'_>) -> Result<ApiReply, GithubError> {
        found(self.app.client()?.send(call)?, "pull request")
    }
}
