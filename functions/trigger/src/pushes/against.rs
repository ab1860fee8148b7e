//! What a docpack is compared with: that of a pull request's base, else the one before of its branch.

use accounts::{Head, InstalledRepository};
use compare::Comparison;
use github::{GithubError, Permissions, Pull};
use ledger::DocpackRow;
use pipeline::{JobId, PipelineError, StateDocument, Tenant};

use super::{Pushes, is_temporary, job_of_build};
use crate::failure::{Answered, Failure};

/// Builds of a base that are looked through for the commit at which a branch left it.
const MAX_BUILDS: u32 = 50;

/// A docpack that another one is compared with.
pub(super) struct Before {
    pub(super) row: DocpackRow,
    pub(super) commit: String,
    /// The pull request whose base it is of; `None` for the docpack before of the same branch.
    pub(super) pull: Option<Pull>,
    /// Whether the branch left its base at this very commit.
    is_common: bool,
    job: StateDocument,
}

/// Two docpacks side by side.
pub(super) struct Compared {
    pub(super) before: Before,
    pub(super) comparison: Comparison,
}

impl Before {
    /// Says in a few words what it is of.
    pub(super) fn name(&self) -> String {
        let short = &self.commit[..self.commit.len().min(7)];
        match &self.pull {
            Some(pull) => format!("`{}` at `{short}`", pull.base.replace('`', "'")),
            None => format!("`{short}`"),
        }
    }

    /// Says that the base has changes of its own, which a comparison shows the wrong way round.
    pub(super) fn note(&self) -> Option<String> {
        let pull = self.pull.as_ref().filter(|_| !self.is_common)?;
        let base = pull.base.replace('`', "'");
        Some(format!(
            "There is no docpack of the commit at which this branch left `{base}`, so newer changes of `{base}` \
             appear the other way round. Merge `{base}` into this branch to leave them out."
        ))
    }

    /// Says why differences may be Doctown's own doing, or nobody's here: then no rule is applied.
    pub(super) fn unfit(&self, after: &StateDocument, is_partial: bool) -> Option<&'static str> {
        if is_partial || self.row.is_partial {
            return Some("a part of one of the two docpacks is missing");
        }
        if self.job.stage_versions != after.stage_versions {
            return Some("the two docpacks were built by different releases of Doctown");
        }
        (!self.is_common).then_some("the base has newer changes than this branch")
    }
}

/// Finds the docpack before of a branch; `None` where there is none.
pub(super) async fn previous(pushes: Pushes<'_>, head: &Head, tenant: &Tenant) -> Answered<Option<Before>> {
    let Some(built) = &head.built else { return Ok(None) };
    match job_of_build(built) {
        Some((owner, job)) if owner == *tenant => before(pushes, &owner, &job, None, true).await,
        _ => Ok(None),
    }
}

/// Finds the docpack of a pull request's base at the commit at which a branch left it, else the newest one.
pub(super) async fn of_base(
    pushes: Pushes<'_>,
    repository: &InstalledRepository,
    pull: &Pull,
    tenant: &Tenant,
    commit: &str,
) -> Answered<Option<Before>> {
    let heads = pushes.accounts.heads(repository.installation, repository.id).await?;
    let built = heads.into_iter().find(|head| head.branch == pull.base).and_then(|head| head.built);
    let Some((owner, newest)) = built.as_ref().and_then(job_of_build).filter(|(owner, _)| owner == tenant)
    else {
        return Ok(None);
    };
    let (at, id, base, commit) =
        (repository.installation, repository.id, pull.base.clone(), commit.to_owned());
    let common = pushes.ask(move |github| {
        let token = github.token(at, Some(id), Permissions::ReadContents)?;
        github::merge_base(github, &token, id, &base, &commit)
    });
    let common = match common.await? {
        Ok(common) => common,
        // Without a common commit there is nothing to compare with.
        Err(GithubError::Absent { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // All builds of a branch by one release are runs of one family, the newest last.
    if let Some((family, number)) = newest.family() {
        for run in (1..=number).rev().take(MAX_BUILDS as usize) {
            let found = before(pushes, &owner, &family.run(run), Some(pull), true).await?;
            if let Some(found) = found.filter(|found| found.commit == common) {
                return Ok(Some(found));
            }
        }
    }
    before(pushes, &owner, &newest, Some(pull), false).await
}

async fn before(
    pushes: Pushes<'_>,
    owner: &Tenant,
    job: &JobId,
    pull: Option<&Pull>,
    is_common: bool,
) -> Answered<Option<Before>> {
    let state = match pushes.app.coordinator().state(owner, job).await {
        Ok(state) => state,
        Err(PipelineError::NoSuchJob { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (Some(made), Some(commit)) = (&state.result, state.resolved_commit.clone()) else { return Ok(None) };
    let id = made.docpack_id.to_string();
    let row = pushes.app.ledger().docpack(owner.as_str(), &id).await?;
    let Some(row) = row.filter(|row| !row.is_withdrawn) else { return Ok(None) };
    Ok(Some(Before { row, commit, pull: pull.cloned(), is_common, job: state }))
}

/// Compares a docpack with another one; `None` where one of them cannot be read.
pub(super) async fn compared(
    pushes: Pushes<'_>,
    before: Before,
    after: &DocpackRow,
) -> Answered<Option<Compared>> {
    let comparison = pushes.app.packs().compared(pushes.app, &before.row, after).await;
    match comparison {
        Ok(comparison) => Ok(Some(Compared { before, comparison })),
        Err(failure) if is_temporary(&failure) => Err(failure),
        Err(Failure { code, detail, .. }) => {
            tracing::warn!(code, "a docpack was not compared with the one before it: {detail}");
            Ok(None)
        }
    }
}
