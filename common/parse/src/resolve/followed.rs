//! Calls for which the flow of values has a say: what other rules found comes first, then what reaches the call.

use docpack::{EdgeKind, Evidence, Language, SymbolKind};
use foldhash::HashMap;
use model::resolution::Site;

use crate::resolve::flow::{self, Flows, PackedFlow, SiteKey};
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
        let (mut sure, choice) = followed.targets(call.site);
        if names_common_method(solver, call.path) {
            sure.retain(|target| solver.repository.kind(*target) != SymbolKind::Method);
        }
        if let Outcome::External(_) = call.outcome {
            // What the language's own function calls back.
            for target in &sure {
                edge(links, call.source, *target, call.at);
            }
        }
        let outcome = decided(solver, call.outcome, sure, &choice);
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
        for target in followed.targets((file, idx)).0 {
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
fn decided(solver: &Solver<'_>, outcome: Outcome, sure: Vec<Sym>, choice: &[Sym]) -> Outcome {
    let stays = match &outcome {
        Outcome::External(_) | Outcome::Conversion(..) => true,
        _ => sure_target(&outcome).is_some_and(|target| !is_replaced(solver, target, &sure)),
    };
    let is_open = matches!(outcome, Outcome::Dynamic | Outcome::Unknown);
    if stays {
        outcome
    } else if !sure.is_empty() {
        Outcome::Several(sure, Evidence::Flow, confidence::FLOW)
    } else if is_open && !choice.is_empty() {
        let each = usize::from(confidence::FLOW) / choice.len();
        Outcome::Candidates(choice.iter().map(|target| (*target, each as u8)).collect())
    } else {
        outcome
    }
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
