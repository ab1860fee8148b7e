//! A comparison as lines for a terminal: a sentence, what breaks, and what else is worth knowing.

use std::fmt::Write;

use crate::api::{ApiChange, Verdict};
use crate::changes::{Comparison, SymbolRef};
use crate::summary::headline;
use crate::told::{listed, plural};

/// Writes a comparison for a terminal; of each list at most `limit` rows.
pub fn text(comparison: &Comparison, limit: usize) -> String {
    let changes = &comparison.changes;
    let (before, after) = (comparison.before.label(), comparison.after.label());
    let mut page = format!("{} ({before} \u{2192} {after})\n", headline(comparison));
    for (verdict, title) in [
        (Verdict::Breaking, "Breaking"),
        (Verdict::Unknown, "Worth a look"),
        (Verdict::Compatible, "Compatible"),
    ] {
        let of_verdict: Vec<_> = comparison.api.changes.iter().filter(|it| it.verdict == verdict).collect();
        // What breaks is shown in full before anything else.
        let limit = if verdict == Verdict::Breaking { limit } else { limit.min(10) };
        list(&mut page, title, of_verdict.iter().map(|it| api_rows(it)).collect(), limit);
    }
    let moved = changes
        .symbols
        .moved
        .iter()
        .map(|it| format!("  {} \u{2192} {}", place(&it.before), place(&it.after)));
    list(&mut page, "Moved or renamed", moved.collect(), limit.min(10));
    let ambiguous = changes.calls.became_ambiguous.iter();
    let ambiguous =
        ambiguous.map(|it| format!("  {} \u{2192} {}", it.from.qualified_name, it.to.qualified_name));
    list(&mut page, "Calls that became ambiguous", ambiguous.collect(), limit.min(10));
    let numbers = numbers(comparison);
    if !numbers.is_empty() {
        let _ = write!(page, "\nAlso\n{}", numbers.iter().map(|it| format!("  {it}\n")).collect::<String>());
    }
    page.trim_end().to_owned()
}

fn list(page: &mut String, title: &str, rows: Vec<String>, limit: usize) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{title} ({})", rows.len());
    for row in rows.iter().take(limit) {
        let _ = writeln!(page, "{row}");
    }
    if rows.len() > limit {
        let _ = writeln!(page, "  and {} more", rows.len() - limit);
    }
}

fn api_rows(change: &ApiChange) -> String {
    let at = change.after.as_ref().or(change.before.as_ref());
    let at = at.map(|it| format!("  {}:{}", it.file_path, it.line)).unwrap_or_default();
    let reasons: Vec<&str> = change.reasons.iter().map(|it| it.text.as_str()).collect();
    format!("  {}{at}\n    {}", change.name, reasons.join("; ").replace('`', ""))
}

fn place(symbol: &SymbolRef) -> String {
    format!("{} ({}:{})", symbol.qualified_name, symbol.file_path, symbol.line)
}

/// One line each for calls, packages, groups, complexity and unresolved calls.
fn numbers(comparison: &Comparison) -> Vec<String> {
    let changes = &comparison.changes;
    let calls = &changes.calls;
    let mut lines = Vec::new();
    if calls.added.len() + calls.removed.len() > 0 {
        let all = [&calls.added, &calls.removed].into_iter().flatten();
        let n_known = all.filter(|it| it.between_known).count();
        let won = plural(calls.added.len(), "call", "calls");
        lines.push(format!(
            "{won} won and {} lost; {n_known} of these are between symbols that both versions have",
            calls.removed.len()
        ));
    }
    if calls.unresolved_added.len() + calls.unresolved_removed.len() > 0 {
        let added = plural(calls.unresolved_added.len(), "unresolved call", "unresolved calls");
        lines.push(format!("{added} more and {} fewer", calls.unresolved_removed.len()));
    }
    let packages = |is_new: bool| -> Vec<String> {
        let wanted = changes.packages.iter().filter(|it| (it.n_calls_before == 0) == is_new);
        wanted.map(|it| it.package.clone()).take(12).collect()
    };
    for (is_new, words) in [(true, "newly called"), (false, "no longer called")] {
        let names = packages(is_new);
        if !names.is_empty() {
            lines.push(format!("packages {words}: {}", listed(&names)));
        }
    }
    let more = changes.complexity.iter().filter(|it| it.cognitive.1 > it.cognitive.0).count();
    let less = changes.complexity.iter().filter(|it| it.cognitive.1 < it.cognitive.0).count();
    if more + less > 0 {
        lines.push(format!("{} harder to follow, {less} easier", plural(more, "function", "functions")));
    }
    let came = changes.groups.iter().filter(|it| it.before.is_none()).count();
    let went = changes.groups.iter().filter(|it| it.after.is_none()).count();
    let is_renamed = |it: &&crate::changes::GroupChange| {
        it.before.is_some() && it.after.is_some() && it.before != it.after
    };
    let renamed = changes.groups.iter().filter(is_renamed).count();
    if came + went + renamed > 0 {
        lines.push(format!("groups: {came} new, {went} gone, {renamed} with another label"));
    }
    lines
}
