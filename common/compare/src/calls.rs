//! Calls won and lost, and calls whose target is no longer certain.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Edge, Unresolved};
use docpack::{EdgeKind, SymbolId};

use crate::changes::{Call, CallChange, CallChanges, SymbolRef, UnresolvedCall};
use crate::matching::Pairs;
use crate::side::Side;

/// Confidences that differ by less are equal: packs round them to six decimals.
const MIN_DIFFERENCE: f64 = 1e-5;
/// The reason of calls that lead to a package; [`crate::numbers::packages`] compares those.
const EXTERNAL: &str = "external";

/// A symbol of both packs or of one, by its places in them.
pub(crate) type Place = (Option<usize>, Option<usize>);

/// Says which symbol of either pack an id of the older one means.
pub(crate) fn place_before(side: &Side<'_>, pairs: &Pairs, id: SymbolId) -> Option<Place> {
    side.by_id.get(&id).map(|at| (Some(*at), pairs.of_before[*at]))
}

/// Says which symbol of either pack an id of the newer one means.
pub(crate) fn place_after(side: &Side<'_>, pairs: &Pairs, id: SymbolId) -> Option<Place> {
    side.by_id.get(&id).map(|at| (pairs.of_after[*at], Some(*at)))
}

/// The calls of one pack by the places of their ends.
struct Calls<'p> {
    certain: BTreeMap<(Place, Place), &'p Edge>,
    possible: BTreeSet<(Place, Place)>,
    unresolved: BTreeMap<(Place, &'p str, &'p str), &'p Unresolved>,
}

impl<'p> Calls<'p> {
    fn of(side: &Side<'p>, place: impl Fn(SymbolId) -> Option<Place>) -> Self {
        let graph = side.pack.graph;
        let calls = graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Calls);
        let possible =
            graph.ambiguous.iter().flat_map(|it| it.candidates.iter().map(move |to| (it.source, to.id)));
        let unresolved = graph.unresolved.iter().filter(|it| it.reason != EXTERNAL);
        Self {
            certain: calls.filter_map(|it| Some(((place(it.source)?, place(it.target)?), it))).collect(),
            possible: possible.filter_map(|(from, to)| Some((place(from)?, place(to)?))).collect(),
            unresolved: unresolved
                .filter_map(|it| Some(((place(it.source)?, it.name.as_str(), it.reason.as_str()), it)))
                .collect(),
        }
    }
}

pub(crate) fn calls(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> CallChanges {
    let old = Calls::of(before, |id| place_before(before, pairs, id));
    let new = Calls::of(after, |id| place_after(after, pairs, id));
    let mut changes = CallChanges::default();
    for (ends, edge) in &old.certain {
        let call = || call(before, edge, *ends);
        match new.certain.get(ends) {
            None if new.possible.contains(ends) => changes.became_ambiguous.extend(call()),
            None => changes.removed.extend(call()),
            Some(now) if (now.confidence - edge.confidence).abs() > MIN_DIFFERENCE => {
                let both = call().zip(self::call(after, now, *ends));
                changes.confidence.extend(both.map(|(before, after)| CallChange { before, after }));
            }
            Some(_) => {}
        }
    }
    for (ends, edge) in new.certain.iter().filter(|(ends, _)| !old.certain.contains_key(ends)) {
        match old.possible.contains(ends) {
            true => changes.became_certain.extend(call(after, edge, *ends)),
            false => changes.added.extend(call(after, edge, *ends)),
        }
    }
    let only = |side: &Side<'_>, these: &Calls<'_>, those: &Calls<'_>| -> Vec<UnresolvedCall> {
        let lost = these.unresolved.iter().filter(|(key, _)| !those.unresolved.contains_key(key));
        lost.filter_map(|(_, it)| unresolved(side, it)).collect()
    };
    changes.unresolved_added = only(after, &new, &old);
    changes.unresolved_removed = only(before, &old, &new);
    changes.sort();
    changes
}

fn call(side: &Side<'_>, edge: &Edge, (from, to): (Place, Place)) -> Option<Call> {
    let end = |id: SymbolId| side.by_id.get(&id).map(|at| SymbolRef::of(side.symbols[*at]));
    let is_known = |place: Place| place.0.is_some() && place.1.is_some();
    Some(Call {
        from: end(edge.source)?,
        to: end(edge.target)?,
        confidence: edge.confidence,
        between_known: is_known(from) && is_known(to),
    })
}

fn unresolved(side: &Side<'_>, it: &Unresolved) -> Option<UnresolvedCall> {
    let from = SymbolRef::of(side.symbols[*side.by_id.get(&it.source)?]);
    let line = it.lines.first().copied().unwrap_or(from.line);
    Some(UnresolvedCall { from, name: it.name.clone(), reason: it.reason.clone(), line })
}
