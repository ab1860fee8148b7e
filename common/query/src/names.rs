//! Which symbol a text means: an id, a name, the end of a qualified name, or a place in a file.

use std::cmp::Reverse;

use docpack::SymbolId;
use docpack::lookup::EdgeRow;

use crate::map::{Map, is};
use crate::near::near;

/// Base types are followed this far: no real hierarchy is deeper.
const MAX_BASES: usize = 1_000;
/// What parts a qualified name in the notation of any language.
const SEPARATORS: [char; 6] = ['.', ':', '#', '/', '\\', ' '];

/// What a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// One symbol.
    One(usize),
    /// A member that `Type.member` names and that one of the type's bases defines.
    Inherited {
        /// The type that was named.
        by: usize,
        /// The member.
        symbol: usize,
    },
    /// Several symbols, most central first.
    Several(Vec<usize>),
    /// No symbol; some have a name that is close.
    Nothing {
        /// Closest first.
        near: Vec<usize>,
    },
}

/// Finds the symbols that a text means, among those that `accept` takes.
///
/// The first of these that any symbol fits decides: its id, `path:line`, its qualified name, its name, the
/// end of its qualified name after a `.`, `::`, `#` or `/`, and these again without regard to case; then
/// a member that a base type defines.
pub fn find(map: &Map, text: &str, accept: &dyn Fn(usize) -> bool) -> Named {
    let text = text.trim();
    if let Some(at) = text.parse::<SymbolId>().ok().and_then(|id| map.lookup().position(id)) {
        return Named::One(at);
    }
    if let Some(at) = at_line(map, text) {
        return Named::One(at);
    }
    let all = || (0..map.lookup().symbols().len()).filter(|at| accept(*at));
    let wanted = segments(text);
    for is_same in [str::eq, str::eq_ignore_ascii_case] {
        let tiers: [&dyn Fn(usize) -> bool; 3] =
            [&|at| is_same(map.qualified_name(at), text), &|at| is_same(map.name(at), text), &|at| {
                ends_with(map.qualified_name(at), &wanted, is_same)
            }];
        for tier in tiers {
            let found = without_impls(map, all().filter(|at| tier(*at)).collect());
            match found.as_slice() {
                [] => {}
                [only] => return Named::One(*only),
                _ => return Named::Several(found),
            }
        }
    }
    inherited(map, text, accept).unwrap_or_else(|| nothing(map, text, accept))
}

fn segments(text: &str) -> Vec<&str> {
    text.split(SEPARATORS).filter(|segment| !segment.is_empty()).collect()
}

fn ends_with(qualified_name: &str, wanted: &[&str], is_same: fn(&str, &str) -> bool) -> bool {
    let Some(last) = wanted.last() else { return false };
    // Cheap first: most names end otherwise.
    if !qualified_name
        .len()
        .checked_sub(last.len())
        .is_some_and(|at| qualified_name.is_char_boundary(at) && is_same(&qualified_name[at..], last))
    {
        return false;
    }
    let has = segments(qualified_name);
    has.len() >= wanted.len()
        && has[has.len() - wanted.len()..].iter().zip(wanted).all(|(has, wanted)| is_same(has, wanted))
}

/// Sorts matches by how central they are; an `impl` block does not compete with the type it is for.
fn without_impls(map: &Map, mut found: Vec<usize>) -> Vec<usize> {
    if found.iter().any(|at| map.kind(*at) != "impl") {
        found.retain(|at| map.kind(*at) != "impl");
    }
    found.sort_by_key(|at| (Reverse(map.symbol(*at).centrality), *at));
    found
}

/// Finds the innermost symbol at `path:line`; the path may leave out its first folders.
fn at_line(map: &Map, text: &str) -> Option<usize> {
    let (path, line) = text.rsplit_once(':')?;
    let line: u32 = line.parse().ok()?;
    let path = path.trim_start_matches("./");
    let is_file =
        |file: &str| file == path || file.strip_suffix(path).is_some_and(|folders| folders.ends_with('/'));
    let symbols = map.lookup().symbols().iter().enumerate();
    let around = symbols.filter(|(_, row)| (row.lines.start..=row.lines.end).contains(&line));
    let mut found: Vec<usize> =
        around.map(|(at, _)| at).filter(|at| !path.is_empty() && is_file(map.file(*at))).collect();
    // A path that is whole wins over the end of another one.
    if found.iter().any(|at| map.file(*at) == path) {
        found.retain(|at| map.file(*at) == path);
    }
    found.into_iter().min_by_key(|at| {
        let lines = map.symbol(*at).lines;
        (lines.end - lines.start, Reverse(lines.start), *at)
    })
}

/// Finds `member` of `Type.member` in the nearest base type that defines it.
fn inherited(map: &Map, text: &str, accept: &dyn Fn(usize) -> bool) -> Option<Named> {
    let wanted = segments(text);
    let (member, owner) = wanted.split_last()?;
    if owner.is_empty() {
        return None;
    }
    let all = (0..map.lookup().symbols().len()).filter(|at| accept(*at));
    let owners = all.filter(|at| ends_with(map.qualified_name(*at), owner, str::eq)).collect();
    for by in without_impls(map, owners) {
        let mut seen = vec![by];
        let mut next = 0;
        while let Some(base) = seen.get(next).copied().filter(|_| next < MAX_BASES) {
            next += 1;
            if let Some(symbol) = map.members(base).find(|at| map.name(*at) == *member) {
                return Some(Named::Inherited { by, symbol });
            }
            let above: Vec<usize> =
                bases(map, base).map(|(at, _)| at).filter(|at| !seen.contains(at)).collect();
            seen.extend(above);
        }
    }
    None
}

/// Returns the types that a type extends or implements, and how sure each is.
pub(crate) fn bases(map: &Map, of: usize) -> impl Iterator<Item = (usize, u32)> {
    let above = map.leaving(of).filter(|(_, edge)| is_hierarchy(map, edge));
    above.map(|(_, edge)| (edge.target as usize, edge.confidence))
}

/// Returns the types that extend or implement a type, and how sure each is.
pub(crate) fn subtypes(map: &Map, of: usize) -> impl Iterator<Item = (usize, u32)> {
    let below = map.reaching(of).filter(|(_, edge)| is_hierarchy(map, edge));
    below.map(|(_, edge)| (edge.source as usize, edge.confidence))
}

fn is_hierarchy(map: &Map, edge: &EdgeRow) -> bool {
    is(map.kinds().extends, edge.kind) || is(map.kinds().implements, edge.kind)
}

fn nothing(map: &Map, text: &str, accept: &dyn Fn(usize) -> bool) -> Named {
    let last = segments(text).last().copied().unwrap_or(text);
    let mut order: Vec<usize> = (0..map.lookup().symbols().len()).filter(|at| accept(*at)).collect();
    order.sort_by_key(|at| (Reverse(map.symbol(*at).centrality), *at));
    Named::Nothing { near: near(last, order.iter().map(|at| (*at, map.name(*at)))) }
}
