//! Calls that lead to no certain symbol, and the symbols they may mean.

use std::collections::BTreeSet;

use docpack::{EdgeKind, Language};
use model::resolution::UnresolvedReason;

use crate::names::{attribute_parts, last_name};
use crate::repository::Repository;

/// Rust's attributes that the compiler reads itself: what stands in them runs nowhere.
const INERT_ATTRIBUTES: &[&str] = &[
    "allow",
    "cfg",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "forbid",
    "inline",
    "link",
    "must_use",
    "repr",
    "should_panic",
    "target_feature",
    "warn",
];

/// What ambiguous and unresolved calls name, and what is handed over to be called elsewhere.
pub(crate) struct OpenCalls<'a> {
    repository: &'a Repository<'a>,
    names: BTreeSet<&'a str>,
    symbols: BTreeSet<u32>,
}

impl<'a> OpenCalls<'a> {
    pub(crate) fn new(repository: &'a Repository<'_>) -> Self {
        let resolution = repository.resolution;
        let unresolved = resolution.unresolved.iter().filter(|it| it.reason != UnresolvedReason::External);
        let names = resolution
            .ambiguous
            .iter()
            .map(|it| it.name.as_str())
            .chain(unresolved.map(|it| it.name.as_str()));
        let candidates = resolution.ambiguous.iter().flat_map(|it| &it.candidates);
        let candidates = candidates.filter_map(|it| repository.find(it.id));
        // Whoever is handed a function may call it, under whatever name.
        let handed_over = repository.links.iter().filter(|link| link.kind == EdgeKind::References);
        Self {
            repository,
            names: names.map(last_name).chain(names_in_attributes(repository)).collect(),
            symbols: candidates.chain(handed_over.map(|link| link.target)).collect(),
        }
    }

    pub(crate) fn could_mean(&self, node: u32) -> bool {
        self.symbols.contains(&node) || self.names.contains(self.repository.symbol(node).name.as_str())
    }
}

/// What Rust's attributes name, also in quotes: the macros behind them may write calls of it.
fn names_in_attributes<'a>(repository: &'a Repository<'_>) -> impl Iterator<Item = &'a str> {
    let in_rust = repository.all().filter(|node| repository.language(*node) == Language::Rust);
    let attributes = in_rust.flat_map(|node| &repository.symbol(node).attributes);
    attributes.flat_map(|attribute| {
        let (path, rest) = attribute_parts(attribute);
        let rest = if INERT_ATTRIBUTES.contains(&path) { "" } else { rest };
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
    })
}
