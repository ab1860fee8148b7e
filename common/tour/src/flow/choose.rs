//! Which callables a flow starts from.

use std::collections::{BTreeMap, BTreeSet};

use docpack::EdgeKind;

use crate::View;
use crate::start::Start;

/// A page of more flows is not read to its end.
pub(crate) const MAX_FLOWS: usize = 6;
/// Entries that are tried, for some lead nowhere.
const MAX_TRIED: usize = 12;
/// Programs and commands come first, and leave room for others.
const MAX_PROGRAMS: usize = 2;
/// Calls are followed this far to see how much happens behind a callable.
const DEPTH: u32 = 3;
/// What happens beyond this many callables is as good as any more.
const MAX_REACHED: usize = 40;
/// A flow through fewer callables is shorter than reading them.
const MIN_REACHED: usize = 2;
/// A flow that shares more of what it goes through with an earlier one is left out.
const MAX_SHARED_PERCENT: usize = 60;
/// Flows that start in members of one type.
const MAX_OF_ONE_TYPE: usize = 2;

/// Chooses programs and commands first, then public callables behind which much happens and that are used the most.
pub(crate) fn entries(view: &View<'_>, start: &Start) -> Vec<usize> {
    let mut chosen = Chosen { view, taken: Vec::new(), seen: BTreeSet::new(), of_type: BTreeMap::new() };
    let mut programs: Vec<usize> = start.programs.iter().chain(&start.commands).copied().collect();
    programs.sort_by_key(|at| std::cmp::Reverse(reached(view, *at).len()));
    programs.into_iter().for_each(|at| {
        if chosen.taken.len() < MAX_PROGRAMS {
            chosen.take(at);
        }
    });
    let mut others: Vec<(u64, usize)> = view
        .code
        .ours()
        .filter(|at| view.code.is_callable(*at) && is_entry(view, *at))
        .filter_map(|at| Some((score(view, at)?, at)))
        .collect();
    others.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    for (_, at) in others {
        if chosen.taken.len() < MAX_TRIED {
            chosen.take(at);
        }
    }
    chosen.taken
}

struct Chosen<'a, 'v> {
    view: &'v View<'a>,
    taken: Vec<usize>,
    seen: BTreeSet<usize>,
    of_type: BTreeMap<usize, usize>,
}

impl Chosen<'_, '_> {
    /// Takes an entry, unless earlier ones lead through most of it.
    fn take(&mut self, at: usize) {
        let reached = reached(self.view, at);
        let n_shared = reached.iter().filter(|at| self.seen.contains(at)).count();
        let is_new = n_shared * 100 <= reached.len() * MAX_SHARED_PERCENT && !self.seen.contains(&at);
        let of_type = self.view.code.owner_type(at);
        let n_of_type = of_type.map_or(0, |owner| self.of_type.get(&owner).copied().unwrap_or(0));
        if reached.len() < MIN_REACHED || !is_new || n_of_type >= MAX_OF_ONE_TYPE {
            return;
        }
        if let Some(owner) = of_type {
            *self.of_type.entry(owner).or_default() += 1;
        }
        self.seen.extend(reached);
        self.seen.insert(at);
        self.taken.push(at);
    }
}

/// Tells whether something outside of the repository may call the callable.
fn is_entry(view: &View<'_>, at: usize) -> bool {
    let code = &view.code;
    let owner_is_public =
        code.owner_type(at).is_none_or(|owner| code.is_public(owner) || !code.is_type(owner));
    let is_called_by_language = matches!(code.symbols[at].name.as_str(), "__call__" | "__init__");
    let is_open = code.is_public(at) || is_called_by_language;
    is_open && owner_is_public && crate::layout::is_at_top(view, at) && super::steps::is_telling(view, at)
}

fn score(view: &View<'_>, at: usize) -> Option<u64> {
    let code = &view.code;
    let n_reached = reached(view, at).len() as u64;
    if n_reached < MIN_REACHED as u64 {
        return None;
    }
    let owner = code.owner_type(at).map_or(0, |owner| view.ranks.of(owner));
    let calls =
        code.reaching(at).iter().filter(|link| link.kind == EdgeKind::Calls && code.is_ours(link.other));
    // What nothing in the repository calls is there to be called from outside.
    let is_root = calls.filter(|link| code.owner_type(link.other) != code.owner_type(at)).count() == 0;
    let use_of = view.ranks.of(at) + owner / 2 + if is_root { 8 } else { 0 };
    Some(n_reached * (4 + use_of.min(80)))
}

/// Lists the callables of the repository that run when one does.
pub(crate) fn reached(view: &View<'_>, from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut layer = vec![from];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for link in layer.iter().flat_map(|at| view.code.leaving(*at)) {
            let is_followed = matches!(link.kind, EdgeKind::Calls | EdgeKind::References)
                && view.code.is_ours(link.other)
                && link.other != from
                && view.code.is_callable(link.other);
            if is_followed && found.len() < MAX_REACHED && found.insert(link.other) {
                next.push(link.other);
            }
        }
        layer = next;
    }
    found
}
