//! What GitHub shows at a commit once its job is over: a check run, and comments on its branch's pull requests.

use accounts::{Built, Head, Installation, InstalledRepository};
use compare::{Broken, Gate};
use github::{CheckRun, Conclusion, GithubError};
use ledger::DocpackRow;
use pipeline::{Phase, PipelineError, StateDocument};

use super::against::{self, Compared, compared};
use super::comment::{self, changes_url};
use super::{Pushes, gates, is_temporary, job_of_build};
use crate::failure::{Answered, Failure};

/// Pull requests of one branch that get a comment.
const MAX_PULLS: usize = 5;
/// Room for the comparison; with rules and links it stays below GitHub's 65,535 characters.
const MAX_COMPARISON_CHARS: usize = 45_000;
/// Room for the symbols that break a rule.
const MAX_RULE_CHARS: usize = 4_000;
/// Symbols that are named for one rule.
const MAX_ROWS: usize = 20;

/// Answers a job that is over; `head.built` is still what was built before.
pub(super) async fn answer(
    pushes: Pushes<'_>,
    head: &Head,
    state: &StateDocument,
    commit: &str,
) -> Answered<()> {
    answer_with(pushes, head, state, commit, true).await
}

/// Answers for a commit that was built before its pull request was there.
pub(super) async fn answer_again(pushes: Pushes<'_>, head: &Head, built: &Built) -> Answered<()> {
    let Some((owner, job)) = job_of_build(built) else { return Ok(()) };
    match pushes.app.coordinator().state(&owner, &job).await {
        Ok(state) => answer_with(pushes, head, &state, &built.commit, false).await,
        Err(PipelineError::NoSuchJob { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Writes the check run of a job, and comments. What the installation does not allow is left out. Without `is_new` the
/// commit has its check run, which only a pull request changes.
async fn answer_with(
    pushes: Pushes<'_>,
    head: &Head,
    state: &StateDocument,
    commit: &str,
    is_new: bool,
) -> Answered<()> {
    let (id, repository) = (head.installation, head.repository);
    let Some(installation) = pushes.accounts.installation(id).await? else { return Ok(()) };
    let Some(installed) = pushes.accounts.installed(id, repository).await? else { return Ok(()) };
    if installation.is_suspended {
        return Ok(());
    }
    let docpack = match &state.result {
        Some(made) => {
            pushes.app.ledger().docpack(state.tenant.as_str(), &made.docpack_id.to_string()).await?
        }
        None => None,
    };
    let (mut of_pulls, mut n_pulls) = (Vec::new(), 0);
    if let Some(after) = &docpack {
        let mut pulls = pushes.pulls(&installation, &installed, &head.branch).await?;
        pulls.truncate(MAX_PULLS);
        n_pulls = pulls.len();
        for pull in &pulls {
            let base = against::of_base(pushes, &installed, pull, &state.tenant, commit).await?;
            if let Some(base) = base {
                of_pulls.extend(compared(pushes, base, after).await?);
            }
        }
    }
    let of_check = match (of_pulls.first(), &docpack) {
        (Some(_), _) => None,
        (None, Some(after)) if is_new => match against::previous(pushes, head, &state.tenant).await? {
            Some(before) => compared(pushes, before, after).await?,
            None => None,
        },
        _ => None,
    };
    if installation.may_write_checks && (is_new || !of_pulls.is_empty()) {
        let compared = of_pulls.first().or(of_check.as_ref());
        // A pull request is judged by its base alone: the second of two pushes must not hide the first.
        let gates = if n_pulls == 0 || !of_pulls.is_empty() { gates(&installed) } else { Vec::new() };
        let run = check_run(pushes, head, &gates, state, commit, docpack.as_ref(), compared).await?;
        put_check_run(pushes, &installation, &installed, run).await?;
    }
    if installed.comments
        && let Some(after) = &docpack
    {
        let details_url = details_url(pushes, state);
        for compared in &of_pulls {
            comment::write(pushes, &installation, &installed, compared, after, &details_url).await?;
        }
    }
    Ok(())
}

async fn put_check_run(
    pushes: Pushes<'_>,
    installation: &Installation,
    installed: &InstalledRepository,
    run: CheckRun,
) -> Answered<()> {
    let (id, repository, full_name) = (installation.id, installed.id, installed.full_name.clone());
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

/// Says what the job cost, where it cost anything.
async fn cost_of(pushes: Pushes<'_>, state: &StateDocument) -> Answered<String> {
    let row = pushes.app.ledger().job(state.tenant.as_str(), state.job.as_str()).await?;
    let micro_usd = row.and_then(|row| row.cost_micro_usd).filter(|cost| *cost > 0);
    Ok(micro_usd
        .map_or(String::new(), |cost| format!(" · cost ${}.{:06}", cost / 1_000_000, cost % 1_000_000)))
}

/// Returns the page of what a job made, or of the job itself.
fn details_url(pushes: Pushes<'_>, state: &StateDocument) -> String {
    let public_url = pushes.app.people().map(|people| people.public_url()).unwrap_or_default();
    match &state.result {
        Some(made) => {
            format!("{public_url}/packs/{}", made.docpack_id.to_string().trim_start_matches("sha256:"))
        }
        None => format!("{public_url}/jobs/{}", state.job),
    }
}

async fn check_run(
    pushes: Pushes<'_>,
    head: &Head,
    gates: &[Gate],
    state: &StateDocument,
    commit: &str,
    docpack: Option<&DocpackRow>,
    compared: Option<&Compared>,
) -> Answered<CheckRun> {
    let details_url = details_url(pushes, state);
    let verdict = compared.map_or_else(Verdict::default, |compared| {
        Verdict::of(gates, compared, state, docpack.is_some_and(|row| row.is_partial))
    });
    let (title, summary) = match (compared, docpack) {
        (Some(Compared { before, comparison }), Some(_)) => {
            let summary = compare::summary(comparison, MAX_COMPARISON_CHARS);
            let links = format!(
                "[Explore the docpack]({details_url}) · [all changes since {}]({}){}",
                before.name(),
                changes_url(&details_url, before),
                cost_of(pushes, state).await?
            );
            let note = before.note().map_or(String::new(), |note| format!("\n\n{note}"));
            (
                verdict.title.unwrap_or(summary.title),
                format!("{}{}{note}\n\n{links}", verdict.markdown, summary.markdown),
            )
        }
        (_, docpack) => alone(head, state, commit, docpack, &details_url),
    };
    Ok(CheckRun {
        commit: commit.to_owned(),
        // However often this is done, the job has one check run.
        external_id: state.job.to_string(),
        title,
        summary,
        details_url,
        conclusion: verdict.conclusion,
    })
}

/// Whether the rules of the account let a commit pass.
struct Verdict {
    conclusion: Conclusion,
    /// Says which rules failed.
    title: Option<String>,
    /// Comes before the comparison.
    markdown: String,
}

impl Default for Verdict {
    /// Blocks nothing: there are no rules, or nothing that they could judge.
    fn default() -> Self {
        Self { conclusion: Conclusion::Neutral, title: None, markdown: String::new() }
    }
}

impl Verdict {
    fn of(gates: &[Gate], compared: &Compared, state: &StateDocument, is_partial: bool) -> Self {
        if gates.is_empty() {
            return Self::default();
        }
        let is_partial = is_partial || state.phase == Phase::Partial;
        if let Some(reason) = compared.before.unfit(state, is_partial) {
            let markdown = format!("The rules of this repository were not applied: {reason}.\n\n");
            return Self { markdown, ..Self::default() };
        }
        let broken: Vec<Broken> =
            gates.iter().filter_map(|gate| compare::broken(&compared.comparison, *gate)).collect();
        if broken.is_empty() {
            let words: Vec<String> = gates.iter().map(|gate| format!("`{}`", gate.word())).collect();
            let markdown = format!("Passed: {}.\n\n", words.join(", "));
            return Self { conclusion: Conclusion::Success, title: None, markdown };
        }
        let reasons: Vec<&str> = broken.iter().map(|it| it.reason.as_str()).collect();
        Self {
            conclusion: Conclusion::Failure,
            title: Some(format!("Failed: {}", reasons.join("; "))),
            markdown: broken.iter().map(rule).collect(),
        }
    }
}

/// Names a rule that failed, and the symbols that it failed on.
fn rule(broken: &Broken) -> String {
    let mut text = format!("#### Failed: {} (`{}`)\n\n", broken.gate.title(), broken.gate.word());
    let mut n_named = 0;
    for row in broken.rows.iter().take(MAX_ROWS) {
        if text.len() + row.len() > MAX_RULE_CHARS {
            break;
        }
        n_named += 1;
        text.push_str(&format!("- {row}\n"));
    }
    if n_named < broken.rows.len() {
        text.push_str(&format!("- and {} more\n", broken.rows.len() - n_named));
    }
    text.push('\n');
    text
}

/// Says what became of a job where there is nothing to compare.
fn alone(
    head: &Head,
    state: &StateDocument,
    commit: &str,
    docpack: Option<&DocpackRow>,
    details_url: &str,
) -> (String, String) {
    let short = |commit: &str| commit[..commit.len().min(7)].to_owned();
    let commit = short(commit);
    let before = match &head.built {
        Some(built) => format!("The docpack before was built of `{}`.", short(&built.commit)),
        None => "It is the first docpack of this branch.".to_owned(),
    };
    if state.result.is_none() {
        let code = state.error.as_ref().map_or(state.phase.as_str(), |error| error.code.as_str());
        return (
            format!("No docpack was built: {}", code.replace('_', " ")),
            format!("The job of commit `{commit}` ended with `{code}`. {before}"),
        );
    }
    let counts = docpack.map(|row| &row.statistics);
    let title = match counts {
        Some(counts) => format!("{} symbols in {} files", counts.symbol_count, counts.file_count),
        None => format!("A docpack of {commit}"),
    };
    let edges = counts.map_or(String::new(), |counts| {
        format!(
            " It has {} symbols, {} edges and {} files.",
            counts.symbol_count, counts.edge_count, counts.file_count
        )
    });
    (title, format!("[The docpack]({details_url}) of commit `{commit}` is there.{edges} {before}"))
}
