//! How symbols stand to each other beside calls: overrides, uses of types, and where fields and constants are used.

use std::collections::{BTreeMap, BTreeSet};

use docpack::{EdgeKind, Language, StepKind, SymbolKind};
use model::body::Body;
use model::context::{Listed, MAX_LISTED, Standing};

use crate::contexts::neighbour;
use crate::documents::included;
use crate::names::{bare_type, impl_target, last_name};
use crate::repository::Repository;

/// Bases of bases that are searched for a member; longer chains are not written by hand.
const MAX_BASES: usize = 16;

/// What the standing of every symbol is read from.
pub(crate) struct Standings<'a> {
    repository: &'a Repository<'a>,
    centrality: Vec<f64>,
    /// By target, sources that are no tests; by kind of use.
    uses: BTreeMap<(Use, u32), BTreeSet<u32>>,
    /// The types that each extends or implements.
    bases: BTreeMap<u32, Vec<u32>>,
    /// The values of constants and variables, where they are declared.
    values: BTreeMap<u32, &'a str>,
}

/// In which way one symbol uses another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Subtype,
    Returns,
    Takes,
    Decorated,
    HandsOver,
    Sets,
    Reads,
}

impl<'a> Standings<'a> {
    pub(crate) fn new(repository: &'a Repository<'a>, centrality: &[f64]) -> Self {
        let mut standings = Self {
            repository,
            centrality: centrality.to_vec(),
            uses: BTreeMap::new(),
            bases: BTreeMap::new(),
            values: BTreeMap::new(),
        };
        standings.follow_links();
        standings.follow_bodies();
        standings
    }

