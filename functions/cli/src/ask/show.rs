//! `doctown show`.

use docpack::records::{Document, Section, Symbol};
use docpack::{SymbolId, entries};
use query::Map;

use super::args::SymbolArgs;
use super::relations::{callees_json, callees_text, callers_json, callers_text};
use super::rows::{Roles, n_shown, role};
use super::{pack, symbol};
use crate::args::Cli;
use crate::failure::Failure;
use crate::inspect::refused;
use crate::output::{self, visible_in_line as in_line};

/// Lines of a comment that are shown.
const MAX_DOC_LINES: usize = 20;
/// Lines of source text that are shown.
const MAX_SOURCE_LINES: usize = 60;

pub(crate) fn show(args: &SymbolArgs, cli: &Cli) -> Result<(), Failure> {
    let (mut opened, words) = pack::open(&args.words, args.pack.pack.as_deref(), 1, cli.quiet > 0)?;
    let map = &opened.map;
    let at = symbol(map, &words[0], cli.quiet > 0)?;
    let roles = Roles::of(map, &args.pack.role)?;
    let failed = |error: docpack::ReadError| refused(&opened.path, &error);
    let record = opened.pack.symbol(map.symbol(at)).map_err(failed)?;
    let source = opened.pack.source(&record.file_path, record.byte_range).map_err(failed)?;
    let limit = args.pack.limit;
    let documents: Vec<Documents> = opened.pack.parts(entries::SOURCE_MAP).map_err(failed)?;
    let places = named_in(&documents, record.id);
    if cli.json {
        let answer = serde_json::json!({
            "symbol": record,
            "source": source,
            "documents": places,
            "callers": callers_json(map, at, &roles, limit),
            "callees": callees_json(map, at, &roles, limit),
        });
        output::json("show", &answer);
    } else {
        let head = head(map, at, &record, source.as_deref(), limit);
        let documents = documents_text(&places, limit);
        let callers = callers_text(map, at, &roles, limit);
        let callees = callees_text(map, at, &roles, limit);
        output::data(&format!("{head}{documents}\n\nCallers\n{callers}\n\nCallees\n{callees}"));
    }
    Ok(())
}

/// What is read of `source_map.json`.
#[derive(serde::Deserialize)]
struct Documents {
    #[serde(default)]
    documents: Vec<Document>,
}

/// A section of a document that names the symbol.
#[derive(serde::Serialize)]
struct Place {
    file_path: String,
    line: u32,
    title: String,
}

/// Lists the sections that name the symbol; those that name fewer symbols are more about it.
fn named_in(parts: &[Documents], id: SymbolId) -> Vec<Place> {
    let sections = parts.iter().flat_map(|part| &part.documents).flat_map(|document| {
        document.sections.iter().map(move |section| (document.file_path.as_str(), section))
    });
    let mut found: Vec<_> = sections.filter(|(_, section)| section.symbol_ids.contains(&id)).collect();
    found.sort_by_key(|(_, section)| section.symbol_ids.len());
    let place = |(path, section): (&str, &Section)| Place {
        file_path: path.to_owned(),
        line: section.line,
        title: section.title.clone(),
    };
    found.into_iter().map(place).collect()
}

fn documents_text(places: &[Place], limit: usize) -> String {
    if places.is_empty() {
        return String::new();
    }
    let shown = n_shown(limit, places.len());
    let lines = places[..shown]
        .iter()
        .map(|place| format!("  {}:{}  {}", in_line(&place.file_path), place.line, in_line(&place.title)));
    let mut lines: Vec<String> = lines.collect();
    if shown < places.len() {
        lines.push(format!("  … {} more", places.len() - shown));
    }
    format!("\n\nDocumented in\n{}", lines.join("\n"))
}

fn head(map: &Map, at: usize, symbol: &Symbol, source: Option<&str>, limit: usize) -> String {
    let lines = symbol.line_range;
    let mut about = vec![format!("{}:{}-{}", in_line(&symbol.file_path), lines.start, lines.end)];
    about.push(role(map, at).to_owned());
    about.push(if symbol.exported { "exported" } else { "not exported" }.to_owned());
    if let Some(complexity) = symbol.complexity {
        about.push(format!("complexity {}", complexity.cyclomatic));
    }
    let name = in_line(&symbol.qualified_name);
    let mut text = format!("{} {name}\n{}\n{}\n", symbol.kind.as_str(), about.join(", "), symbol.id);
    for attribute in &symbol.attributes {
        text.push_str(&format!("\n    {attribute}"));
    }
    for line in symbol.signature.lines() {
        text.push_str(&format!("\n    {line}"));
    }
    // A comment within the definition is shown with it.
    let first_line = symbol.doc_comment.as_deref().and_then(|comment| comment.lines().next());
    let is_within = first_line.is_some_and(|line| source.is_some_and(|source| source.contains(line)));
    if let Some(words) = words(symbol, limit).filter(|_| !is_within) {
        text.push_str(&format!("\n\n{words}"));
    }
    if let Some(source) = source {
        text.push_str(&format!("\n\nSource\n{}", numbered(source, symbol.line_range.start, limit)));
    }
    text
}

/// Writes lines of code with their numbers.
fn numbered(source: &str, first_line: u32, limit: usize) -> String {
    let n_lines = source.lines().count();
    let shown = if limit == 0 { n_lines } else { MAX_SOURCE_LINES.min(n_lines) };
    let width = (first_line as usize + n_lines).to_string().len();
    let lines = source.lines().zip(first_line..).take(shown);
    let mut lines: Vec<_> = lines.map(|(line, number)| format!("{number:>width$}  {line}")).collect();
    if shown < n_lines {
        lines.push(format!("… {} more", output::plural((n_lines - shown) as u64, "line", "lines")));
    }
    lines.join("\n")
}

/// Returns the authors' comment, or the summary where there is none.
fn words(symbol: &Symbol, limit: usize) -> Option<String> {
    let Some(comment) = symbol.doc_comment.as_deref().filter(|comment| !comment.trim().is_empty()) else {
        return symbol.documentation.as_ref().map(|documentation| documentation.shown().into_owned());
    };
    let lines: Vec<_> = comment.lines().collect();
    let shown = if limit == 0 { lines.len() } else { n_shown(MAX_DOC_LINES, lines.len()) };
    let mut text = lines[..shown].join("\n");
    if shown < lines.len() {
        text.push_str(&format!("\n… {} more", output::plural((lines.len() - shown) as u64, "line", "lines")));
    }
    Some(text)
}
