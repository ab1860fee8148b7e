//! What a delivery says, reduced to what is acted on. All of it is a hint: names and states are asked for again.

use serde::{Deserialize, Serialize};

/// What a delivery is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// GitHub tries the address out.
    Ping,
    /// The App was installed, uninstalled, suspended or given other permissions.
    Installation { installation: u64, change: InstallationChange, sender: Option<u64> },
    /// Repositories were put into an installation or taken out of it.
    Repositories { installation: u64, added: Vec<u64>, removed: Vec<u64> },
    /// A branch has another head. Tags, and branches that were deleted, are none of these.
    Push { installation: u64, repository: u64, branch: String, is_default: bool },
    /// A pull request was opened, has another head or another base. `is_own` says whether its branch is one of the
    /// repository's own, and not a fork's.
    PullRequest { installation: u64, repository: u64, branch: String, is_own: bool },
    /// A repository is shown to others than before, is called otherwise, or is gone.
    Repository { installation: u64, repository: u64, change: Change, full_name: Option<String> },
}

/// What happened to an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallationChange {
    Created,
    Deleted,
    Suspend,
    Unsuspend,
    NewPermissionsAccepted,
}

/// What happened to a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Privatized,
    Publicized,
    Renamed,
    Transferred,
    Deleted,
    Archived,
    Unarchived,
}

/// Why a delivery was not understood.
#[derive(Debug, thiserror::Error)]
#[error("the delivery is not what GitHub sends for this event: {0}")]
pub struct EventError(#[from] serde_json::Error);

#[derive(Deserialize)]
struct Id {
    id: u64,
}

#[derive(Deserialize)]
struct NamedId {
    id: u64,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    default_branch: Option<String>,
}

#[derive(Deserialize)]
struct PullRequest {
    head: PullHead,
}

#[derive(Deserialize)]
struct PullHead {
    #[serde(rename = "ref")]
    git_ref: String,
    /// Nothing where the fork was deleted.
    #[serde(default)]
    repo: Option<Id>,
}

/// What was edited; of a pull request only another base matters.
#[derive(Deserialize)]
struct Changes {
    #[serde(default)]
    base: Option<serde::de::IgnoredAny>,
}

/// What events have in common; every part may be missing.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    installation: Option<Id>,
    #[serde(default)]
    repository: Option<NamedId>,
    #[serde(default)]
    sender: Option<Id>,
    #[serde(default)]
    pull_request: Option<PullRequest>,
    #[serde(default)]
    changes: Option<Changes>,
    #[serde(default, rename = "ref")]
    git_ref: Option<String>,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    repositories_added: Vec<Id>,
    #[serde(default)]
    repositories_removed: Vec<Id>,
}

/// Reads a delivery whose signature was checked; `None` for one that nothing follows from.
pub fn read_event(name: &str, body: &[u8]) -> Result<Option<Event>, EventError> {
    const ACTED_ON: [&str; 6] =
        ["ping", "installation", "installation_repositories", "push", "pull_request", "repository"];
    if !ACTED_ON.contains(&name) {
        // Whatever it is, it must be what GitHub sends.
        serde_json::from_slice::<serde::de::IgnoredAny>(body)?;
        return Ok(None);
    }
    let body: Body = serde_json::from_slice(body)?;
    if name == "ping" {
        return Ok(Some(Event::Ping));
    }
    // Without an installation it is a webhook of a repository or an organisation, not of the App.
    let Some(Id { id: installation }) = body.installation else { return Ok(None) };
    let action = body.action.unwrap_or_default();
    Ok(match (name, body.repository) {
        ("installation", _) => word::<InstallationChange>(&action).map(|change| Event::Installation {
            installation,
            change,
            sender: body.sender.map(|sender| sender.id),
        }),
        ("installation_repositories", _) => Some(Event::Repositories {
            installation,
            added: ids(body.repositories_added),
            removed: ids(body.repositories_removed),
        }),
        ("push", Some(repository)) => {
            let git_ref = body.git_ref.unwrap_or_default();
            let branch = git_ref.strip_prefix("refs/heads/").filter(|_| !body.deleted);
            branch.map(|branch| Event::Push {
                installation,
                repository: repository.id,
                branch: branch.to_owned(),
                is_default: repository.default_branch.as_deref() == Some(branch),
            })
        }
        ("pull_request", Some(repository)) => {
            let is_new = match action.as_str() {
                "opened" | "reopened" | "synchronize" => true,
                "edited" => body.changes.is_some_and(|changes| changes.base.is_some()),
                _ => false,
            };
            body.pull_request.filter(|_| is_new).map(|pull| Event::PullRequest {
                installation,
                repository: repository.id,
                is_own: pull.head.repo.is_some_and(|repo| repo.id == repository.id),
                branch: pull.head.git_ref,
            })
        }
        ("repository", Some(repository)) => word::<Change>(&action).map(|change| Event::Repository {
            installation,
            repository: repository.id,
            change,
            full_name: repository.full_name,
        }),
        _ => None,
    })
}