    fn follow_links(&mut self) {
        for link in &self.repository.links {
            let (source, target) = (link.source, link.target);
            match link.kind {
                EdgeKind::Extends | EdgeKind::Implements => {
                    self.bases.entry(source).or_default().push(target);
                    self.note(Use::Subtype, target, source);
                }
                EdgeKind::ReferencesType => self.note_type(source, target),
                EdgeKind::References => {
                    let is_decorated = decorates(self.repository, source, target);
                    self.note(if is_decorated { Use::Decorated } else { Use::HandsOver }, target, source);
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, how: Use, target: u32, source: u32) {
        if source != target && !self.repository.node(source).is_support {
            self.uses.entry((how, target)).or_default().insert(source);
        }
    }

    /// Tells by the signature whether a callable takes or returns the type.
    fn note_type(&mut self, source: u32, target: u32) {
        let symbol = self.repository.symbol(source);
        let name = self.repository.symbol(target).name.as_str();
        if !symbol.kind.is_callable() || self.repository.ancestors(source).any(|at| at == target) {
            return;
        }
        if symbol.return_type.as_deref().is_some_and(|it| names_in(it).any(|it| it == name)) {
            self.note(Use::Returns, target, source);
        }
        let types = symbol.parameters.iter().filter_map(|it| it.type_name.as_deref());
        if types.flat_map(names_in).any(|it| it == name) {
            self.note(Use::Takes, target, source);
        }
    }

    /// Finds what the bodies of a file's callables set and read of the values declared in that file.
    fn follow_bodies(&mut self) {
        for file in 0..self.repository.files.len() {
            let values = Values::new(self.repository, file);
            if values.is_empty() {
                continue;
            }
            for node in self.repository.nodes_of_file(file) {
                let Some(body) = self.repository.symbol(node).body.as_deref() else { continue };
                if self.repository.is_file_symbol(node) {
                    self.values.extend(values.declared(body));
                } else {
                    values.used(self.repository, node, body, |how, target| self.note(how, target, node));
                }
            }
        }
    }

    pub(crate) fn of(&self, node: u32) -> Standing {
        let overrides = self.overridden(node);
        let listed = |how| self.listed(how, node);
        Standing {
            overrides: overrides.map(|it| neighbour(self.repository, it)),
            inherited_doc: overrides.and_then(|it| self.comment(it)).map(str::to_owned),
            subtypes: listed(Use::Subtype),
            returned_by: listed(Use::Returns),
            taken_by: listed(Use::Takes),
            decorates: listed(Use::Decorated),
            handed_over_by: listed(Use::HandsOver),
            set_by: listed(Use::Sets),
            read_by: listed(Use::Reads),
            value: self.values.get(&node).map(|&it| it.to_owned()),
            main_member: self.main_member(node),
        }
    }

    fn listed(&self, how: Use, node: u32) -> Listed {
        let Some(sources) = self.uses.get(&(how, node)) else { return Listed::default() };
        let mut sources: Vec<u32> = sources.iter().copied().collect();
        sources.sort_by(|&a, &b| self.by_centrality(a, b));
        let first = sources.iter().take(MAX_LISTED).map(|&it| neighbour(self.repository, it)).collect();
        Listed { first, n_all: sources.len() as u32 }
    }

    fn by_centrality(&self, a: u32, b: u32) -> std::cmp::Ordering {
        self.centrality[b as usize].total_cmp(&self.centrality[a as usize]).then(a.cmp(&b))
    }

    /// What the author says of the symbol: its own comment, the document that it includes as one, or the comment of
    /// another overload of the same function.
    pub(crate) fn comment(&self, node: u32) -> Option<&'a str> {
        let own = |node| {
            let comment = self.repository.symbol(node).doc_comment.as_deref();
            comment.or_else(|| included(self.repository, node))
        };
        own(node).or_else(|| self.overloads(node).find_map(own))
    }

    /// The other signatures of one function, which the same file gives the same name in the same place.
    ///
    /// Go has none: there `init` may stand several times, and each is another function.
    fn overloads(&self, node: u32) -> impl Iterator<Item = u32> {
        let symbol = self.repository.symbol(node);
        let parent = self.repository.node(node).parent;
        let may = symbol.kind.is_callable() && self.repository.language(node) != Language::Go;
        let siblings = parent.filter(|_| may).map_or(&[][..], |parent| self.repository.children(parent));
        siblings.iter().copied().filter(move |&it| {
            let other = self.repository.symbol(it);
            it != node && other.name == symbol.name && other.kind == symbol.kind
        })
    }

    /// The member of the same name of the nearest base that has one.
    fn overridden(&self, node: u32) -> Option<u32> {
        let symbol = self.repository.symbol(node);
        let parent = self.repository.node(node).parent?;
        let is_own = matches!(symbol.name.as_str(), "new" | "__init__" | "constructor");
        if is_own || matches!(symbol.kind, SymbolKind::Module | SymbolKind::Impl) {
            return None;
        }
        self.base_members(parent).into_iter().find(|&it| {
            let other = self.repository.symbol(it);
            it != node && other.name == symbol.name && (other.kind.is_callable() == symbol.kind.is_callable())
        })
    }

    /// The members of all that a type extends or implements, nearest first.
    fn base_members(&self, node: u32) -> Vec<u32> {
        let mut bases = self.own_bases(node);
        let mut at = 0;
        while at < bases.len() && at < MAX_BASES {
            let further = self.own_bases(bases[at]);
            further.into_iter().for_each(|it| {
                if !bases.contains(&it) && it != node {
                    bases.push(it)
                }
            });
            at += 1;
        }
        bases.iter().take(MAX_BASES).flat_map(|&base| self.repository.children(base)).copied().collect()
    }

    /// A block that implements a trait has that trait alone, not all of its type's.
    fn own_bases(&self, node: u32) -> Vec<u32> {
        let symbol = self.repository.symbol(node);
        if symbol.kind != SymbolKind::Impl {
            return self.bases.get(&node).cloned().unwrap_or_default();
        }
        let Some(trait_name) = symbol.implements.first().map(|it| bare_type(it)) else { return Vec::new() };
        let linked = self.traits_of_block(node);
        linked.into_iter().filter(|&it| self.repository.symbol(it).name == trait_name).collect()
    }

    /// Edges of trait blocks leave the type that the block is for, where that is of the repository.
    fn traits_of_block(&self, node: u32) -> Vec<u32> {
        let own = self.bases.get(&node).into_iter().flatten().copied();
        let target = impl_target(&self.repository.symbol(node).name);
        let of_file = self.repository.nodes_of_file(self.repository.node(node).file as usize);
        let is_target = |it: &u32| {
            let symbol = self.repository.symbol(*it);
            symbol.kind.is_type() && symbol.name == target
        };
        let of_types =
            of_file.filter(is_target).flat_map(|it| self.bases.get(&it).into_iter().flatten().copied());
        own.chain(of_types).collect()
    }

    fn main_member(&self, node: u32) -> Option<(model::context::Neighbour, String)> {
        if !self.repository.is_file_symbol(node) {
            return None;
        }
        let mut members = self.repository.children(node).to_vec();
        members.retain(|&it| self.repository.symbol(it).exported && !self.repository.node(it).is_support);
        members.sort_by(|&a, &b| self.by_centrality(a, b));
        let main = *members.first()?;
        let doc = self.comment(main)?;
        Some((neighbour(self.repository, main), doc.to_owned()))
    }
}

/// Tells whether the target stands among the attributes of the source.
fn decorates(repository: &Repository<'_>, source: u32, target: u32) -> bool {
    let name = repository.symbol(target).name.as_str();
    repository.symbol(source).attributes.iter().any(|it| {
        let path = it.trim_start_matches(['@', '#', '[']).split(['(', ']', ' ']).next().unwrap_or_default();
        last_name(path) == name
    })
}

/// The fields, variables and constants of one file that are known by their names alone.
struct Values<'a> {
    /// By name; a name that stands twice means nobody for certain.
    fields: BTreeMap<&'a str, Option<u32>>,
    globals: BTreeMap<&'a str, Option<u32>>,
}

impl<'a> Values<'a> {
    fn new(repository: &Repository<'a>, file: usize) -> Self {
        let mut values = Self { fields: BTreeMap::new(), globals: BTreeMap::new() };
        for node in repository.nodes_of_file(file) {
            let symbol = repository.symbol(node);
            let in_file = repository.node(node).parent.is_some_and(|it| repository.is_file_symbol(it));
            let known = match symbol.kind {
                SymbolKind::Field | SymbolKind::Property => &mut values.fields,
                SymbolKind::Constant | SymbolKind::Static | SymbolKind::Variable if in_file => {
                    &mut values.globals
                }
                _ => continue,
            };
            known.entry(&symbol.name).and_modify(|it| *it = None).or_insert(Some(node));
        }
        values
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.globals.is_empty()
    }

