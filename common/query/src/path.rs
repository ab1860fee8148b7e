//! The shortest way from one symbol to another.

use std::collections::BTreeMap;

use docpack::lookup::EdgeRow;

use crate::map::{Map, is};

/// Edges that one search looks at: a few seconds of work, and more edges than the largest repository has.
const MAX_STEPS: usize = 20_000_000;

/// One step of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Where it starts.
    pub from: usize,
    /// Where it leads.
    pub to: usize,
    /// The edge.
    pub edge: usize,
}

/// A way from one symbol to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// In order; empty where both symbols are the same.
    pub steps: Vec<Step>,
    /// Of the weakest step, in millionths.
    pub confidence: u32,
}

/// Finds the shortest way by calls, and of equally short ones that whose weakest step is the surest.
///
/// Where calls do not lead there, uses of a function as a value are followed too.
pub fn path(map: &Map, from: usize, to: usize) -> Option<Route> {
    let kinds = *map.kinds();
    let by_calls = |edge: &EdgeRow| is(kinds.calls, edge.kind);
    let by_use = |edge: &EdgeRow| is(kinds.calls, edge.kind) || is(kinds.references, edge.kind);
    search(map, from, to, &by_calls).or_else(|| search(map, from, to, &by_use))
}

/// How a symbol was reached.
#[derive(Clone, Copy)]
struct Reached {
    confidence: u32,
    by: Option<(usize, usize)>,
}

fn search(map: &Map, from: usize, to: usize, follows: &dyn Fn(&EdgeRow) -> bool) -> Option<Route> {
    const CERTAIN: u32 = 1_000_000;
    let mut reached = BTreeMap::from([(from, Reached { confidence: CERTAIN, by: None })]);
    let mut level = vec![from];
    let mut n_steps = 0;
    while !level.is_empty() && !reached.contains_key(&to) {
        let mut next: BTreeMap<usize, Reached> = BTreeMap::new();
        for at in level {
            let so_far = reached[&at].confidence;
            for (edge, row) in map.leaving(at).filter(|(_, row)| follows(row)) {
                n_steps += 1;
                let target = row.target as usize;
                if n_steps > MAX_STEPS || reached.contains_key(&target) {
                    continue;
                }
                let confidence = so_far.min(row.confidence);
                let best = next.entry(target).or_insert(Reached { confidence: 0, by: None });
                // Symbols of a level come in the order of their rows, so the first of equals stays.
                if best.by.is_none() || confidence > best.confidence {
                    *best = Reached { confidence, by: Some((at, edge)) };
                }
            }
        }
        level = next.keys().copied().collect();
        reached.extend(next);
    }
    let confidence = reached.get(&to)?.confidence;
    let mut steps = Vec::new();
    let mut at = to;
    while let Some((before, edge)) = reached.get(&at).and_then(|reached| reached.by) {
        steps.push(Step { from: before, to: at, edge });
        at = before;
    }
    steps.reverse();
    Some(Route { steps, confidence })
}
