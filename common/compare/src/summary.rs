//! A few lines about a comparison, short enough for the report of a check.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::Verdict;
use crate::changes::Comparison;
use crate::markdown;
use crate::told::{listed, plural};

/// Longest text of a check's summary: hosts refuse more than 65,535 characters.
pub const MAX_SUMMARY_CHARS: usize = 60_000;
/// Changes of one kind that a summary names.
const MAX_NAMED: usize = 20;

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ChangeCounts")]
pub struct Counts {
    /// Symbols only in the newer pack.
    pub symbols_added: usize,
    /// Symbols only in the older pack.
    pub symbols_removed: usize,
    /// Symbols with another name or place.
    pub symbols_moved: usize,
    /// Symbols of both packs with other code.
    pub symbols_rewritten: usize,
    /// Exported symbols with another signature.
    pub signatures_changed: usize,
    /// Changes that may break code that uses the repository.
    pub breaking: usize,
    /// Changes that cannot be judged from a signature.
    pub unknown: usize,
    /// Changes that break nothing.
    pub compatible: usize,
    /// Calls only in the newer pack.
    pub calls_added: usize,
    /// Calls only in the older pack.
    pub calls_removed: usize,
    /// Calls that were certain and are not any more.
    pub calls_became_ambiguous: usize,
    /// Calls to unknown targets that were not there before.
    pub unresolved_added: usize,
    /// Packages that were not called before.
    pub packages_added: usize,
}

/// A few lines about a comparison, and its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// One sentence.
    pub title: String,
    /// Markdown of at most the asked-for length.
    pub markdown: String,
    /// The counts behind both.
    pub counts: Counts,
}

/// Counts what changed.
pub fn counts(comparison: &Comparison) -> Counts {
    let changes = &comparison.changes;
    Counts {
        symbols_added: changes.symbols.added.len(),
        symbols_removed: changes.symbols.removed.len(),
        symbols_moved: changes.symbols.moved.len(),
        symbols_rewritten: changes.symbols.rewritten.len(),
        signatures_changed: changes.signatures.len(),
        breaking: comparison.api.count(Verdict::Breaking),
        unknown: comparison.api.count(Verdict::Unknown),
        compatible: comparison.api.count(Verdict::Compatible),
        calls_added: changes.calls.added.len(),
        calls_removed: changes.calls.removed.len(),
        calls_became_ambiguous: changes.calls.became_ambiguous.len(),
        unresolved_added: changes.calls.unresolved_added.len(),
        packages_added: changes.packages.iter().filter(|it| it.n_calls_before == 0).count(),
    }
}

/// Writes a summary of at most `max_chars`, and never more than [`MAX_SUMMARY_CHARS`].
pub fn summary(comparison: &Comparison, max_chars: usize) -> Summary {
    let counts = counts(comparison);
    let markdown = markdown::within(comparison, MAX_NAMED, max_chars.min(MAX_SUMMARY_CHARS));
    Summary { title: headline(comparison), markdown, counts }
}

/// Says in one sentence what changed, the most important first.
pub(crate) fn headline(comparison: &Comparison) -> String {
    let counts = counts(comparison);
    if comparison.changes.is_empty() && comparison.api.changes.is_empty() {
        return "Nothing changed".to_owned();
    }
    let mut parts = Vec::new();
    let mut part = |n: usize, one: &str, many: &str| {
        if n > 0 {
            parts.push(plural(n, one, many));
        }
    };
    part(counts.breaking, "breaking change", "breaking changes");
    part(counts.symbols_added, "symbol added", "symbols added");
    part(counts.symbols_removed, "removed", "removed");
    part(counts.symbols_moved, "moved or renamed", "moved or renamed");
    part(counts.symbols_rewritten, "rewritten", "rewritten");
    part(counts.signatures_changed, "exported signature changed", "exported signatures changed");
    if parts.is_empty() {
        return "No symbol changed, but its surroundings did".to_owned();
    }
    let sentence = listed(&parts);
    match counts.breaking {
        0 if !comparison.api.changes.is_empty() => format!("No breaking change: {sentence}"),
        _ => sentence,
    }
}
