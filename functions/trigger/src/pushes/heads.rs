//! One branch: from a head that may be new to a docpack of it.

use std::time::Duration;

use accounts::{Built, Head};
use github::{GithubError, Permissions};
use pipeline::{BuildOptions, InstalledSource, Phase, PipelineError, StateDocument, Tenant};

use super::{PushLimits, Pushes, check, delay_ms, is_temporary, job_of, outcome};
use crate::caller::Caller;
use crate::failure::{Answered, Failure};
use crate::routes::submit::{Pushed, submit_pushed};
use crate::sharing::refresh;
use crate::sync;
use crate::wire::JobRequest;

/// Jobs in a row that are ended for a newer head; the next one is finished.
const MAX_SUPERSEDED: u64 = 2;

/// Works on a branch that this process holds, and lets go of it.
pub(super) async fn work(pushes: Pushes<'_>, mut head: Head) -> Answered<()> {
    let (accounts, attempts) = (pushes.accounts, head.attempts);
    let is_given_up = attempts > pushes.limits().max_attempts;
    let due_at = match step(pushes, &mut head).await {
        Ok(due_at) => {
            head.attempts = 0;
            due_at
        }
        Err(failure) if is_temporary(&failure) && !is_given_up => {
            tracing::info!(code = failure.code, "a push is worked on later: {}", failure.detail);
            head.outcome = Some(failure.code.to_owned());
            Some(pushes.now() + delay_ms(attempts))
        }
        Err(failure) => {
            head.seen = head.wanted;
            head.outcome = Some(failure.code.to_owned());
            head.attempts = 0;
            None
        }
    };
    // Where somebody else holds it by now, that one does the same.
    accounts.release_head(&head, due_at).await?;
    Ok(())
}

