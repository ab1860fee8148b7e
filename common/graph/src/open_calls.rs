//! Calls that lead to no certain symbol, and the symbols they may mean.

use std::collections::{BTreeMap, BTreeSet};

use docpack::{EdgeKind, Language, SymbolKind};
use model::resolution::UnresolvedReason;
use model::role::attribute_parts;

use crate::names::last_name;
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

/// A type with more bases than this is machine-generated; the others are ignored.
const MAX_BASES: usize = 128;

/// Calls that may lead to a symbol without being listed among its callers.
pub(crate) struct OpenCalls<'a> {
    repository: &'a Repository<'a>,
    /// Last names of ambiguous and unresolved calls, and of callables that are used as values.
    names: BTreeSet<&'a str>,
    symbols: BTreeSet<u32>,
    /// Methods of Go interfaces: any type with such a method may be meant by a call of it.
    interface_methods: BTreeSet<&'a str>,
}

impl<'a> OpenCalls<'a> {
    pub(crate) fn new(repository: &'a Repository<'_>) -> Self {
        let resolution = repository.resolution;
        let unresolved = resolution.unresolved.iter().filter(|it| it.reason != UnresolvedReason::External);
        let names = resolution
            .ambiguous
            .iter()
            .map(|it| it.name.as_str())
            .chain(unresolved.map(|it| it.name.as_str()))
            .chain(resolution.handed_over.iter().map(String::as_str));
        let candidates = resolution.ambiguous.iter().flat_map(|it| &it.candidates);
        let candidates = candidates.filter_map(|it| repository.find(it.id));
        // Whoever is handed a function may call it, under whatever name.
        let handed_over = repository.links.iter().filter(|link| link.kind == EdgeKind::References);
        let symbols = candidates.chain(handed_over.map(|link| link.target));
        Self {
            repository,
            names: names.map(last_name).chain(names_in_attributes(repository)).collect(),
            symbols: symbols.chain(overriding_members(repository)).collect(),
            interface_methods: interface_methods(repository),
        }
    }

    pub(crate) fn could_mean(&self, node: u32) -> bool {
        let symbol = self.repository.symbol(node);
        self.symbols.contains(&node)
            || self.names.contains(symbol.name.as_str())
            || is_called_unwritten(self.repository, node)
            || symbol.exported && self.repository.is_used_unread(node)
            || symbol.kind == SymbolKind::Method
                && self.repository.language(node) == Language::Go
                && self.interface_methods.contains(symbol.name.as_str())
    }
}

/// Tells whether the language runs it where its name is not called: operators, `with`, properties, traits.
fn is_called_unwritten(repository: &Repository<'_>, node: u32) -> bool {
    let symbol = repository.symbol(node);
    if !symbol.kind.is_callable() {
        return false;
    }
    let is_accessor = |it: &String| matches!(it.as_str(), "getter" | "setter" | "property");
    let parent = repository.node(node).parent.map(|parent| repository.symbol(parent));
    match repository.language(node) {
        Language::Python => {
            let is_special = symbol.name.starts_with("__") && symbol.name.ends_with("__");
            let is_property = |attribute: &String| {
                let (path, _) = attribute_parts(attribute);
                matches!(last_name(path), "property" | "cached_property" | "setter" | "deleter")
            };
            is_special && symbol.name != "__init__"
                || symbol.modifiers.iter().any(is_accessor)
                || symbol.attributes.iter().any(is_property)
        }
        // A call through the trait leads to the trait's own method.
        Language::Rust => parent.is_some_and(|it| it.kind == SymbolKind::Impl && !it.implements.is_empty()),
        Language::TypeScript | Language::JavaScript => symbol.modifiers.iter().any(is_accessor),
        Language::Go => false,
    }
}

/// Members that replace one of a base in the repository: a call through the base leads to the base's own.
fn overriding_members(repository: &Repository<'_>) -> Vec<u32> {
    let mut bases: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for link in &repository.links {
        if matches!(link.kind, EdgeKind::Extends | EdgeKind::Implements) {
            bases.entry(link.source).or_default().push(link.target);
        }
    }
    let mut found = Vec::new();
    for &heir in bases.keys() {
        let mut seen = BTreeSet::from([heir]);
        let mut open = vec![heir];
        while let Some(at) = open.pop().filter(|_| seen.len() <= MAX_BASES) {
            open.extend(bases.get(&at).into_iter().flatten().copied().filter(|base| seen.insert(*base)));
        }
        seen.remove(&heir);
        let members = seen.iter().flat_map(|&base| repository.children(base));
        let names: BTreeSet<&str> = members.map(|&member| repository.symbol(member).name.as_str()).collect();
        let own = repository.children(heir).iter().copied();
        found.extend(own.filter(|&member| names.contains(repository.symbol(member).name.as_str())));
    }
    found
}

fn interface_methods<'a>(repository: &'a Repository<'_>) -> BTreeSet<&'a str> {
    let in_go = repository.all().filter(|&node| repository.language(node) == Language::Go);
    let of_interface = in_go.filter(|&node| {
        let parent = repository.node(node).parent;
        parent.is_some_and(|parent| repository.symbol(parent).kind == SymbolKind::Interface)
    });
    of_interface.map(|node| repository.symbol(node).name.as_str()).collect()
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
