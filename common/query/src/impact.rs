//! What a change to a symbol may affect.

use std::collections::{BTreeMap, BTreeSet};

use crate::map::{Map, is};
use crate::names::{bases, subtypes};

/// Edges that one search looks at: a few seconds of work, and more edges than the largest repository has.
const MAX_STEPS: usize = 20_000_000;
/// Members of one symbol that are looked at as parts of it: a module may hold every symbol of a file.
const MAX_START: usize = 100_000;
/// Types above one type; no real hierarchy is deeper.
const MAX_BASES: usize = 1_000;
const CERTAIN: u32 = 1_000_000;

/// How far a change is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImpactParams {
    /// Steps from the changed symbol.
    pub max_depth: u32,
    /// Of an edge that is followed, in millionths.
    pub min_confidence: u32,
}

/// How a change reaches a symbol, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Through {
    /// It calls what changes.
    Calls,
    /// It uses what changes as a value.
    References,
    /// It replaces what changes in a subtype, or is replaced by it there.
    Overrides,
    /// It extends or implements the type that changes.
    Extends,
    /// It names the type that changes.
    ReferencesType,
}

impl Through {
    /// Every way, in order.
    pub const ALL: [Self; 5] =
        [Self::Calls, Self::References, Self::Overrides, Self::Extends, Self::ReferencesType];

    /// Returns the word for output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::References => "references",
            Self::Overrides => "overrides",
            Self::Extends => "extends",
            Self::ReferencesType => "references_type",
        }
    }
}

/// A symbol that a change may affect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affected {
    /// The symbol.
    pub symbol: usize,
    /// Steps from the change.
    pub depth: u32,
    /// How the change reaches it.
    pub through: Through,
    /// Of the weakest step on the way, in millionths.
    pub confidence: u32,
    /// The symbol before it on the way.
    pub from: usize,
    /// The edge that leads to `from`; an override has none.
    pub edge: Option<usize>,
}

/// What a change may affect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// The changed symbol and its members.
    pub start: Vec<usize>,
    /// By depth, then surest way first, then by file and line.
    pub affected: Vec<Affected>,
    /// Symbols among the changed and affected ones that may have more callers than the pack knows.
    pub n_incomplete: usize,
    /// Nothing was left out but for the parameters.
    pub is_complete: bool,
}

/// Follows callers, uses as a value, overrides and uses of a type from a symbol and its members.
///
/// Uses of a type are followed from the changed type and its subtypes only: what merely names a type
/// passes a change on to its own callers, not to everything that names it in turn.
pub fn impact(map: &Map, symbol: usize, params: ImpactParams) -> Impact {
    let start = with_members(map, symbol);
    let mut search = Search { map, params, changed: start.clone(), reached: BTreeMap::new(), n_steps: 0 };
    let mut level: Vec<(usize, u32)> = start.iter().map(|at| (*at, CERTAIN)).collect();
    for depth in 1..=params.max_depth {
        level = search.step(&level, depth);
        if level.is_empty() {
            break;
        }
    }
    let is_complete = search.n_steps <= MAX_STEPS && start.len() < MAX_START;
    let mut affected: Vec<Affected> = search.reached.into_values().collect();
    affected.sort_by_key(|it| {
        let row = map.symbol(it.symbol);
        (it.depth, it.through, map.file(it.symbol), row.lines.start, it.symbol)
    });
    let all = start.iter().copied().chain(affected.iter().map(|it| it.symbol));
    let n_incomplete = all.filter(|at| !map.symbol(*at).callers_complete).count();
    Impact { start: start.into_iter().collect(), affected, n_incomplete, is_complete }
}

/// Collects a symbol and what it contains at any depth.
fn with_members(map: &Map, symbol: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([symbol]);
    let mut open = vec![symbol];
    while let Some(at) = open.pop().filter(|_| found.len() < MAX_START) {
        let members: Vec<usize> = map.members(at).filter(|member| !found.contains(member)).collect();
        found.extend(&members);
        open.extend(members);
    }
    found
}

