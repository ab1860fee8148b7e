//! Repositories as an installation sees them, by GitHub's numbers: a name can be given to another repository.

use serde::Deserialize;
use source::api::{ApiCall, Verb};
use source::config::Token;

use crate::app::{App, MAX_PAGES, PER_PAGE, found, read};
use crate::{GithubError, Permissions};

/// A repository as GitHub shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    pub id: u64,
    /// `owner/repo`, as GitHub spells it now.
    pub full_name: String,
    /// Whether everybody may see it.
    pub is_public: bool,
    pub default_branch: String,
    pub is_archived: bool,
}

#[derive(Deserialize)]
struct Answer {
    id: u64,
    full_name: String,
    #[serde(default)]
    private: Option<bool>,
    /// `public`, `private` or `internal`.
    #[serde(default)]
    visibility: Option<String>,
    #[serde(default)]
    default_branch: Option<String>,
    #[serde(default)]
    archived: bool,
}

#[derive(Deserialize)]
struct Page {
    repositories: Vec<Answer>,
}

#[derive(Deserialize)]
struct CommitAnswer {
    sha: String,
}

impl From<Answer> for Repository {
    fn from(answer: Answer) -> Self {
        let is_public =
            answer.private == Some(false) && answer.visibility.as_deref().is_none_or(|word| word == "public");
        Self {
            id: answer.id,
            is_public,
            default_branch: answer.default_branch.unwrap_or_else(|| "main".to_owned()),
            is_archived: answer.archived,
            full_name: answer.full_name,
        }
    }
}

/// Looks a repository up by its number, with a token that reaches it. Blocks.
///
/// # Errors
/// `Absent` for one that is gone or that the token does not reach.
pub fn repository(app: &App, token: &Token, id: u64) -> Result<Repository, GithubError> {
    let id = id.to_string();
    let reply = app.client()?.send(&ApiCall::get(&["repositories", &id], Some(token)))?;
    read::<Answer>(&found(reply, "repository")?).map(Repository::from)
}

/// Finds the commit that a branch stands at. Blocks.
///
/// # Errors
/// `Absent` where there is no such branch.
pub fn branch_head(app: &App, token: &Token, id: u64, branch: &str) -> Result<String, GithubError> {
    let id = id.to_string();
    let name = format!("heads/{branch}");
    let mut path = vec!["repositories", id.as_str(), "commits"];
    path.extend(name.split('/'));
    let reply = app.client()?.send(&ApiCall::get(&path, Some(token)))?;
    let answer: CommitAnswer = read(&found(reply, "branch")?)?;
    Ok(answer.sha)
}

/// Lists the repositories of an installation page by page, until `each` returns false. Blocks.
///
/// Lists of organisations can have 100 pages: `each` is the place to say that the work goes on.
pub fn installed_repositories(
    app: &App,
    installation: u64,
    mut each: impl FnMut(Vec<Repository>) -> bool,
) -> Result<(), GithubError> {
    let token = app.token(installation, None, Permissions::ReadContents)?;
    let mut next: Option<(String, String)> = None;
    for _ in 0..MAX_PAGES {
        let mut query = vec![PER_PAGE];
        query.extend(next.as_ref().map(|(name, value)| (name.as_str(), value.as_str())));
        let path = &["installation", "repositories"];
        let call = ApiCall { verb: Verb::Get, path, query: &query, token: Some(&token), body: None };
        let reply = found(app.client()?.send(&call)?, "repository")?;
        let page: Page = read(&reply)?;
        if !each(page.repositories.into_iter().map(Repository::from).collect()) {
            break;
        }
        match reply.next {
            Some(page) => next = Some((page.name, page.value)),
            None => break,
        }
    }
    Ok(())
}
