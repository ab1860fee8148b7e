//! Symbols and references as rows of tables and as JSON.

use docpack::SymbolId;
use docpack::lookup::{EdgeRow, from_millionths};
use model::role::FoundRole;
use query::Map;
use serde::Serialize;

use crate::failure::{Exit, Failure};

/// Lines of one reference that a table names.
const MAX_LINES: usize = 3;
/// The role of tests.
pub(crate) const TEST: &str = "test";
/// Roles in the order of an answer: what ships first, tests last.
const ORDER: [&str; 8] =
    ["product", "generated", "script", "configuration", "example", "benchmark", "documentation", TEST];

/// A symbol, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct SymbolJson<'m> {
    id: SymbolId,
    name: &'m str,
    qualified_name: &'m str,
    kind: &'m str,
    role: &'m str,
    file_path: &'m str,
    line: u32,
    end_line: u32,
}

/// A relation to a symbol, for programs; `lines` are those of `file_path` where it is written.
#[derive(Debug, Serialize)]
pub(crate) struct RelationJson<'m> {
    pub(crate) symbol: SymbolJson<'m>,
    pub(crate) relation: &'m str,
    pub(crate) confidence: f64,
    pub(crate) evidence: &'m str,
    pub(crate) file_path: &'m str,
    pub(crate) lines: &'m [u32],
}

pub(crate) fn symbol_json(map: &Map, symbol: usize) -> SymbolJson<'_> {
    let row = map.symbol(symbol);
    SymbolJson {
        id: row.id,
        name: map.name(symbol),
        qualified_name: map.qualified_name(symbol),
        kind: map.kind(symbol),
        role: role(map, symbol),
        file_path: map.file(symbol),
        line: row.lines.start,
        end_line: row.lines.end,
    }
}

/// Writes an edge with `symbol` at its other end.
pub(crate) fn relation_json(map: &Map, symbol: usize, edge: usize) -> RelationJson<'_> {
    let row = edge_row(map, edge);
    RelationJson {
        symbol: symbol_json(map, symbol),
        relation: word(map, row.kind),
        confidence: from_millionths(row.confidence),
        evidence: word(map, row.evidence),
        file_path: map.file(row.source as usize),
        lines: map.lookup().lines(row.lines),
    }
}

pub(crate) fn edge_row(map: &Map, edge: usize) -> EdgeRow {
    map.lookup().edges()[edge]
}

pub(crate) fn word(map: &Map, word: docpack::lookup::Word) -> &str {
    map.lookup().word(word).unwrap_or_default()
}

/// Writes where a symbol begins: `src/app.py:12`.
pub(crate) fn place(map: &Map, symbol: usize) -> String {
    format!("{}:{}", map.file(symbol), map.symbol(symbol).lines.start)
}

/// Writes where an edge stands in the code: `src/app.py:12,30,41 +2`.
pub(crate) fn site(map: &Map, edge: usize) -> String {
    let row = edge_row(map, edge);
    lines_in(map.file(row.source as usize), map.lookup().lines(row.lines))
}

/// Writes lines of a file: `src/app.py:12,30,41 +2`.
pub(crate) fn lines_in(file: &str, lines: &[u32]) -> String {
    let shown: Vec<_> = lines.iter().take(MAX_LINES).map(u32::to_string).collect();
    match lines.len() {
        0 => file.to_owned(),
        n if n > MAX_LINES => format!("{file}:{} +{}", shown.join(","), n - MAX_LINES),
        _ => format!("{file}:{}", shown.join(",")),
    }
}

/// Writes a confidence for people: `0.96`, and `1` only where it is certain.
pub(crate) fn sure(millionths: u32) -> String {
    match millionths {
        1_000_000.. => "1.00".to_owned(),
        n => format!("{:.2}", from_millionths(n).min(0.99)),
    }
}

/// Returns what a symbol is for; where the pack is too old to say, what its path says.
pub(crate) fn role(map: &Map, symbol: usize) -> &str {
    map.role(symbol).unwrap_or_else(|| FoundRole::of_file(map.file(symbol), "").role.as_str())
}

/// Gives a role's place in an answer; roles that this version does not know come before tests.
pub(crate) fn role_order(role: &str) -> usize {
    ORDER.iter().position(|known| *known == role).map_or(ORDER.len() * 2 - 3, |at| at * 2)
}

/// The roles that an answer is limited to.
pub(crate) struct Roles<'a>(&'a [String]);

impl<'a> Roles<'a> {
    /// Refuses a role that neither the format nor the pack knows.
    pub(crate) fn of(map: &Map, wanted: &'a [String]) -> Result<Self, Failure> {
        Self::known(wanted, |role| map.lookup().find_word(role).is_some())
    }

    /// Refuses a role that neither the format nor `is_in_pack` knows.
    pub(crate) fn known(wanted: &'a [String], is_in_pack: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        let is_known = |role: &String| ORDER.contains(&role.as_str()) || is_in_pack(role);
        match wanted.iter().find(|role| !is_known(role)) {
            None => Ok(Self(wanted)),
            Some(role) => Err(Failure::new(Exit::Usage, "role_unknown", format!("`{role}` is not a role"))
                .with_help(format!("roles are {}", ORDER.join(", ")))),
        }
    }

    pub(crate) fn has(&self, map: &Map, symbol: usize) -> bool {
        self.has_word(role(map, symbol))
    }

    pub(crate) fn has_word(&self, role: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|wanted| wanted == role)
    }
}

/// Returns how many rows are shown; 0 stands for all.
pub(crate) fn n_shown(limit: usize, total: usize) -> usize {
    if limit == 0 { total } else { limit.min(total) }
}

/// Writes `1 caller`, `12 callers`, and what of them is shown where that is not all.
pub(crate) fn count(shown: usize, total: usize, one: &str, many: &str) -> String {
    let total_text = crate::output::plural(total as u64, one, many);
    if shown < total { format!("{shown} of {total_text}; `--limit 0` shows all") } else { total_text }
}