fn ids(list: Vec<Id>) -> Vec<u64> {
    list.into_iter().map(|item| item.id).collect()
}

fn word<T: for<'a> Deserialize<'a>>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

impl Event {
    /// Returns the installation that the event is about.
    pub fn installation(&self) -> Option<u64> {
        match self {
            Self::Ping => None,
            Self::Installation { installation, .. }
            | Self::Repositories { installation, .. }
            | Self::Push { installation, .. }
            | Self::PullRequest { installation, .. }
            | Self::Repository { installation, .. } => Some(*installation),
        }
    }

    /// Returns the repository that the event is about.
    pub fn repository(&self) -> Option<u64> {
        match self {
            Self::Push { repository, .. }
            | Self::PullRequest { repository, .. }
            | Self::Repository { repository, .. } => Some(*repository),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_repository_of_a_list_is_taken_and_not_the_first_alone() {
        let body = br#"{"action":"added","installation":{"id":7},"repositories_added":[{"id":1},{"id":2},{"id":3}],"repositories_removed":[{"id":4},{"id":5}]}"#;
        let event = read_event("installation_repositories", body).unwrap();
        let expected = Event::Repositories { installation: 7, added: vec![1, 2, 3], removed: vec![4, 5] };
        assert_eq!(event, Some(expected));
    }

    #[test]
    fn tags_and_deleted_branches_start_nothing() {
        let push = |git_ref: &str, deleted: bool| {
            let body = format!(
                r#"{{"ref":"{git_ref}","deleted":{deleted},"repository":{{"id":2,"default_branch":"main"}},"installation":{{"id":7}}}}"#
            );
            read_event("push", body.as_bytes()).unwrap()
        };
        let branch = "release/1.0".to_owned();
        let expected = Event::Push { installation: 7, repository: 2, branch, is_default: false };
        assert_eq!(push("refs/heads/release/1.0", false), Some(expected));
        assert_eq!(push("refs/heads/main", true), None);
        assert_eq!(push("refs/tags/v1", false), None);
    }

    #[test]
    fn a_pull_request_counts_when_its_commits_or_its_base_change() {
        let event = |action: &str, head: u64, changes: &str| {
            let body = format!(
                r#"{{"action":"{action}","changes":{changes},"pull_request":{{"head":{{"ref":"feature","repo":{{"id":{head}}}}}}},"repository":{{"id":2}},"installation":{{"id":7}}}}"#
            );
            read_event("pull_request", body.as_bytes()).unwrap()
        };
        let pull = |is_own| {
            let branch = "feature".to_owned();
            Some(Event::PullRequest { installation: 7, repository: 2, branch, is_own })
        };
        for action in ["opened", "reopened", "synchronize"] {
            assert_eq!(event(action, 2, "{}"), pull(true));
        }
        assert_eq!(event("opened", 3, "{}"), pull(false));
        assert_eq!(event("edited", 2, r#"{"title":{"from":"a"}}"#), None);
        assert_eq!(event("edited", 2, r#"{"base":{"ref":{"from":"a"}}}"#), pull(true));
        for action in ["closed", "labeled"] {
            assert_eq!(event(action, 2, "{}"), None);
        }
        // The fork was deleted.
        let body = br#"{"action":"opened","pull_request":{"head":{"ref":"feature","repo":null}},"repository":{"id":2},"installation":{"id":7}}"#;
        assert_eq!(read_event("pull_request", body).unwrap(), pull(false));
    }

    #[test]
    fn an_event_that_is_kept_is_read_back_as_it_was() {
        let change = Change::Privatized;
        let full_name = Some("acme/secret".to_owned());
        let event = Event::Repository { installation: 7, repository: 2, change, full_name };
        let kept = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&kept).unwrap(), event);
    }

    #[test]
    fn unknown_events_and_actions_are_nothing_and_broken_json_is_refused() {
        assert_eq!(read_event("star", br#"{"installation":{"id":7}}"#).unwrap(), None);
        let starred = br#"{"action":"pinned","installation":{"id":7},"repository":{"id":1}}"#;
        assert_eq!(read_event("repository", starred).unwrap(), None);
        assert_eq!(read_event("push", br#"{"ref":"refs/heads/main","repository":{"id":1}}"#).unwrap(), None);
        assert!(read_event("star", b"{").is_err() && read_event("push", b"[]x").is_err());
    }
}
