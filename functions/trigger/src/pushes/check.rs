//! What GitHub shows at a commit once its job is over.

use accounts::{Built, Head};
use github::{CheckRun, Conclusion, GithubError};
use ledger::DocpackRow;
use pipeline::StateDocument;

use super::{Pushes, is_temporary};
use crate::failure::{Answered, Failure};

/// Writes the check run of a job. An installation without the permission gets none.
pub(super) async fn answer(
    pushes: Pushes<'_>,
    head: &Head,
    state: &StateDocument,
    commit: &str,
) -> Answered<()> {
    let (id, repository) = (head.installation, head.repository);
    let Some(installation) = pushes.accounts.installation(id).await? else { return Ok(()) };
    let Some(installed) = pushes.accounts.installed(id, repository).await? else { return Ok(()) };
    if !installation.may_write_checks || installation.is_suspended {
        return Ok(());
    }
    let said = said_of(pushes, head, state, commit).await?;
    let run = CheckRun {
        commit: commit.to_owned(),
        // However often this is done, the job has one check run.
        external_id: state.job.to_string(),
        title: said.title,
        summary: said.summary,
        details_url: said.details_url,
        // It blocks nothing, whatever became of the job.
        conclusion: Conclusion::Neutral,
    };
    let full_name = installed.full_name;
    match pushes.ask(move |github| github.put_check_run(id, repository, &full_name, &run)).await? {
        Ok(()) => Ok(()),
        Err(error) => {
            let failure = Failure::from(error.clone());
            if is_temporary(&failure) {
                return Err(failure);
            }
            // The commit is gone after a force-push, or the permission was taken back: the docpack stands.
            tracing::info!(code = error.code(), "no check run was written: {error}");
            match error {
                GithubError::AppRefused => Err(failure),
                _ => Ok(()),
            }
        }
    }
}

/// Room that the comparison leaves for the links below it, of GitHub's 65,535 characters.
const MAX_SUMMARY_CHARS: usize = 55_000;

struct Compared {
    before_id: String,
    summary: compare::Summary,
}

/// Compares the docpack of a branch with the one before it; `None` where there is none, or it cannot be read.
async fn compared(pushes: Pushes<'_>, built: &Built, after: &DocpackRow) -> Answered<Option<Compared>> {
    let ledger = pushes.app.ledger();
    let Some(job) = ledger.job(&built.owner, &built.job).await? else { return Ok(None) };
    let Some(before_id) = job.docpack_id else { return Ok(None) };
    let Some(before) = ledger.docpack(&built.owner, &before_id).await? else { return Ok(None) };
    match pushes.app.packs().compared(pushes.app, &before, after).await {
        Ok(comparison) => {
            let summary = compare::summary(&comparison, MAX_SUMMARY_CHARS);
            Ok(Some(Compared { before_id, summary }))
        }
        Err(failure) if is_temporary(&failure) => Err(failure),
        Err(failure) => {
            tracing::warn!(
                code = failure.code,
                "a docpack was not compared with the one before it: {}",
                failure.detail
            );
            Ok(None)
        }
    }
}

/// Says what the job cost, where it cost anything.
async fn cost_of(pushes: Pushes<'_>, state: &StateDocument) -> Answered<String> {
    let row = pushes.app.ledger().job(state.tenant.as_str(), state.job.as_str()).await?;
    let micro_usd = row.and_then(|row| row.cost_micro_usd).filter(|cost| *cost > 0);
    Ok(micro_usd
        .map_or(String::new(), |cost| format!(" · cost ${}.{:06}", cost / 1_000_000, cost % 1_000_000)))
}

/// Title, text and link of a check run.
struct Said {
    title: String,
    /// Markdown.
    summary: String,
    details_url: String,
}

/// Writes what a check run says: `head.built` is what was built before, which a comparison can be made with.
async fn said_of(pushes: Pushes<'_>, head: &Head, state: &StateDocument, commit: &str) -> Answered<Said> {
    let public_url = pushes.app.people().map(|people| people.public_url()).unwrap_or_default();
    let short = &commit[..commit.len().min(7)];
    let before = match &head.built {
        Some(built) => {
            format!("The docpack before was built of `{}`.", &built.commit[..built.commit.len().min(7)])
        }
        None => "It is the first docpack of this branch.".to_owned(),
    };
    let Some(made) = &state.result else {
        let code = state.error.as_ref().map_or(state.phase.as_str(), |error| error.code.as_str());
        return Ok(Said {
            title: format!("No docpack was built: {}", code.replace('_', " ")),
            summary: format!("The job of commit `{short}` ended with `{code}`. {before}"),
            details_url: format!("{public_url}/jobs/{}", state.job),
        });
    };
    let id = made.docpack_id.to_string();
    let details_url = format!("{public_url}/packs/{}", id.trim_start_matches("sha256:"));
    let row = pushes.app.ledger().docpack(state.tenant.as_str(), &id).await?;
    if let (Some(built), Some(after)) = (&head.built, &row)
        && let Some(compared) = compared(pushes, built, after).await?
    {
        let from = &built.commit[..built.commit.len().min(7)];
        let changes =
            format!("{details_url}/changes?from={}", compared.before_id.trim_start_matches("sha256:"));
        let cost = cost_of(pushes, state).await?;
        let links =
            format!("[Explore the docpack]({details_url}) · [all changes since `{from}`]({changes}){cost}");
        return Ok(Said {
            title: compared.summary.title,
            summary: format!("{}\n\n{links}", compared.summary.markdown),
            details_url,
        });
    }
    let counts = row.map(|row| row.statistics);
    let title = match &counts {
        Some(counts) => format!("{} symbols in {} files", counts.symbol_count, counts.file_count),
        None => format!("A docpack of {short}"),
    };
    let edges = counts.map_or(String::new(), |counts| {
        format!(
            " It has {} symbols, {} edges and {} files.",
            counts.symbol_count, counts.edge_count, counts.file_count
        )
    });
    let summary = format!("[The docpack]({details_url}) of commit `{short}` is there.{edges} {before}");
    Ok(Said { title, summary, details_url })
}