    /// What the file's own body sets once, and under no condition.
    fn declared(&self, body: &'a Body) -> impl Iterator<Item = (u32, &'a str)> {
        let mut set: BTreeMap<u32, Option<&str>> = BTreeMap::new();
        for step in body.steps.iter().filter(|it| it.kind == StepKind::Write) {
            let Some(&Some(node)) = self.globals.get(step.text.as_str()) else { continue };
            let value = step.value.as_deref().filter(|_| step.under.is_none());
            set.entry(node).and_modify(|it| *it = None).or_insert(value);
        }
        set.into_iter().filter_map(|(node, value)| Some((node, value?)))
    }

    /// Tells of each value that a callable sets or reads.
    fn used(&self, repository: &Repository<'_>, node: u32, body: &Body, mut note: impl FnMut(Use, u32)) {
        let parameters: BTreeSet<&str> =
            repository.symbol(node).parameters.iter().map(|it| it.name.as_str()).collect();
        let mut tell = |how, text: &str| {
            for (name, is_member) in paths_in(text) {
                let known = if is_member { self.fields.get(name) } else { self.globals.get(name) };
                // A variable of the body may have the same plain name; those of files are set in bodies by no other.
                let is_hidden =
                    !is_member && (parameters.contains(name) || how == Use::Reads && is_plain(name));
                if let Some(&target) = known.and_then(Option::as_ref).filter(|_| !is_hidden)
                    && (!is_member || shares_type(repository, node, target))
                {
                    note(how, target);
                }
            }
        };
        for step in &body.steps {
            let is_write = step.kind == StepKind::Write;
            tell(if is_write { Use::Sets } else { Use::Reads }, &step.text);
            step.arguments.iter().chain(&step.value).for_each(|it| tell(Use::Reads, it));
        }
        body.conditions.iter().for_each(|it| tell(Use::Reads, &it.text));
    }
}

/// A member is meant where the callable belongs to the same type.
fn shares_type(repository: &Repository<'_>, callable: u32, field: u32) -> bool {
    let owner = |node: u32| {
        let parent = repository.node(node).parent?;
        let symbol = repository.symbol(parent);
        let name = if symbol.kind == SymbolKind::Impl { impl_target(&symbol.name) } else { &symbol.name };
        (symbol.kind != SymbolKind::Module).then(|| name.to_owned())
    };
    owner(field).is_some() && owner(callable) == owner(field)
}

/// The identifiers of a text outside of quotes, each with whether a `self.`, `this.` or other name stands before it.
fn paths_in(text: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_name = c.is_alphanumeric() || c == '_' || c == '$';
        match (quote, start) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, None) if is_name => start = Some(at),
            (None, Some(begin)) if !is_name => {
                found.push((&text[begin..at], text[..begin].ends_with('.')));
                start = None;
                quote = quote_mark(c);
            }
            (None, None) => quote = quote_mark(c),
            (None, Some(_)) => {}
        }
    }
    found
}

fn quote_mark(c: char) -> Option<char> {
    matches!(c, '"' | '\'' | '`').then_some(c)
}

/// Tells whether a name has no capital.
fn is_plain(name: &str) -> bool {
    !name.contains(char::is_uppercase)
}

/// The identifiers of a type as written.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|it| !it.is_empty())
}
