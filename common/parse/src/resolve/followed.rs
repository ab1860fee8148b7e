//! Calls for which the flow of values has a say: what other rules found comes first, then what reaches the call.

use docpack::{EdgeKind, Evidence, Language, SymbolKind};
use foldhash::HashMap;
use model::resolution::Site;

use crate::resolve::flow::{self, Called, Flows, PackedFlow, SiteKey};
use crate::resolve::links::{Links, Outcome, is_sure};
use crate::resolve::repository::Sym;
use crate::resolve::solver::{Solver, confidence};
use crate::resolve::words::{PathIdx, Step};

/// A call, with what its path alone says of it.
pub(crate) struct Waiting {
    pub(crate) site: SiteKey,
    pub(crate) source: Sym,
    pub(crate) at: Site,
    pub(crate) path: PathIdx,
    pub(crate) outcome: Outcome,
}

/// Follows values through all files, and links every call.
pub(crate) fn link(
    solver: &mut Solver<'_>,
    flows: &mut [PackedFlow],
    waiting: Vec<Waiting>,
    links: &mut Links,
) {
    let known: HashMap<SiteKey, Sym> =
        waiting.iter().filter_map(|call| Some((call.site, sure_target(&call.outcome)?))).collect();
    let followed = flow::follow(solver, flows, &known);
    for call in waiting {
        let language = solver.repository.language(call.source);
        let mut called = followed.called(call.site);
        if names_common_method(solver, call.path) {
            let is_kept = |target: &Sym| solver.repository.kind(*target) != SymbolKind::Method;
            for list in [&mut called.sure, &mut called.choice, &mut called.by_support] {
                list.retain(is_kept);
            }
        }
        if let Outcome::External(_) = call.outcome {
            // What the language's own function calls back.
            for target in &called.sure {
                edge(links, call.source, *target, call.at);
            }
        }
        let outcome = decided(solver, call.outcome, called);
        links.call(language, call.source, call.at, call.path, outcome);
    }
    link_silent(flows, &followed, links);
}

/// `x.copy()`: what is not followed, such as a dictionary from outside, may well be meant.
fn names_common_method(solver: &Solver<'_>, path: PathIdx) -> bool {
    let [.., _, Step::Name { word, .. }] = solver.repository.words.steps(path) else { return false };
    solver.is_builtin_method(Language::Python, *word) || flow::is_container_method(solver.text(*word))
}

/// Calls that no call expression stands for: decorators, iteration, classes that are raised.
fn link_silent(flows: &[PackedFlow], followed: &Flows, links: &mut Links) {
    for (file, idx) in followed.sites() {
        let Some(site) = flows[file as usize].silent_site(idx) else { continue };
        let source = Sym { file, idx: site.from };
        let at = Site { line: site.line, byte_start: site.byte_start };
        for target in followed.called((file, idx)).sure {
            edge(links, source, target, at);
        }
    }
}

fn edge(links: &mut Links, source: Sym, target: Sym, at: Site) {
    links.edge((source, target, EdgeKind::Calls), Evidence::Flow, confidence::FLOW, at);
}

fn sure_target(outcome: &Outcome) -> Option<Sym> {
    match outcome {
        Outcome::Target(target, _, confidence) | Outcome::Made { class: target, confidence, .. } => {
            is_sure(*confidence).then_some(*target)
        }
        _ => None,
    }
}

/// What other rules are sure of stays; what they leave open is what values say.
fn decided(solver: &Solver<'_>, outcome: Outcome, called: Called) -> Outcome {
    let stays = match &outcome {
        Outcome::External(_) | Outcome::Conversion(..) => true,
        _ => sure_target(&outcome).is_some_and(|target| {
            !is_replaced(solver, target, &called.sure) && !is_refuted(&outcome, target, &called)
        }),
    };
    if stays {
        return outcome;
    }
    let Called { sure, choice, by_support } = called;
    let is_open = matches!(outcome, Outcome::Dynamic | Outcome::Unknown);
    if !sure.is_empty() {
        let others = shared(confidence::FLOW, &choice, sure.len() + choice.len());
        Outcome::Several { targets: sure, evidence: Evidence::Flow, confidence: confidence::FLOW, others }
    } else if !choice.is_empty() && !says_as_much(&outcome, &choice) {
        Outcome::Candidates(shared(confidence::FLOW, &choice, choice.len()))
    } else if is_open && !by_support.is_empty() {
        Outcome::Candidates(shared(confidence::FLOW_OF_TESTS, &by_support, by_support.len()))
    } else {
        outcome
    }
}

/// Tells whether what a variable holds at the call differs from what it is set to somewhere.
///
/// Values are followed with regard to the order of assignments; other rules see all of them at once.
fn is_refuted(outcome: &Outcome, target: Sym, called: &Called) -> bool {
    let is_of_variable = matches!(outcome, Outcome::Target(_, Evidence::Flow, _));
    let differs = if called.sure.is_empty() { called.choice.len() > 1 } else { called.sure != [target] };
    is_of_variable && differs
}

/// Tells whether other rules have found the same choice, or a class that is made.
fn says_as_much(outcome: &Outcome, choice: &[Sym]) -> bool {
    match outcome {
        Outcome::Candidates(found) => {
            found.len() <= choice.len() && found.iter().all(|(candidate, _)| choice.contains(candidate))
        }
        Outcome::Made { .. } => true,
        _ => false,
    }
}

/// Candidates that share a confidence with all that a call may take.
fn shared(whole: u8, candidates: &[Sym], n_ways: usize) -> Vec<(Sym, u8)> {
    let each = (usize::from(whole) / n_ways.max(1)) as u8;
    candidates.iter().map(|candidate| (*candidate, each)).collect()
}

/// Tells whether a decorator has put a function of its own in the place of this one.
///
/// One that is made to stand for it, by `functools.wraps`, counts as the function itself.
fn is_replaced(solver: &Solver<'_>, target: Sym, sure: &[Sym]) -> bool {
    let repository = solver.repository;
    let [other] = sure else { return false };
    let traits = repository.symbol(*other).traits;
    let decorator = repository.parent(*other).map(|parent| repository.kind(parent));
    *other != target
        && repository.symbol(target).traits.is_decorated
        && repository.kind(*other) == SymbolKind::Function
        && decorator == Some(SymbolKind::Function)
        && !traits.is_wrapper
        && !traits.is_decorated
}
