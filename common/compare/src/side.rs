//! One of the two packs, indexed; places of symbols follow files and bytes, whatever the order of the records.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use docpack::records::{Bodies, Body, Graph, Nodes, Source, SourceMap, Symbol};
use docpack::{ClusterId, Digest, Docpack, EdgeKind, Role, SymbolId, SymbolKind};

use crate::names::Names;

/// The records of a pack that are compared.
#[derive(Debug, Clone)]
pub struct Pack<'p> {
    /// Which pack it is.
    pub id: Digest,
    /// What it was made from.
    pub source: &'p Source,
    /// Its symbols.
    pub nodes: &'p Nodes,
    /// Its edges.
    pub graph: &'p Graph,
    /// Its files with their imports.
    pub source_map: &'p SourceMap,
    /// The steps of callables; without them renamed functions are found by their signatures alone.
    pub bodies: Option<&'p Bodies>,
    /// The labels of groups.
    pub labels: BTreeMap<ClusterId, &'p str>,
}

impl<'p> Pack<'p> {
    /// Takes what is compared from a pack that was read whole.
    pub fn of(pack: &'p Docpack) -> Self {
        let contents = &pack.contents;
        let labels = contents.clusters.clusters.iter().map(|it| (it.cluster_id, it.label.as_str()));
        Self {
            id: pack.manifest.docpack_id,
            source: &pack.manifest.source,
            nodes: &contents.nodes,
            graph: &contents.graph,
            source_map: &contents.source_map,
            bodies: contents.bodies.as_ref(),
            labels: labels.collect(),
        }
    }
}

/// A pack with indexes; a place is an index into `symbols`.
pub(crate) struct Side<'p> {
    pub(crate) pack: &'p Pack<'p>,
    pub(crate) symbols: Vec<&'p Symbol>,
    pub(crate) by_id: BTreeMap<SymbolId, usize>,
    pub(crate) parents: Vec<Option<usize>>,
    pub(crate) children: Vec<Vec<usize>>,
    /// The type or module that a member belongs to: of a method of an `impl` or a Go receiver the type.
    pub(crate) owners: Vec<Option<usize>>,
    pub(crate) names: Names,
    /// Names of traits by the name of the type that implements them.
    traits: BTreeMap<&'p str, Vec<&'p str>>,
    /// The bases of each class that are symbols of the pack.
    pub(crate) bases: BTreeMap<SymbolId, Vec<SymbolId>>,
    bodies: BTreeMap<SymbolId, &'p Body>,
}

impl<'p> Side<'p> {
    pub(crate) fn of(pack: &'p Pack<'p>) -> Self {
        let mut symbols: Vec<&Symbol> = pack.nodes.symbols.iter().collect();
        symbols.sort_by_key(|it| {
            (it.file_path.as_str(), it.byte_range.start, Reverse(it.byte_range.end), it.id)
        });
        let by_id: BTreeMap<SymbolId, usize> =
            symbols.iter().enumerate().map(|(at, it)| (it.id, at)).collect();
        let parents: Vec<Option<usize>> = symbols.iter().map(|it| by_id.get(&it.parent?).copied()).collect();
        let mut children = vec![Vec::new(); symbols.len()];
        for (at, parent) in parents.iter().enumerate() {
            if let Some(parent) = parent {
                children[*parent].push(at);
            }
        }
        let owners = owners(&symbols, &parents);
        let names = Names::of(pack.source_map, &symbols, &parents, &owners);
        let bodies = pack.bodies.map(|it| &it.bodies).into_iter().flatten();
        let bodies = bodies.map(|it| (it.symbol_id, it)).collect();
        let mut bases: BTreeMap<SymbolId, Vec<SymbolId>> = BTreeMap::new();
        for edge in pack.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Extends) {
            bases.entry(edge.source).or_default().push(edge.target);
        }
        let traits = traits(&symbols);
        Self { traits, bases, pack, symbols, by_id, parents, children, owners, names, bodies }
    }

    pub(crate) fn body(&self, at: usize) -> Option<&'p Body> {
        self.bodies.get(&self.symbols[at].id).copied()
    }

    /// Lists the traits that a type implements by `impl` blocks, by the last names of both.
    pub(crate) fn traits(&self, at: usize) -> Vec<&'p str> {
        self.traits.get(self.symbols[at].name.as_str()).cloned().unwrap_or_default()
    }

    /// Tells whether a symbol is part of what people use: not of tests, examples or scripts.
    pub(crate) fn is_product(&self, at: usize) -> bool {
        self.symbols[at].role.as_ref().is_none_or(|role| *role == Role::Product)
    }

    /// Tells whether code outside of the repository can name the symbol.
    pub(crate) fn is_public(&self, at: usize) -> bool {
        self.is_product(at) && !self.names.public(at).is_empty()
    }
}

fn traits<'p>(symbols: &[&'p Symbol]) -> BTreeMap<&'p str, Vec<&'p str>> {
    let mut traits: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for symbol in symbols.iter().filter(|it| it.kind == SymbolKind::Impl) {
        if let (Some(of_trait), Some(of_type)) = (&symbol.implements, &symbol.return_type) {
            traits.entry(last_name(of_type)).or_default().push(last_name(of_trait));
        }
    }
    traits
}

/// The name at the end of a path: `Display` of `fmt::Display<T>`.
fn last_name(path: &str) -> &str {
    let path = path.split('<').next().unwrap_or(path).trim();
    path.rsplit("::").next().unwrap_or(path).trim_start_matches('&').trim()
}

/// Finds the type or module of each member; an `impl` block stands for its type.
fn owners(symbols: &[&Symbol], parents: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut types: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, symbol) in symbols.iter().enumerate() {
        if symbol.kind.known().is_some_and(SymbolKind::is_type) {
            types.entry((symbol.language.as_str(), &symbol.qualified_name)).or_insert(at);
        }
    }
    let owner = |(at, symbol): (usize, &&Symbol)| {
        let above = symbol.qualified_name.rfind(['.', ':']).map_or("", |end| &symbol.qualified_name[..end]);
        let parent = parents[at];
        let is_own = |parent: usize| symbols[parent].kind.known().is_some_and(SymbolKind::is_type);
        match parent {
            Some(parent) if is_own(parent) => Some(parent),
            _ => {
                let of_type = types.get(&(symbol.language.as_str(), above.trim_end_matches(':')));
                of_type.copied().filter(|it| *it != at).or(parent)
            }
        }
    };
    symbols.iter().enumerate().map(owner).collect()
}
