//! A comparison as Markdown, fit for a pull request: what breaks first, long lists folded away.

use std::fmt::Write;

use crate::api::{ApiChange, Verdict};
use crate::changes::{Call, Comparison, MovedSymbol, SymbolRef, UnresolvedCall};
use crate::summary::{counts, headline};
use crate::told::plural;

/// Rows of one list; the others are counted.
const MAX_ROWS: usize = 200;
/// Changes of complexity that are named, the largest first.
const MAX_COMPLEXITY_ROWS: usize = 10;

/// Writes a comparison as Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    pages(comparison, MAX_ROWS).concat()
}

/// Writes as many whole sections as fit, and says so if some do not.
pub(crate) fn within(comparison: &Comparison, max_rows: usize, max_chars: usize) -> String {
    const CUT: &str = "\n_The rest is left out: it is too long for this report._\n";
    let sections = pages(comparison, max_rows);
    let room = max_chars.saturating_sub(CUT.chars().count());
    let (mut text, mut n_chars) = (String::new(), 0);
    for section in &sections {
        let n = section.chars().count();
        if n_chars + n > room {
            let left = if text.is_empty() { section.chars().take(room).collect() } else { String::new() };
            return format!("{text}{left}{CUT}").chars().take(max_chars).collect();
        }
        n_chars += n;
        text.push_str(section);
    }
    text
}

/// The sections of the report in their order.
fn pages(comparison: &Comparison, max_rows: usize) -> Vec<String> {
    let changes = &comparison.changes;
    let (before, after) = (comparison.before.label(), comparison.after.label());
    let mut sections = vec![
        format!("### {}\n\n{} \u{2192} {}\n", headline(comparison), quoted(&before), quoted(&after)),
        table(comparison),
    ];
    for (verdict, title, is_open) in [
        (Verdict::Breaking, "Breaking changes", true),
        (Verdict::Unknown, "Changes that a signature cannot judge", false),
        (Verdict::Compatible, "Compatible changes", false),
    ] {
        let of_verdict = comparison.api.changes.iter().filter(|it| it.verdict == verdict);
        sections.push(section(title, of_verdict.map(api_row), is_open, max_rows));
    }
    let calls = &changes.calls;
    let moved = |it: &MovedSymbol| format!("{} \u{2192} {}", place(&it.before), place(&it.after));
    sections.push(section("Moved or renamed", changes.symbols.moved.iter().map(moved), false, max_rows));
    let known =
        |list: &'_ [Call]| list.iter().filter(|it| it.between_known).map(call_row).collect::<Vec<_>>();
    sections.push(section(
        "New calls between existing symbols",
        known(&calls.added).into_iter(),
        false,
        max_rows,
    ));
    sections.push(section("Calls that are gone", known(&calls.removed).into_iter(), false, max_rows));
    let ambiguous = calls.became_ambiguous.iter().map(call_row);
    sections.push(section("Calls that became ambiguous", ambiguous, false, max_rows));
    let unresolved = calls.unresolved_added.iter().map(unresolved_row);
    sections.push(section("New unresolved calls", unresolved, false, max_rows));
    let packages = changes.packages.iter().map(|it| match it.n_calls_before {
        0 => format!("{}: {}", quoted(&it.package), plural(it.n_calls_after as usize, "call", "calls")),
        _ => format!("{}: no longer called", quoted(&it.package)),
    });
    sections.push(section("Packages", packages, false, max_rows));
    sections.push(section("Complexity", complexity(comparison).into_iter(), false, max_rows));
    sections.retain(|section| !section.is_empty());
    sections
}

fn table(comparison: &Comparison) -> String {
    let counts = counts(comparison);
    let rows = [
        ("Symbols added", counts.symbols_added),
        ("Symbols removed", counts.symbols_removed),
        ("Symbols moved or renamed", counts.symbols_moved),
        ("Symbols rewritten", counts.symbols_rewritten),
        ("Exported signatures changed", counts.signatures_changed),
        ("Breaking changes", counts.breaking),
        ("Calls won", counts.calls_added),
        ("Calls lost", counts.calls_removed),
        ("New unresolved calls", counts.unresolved_added),
    ];
    let mut text = "\n| | |\n|---|---:|\n".to_owned();
    for (name, n) in rows.iter().filter(|row| row.1 > 0) {
        let _ = writeln!(text, "| {name} | {} |", prose::thousands(*n as u64));
    }
    if rows.iter().all(|row| row.1 == 0) { String::new() } else { text }
}

fn section(title: &str, rows: impl Iterator<Item = String>, is_open: bool, max_rows: usize) -> String {
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut list = String::new();
    for row in rows.iter().take(max_rows) {
        let _ = writeln!(list, "- {row}");
    }
    if rows.len() > max_rows {
        let _ = writeln!(list, "- and {} more", prose::thousands((rows.len() - max_rows) as u64));
    }
    match is_open {
        true => format!("\n#### {title}\n\n{list}"),
        false => format!("\n<details><summary>{title} ({})</summary>\n\n{list}\n</details>\n", rows.len()),
    }
}

pub(crate) fn api_row(change: &ApiChange) -> String {
    let reasons: Vec<&str> = change.reasons.iter().map(|it| it.text.as_str()).collect();
    let at = change.after.as_ref().or(change.before.as_ref());
    let at =
        at.map(|it| format!(" ({})", quoted(&format!("{}:{}", it.file_path, it.line)))).unwrap_or_default();
    format!("{}{at}: {}", quoted(&change.name), reasons.join("; "))
}

pub(crate) fn call_row(call: &Call) -> String {
    let sure = format!("{:.2}", call.confidence);
    format!(
        "{} \u{2192} {}, confidence {sure}",
        quoted(&call.from.qualified_name),
        quoted(&call.to.qualified_name)
    )
}

pub(crate) fn unresolved_row(call: &UnresolvedCall) -> String {
    format!("{} calls {} ({})", place(&call.from), quoted(&call.name), call.reason)
}

fn place(symbol: &SymbolRef) -> String {
    format!(
        "{} ({})",
        quoted(&symbol.qualified_name),
        quoted(&format!("{}:{}", symbol.file_path, symbol.line))
    )
}

/// The largest changes of complexity.
fn complexity(comparison: &Comparison) -> Vec<String> {
    let mut changes: Vec<_> = comparison.changes.complexity.iter().collect();
    changes.sort_by_key(|it| std::cmp::Reverse(it.cognitive.0.abs_diff(it.cognitive.1)));
    let row = |it: &&crate::changes::ComplexityChange| {
        let name = quoted(&it.after.qualified_name);
        format!(
            "{name}: cognitive {} \u{2192} {}, cyclomatic {} \u{2192} {}",
            it.cognitive.0, it.cognitive.1, it.cyclomatic.0, it.cyclomatic.1
        )
    };
    changes.iter().take(MAX_COMPLEXITY_ROWS).map(row).collect()
}

/// Names of code between backticks, which end nothing and start nothing.
fn quoted(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{}`", line.replace('`', "'"))
}
