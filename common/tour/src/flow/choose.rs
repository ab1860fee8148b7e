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
/// Handlers of routes; one shows how a request is answered.
const MAX_HANDLERS: usize = 2;
/// Frameworks and the language call these: with them a request or a run enters the library.
const ENTERED: [&str; 11] = [
    "__call__",
    "servehttp",
    "wsgi_app",
    "fetch",
    "dispatch",
    "call",
    "run",
    "execute",
    "serve",
    "listen",
    "request",
];
/// An entry by its name is worth this many others.
const ENTERED_FACTOR: u64 = 3;
/// And one of the main parts is worth this many of a part that stands alone.
const MAIN_FACTOR: u64 = 4;
/// More use makes an entry no more telling: what everybody calls is a helper.
const MAX_USE: u64 = 40;
/// Behind a further program or handler as much has to happen.
const MIN_FURTHER: usize = 5;
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
    let is_main = |at: &usize| !view.parts.is_aside(view.code.path(*at)) || start.is_installed(*at);
    // The program itself is the one that is installed, or lies nearer to the root than its tools.
    let importance = |at: usize| match start.names.iter().position(|(program, _)| *program == at) {
        Some(place) => place,
        None => start.names.len() + view.code.path(at).matches('/').count(),
    };
    let programs = start.programs.iter().chain(&start.commands).copied().filter(is_main);
    chosen.take_first(programs.map(|at| (importance(at), at)).collect(), MAX_PROGRAMS, start.names.len());
    let handlers = start.routes.iter().filter(|route| route.is_handler).map(|route| route.symbol);
    let handlers = handlers.filter(|at| view.code.is_ours(*at)).map(|at| (0, at));
    chosen.take_first(handlers.collect(), MAX_HANDLERS, 0);
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
    /// Takes those behind which the most happens, of some that come in their order of importance.
    /// What is less important than the first is left out, but for the `n_equal` most important.
    fn take_first(&mut self, mut entries: Vec<(usize, usize)>, max: usize, n_equal: usize) {
        let n_reached = |at: usize| std::cmp::Reverse(reached(self.view, at).len());
        entries.sort_by_cached_key(|(importance, at)| (*importance, n_reached(*at)));
        let room = self.taken.len() + max;
        let first = self.taken.len();
        // Behind the program itself, those further from the root are its tools.
        let mut of_first: Option<usize> = None;
        for (importance, at) in entries {
            let is_tool = of_first.is_some_and(|first| importance > first && importance >= n_equal);
            let is_enough = self.taken.len() == first || reached(self.view, at).len() >= MIN_FURTHER;
            if self.taken.len() < room && is_enough && !is_tool {
                self.take(at);
                of_first = of_first.or_else(|| (self.taken.len() > first).then_some(importance));
            }
        }
    }

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
    let name = code.symbols[at].name.to_lowercase();
    let is_for_tests =
        name.ends_with("fortesting") || name.ends_with("_for_testing") || name.ends_with("fortests");
    is_open
        && !is_for_tests
        && owner_is_public
        && crate::layout::is_at_top(view, at)
        && super::steps::is_telling(view, at)
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
    let name = code.symbols[at].name.to_lowercase();
    let is_entered = ENTERED.contains(&name.as_str()) || view.ranks.is_imported(at);
    let factor = match view.parts.is_aside(code.path(at)) {
        true => 1,
        false if is_entered => ENTERED_FACTOR * MAIN_FACTOR,
        false => MAIN_FACTOR,
    };
    Some(factor * n_reached * (4 + use_of.min(MAX_USE)))
}

/// Lists the callables of the repository that run when one does.
pub(crate) fn reached(view: &View<'_>, from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut layer = vec![from];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        let held = layer.iter().flat_map(|at| super::steps::through_fields(view, *at)).collect::<Vec<_>>();
        next.extend(
            held.into_iter().filter(|at| *at != from && found.len() < MAX_REACHED && found.insert(*at)),
        );
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
