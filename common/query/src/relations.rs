//! Who calls a symbol and what it calls, with what is not certain.

use docpack::lookup::{AmbiguousRow, UnresolvedRow};

use crate::map::{Map, is};

/// A relation of one symbol to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The other symbol.
    pub symbol: usize,
    /// The edge.
    pub edge: usize,
}

/// A call of a symbol whose target is not certain or not in the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenCall<'m> {
    /// Several symbols may be meant.
    Ambiguous(&'m AmbiguousRow),
    /// No symbol of the pack is meant.
    Unresolved(&'m UnresolvedRow),
}

/// Returns the symbols that call a symbol or use it as a value, by file and line.
///
/// A type is called by its constructors.
pub fn callers(map: &Map, symbol: usize) -> Vec<Reference> {
    let kinds = *map.kinds();
    let found = with_constructors(map, symbol)
        .into_iter()
        .flat_map(|target| map.reaching(target))
        .filter(move |(_, edge)| is(kinds.calls, edge.kind) || is(kinds.references, edge.kind));
    by_place(map, found.map(|(edge, row)| Reference { symbol: row.source as usize, edge }).collect(), false)
}

/// Returns the symbols that a symbol calls or uses as a value, by line.
pub fn callees(map: &Map, symbol: usize) -> Vec<Reference> {
    let kinds = *map.kinds();
    let found = map
        .leaving(symbol)
        .filter(move |(_, edge)| is(kinds.calls, edge.kind) || is(kinds.references, edge.kind));
    by_place(map, found.map(|(edge, row)| Reference { symbol: row.target as usize, edge }).collect(), true)
}

/// Tells whether every caller of a symbol in the repository is known.
pub fn callers_are_complete(map: &Map, symbol: usize) -> bool {
    with_constructors(map, symbol).into_iter().all(|target| map.symbol(target).callers_complete)
}

/// Tells whether a call of `target` is a call of a symbol: it is the symbol, or a constructor of it.
pub fn is_call_of(map: &Map, symbol: usize, target: usize) -> bool {
    with_constructors(map, symbol).contains(&target)
}

/// Returns a symbol, and its constructors if it is a type.
fn with_constructors(map: &Map, symbol: usize) -> Vec<usize> {
    let constructors = map.members(symbol).filter(|member| map.kind(*member) == "constructor");
    std::iter::once(symbol).chain(constructors).collect()
}

/// Orders by where a reference is written; all sites of one symbol's references are in one file.
fn by_place(map: &Map, mut found: Vec<Reference>, is_one_file: bool) -> Vec<Reference> {
    found.sort_by_key(|found| {
        let file = if is_one_file { "" } else { map.file(found.symbol) };
        let line = map.lookup().lines(map.lookup().edges()[found.edge].lines).first().copied();
        (file, line, found.symbol, found.edge)
    });
    found
}

/// Returns the calls of a symbol that are no edges: ambiguous ones, then those that lead out of the pack.
pub fn open_calls(map: &Map, symbol: usize) -> Vec<OpenCall<'_>> {
    let ambiguous = map.ambiguous_of(symbol).iter().map(OpenCall::Ambiguous);
    ambiguous.chain(map.unresolved_of(symbol).iter().map(OpenCall::Unresolved)).collect()
}

/// Returns the ambiguous references that list a symbol as a possible target, by file and line.
pub fn possible_callers(map: &Map, symbol: usize) -> Vec<&AmbiguousRow> {
    let lookup = map.lookup();
    let targets = with_constructors(map, symbol);
    let may_mean =
        |row: &&AmbiguousRow| lookup.candidates(row).iter().any(|it| targets.contains(&(it.symbol as usize)));
    let mut found: Vec<_> = lookup.ambiguous().iter().filter(may_mean).collect();
    found.sort_by_key(|row| (map.file(row.source as usize), row.line, row.source));
    found
}
