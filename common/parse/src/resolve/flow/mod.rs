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

/// How certainly a call leads to what reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// A branch, or an unknown key, takes one of several.
    Choice,
    /// The callee holds it at some time; of several, each call takes one.
    One,
    /// A loop goes through all that reached the call.
    Each,
}

/// A symbol that a call may lead to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    symbol: Sym,
    /// Returns the callee: the class, where the symbol is its constructor.
    callee: Sym,
    reach: Reach,
    /// A loop calls it behind what gave it its iterator.
    is_next: bool,
}

/// What a call may lead to, in the order of symbols.
pub(crate) type Targets = Vec<Target>;

/// The callees of one call site.
#[derive(Debug, Default)]
pub(crate) struct Called {
    /// The only callee, or all that a loop goes through.
    pub(crate) sure: Vec<Sym>,
    /// Others, of which each call takes one.
    pub(crate) choice: Vec<Sym>,
    /// These reach the call only through tests, benchmarks or examples.
    pub(crate) by_support: Vec<Sym>,
}

/// What is called where, as far as values could be followed.
#[derive(Debug, Default)]
pub(crate) struct Flows {
    /// As the whole repository runs.
    all: BTreeMap<SiteKey, Targets>,
    /// In files of the product: as these alone run.
    product: BTreeMap<SiteKey, Targets>,
    /// Files that only support the product.
    support: Vec<FileIdx>,
}

impl Flows {
    /// Returns what is called at a site. Code of the product calls for certain only what reaches it without
    /// tests, benchmarks and examples.
    pub(crate) fn called(&self, site: SiteKey) -> Called {
        let is_support = |file| self.support.binary_search(&file).is_ok();
        let all = self.all.get(&site).map_or(&[][..], Vec::as_slice);
        if self.support.is_empty() || is_support(site.0) {
            return called(all);
        }
        let own = self.product.get(&site).map_or(&[][..], Vec::as_slice);
        let mut found = called(own);
        let is_own = |target: &&Target| own.iter().any(|own| own.symbol == target.symbol);
        found.by_support = all.iter().filter(|target| !is_own(target)).map(|target| target.symbol).collect();
        if found.by_support.len() > MAX_TARGETS {
            found.by_support.clear();
        }
        found
    }

    pub(crate) fn sites(&self) -> impl Iterator<Item = SiteKey> + '_ {
        self.all.keys().copied()
    }
}

fn called(targets: &[Target]) -> Called {
    if targets.len() > MAX_TARGETS {
        return Called::default();
    }
    let is_sole = |target: &Target| {
        targets
            .iter()
            .filter(|other| other.is_next == target.is_next)
            .all(|other| other.callee == target.callee)
    };
    let is_sure = |target: &&Target| target.reach == Reach::Each || is_sole(target);
    let (sure, choice): (Vec<&Target>, Vec<&Target>) = targets.iter().partition(is_sure);
    let symbols = |of: Vec<&Target>| of.into_iter().map(|target| target.symbol).collect();
    Called { sure: symbols(sure), choice: symbols(choice), by_support: Vec::new() }
}

/// Tells whether lists or tables have a method of this name.
pub(crate) fn is_container_method(name: &str) -> bool {
    [Shape::List, Shape::Table].into_iter().any(|shape| Method::named(name, shape).is_some())
}

/// Follows the values of every file; `known` are calls whose target other rules have found.
///
/// Where there are tests, the files of the product are followed alone as well.
pub(crate) fn follow(
    solver: &mut Solver<'_>,
    flows: &mut [PackedFlow],
    known: &HashMap<SiteKey, Sym>,
) -> Flows {
    let repository = solver.repository;
    let followed = (0..).zip(flows.iter()).filter(|(_, flow)| flow.n_expressions() > 0);
    let files: Vec<FileIdx> = followed.map(|(file, _)| file).collect();
    let is_support = |file: &FileIdx| repository.file(*file).role.is_support();
    let (support, product): (Vec<FileIdx>, Vec<FileIdx>) = files.iter().partition(|file| is_support(file));
    let mut found = Flows::default();
    if files.is_empty() {
        return found;
    }
    if !support.is_empty() && !product.is_empty() {
        found.product = Engine::new(solver, flows).run(known, &product);
    }
    found.all = Engine::new(solver, flows).run(known, &files);
    found.support = support;
    found
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
        let is_settled = engine.work(&HashMap::new(), &[0]);
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
