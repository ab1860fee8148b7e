//! What functions, classes and objects may reach each variable, parameter, field and element.
//!
//! A fix-point without regard to the order of statements, except where a file's facts have already said which
//! binding a use of a name sees. The model:
//! - a *value* ([`values::Value`]) is a definition, an object of a class, a container by the place that makes it, a constant that may be a key;
//! - a *place* holds a set of values: one for each expression, field of a class, element of a container, result of a function;
//! - an *operation* ([`operations::Operation`]) moves values between places and runs again whenever a place that it reads has grown.
//!
//! Work and sets are bounded: a place with too many values is unknown, and so is everything when the steps are used up.
//! Files are visited in path order, so the answer depends on nothing but the files.

mod assume;
mod builtins;
mod calls;
mod code;
mod containers;
mod contents;
mod dead;
mod engine;
mod handed;
mod interner;
mod members;
mod operations;
mod packed;
mod places;
mod values;

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};
use model::facts::ReferenceKind;
use model::flow::{FlowSite, SiteIdx};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::slim::SlimReference;
use crate::resolve::solver::Solver;

use engine::Engine;
pub(crate) use packed::PackedFlow;
use values::{Method, Shape};

/// A call as the flow of its file lists it.
pub(crate) type SiteKey = (FileIdx, SiteIdx);

/// More definitions than this are no answer.
pub(crate) const MAX_TARGETS: usize = 16;

/// What is called where, as far as values could be followed.
#[derive(Debug, Default)]
pub(crate) struct Flows {
    targets: BTreeMap<SiteKey, Targets>,
}

/// What a call may lead to, in order; true for what it leads to for certain.
pub(crate) type Targets = Vec<(Sym, bool)>;

impl Flows {
    /// What is called at a site, each for certain; else the choice there is.
    pub(crate) fn targets(&self, site: SiteKey) -> (Vec<Sym>, Vec<Sym>) {
        let Some(found) = self.targets.get(&site).filter(|found| found.len() <= MAX_TARGETS) else {
            return (Vec::new(), Vec::new());
        };
        let all: Vec<Sym> = found.iter().map(|(target, _)| *target).collect();
        if all.len() == 1 {
            return (all, Vec::new());
        }
        let sure = found.iter().filter(|(_, is_sure)| *is_sure).map(|(target, _)| *target);
        (sure.collect(), all)
    }

    pub(crate) fn sites(&self) -> impl Iterator<Item = SiteKey> + '_ {
        self.targets.keys().copied()
    }
}

/// Tells whether lists or tables have a method of this name.
pub(crate) fn is_container_method(name: &str) -> bool {
    [Shape::List, Shape::Table].into_iter().any(|shape| Method::named(name, shape).is_some())
}

/// Follows the values of every file; `known` are calls whose target other rules have found.
///
/// Of the flows only functions and silent sites are left.
pub(crate) fn follow(
    solver: &mut Solver<'_>,
    flows: &mut [PackedFlow],
    known: &HashMap<SiteKey, Sym>,
) -> Flows {
    if flows.iter().all(|flow| flow.n_expressions() == 0) {
        return Flows::default();
    }
    Flows { targets: Engine::new(solver, flows).run(known) }
}

/// Finds the site of each call reference of a file: of several that begin at one place, the outer comes first in both lists.
///
/// Of the sites only the silent ones are left.
pub(crate) fn sites(flow: &mut PackedFlow, references: &[SlimReference]) -> HashMap<usize, SiteIdx> {
    let mut found = HashMap::new();
    let sites: Box<[FlowSite]> = flow.take_sites();
    if sites.is_empty() {
        return found;
    }
    let mut by_start: HashMap<u32, Vec<SiteIdx>> = HashMap::new();
    for (idx, site) in sites.iter().enumerate().rev().filter(|(_, site)| site.is_reference) {
        by_start.entry(site.byte_start).or_default().push(idx as SiteIdx);
    }
    for (idx, reference) in references.iter().enumerate() {
        if reference.kind == ReferenceKind::Call
            && let Some(site) = by_start.get_mut(&reference.byte_start).and_then(Vec::pop)
        {
            found.insert(idx, site);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use docpack::Language;

    use super::*;
    use crate::manifests::Manifests;
    use crate::resolve::repository::Repository;
    use crate::resolve::slim::slim;
    use crate::resolve::words::Words;

    /// What following the values of one file makes for each expression in it, and whether it came to an end.
    fn made_per_expression(text: &str) -> (usize, bool) {
        let facts = crate::parse(Language::Python, "a.py", text.as_bytes(), &crate::ParseLimits::default());
        let mut words = Words::default();
        let mut file = slim(&mut words, &facts);
        let mut flows = vec![std::mem::take(&mut file.flow)];
        let n_expressions = flows[0].n_expressions() as usize;
        let repository = Repository::new(words, Manifests::default(), vec![file]);
        let mut solver = Solver::new(&repository);
        let mut engine = Engine::new(&mut solver, &mut flows);
        let is_settled = engine.work(&HashMap::new());
        ((engine.contents.n_places() + engine.operations.len()) / n_expressions, is_settled)
    }

    fn parameters(n: usize) -> String {
        (0..n).map(|at| format!("a{at}")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_function_of_fifty_thousand_parameters_is_not_followed() {
        for call in ["f(*f)\n", "f(**{'a1': f})\n"] {
            let text = format!("def f({}): pass\n{}", parameters(50_000), call.repeat(10_000));
            let (n_made, is_settled) = made_per_expression(&text);
            assert!(n_made < 10 && is_settled, "{call} {n_made}");
        }
    }

    #[test]
    fn calls_that_hand_a_list_to_many_parameters_use_up_the_steps() {
        let text =
            format!("def f({}): return a1\n{}", parameters(250), "f(*[f, f], **{'a3': f})\n".repeat(20_000));
        let (n_made, is_settled) = made_per_expression(&text);
        assert!(n_made < 40 && !is_settled, "{n_made}");
    }

    #[test]
    fn ordinary_calls_use_few_steps() {
        let text = format!(
            "def f({}): return a1\n{}",
            parameters(9),
            "f(f, *[f, f], a7=f, **{'a3': f})()\n".repeat(2_000)
        );
        let (n_made, is_settled) = made_per_expression(&text);
        assert!(n_made < 40 && is_settled, "{n_made}");
    }
}
