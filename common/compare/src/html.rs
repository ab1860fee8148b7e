//! A comparison as one page that needs nothing else.

use std::fmt::Write;

use crate::api::{ApiChange, Verdict};
use crate::changes::{Comparison, SymbolRef};
use crate::summary::headline;

/// Rows of one table; the others are counted.
const MAX_ROWS: usize = 2_000;

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#d8dbe0, #383c44); --soft: light-dark(#5a6069, #a3aab4);
  --bad: light-dark(#a3262a, #ff8f8f); --odd: light-dark(#7a5200, #f0c060); --good: light-dark(#1b6b3a, #79d69a); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: 0; color: var(--soft); } ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: .5rem 0; overflow-wrap: anywhere; }
code { font: .9em ui-monospace, monospace; } small { color: var(--soft); display: block; }
.breaking { color: var(--bad); } .unknown { color: var(--odd); } .compatible { color: var(--good); }
summary { cursor: pointer; font-weight: 600; margin: 2rem 0 .5rem; }
";

/// Writes a comparison as one HTML page without scripts.
pub fn html(comparison: &Comparison) -> String {
    let changes = &comparison.changes;
    let title = escaped(&headline(comparison));
    let (before, after) = (escaped(&comparison.before.label()), escaped(&comparison.after.label()));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <p>From <code>{before}</code> to <code>{after}</code></p>\n"
    );
    for (verdict, title, is_open) in [
        (Verdict::Breaking, "Breaking changes", true),
        (Verdict::Unknown, "Changes that a signature cannot judge", true),
        (Verdict::Compatible, "Compatible changes", false),
    ] {
        let of_verdict = comparison.api.changes.iter().filter(|it| it.verdict == verdict);
        list(&mut page, title, is_open, of_verdict.map(api_row).collect());
    }
    let calls = &changes.calls;
    let call = |it: &crate::changes::Call| {
        format!("{} \u{2192} {} <small>confidence {:.2}</small>", name(&it.from), name(&it.to), it.confidence)
    };
    let moved =
        |it: &crate::changes::MovedSymbol| format!("{} \u{2192} {}", place(&it.before), place(&it.after));
    list(&mut page, "Moved or renamed", false, changes.symbols.moved.iter().map(moved).collect());
    list(&mut page, "Symbols added", false, changes.symbols.added.iter().map(place).collect());
    list(&mut page, "Symbols removed", false, changes.symbols.removed.iter().map(place).collect());
    list(&mut page, "Calls won", false, calls.added.iter().map(call).collect());
    list(&mut page, "Calls lost", false, calls.removed.iter().map(call).collect());
    list(&mut page, "Calls that became ambiguous", false, calls.became_ambiguous.iter().map(call).collect());
    let unresolved = |it: &crate::changes::UnresolvedCall| {
        format!(
            "{} calls <code>{}</code> <small>{}</small>",
            name(&it.from),
            escaped(&it.name),
            escaped(&it.reason)
        )
    };
    list(&mut page, "New unresolved calls", false, calls.unresolved_added.iter().map(unresolved).collect());
    let package = |it: &crate::changes::PackageChange| {
        let what = if it.n_calls_before == 0 { "newly called" } else { "no longer called" };
        format!("<code>{}</code> <small>{what}</small>", escaped(&it.package))
    };
    list(&mut page, "Packages", false, changes.packages.iter().map(package).collect());
    let group = |it: &crate::changes::GroupChange| {
        let label = |it: &Option<String>| it.as_deref().map_or("none".to_owned(), escaped);
        let counts = format!("{} \u{2192} {} symbols", it.n_before, it.n_after);
        format!("{} \u{2192} {} <small>{counts}</small>", label(&it.before), label(&it.after))
    };
    list(&mut page, "Groups", false, changes.groups.iter().map(group).collect());
    let complexity = |it: &crate::changes::ComplexityChange| {
        format!(
            "{} <small>cognitive {} \u{2192} {}, cyclomatic {} \u{2192} {}</small>",
            place(&it.after),
            it.cognitive.0,
            it.cognitive.1,
            it.cyclomatic.0,
            it.cyclomatic.1
        )
    };
    list(&mut page, "Complexity", false, changes.complexity.iter().map(complexity).collect());
    let coupling = |it: &crate::changes::CouplingChange| {
        let (from, to) = (escaped(&it.from), escaped(&it.to));
        format!(
            "<code>{from}</code> \u{2192} <code>{to}</code> <small>{} \u{2192} {} references</small>",
            it.before, it.after
        )
    };
    list(&mut page, "References between folders", false, changes.coupling.iter().map(coupling).collect());
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn list(page: &mut String, title: &str, is_open: bool, rows: Vec<String>) {
    if rows.is_empty() {
        return;
    }
    let open = if is_open { " open" } else { "" };
    let _ = writeln!(page, "<details{open}><summary>{title} ({})</summary>\n<ul>", rows.len());
    for row in rows.iter().take(MAX_ROWS) {
        let _ = writeln!(page, "<li>{row}</li>");
    }
    if rows.len() > MAX_ROWS {
        let _ = writeln!(page, "<li>and {} more</li>", rows.len() - MAX_ROWS);
    }
    page.push_str("</ul>\n</details>\n");
}

fn api_row(change: &ApiChange) -> String {
    let at = change.after.as_ref().or(change.before.as_ref());
    let at = at.map(|it| escaped(&format!("{}:{}", it.file_path, it.line))).unwrap_or_default();
    let mut row = format!("<code>{}</code>", escaped(&change.name));
    for reason in &change.reasons {
        let _ = write!(row, "<br><span class=\"{0}\">{0}</span>: {1}", reason.verdict, escaped(&reason.text));
    }
    let _ = write!(row, "<small>{at}</small>");
    row
}

fn name(symbol: &SymbolRef) -> String {
    format!("<code>{}</code>", escaped(&symbol.qualified_name))
}

fn place(symbol: &SymbolRef) -> String {
    format!("{} <small>{}</small>", name(symbol), escaped(&format!("{}:{}", symbol.file_path, symbol.line)))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