struct Search<'m> {
    map: &'m Map,
    params: ImpactParams,
    /// What changes itself, and the subtypes of it that were reached.
    changed: BTreeSet<usize>,
    reached: BTreeMap<usize, Affected>,
    n_steps: usize,
}

impl Search<'_> {
    /// Takes one step from each symbol of a level; returns the level that it reaches.
    fn step(&mut self, level: &[(usize, u32)], depth: u32) -> Vec<(usize, u32)> {
        let mut next: BTreeMap<usize, Affected> = BTreeMap::new();
        for (from, confidence) in level {
            for mut found in self.neighbours(*from) {
                self.n_steps += 1;
                let is_known =
                    self.changed.contains(&found.symbol) || self.reached.contains_key(&found.symbol);
                let is_weak = found.confidence < self.params.min_confidence;
                if self.n_steps > MAX_STEPS || is_known || is_weak {
                    continue;
                }
                found.depth = depth;
                found.confidence = found.confidence.min(*confidence);
                let rank = |it: &Affected| (it.through, std::cmp::Reverse(it.confidence), it.from);
                let best = next.entry(found.symbol).or_insert(found);
                if rank(&found) < rank(best) {
                    *best = found;
                }
            }
        }
        let subtypes = next.values().filter(|it| it.through == Through::Extends).map(|it| it.symbol);
        self.changed.extend(subtypes.collect::<Vec<_>>());
        self.reached.extend(&next);
        next.values().map(|it| (it.symbol, it.confidence)).collect()
    }

    /// Returns what a change passes on to, by its edges and by overrides.
    fn neighbours(&self, from: usize) -> Vec<Affected> {
        let kinds = *self.map.kinds();
        let is_changed = self.changed.contains(&from);
        let mut found = Vec::new();
        for (edge, row) in self.map.reaching(from) {
            let through = if is(kinds.calls, row.kind) {
                Through::Calls
            } else if is(kinds.references, row.kind) {
                Through::References
            } else if is_changed && (is(kinds.extends, row.kind) || is(kinds.implements, row.kind)) {
                Through::Extends
            } else if is_changed && is(kinds.references_type, row.kind) {
                Through::ReferencesType
            } else {
                continue;
            };
            found.push(Affected {
                symbol: row.source as usize,
                depth: 0,
                through,
                confidence: row.confidence,
                from,
                edge: Some(edge),
            });
        }
        found.extend(self.overridden(from));
        if is_changed {
            found.extend(self.overriding(from));
        }
        found
    }

    /// Returns the members of base types that a method replaces: a call of one of them may run the method.
    fn overridden(&self, method: usize) -> Vec<Affected> {
        self.same_member(method, |at| bases(self.map, at).collect())
    }

    /// Returns the members of subtypes that replace a method: they keep to what it promises.
    fn overriding(&self, method: usize) -> Vec<Affected> {
        self.same_member(method, |at| subtypes(self.map, at).collect())
    }

    /// Finds members of the method's name in the types that `related` leads to from the method's own.
    fn same_member(&self, method: usize, related: impl Fn(usize) -> Vec<(usize, u32)>) -> Vec<Affected> {
        let Some(owner) = self.map.owner(method) else { return Vec::new() };
        let mut types = vec![(owner, CERTAIN)];
        let mut found = Vec::new();
        let mut next = 0;
        while let Some((at, confidence)) = types.get(next).copied().filter(|_| next < MAX_BASES) {
            next += 1;
            for (other, sure) in related(at) {
                if types.iter().any(|(known, _)| *known == other) {
                    continue;
                }
                let confidence = confidence.min(sure);
                types.push((other, confidence));
                let same = self.map.members(other).filter(|it| self.map.name(*it) == self.map.name(method));
                found.extend(same.map(|symbol| Affected {
                    symbol,
                    depth: 0,
                    through: Through::Overrides,
                    confidence,
                    from: method,
                    edge: None,
                }));
            }
        }
        found
    }
}
