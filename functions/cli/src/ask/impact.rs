//! `doctown impact`.

use std::collections::BTreeMap;

use docpack::lookup::{from_millionths, to_millionths};
use query::{Affected, Impact, ImpactParams, Map, Through};
use serde_json::{Value, json};

use super::args::ImpactArgs;
use super::relations::title;
use super::rows::{Roles, TEST, count, edge_row, n_shown, place, role, role_order, sure, symbol_json};
use super::{pack, symbol};
use crate::args::Cli;
use crate::failure::Failure;
use crate::output::{self, plural, table, thousands};

/// Test files that are named below the table of tests.
const MAX_TEST_FILES: usize = 20;

pub(crate) fn impact(args: &ImpactArgs, cli: &Cli) -> Result<(), Failure> {
    let (common, is_quiet) = (&args.symbol.pack, cli.quiet > 0);
    let (opened, words) = pack::open(&args.symbol.words, common.pack.as_deref(), 1, is_quiet)?;
    let map = &opened.map;
    let at = symbol(map, &words[0], is_quiet)?;
    let roles = Roles::of(map, &common.role)?;
    let params = ImpactParams {
        max_depth: if args.depth == 0 { u32::MAX } else { args.depth },
        min_confidence: to_millionths(args.min_confidence),
    };
    let mut impact = query::impact(map, at, params);
    impact.affected.retain(|it| roles.has(map, it.symbol));
    // A stable sort: within a role the nearest and surest stay first.
    impact.affected.sort_by_key(|it| role_order(role(map, it.symbol)));
    match cli.json {
        true => output::json("impact", &impact_json(map, at, &impact, common.limit)),
        false => output::data(&text(map, at, &impact, common.limit)),
    }
    Ok(())
}

/// Splits the affected symbols, which are sorted by role, into the groups of one role each.
fn groups<'i>(map: &'i Map, impact: &'i Impact) -> Vec<(&'i str, &'i [Affected])> {
    let groups = impact.affected.chunk_by(|a, b| role(map, a.symbol) == role(map, b.symbol));
    groups.map(|group| (role(map, group[0].symbol), group)).collect()
}

/// Counts the affected symbols of each file of tests.
fn test_files<'m>(map: &'m Map, impact: &Impact) -> BTreeMap<&'m str, usize> {
    let mut files = BTreeMap::new();
    for it in impact.affected.iter().filter(|it| role(map, it.symbol) == TEST) {
        *files.entry(map.file(it.symbol)).or_default() += 1;
    }
    files
}

fn impact_json(map: &Map, at: usize, impact: &Impact, limit: usize) -> Value {
    let groups: Vec<_> = groups(map, impact)
        .into_iter()
        .map(|(role, group)| {
            let rows: Vec<_> =
                group[..n_shown(limit, group.len())].iter().map(|it| affected_json(map, it)).collect();
            json!({"role": role, "total": group.len(), "rows": rows})
        })
        .collect();
    let files: Vec<_> = test_files(map, impact)
        .into_iter()
        .map(|(file_path, n)| json!({"file_path": file_path, "symbols": n}))
        .collect();
    json!({
        "symbol": symbol_json(map, at),
        "members": impact.start.len() - 1,
        "follows": Through::ALL.map(Through::as_str),
        "total": impact.affected.len(),
        "complete": impact.is_complete,
        "symbols_with_unknown_callers": impact.n_incomplete,
        "groups": groups,
        "test_files": files,
    })
}

fn affected_json(map: &Map, it: &Affected) -> Value {
    let lines = it.edge.map(|edge| map.lookup().lines(edge_row(map, edge).lines));
    json!({
        "symbol": symbol_json(map, it.symbol),
        "depth": it.depth,
        "through": it.through.as_str(),
        "of": symbol_json(map, it.from),
        "confidence": from_millionths(it.confidence),
        "lines": lines.unwrap_or_default(),
    })
}

fn text(map: &Map, at: usize, impact: &Impact, limit: usize) -> String {
    let mut text = title(map, "impact of", at);
    if impact.start.len() > 1 {
        text.push_str(&format!(
            "\ncounted with its {}",
            plural(impact.start.len() as u64 - 1, "member", "members")
        ));
    }
    text.push_str("\nfollows calls, uses as a value, overrides, subtypes and uses of a changed type\n");
    if impact.affected.is_empty() {
        text.push_str("\nnothing that is certain depends on it");
    }
    for (role, group) in groups(map, impact) {
        text.push_str(&format!("\n{}\n", group_text(map, role, group, limit)));
    }
    let files = test_files(map, impact);
    if !files.is_empty() {
        text.push_str(&format!("\n{}\n", test_files_text(&files)));
    }
    text.push_str(&format!("\n{}", certainty(impact)));
    text
}

fn group_text(map: &Map, role: &str, group: &[Affected], limit: usize) -> String {
    let shown = n_shown(limit, group.len());
    let rows: Vec<_> = group[..shown]
        .iter()
        .map(|it| {
            vec![
                it.depth.to_string(),
                sure(it.confidence),
                map.qualified_name(it.symbol).to_owned(),
                written_at(map, it),
                it.through.as_str().to_owned(),
                map.name(it.from).to_owned(),
            ]
        })
        .collect();
    format!(
        "{role}: {}\n{}",
        count(shown, group.len(), "symbol", "symbols"),
        table(&["depth", "sure", "symbol", "where", "relation", "to"], &rows)
    )
}

/// Writes where a symbol refers to the one before it; an override is where it is defined.
fn written_at(map: &Map, it: &Affected) -> String {
    let line = it.edge.and_then(|edge| map.lookup().lines(edge_row(map, edge).lines).first());
    line.map_or_else(|| place(map, it.symbol), |line| format!("{}:{line}", map.file(it.symbol)))
}

fn test_files_text(files: &BTreeMap<&str, usize>) -> String {
    let mut named: Vec<_> =
        files.iter().take(MAX_TEST_FILES).map(|(path, n)| format!("  {path} ({n})")).collect();
    if files.len() > MAX_TEST_FILES {
        named.push(format!("  and {} more", thousands((files.len() - MAX_TEST_FILES) as u64)));
    }
    format!("{} with affected tests\n{}", plural(files.len() as u64, "file", "files"), named.join("\n"))
}

fn certainty(impact: &Impact) -> String {
    let mut text = match impact.n_incomplete {
        0 => "complete: every caller of these symbols in the repository is known".to_owned(),
        n => format!(
            "may be incomplete: {} may have callers that are not certain; `doctown callers SYMBOL` lists them",
            plural(n as u64, "of these symbols", "of these symbols")
        ),
    };
    if !impact.is_complete {
        text.push_str("\nthe search stopped at its limit; use `--depth` or `--min-confidence`");
    }
    text
}
