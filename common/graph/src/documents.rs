//! Which symbols the sections of documents name, and what documents say of the symbols that include them.

use std::collections::BTreeMap;

use docpack::{Role, SymbolId, SymbolKind};
use model::assembly::SectionSymbols;

use crate::names::impl_target;
use crate::repository::{Repository, folder_of};

/// Lists the sections that name symbols of the product, in path and file order.
pub(crate) fn sections_that_name(repository: &Repository<'_>) -> Vec<SectionSymbols> {
    if repository.documents.is_empty() {
        return Vec::new();
    }
    let known = Known::new(repository);
    let of_document = |document: &model::ingest::DocumentRecord| {
        let sections = (0_u32..).zip(&document.sections);
        let named = sections.map(|(section, it)| SectionSymbols {
            file_path: document.file_path.clone(),
            section,
            symbols: known.all(&it.names),
        });
        named.filter(|it| !it.symbols.is_empty()).collect::<Vec<_>>()
    };
    repository.documents.iter().flat_map(of_document).collect()
}

/// The sentence of the document that a symbol takes its documentation from: `#[doc = include_str!("../docs/route.md")]`.
pub(crate) fn included<'a>(repository: &Repository<'a>, node: u32) -> Option<&'a str> {
    let symbol = repository.symbol(node);
    let path = symbol.attributes.iter().find_map(|it| {
        let (_, rest) = it.split_once("include_str!(")?;
        it.contains("doc").then(|| rest.split('"').nth(1)).flatten()
    })?;
    let path = joined(folder_of(&repository.file(node).file_path), path)?;
    let at = repository.documents.binary_search_by(|it| it.file_path.as_str().cmp(&path)).ok()?;
    repository.documents[at].lead.as_deref()
}

/// A path from a folder; `None` where it leaves the repository.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !matches!(*it, "" | ".")).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The symbols of the product that a text may mean by a name.
struct Known<'a> {
    repository: &'a Repository<'a>,
    by_name: BTreeMap<&'a str, Vec<u32>>,
}

impl<'a> Known<'a> {
    fn new(repository: &'a Repository<'a>) -> Self {
        let mut by_name: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let is_known = |node: &u32| {
            let kind = repository.symbol(*node).kind;
            repository.node(*node).role == Role::Product
                && kind != SymbolKind::Impl
                && !is_local(repository, *node)
        };
        for node in repository.all().filter(is_known) {
            by_name.entry(&repository.symbol(node).name).or_default().push(node);
        }
        Self { repository, by_name }
    }

    fn all(&self, names: &[String]) -> Vec<SymbolId> {
        let mut symbols: Vec<SymbolId> = Vec::new();
        for symbol in names.iter().filter_map(|it| self.one(it)).map(|it| self.repository.id(it)) {
            if !symbols.contains(&symbol) {
                symbols.push(symbol);
            }
        }
        symbols
    }

    /// The one symbol that a name means, `None` where it may mean several.
    ///
    /// What stands before the last part has to be among the names around the symbol: `flask.Flask` means
    /// `flask.app.Flask`. A name alone means no member, unless only that has it and it looks like code.
    fn one(&self, written: &str) -> Option<u32> {
        let parts: Vec<&str> = written.split(['.', ':', '#']).filter(|it| !it.is_empty()).collect();
        let (last, before) = parts.split_last()?;
        let found = self.by_name.get(last)?;
        let mut fitting: Vec<u32> = found.iter().copied().filter(|&it| self.lies_in(it, before)).collect();
        for is_better in [Self::is_top_level, Self::is_exported] {
            if fitting.len() > 1 && fitting.iter().any(|&it| is_better(self, it)) {
                fitting.retain(|&it| is_better(self, it));
            }
        }
        let first = *fitting.first()?;
        let is_one = fitting.iter().all(|&it| self.is_same(it, first));
        let is_sure =
            !before.is_empty() || self.is_top_level(first) && is_telling(last) || looks_like_code(last);
        (is_one && is_sure).then_some(first)
    }

    /// Tells whether the names, in their order, are among those around the symbol, the last one next to it where it
    /// is a type.
    fn lies_in(&self, node: u32, before: &[&str]) -> bool {
        let qualified = &self.repository.symbol(node).qualified_name;
        let around: Vec<&str> =
            qualified.split(['.', ':', '/', ' ', '<', '>']).filter(|it| !it.is_empty()).collect();
        let owner = self.owner(node);
        let mut rest = around.iter();
        match before.last() {
            Some(last) if owner.is_some() && owner != Some(last) => return false,
            _ => {}
        }
        before.iter().all(|part| owner == Some(*part) || rest.any(|it| it == part))
    }

    /// The type that the symbol is a member of.
    fn owner(&self, node: u32) -> Option<&'a str> {
        let parent = self.repository.symbol(self.repository.node(node).parent?);
        match parent.kind {
            SymbolKind::Module => None,
            SymbolKind::Impl => Some(impl_target(&parent.name)),
            _ => Some(&parent.name),
        }
    }

    fn is_top_level(&self, node: u32) -> bool {
        self.owner(node).is_none() && self.repository.symbol(node).kind != SymbolKind::Module
    }

    fn is_exported(&self, node: u32) -> bool {
        self.repository.symbol(node).exported
    }

    /// Overloads are one function to a reader.
    fn is_same(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.repository.node(a), self.repository.node(b));
        a.symbol.kind == b.symbol.kind && a.file == b.file && a.parent == b.parent
    }
}

/// What is defined within a function is nothing that a text speaks of.
fn is_local(repository: &Repository<'_>, node: u32) -> bool {
    repository.ancestors(node).any(|it| repository.symbol(it).kind.is_callable())
}

/// A capital, a `_` or a few letters tell a name from a word of the language.
fn is_telling(name: &str) -> bool {
    name.len() > 3 || looks_like_code(name)
}

fn looks_like_code(name: &str) -> bool {
    let inner = name.trim_matches('_');
    inner.contains('_') || inner.chars().skip(1).any(char::is_uppercase)
}
