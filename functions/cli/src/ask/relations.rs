//! `doctown callers` and `doctown callees`.

use std::cmp::Reverse;

use docpack::lookup::{AmbiguousRow, from_millionths};
use query::{Map, OpenCall, Reference};
use serde::Serialize;

use super::args::SymbolArgs;
use super::rows::{
    RelationJson, Roles, SymbolJson, count, edge_row, lines_in, n_shown, place, relation_json, role,
    role_order, site, sure, symbol_json, word,
};
use super::{pack, symbol};
use crate::args::Cli;
use crate::failure::Failure;
use crate::output::{self, plural, table, thousands, visible_in_line as in_line};

/// Who calls a symbol, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct CallersJson<'m> {
    /// No other call of the repository can reach it.
    complete: bool,
    total: usize,
    rows: Vec<RelationJson<'m>>,
    /// Ambiguous references that may mean it.
    possible: Vec<PossibleJson<'m>>,
    possible_total: usize,
}

#[derive(Debug, Serialize)]
struct PossibleJson<'m> {
    symbol: SymbolJson<'m>,
    name: &'m str,
    file_path: &'m str,
    line: u32,
    confidence: f64,
}

/// What a symbol calls, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct CalleesJson<'m> {
    total: usize,
    rows: Vec<RelationJson<'m>>,
    /// Calls of several possible targets.
    ambiguous: Vec<AmbiguousJson<'m>>,
    ambiguous_total: usize,
    /// Calls that lead out of the pack or to no known symbol.
    unresolved: Vec<UnresolvedJson<'m>>,
    unresolved_total: usize,
}

#[derive(Debug, Serialize)]
struct AmbiguousJson<'m> {
    name: &'m str,
    line: u32,
    candidates: Vec<CandidateJson<'m>>,
}

#[derive(Debug, Serialize)]
struct CandidateJson<'m> {
    symbol: SymbolJson<'m>,
    confidence: f64,
}

#[derive(Debug, Serialize)]
struct UnresolvedJson<'m> {
    name: &'m str,
    reason: &'m str,
    package: Option<&'m str>,
    lines: &'m [u32],
}

pub(crate) fn callers(args: &SymbolArgs, cli: &Cli) -> Result<(), Failure> {
    let (opened, words) = pack::open(&args.words, args.pack.pack.as_deref(), 1, cli.quiet > 0)?;
    let map = &opened.map;
    let at = symbol(map, &words[0], cli.quiet > 0)?;
    let roles = Roles::of(map, &args.pack.role)?;
    if cli.json {
        let callers = callers_json(map, at, &roles, args.pack.limit);
        output::json("callers", &serde_json::json!({"symbol": symbol_json(map, at), "callers": callers}));
    } else {
        output::data(&format!(
            "{}\n\n{}",
            title(map, "callers of", at),
            callers_text(map, at, &roles, args.pack.limit)
        ));
    }
    Ok(())
}

pub(crate) fn callees(args: &SymbolArgs, cli: &Cli) -> Result<(), Failure> {
    let (opened, words) = pack::open(&args.words, args.pack.pack.as_deref(), 1, cli.quiet > 0)?;
    let map = &opened.map;
    let at = symbol(map, &words[0], cli.quiet > 0)?;
    let roles = Roles::of(map, &args.pack.role)?;
    if cli.json {
        let callees = callees_json(map, at, &roles, args.pack.limit);
        output::json("callees", &serde_json::json!({"symbol": symbol_json(map, at), "callees": callees}));
    } else {
        output::data(&format!(
            "{}\n\n{}",
            title(map, "called by", at),
            callees_text(map, at, &roles, args.pack.limit)
        ));
    }
    Ok(())
}

/// Writes the first line of an answer: `callers of app.Flask.run (method, src/app.py:12)`.
pub(crate) fn title(map: &Map, what: &str, symbol: usize) -> String {
    format!(
        "{what} {} ({}, {})",
        in_line(map.qualified_name(symbol)),
        map.kind(symbol),
        in_line(&place(map, symbol))
    )
}

/// Returns the callers of these roles, tests last.
fn callers_of(map: &Map, symbol: usize, roles: &Roles<'_>) -> Vec<Reference> {
    let mut found = query::callers(map, symbol);
    found.retain(|caller| roles.has(map, caller.symbol));
    found.sort_by_key(|caller| role_order(role(map, caller.symbol)));
    found
}

