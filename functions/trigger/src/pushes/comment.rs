//! The comment on a pull request: what changed against its base, in a few lines.

use accounts::{Installation, InstalledRepository};
use ledger::DocpackRow;

use super::Pushes;
use super::against::{Before, Compared};
use crate::failure::Answered;

/// Longest comparison in a comment: the counts, what breaks, and little more.
const MAX_COMPARISON_CHARS: usize = 4_000;

/// Writes the comment of a pull request, over the one that is there.
pub(super) async fn write(
    pushes: Pushes<'_>,
    installation: &Installation,
    repository: &InstalledRepository,
    compared: &Compared,
    after: &DocpackRow,
    details_url: &str,
) -> Answered<()> {
    let Some(pull) = &compared.before.pull else { return Ok(()) };
    let (at, id, number) = (installation.id, repository.id, pull.number);
    let text = text(compared, after, details_url);
    match pushes.ask(move |github| github.put_comment(at, id, number, &text)).await? {
        Ok(()) => Ok(()),
        Err(error) => {
            if !error.is_retryable() {
                tracing::info!(code = error.code(), "no comment was written: {error}");
            }
            pushes.without_pulls(installation, error).await
        }
    }
}

fn text(compared: &Compared, after: &DocpackRow, details_url: &str) -> String {
    let Compared { before, comparison } = compared;
    let summary = compare::summary(comparison, MAX_COMPARISON_CHARS).markdown;
    let commit = after.commit_hash.as_deref().unwrap_or_default();
    let note = before.note().map_or(String::new(), |note| format!("\n{note}\n"));
    format!(
        "{}\n{note}\n[All changes]({}) · [explore `{}`]({details_url}) · compared with {}\n",
        summary.trim_end(),
        changes_url(details_url, before),
        &commit[..commit.len().min(7)],
        before.name(),
    )
}

/// Returns the page that shows every difference.
pub(super) fn changes_url(details_url: &str, before: &Before) -> String {
    format!("{details_url}/changes?from={}", before.row.id.trim_start_matches("sha256:"))
}
