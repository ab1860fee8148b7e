//! One branch: from a head that may be new to a docpack of it.

use accounts::{Built, Head};
use github::{GithubError, Permissions};
use pipeline::{BuildOptions, InstalledSource, Phase, PipelineError, StateDocument, Tenant};

use super::{Pushes, check, delay_ms, is_temporary, job_of, outcome};
use crate::caller::Caller;
use crate::failure::{Answered, Failure};
use crate::routes::submit::{Pushed, submit_pushed};
use crate::sharing::refresh;
use crate::sync;
use crate::wire::JobRequest;

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
            Ok(state) if !state.phase.is_terminal() => return Ok(Some(next_look(pushes))),
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
    let rests_until =
        head.built.as_ref().map_or(0, |built| built.at + pushes.limits().rest.as_millis() as u64);
    match rests_until > pushes.now() {
        true => Ok(Some(rests_until)),
        // Boxed here and elsewhere: the compiler cannot lay out one future of everything.
        false => Box::pin(begin(pushes, head)).await,
    }
}

fn next_look(pushes: Pushes<'_>) -> u64 {
    pushes.now() + pushes.limits().look_every.as_millis() as u64
}

/// Notes what a job came to, and tells GitHub.
async fn over(pushes: Pushes<'_>, head: &mut Head, state: &StateDocument) -> Answered<()> {
    let code = state.error.as_ref().map(|error| error.code.clone());
    head.outcome = Some(code.unwrap_or_else(|| state.phase.as_str().to_owned()));
    let Some(commit) = state.resolved_commit.clone().filter(|_| state.phase != Phase::Cancelled) else {
        return Ok(());
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
    if !repository.builds(&head.branch) {
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
    if head.built.as_ref().is_some_and(is_built) {
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
        commit,
    };
    let caller = Caller::of_installation(account);
    let state = Box::pin(submit_pushed(pushes.app, &caller, request, pushed)).await?;
    head.job = Some((state.job.to_string(), state.tenant.to_string()));
    head.seen = head.wanted;
    head.outcome = Some("building".to_owned());
    Ok(Some(next_look(pushes)))
}

async fn has_embedder(pushes: Pushes<'_>) -> bool {
    pushes.app.embedder(&BuildOptions::default()).await.is_ok()
}