fn callees_of(map: &Map, symbol: usize, roles: &Roles<'_>) -> Vec<Reference> {
    let mut found = query::callees(map, symbol);
    found.retain(|callee| roles.has(map, callee.symbol));
    found
}

fn possible_callers_of<'m>(map: &'m Map, symbol: usize, roles: &Roles<'_>) -> Vec<&'m AmbiguousRow> {
    let mut found = query::possible_callers(map, symbol);
    found.retain(|row| roles.has(map, row.source as usize));
    let order = |row: &&AmbiguousRow| {
        (role_order(role(map, row.source as usize)), Reverse(confidence_of(map, row, symbol)))
    };
    found.sort_by_key(order);
    found
}

pub(crate) fn callers_json<'m>(
    map: &'m Map,
    symbol: usize,
    roles: &Roles<'_>,
    limit: usize,
) -> CallersJson<'m> {
    let (found, possible) = (callers_of(map, symbol, roles), possible_callers_of(map, symbol, roles));
    let rows = found.iter().take(n_shown(limit, found.len()));
    CallersJson {
        complete: query::callers_are_complete(map, symbol),
        total: found.len(),
        rows: rows.map(|caller| relation_json(map, caller.symbol, caller.edge)).collect(),
        possible: possible
            .iter()
            .take(n_shown(limit, possible.len()))
            .map(|row| PossibleJson {
                symbol: symbol_json(map, row.source as usize),
                name: map.lookup().text(row.name),
                file_path: map.file(row.source as usize),
                line: row.line,
                confidence: from_millionths(confidence_of(map, row, symbol)),
            })
            .collect(),
        possible_total: possible.len(),
    }
}

/// Returns how sure the likeliest candidate is that makes the reference a possible caller of a symbol.
fn confidence_of(map: &Map, row: &AmbiguousRow, symbol: usize) -> u32 {
    let candidates = map.lookup().candidates(row).iter();
    let sure = candidates.filter(|it| query::is_call_of(map, symbol, it.symbol as usize));
    sure.map(|it| it.confidence).max().unwrap_or_default()
}

pub(crate) fn callees_json<'m>(
    map: &'m Map,
    symbol: usize,
    roles: &Roles<'_>,
    limit: usize,
) -> CalleesJson<'m> {
    let found = callees_of(map, symbol, roles);
    let rows = found.iter().take(n_shown(limit, found.len()));
    let lookup = map.lookup();
    let (mut ambiguous, mut unresolved) = (Vec::new(), Vec::new());
    for open in query::open_calls(map, symbol) {
        match open {
            OpenCall::Ambiguous(row) => ambiguous.push(AmbiguousJson {
                name: lookup.text(row.name),
                line: row.line,
                candidates: lookup
                    .candidates(row)
                    .iter()
                    .map(|it| CandidateJson {
                        symbol: symbol_json(map, it.symbol as usize),
                        confidence: from_millionths(it.confidence),
                    })
                    .collect(),
            }),
            OpenCall::Unresolved(row) => unresolved.push(UnresolvedJson {
                name: lookup.text(row.name),
                reason: word(map, row.reason),
                package: Some(lookup.text(row.package)).filter(|package| !package.is_empty()),
                lines: lookup.lines(row.lines),
            }),
        }
    }
    let (ambiguous_total, unresolved_total) = (ambiguous.len(), unresolved.len());
    ambiguous.truncate(n_shown(limit, ambiguous_total));
    unresolved.truncate(n_shown(limit, unresolved_total));
    CalleesJson {
        total: found.len(),
        rows: rows.map(|callee| relation_json(map, callee.symbol, callee.edge)).collect(),
        ambiguous,
        ambiguous_total,
        unresolved,
        unresolved_total,
    }
}

pub(crate) fn callers_text(map: &Map, symbol: usize, roles: &Roles<'_>, limit: usize) -> String {
    let found = callers_of(map, symbol, roles);
    let shown = n_shown(limit, found.len());
    let rows: Vec<_> = found[..shown]
        .iter()
        .map(|caller| {
            let edge = edge_row(map, caller.edge);
            vec![
                site(map, caller.edge),
                map.qualified_name(caller.symbol).to_owned(),
                word(map, edge.kind).to_owned(),
                sure(edge.confidence),
                word(map, edge.evidence).to_owned(),
                role(map, caller.symbol).to_owned(),
            ]
        })
        .collect();
    let mut text = match rows.is_empty() {
        true => "no certain caller".to_owned(),
        false => format!(
            "{}\n{}",
            table(&["where", "caller", "relation", "sure", "found by", "role"], &rows),
            count(shown, found.len(), "caller", "callers")
        ),
    };
    text.push_str(&format!("\n{}", completeness(map, symbol, roles, limit)));
    text
}