/// Does the next thing for a branch, and says when to look again.
async fn step(pushes: Pushes<'_>, head: &mut Head) -> Answered<Option<u64>> {
    if let Some((owner, job)) = job_of(head) {
        match pushes.app.coordinator().state(&owner, &job).await {
            Ok(state) if !state.phase.is_terminal() => {
                let is_ended = Box::pin(supersede(pushes, head, &owner, &state)).await?;
                return Ok(Some(if is_ended { pushes.now() } else { next_look(pushes) }));
            }
            Ok(state) => Box::pin(over(pushes, head, &state)).await?,
            // Somebody deleted it.
            Err(PipelineError::NoSuchJob { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        head.job = None;
    }
    if !head.is_wanted() {
        return Ok(None);
    }
    let waits_until = waits_until(head, pushes.limits());
    match waits_until > pushes.now() {
        true => Ok(Some(waits_until)),
        // Boxed here and elsewhere: the compiler cannot lay out one future of everything.
        false => Box::pin(begin(pushes, head)).await,
    }
}

/// Says from when on a branch gets its next job.
///
/// At once, where its last job was not begun a moment ago. Else when no other push has followed for a while, and at
/// last when the last job is old enough.
fn waits_until(head: &Head, limits: PushLimits) -> u64 {
    let millis = |time: Duration| time.as_millis() as u64;
    let n_pushes = head.wanted.saturating_sub(head.seen);
    let n_before = head.in_a_row.saturating_sub(1);
    let quiet = millis(limits.quiet).saturating_mul(n_pushes + n_before).min(millis(limits.max_quiet));
    head.wanted_at.saturating_add(quiet).min(head.begun_at.saturating_add(millis(limits.rest)))
}

/// Ends a job that reads a commit which is not the branch's head any more; reports whether it is over.
///
/// A job that has read nothing yet will read the newest head, one that packs is almost done, and one that others
/// ordered as well is theirs too. After a few in a row one is let be, so that a branch that is pushed to all the time
/// gets docpacks.
async fn supersede(
    pushes: Pushes<'_>,
    head: &mut Head,
    owner: &Tenant,
    state: &StateDocument,
) -> Answered<bool> {
    let Some(read) = &state.resolved_commit else { return Ok(false) };
    if !head.is_wanted() || head.superseded >= MAX_SUPERSEDED || state.phase == Phase::Pack {
        return Ok(false);
    }
    let (id, repository, branch) = (head.installation, head.repository, head.branch.clone());
    let found = pushes.ask(move |github| {
        let token = github.token(id, Some(repository), Permissions::ReadContents)?;
        github::branch_head(github, &token, repository, &branch)
    });
    // Where GitHub does not say, the job is finished; the head is compared when it is over.
    let Ok(commit) = found.await? else { return Ok(false) };
    if commit == *read {
        head.seen = head.wanted;
        return Ok(false);
    }
    let account = account_of(pushes, head).await?;
    let orderers = pushes.app.ledger().orderers(owner.as_str(), state.job.as_str()).await?;
    if orderers.iter().any(|other| Some(other) != account.as_ref()) {
        return Ok(false);
    }
    match pushes.app.coordinator().cancel(owner, &state.job).await {
        Ok(ended) => {
            pushes.app.feeds().nudge(&ended.job);
            sync::put(pushes.app, &ended).await?;
            Ok(ended.phase.is_terminal())
        }
        Err(PipelineError::NoSuchJob { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Finds the account that a branch's jobs are made for.
async fn account_of(pushes: Pushes<'_>, head: &Head) -> Answered<Option<String>> {
    let Some(installation) = pushes.accounts.installation(head.installation).await? else { return Ok(None) };
    Ok(pushes.accounts.account_of_installation(&installation).await?.map(|user| user.id))
}

fn next_look(pushes: Pushes<'_>) -> u64 {
    pushes.now() + pushes.limits().look_every.as_millis() as u64
}

/// Notes what a job came to, and tells GitHub.
async fn over(pushes: Pushes<'_>, head: &mut Head, state: &StateDocument) -> Answered<()> {
    let code = state.error.as_ref().map(|error| error.code.clone());
    head.outcome = Some(code.unwrap_or_else(|| state.phase.as_str().to_owned()));
    if state.phase == Phase::Cancelled {
        if head.is_wanted() {
            head.superseded += 1;
            head.outcome = Some("superseded".to_owned());
            // It made nothing, and not because its person said so.
            if let Some(account) = account_of(pushes, head).await? {
                pushes.accounts.uncharge(&account, state.job.as_str()).await?;
            }
        }
        return Ok(());
    }
    head.superseded = 0;
    let Some(commit) = state.resolved_commit.clone() else {
        // It ended before it read anything: a check that somebody requires must not stay open.
        let Some(commit) = head.job_commit.clone() else { return Ok(()) };
        return Box::pin(check::answer(pushes, head, state, &commit)).await;
    };
    sync::put(pushes.app, state).await?;
    if let Some(made) = &state.result {
        let id = made.docpack_id.to_string();
        refresh(pushes.app.ledger(), pushes.accounts, state.tenant.as_str(), &id).await?;
    }
    Box::pin(check::answer(pushes, head, state, &commit)).await?;
    let at = state.phases.last().map_or(state.created_at, |last| last.at).0;
    let (job, owner) = (state.job.to_string(), state.tenant.to_string());
    head.built = Some(Built { commit, job, owner, at });
    Ok(())
}

/// Makes a job of the branch's present head, unless that was built already.
async fn begin(pushes: Pushes<'_>, head: &mut Head) -> Answered<Option<u64>> {
    let (id, repository_id) = (head.installation, head.repository);
    let installation = pushes.installation(id).await?;
    let user = pushes.account(&installation).await?;
    let (repository, _) = pushes.repository(id, repository_id).await??;
    let pulls = pushes.pulls(&installation, &repository, &head.branch).await?;
    if !repository.builds(&head.branch) && pulls.is_empty() {
        let code = if repository.is_building { "branch_not_built" } else { "building_off" };
        return Err(outcome(code, "the account's settings say so"));
    }
    let branch = head.branch.clone();
    let found = pushes.ask(move |github| {
        let token = github.token(id, Some(repository_id), Permissions::ReadContents)?;
        let commit = github::branch_head(github, &token, repository_id, &branch)?;
        Ok((token, commit))
    });
    let (token, commit) = match found.await? {
        Err(GithubError::Absent { .. }) => return Err(outcome("branch_gone", "there is no such branch")),
        found => found?,
    };
    let account: Tenant = user.id.parse().map_err(Failure::internal)?;
    let owner = if repository.is_private { account.clone() } else { Tenant::public() };
    let is_built = |built: &Built| built.commit == commit && built.owner == owner.as_str();
    if let Some(built) = head.built.clone().filter(is_built) {
        // It was built before its pull request was opened, or before that had another base.
        if !pulls.is_empty() {
            Box::pin(check::answer_again(pushes, head, &built)).await?;
        }
        head.seen = head.wanted;
        head.outcome = Some("unchanged".to_owned());
        return Ok(None);
    }
    let is_default = head.branch == repository.default_branch;
    let request = JobRequest {
        repo_url: repository.full_name.clone(),
        git_ref: (!is_default).then(|| head.branch.clone()),
        options: BuildOptions { embeddings: has_embedder(pushes).await, ..BuildOptions::default() },
        tags: pipeline::Tags::default(),
        callback_url: None,
    };
    let pushed = Pushed {
        token,
        source: InstalledSource { installation: id, repository: repository_id },
        is_private: repository.is_private,
        // What an organisation owns is built for a person who may see it now.
        is_own: installation.github_account == user.github_id,
        commit: commit.clone(),
    };
    let caller = Caller::of_installation(account);
    let state = Box::pin(submit_pushed(pushes.app, &caller, request, pushed)).await?;
    let rest = pushes.limits().rest.as_millis() as u64;
    let is_soon = pushes.now() < head.begun_at.saturating_add(rest);
    head.in_a_row = if is_soon { head.in_a_row + 1 } else { 1 };
    head.begun_at = pushes.now();
    head.job_commit = Some(commit);
    head.job = Some((state.job.to_string(), state.tenant.to_string()));
    head.seen = head.wanted;
    head.outcome = Some("building".to_owned());
    Ok(Some(next_look(pushes)))
}

async fn has_embedder(pushes: Pushes<'_>) -> bool {
    pushes.app.embedder(&BuildOptions::default()).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A branch whose last job was begun at second 100.
    fn head(wanted: u64, wanted_at_s: u64, in_a_row: u64) -> Head {
        let mut head = Head::default();
        (head.wanted, head.wanted_at, head.in_a_row) = (wanted, wanted_at_s * 1_000, in_a_row);
        head.begun_at = 100_000;
        head
    }

    #[test]
    fn a_push_waits_longer_the_more_of_them_come_in_a_row_and_never_past_the_rest() {
        let limits = PushLimits::default();
        let waits_ms = |head: Head| waits_until(&head, limits) as i64 - head.wanted_at as i64;
        assert_eq!(waits_ms(head(1, 104, 1)), 1_000, "one push soon after a job");
        assert_eq!(waits_ms(head(3, 104, 1)), 3_000);
        assert_eq!(waits_ms(head(99, 104, 1)), 5_000);
        assert_eq!(waits_ms(head(1, 104, 4)), 4_000, "the fourth job in a row");
        assert_eq!(waits_ms(head(99, 112, 9)), 3_000, "15 s after the job was begun");
        assert!(waits_ms(head(1, 130, 1)) < 0, "long after a job");
        let mut first = head(1, 1_000, 0);
        first.begun_at = 0;
        assert!(waits_ms(first) < 0, "the first job");
    }
}
