//! Check runs: what Doctown answers at a commit.

use serde::Deserialize;
use serde_json::json;
use source::api::{ApiCall, Verb};
use source::config::Token;

use crate::app::{App, found, read};
use crate::{GithubError, Permissions};

/// Name of every check run.
pub const CHECK_NAME: &str = "doctown";
/// GitHub's limit is 65,535 characters.
const MAX_SUMMARY_CHARS: usize = 60_000;

/// What a check run says of the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// It blocks nothing.
    Neutral,
    Success,
    Failure,
}

impl Conclusion {
    fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// A check run that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    /// Full hash of the commit.
    pub commit: String,
    /// Names what the run is about; of one name there is one run at a commit.
    pub external_id: String,
    pub title: String,
    /// Markdown.
    pub summary: String,
    pub details_url: String,
    pub conclusion: Conclusion,
}

#[derive(Deserialize)]
struct List {
    check_runs: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    id: u64,
    #[serde(default)]
    external_id: Option<String>,
}

impl App {
    /// Writes a check run, over the one that has its name already. Repeating it is harmless. Blocks.
    ///
    /// # Errors
    /// `NotCovered` where the installation does not let the App write check runs.
    pub fn put_check_run(
        &self,
        installation: u64,
        repository: u64,
        full_name: &str,
        run: &CheckRun,
    ) -> Result<(), GithubError> {
        let token = self.token(installation, Some(repository), Permissions::WriteChecks)?;
        let Some((owner, name)) = full_name.split_once('/') else {
            return Err(GithubError::Absent { what: "repository" });
        };
        let found_run = self.check_run(&token, owner, name, run)?;
        let summary: String = run.summary.chars().take(MAX_SUMMARY_CHARS).collect();
        let mut body = json!({
            "name": CHECK_NAME,
            "external_id": run.external_id,
            "details_url": run.details_url,
            "status": "completed",
            "conclusion": run.conclusion.word(),
            "output": {"title": run.title, "summary": summary},
        });
        let client = self.client()?;
        let reply = match found_run {
            Some(id) => {
                let id = id.to_string();
                let path = ["repos", owner, name, "check-runs", &id];
                client.send(&ApiCall { verb: Verb::Patch, ..ApiCall::post(&path, Some(&token), &body) })?
            }
            None => {
                body["head_sha"] = json!(run.commit);
                let path = ["repos", owner, name, "check-runs"];
                client.send(&ApiCall::post(&path, Some(&token), &body))?
            }
        };
        found(reply, "commit").map(drop)
    }

    fn check_run(
        &self,
        token: &Token,
        owner: &str,
        name: &str,
        run: &CheckRun,
    ) -> Result<Option<u64>, GithubError> {
        let path = ["repos", owner, name, "commits", run.commit.as_str(), "check-runs"];
        let query = [("check_name", CHECK_NAME), ("filter", "all"), ("per_page", "100")];
        let call = ApiCall { query: &query, ..ApiCall::get(&path, Some(token)) };
        let list: List = read(&found(self.client()?.send(&call)?, "commit")?)?;
        let same = |listed: &&Listed| listed.external_id.as_deref() == Some(&run.external_id);
        Ok(list.check_runs.iter().find(same).map(|listed| listed.id))
    }
}