/// Tells whether there may be more callers, and where.
fn completeness(map: &Map, symbol: usize, roles: &Roles<'_>, limit: usize) -> String {
    if query::callers_are_complete(map, symbol) {
        return "complete: no other call in the repository can reach it".to_owned();
    }
    let possible = possible_callers_of(map, symbol, roles);
    if possible.is_empty() {
        return "may be incomplete: it may also be called through a value, a base type or the language"
            .to_owned();
    }
    let shown = n_shown(limit, possible.len());
    let rows: Vec<_> = possible[..shown]
        .iter()
        .map(|row| {
            let source = row.source as usize;
            vec![
                lines_in(map.file(source), &[row.line]),
                map.qualified_name(source).to_owned(),
                map.lookup().text(row.name).to_owned(),
                sure(confidence_of(map, row, symbol)),
                role(map, source).to_owned(),
            ]
        })
        .collect();
    format!(
        "may be incomplete: {} may mean it\n\n{}\n{}",
        plural(possible.len() as u64, "ambiguous call", "ambiguous calls"),
        table(&["where", "possible caller", "name", "sure", "role"], &rows),
        count(shown, possible.len(), "possible caller", "possible callers"),
    )
}

pub(crate) fn callees_text(map: &Map, symbol: usize, roles: &Roles<'_>, limit: usize) -> String {
    let found = callees_of(map, symbol, roles);
    let shown = n_shown(limit, found.len());
    let rows: Vec<_> = found[..shown]
        .iter()
        .map(|callee| {
            let edge = edge_row(map, callee.edge);
            vec![
                lines_only(map.lookup().lines(edge.lines)),
                map.qualified_name(callee.symbol).to_owned(),
                place(map, callee.symbol),
                word(map, edge.kind).to_owned(),
                sure(edge.confidence),
                word(map, edge.evidence).to_owned(),
            ]
        })
        .collect();
    let text = match rows.is_empty() {
        true => "no certain callee".to_owned(),
        false => format!(
            "{}\n{}",
            table(&["line", "callee", "defined at", "relation", "sure", "found by"], &rows),
            count(shown, found.len(), "callee", "callees")
        ),
    };
    match open_text(map, symbol, limit) {
        None => text,
        Some(open) => format!("{text}\n\n{open}"),
    }
}

/// Lists the calls that are no edges, ambiguous ones first.
fn open_text(map: &Map, symbol: usize, limit: usize) -> Option<String> {
    let open = query::open_calls(map, symbol);
    if open.is_empty() {
        return None;
    }
    let lookup = map.lookup();
    let shown = n_shown(limit, open.len());
    let rows: Vec<_> = open[..shown]
        .iter()
        .map(|open| match open {
            OpenCall::Ambiguous(row) => {
                let candidates = lookup.candidates(row);
                let names = candidates.iter().take(2).map(|it| map.qualified_name(it.symbol as usize));
                let mut names: Vec<_> = names.map(str::to_owned).collect();
                if candidates.len() > names.len() {
                    names.push(format!("{} more", thousands((candidates.len() - names.len()) as u64)));
                }
                vec![
                    row.line.to_string(),
                    lookup.text(row.name).to_owned(),
                    "ambiguous".to_owned(),
                    names.join(" | "),
                ]
            }
            OpenCall::Unresolved(row) => vec![
                lines_only(lookup.lines(row.lines)),
                lookup.text(row.name).to_owned(),
                word(map, row.reason).to_owned(),
                lookup.text(row.package).to_owned(),
            ],
        })
        .collect();
    Some(format!(
        "{}\n{}",
        table(&["line", "other call", "reason", "package or candidates"], &rows),
        count(shown, open.len(), "other call", "other calls")
    ))
}

fn lines_only(lines: &[u32]) -> String {
    lines_in("", lines).trim_start_matches(':').to_owned()
}
