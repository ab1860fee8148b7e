//! The records of a pack with the edges, members and owner of each symbol at hand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use docpack::records::{Body, Document, SourceFile, Symbol};
use docpack::{EdgeKind, Role, SymbolId, SymbolKind};

use crate::Records;

/// One edge as its source or its target sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    /// The symbol at the other end.
    pub(crate) other: usize,
    pub(crate) kind: EdgeKind,
    /// In the file of the edge's source.
    pub(crate) sites: &'a [docpack::records::Site],
}

impl Link<'_> {
    /// Returns the first line where the edge stands.
    pub(crate) fn line(&self) -> Option<u32> {
        self.sites.first().map(|site| site.line)
    }
}

/// A reference of a symbol that is no edge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenCall<'a> {
    pub(crate) name: &'a str,
    pub(crate) line: u32,
    pub(crate) why: Why<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Why<'a> {
    /// A value is called.
    Dynamic,
    /// A library is called.
    External,
    /// Several symbols may be meant.
    Ambiguous(&'a [docpack::records::Candidate]),
}

/// The symbols of a pack in the order of their files, named by their place in it.
pub(crate) struct Code<'a> {
    pub(crate) symbols: Vec<&'a Symbol>,
    pub(crate) records: &'a Records<'a>,
    /// The README of the whole, and its text.
    pub(crate) readme: Option<(&'a Document, &'a str)>,
    files: BTreeMap<&'a str, &'a SourceFile>,
    places: HashMap<SymbolId, usize>,
    out: Vec<Vec<Link<'a>>>,
    into: Vec<Vec<Link<'a>>>,
    open: Vec<Vec<OpenCall<'a>>>,
    members: Vec<Vec<usize>>,
    owners: Vec<Option<usize>>,
    bodies: Vec<Option<&'a Body>>,
    ours: Vec<bool>,
    /// The `impl` blocks by their first lines, in any file.
    blocks: HashMap<u32, Vec<usize>>,
}

impl<'a> Code<'a> {
    /// Sorts the records of a pack by symbol.
    pub(crate) fn new(records: &'a Records<'a>) -> Self {
        let mut symbols: Vec<&Symbol> = records.nodes.symbols.iter().collect();
        symbols.sort_by(|a, b| key(a).cmp(&key(b)));
        let places: HashMap<_, _> = symbols.iter().enumerate().map(|(at, symbol)| (symbol.id, at)).collect();
        let n = symbols.len();
        let files = records.source_map.files.iter().map(|file| (file.file_path.as_str(), file)).collect();
        let mut code = Self {
            records,
            readme: crate::purpose::readme(records),
            files,
            out: vec![Vec::new(); n],
            into: vec![Vec::new(); n],
            open: vec![Vec::new(); n],
            members: vec![Vec::new(); n],
            owners: vec![None; n],
            bodies: vec![None; n],
            ours: ours(&symbols),
            blocks: blocks(&symbols),
            places,
            symbols,
        };
        code.link();
        code.own();
        code
    }

    fn link(&mut self) {
        let graph = self.records.graph;
        for edge in &graph.edges {
            let (Some(source), Some(target)) = (self.place(edge.source), self.place(edge.target)) else {
                continue;
            };
            // Nearness of meaning differs between machines, and the tour must not.
            let Some(kind) = edge.kind.known().filter(|kind| is_in_code(*kind)) else { continue };
            let link = |other| Link { other, kind, sites: &edge.sites };
            self.out[source].push(link(target));
            self.into[target].push(link(source));
        }
        for open in &graph.ambiguous {
            let Some(source) = self.place(open.source) else { continue };
            let why = Why::Ambiguous(&open.candidates);
            self.open[source].push(OpenCall { name: &open.name, line: open.line, why });
        }
        for open in &graph.unresolved {
            let Some(source) = self.place(open.source) else { continue };
            let why = match open.reason.as_str() {
                "external" => Why::External,
                _ => Why::Dynamic,
            };
            let calls = open.lines.iter().map(|line| OpenCall { name: &open.name, line: *line, why });
            self.open[source].extend(calls);
        }
        for links in self.out.iter_mut().chain(&mut self.into) {
            links.sort_by_key(|link| (link.line(), link.other, link.kind));
        }
        self.open.iter_mut().for_each(|open| open.sort_by_key(|open| (open.line, open.name)));
        for body in self.records.bodies.iter().flat_map(|bodies| &bodies.bodies) {
            if let Some(at) = self.place(body.symbol_id) {
                self.bodies[at] = Some(body);
            }
        }
    }

    /// Finds the type of each member: through its parent, or through an `impl` block by its qualified name.
    fn own(&mut self) {
        let mut types: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in self.all().filter(|at| self.is_type(*at)) {
            types.entry(&self.symbols[at].qualified_name).or_default().push(at);
        }
        for at in self.all() {
            let parent = self.symbols[at].parent.and_then(|id| self.place(id));
            if let Some(parent) = parent {
                self.members[parent].push(at);
            }
            self.owners[at] = match parent {
                Some(parent) if self.kind(parent) == Some(SymbolKind::Impl) => {
                    let owner = prefix(&self.symbols[at].qualified_name);
                    let found = owner.and_then(|owner| types.get(owner));
                    found.and_then(|found| self.nearest(found, at)).or(Some(parent))
                }
                parent => parent,
            };
        }
    }

    /// Returns the symbol whose file shares the most folders with that of `at`.
    fn nearest(&self, found: &[usize], at: usize) -> Option<usize> {
        let path = self.path(at);
        let shared = |other: &usize| {
            path.split('/').zip(self.path(*other).split('/')).take_while(|(a, b)| a == b).count()
        };
        found.iter().copied().max_by_key(|other| (shared(other), std::cmp::Reverse(*other)))
    }

    pub(crate) fn all(&self) -> std::ops::Range<usize> {
        0..self.symbols.len()
    }

    /// Lists the symbols of the library or program itself.
    pub(crate) fn ours(&self) -> impl Iterator<Item = usize> {
        self.all().filter(|at| self.is_ours(*at))
    }

    /// Tells whether a symbol belongs to the library or program itself, not to its tests or examples.
    pub(crate) fn is_ours(&self, at: usize) -> bool {
        self.ours[at]
    }

    pub(crate) fn place(&self, id: SymbolId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    pub(crate) fn kind(&self, at: usize) -> Option<SymbolKind> {
        self.symbols[at].kind.known()
    }

    pub(crate) fn role(&self, at: usize) -> Role {
        role(self.symbols[at])
    }

    pub(crate) fn path(&self, at: usize) -> &'a str {
        &self.symbols[at].file_path
    }

    pub(crate) fn line(&self, at: usize) -> u32 {
        self.symbols[at].line_range.start
    }

    pub(crate) fn file(&self, path: &str) -> Option<&'a SourceFile> {
        self.files.get(path).copied()
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &'a SourceFile> {
        self.files.values().copied()
    }

    pub(crate) fn body(&self, at: usize) -> Option<&'a Body> {
        self.bodies[at]
    }

    pub(crate) fn leaving(&self, at: usize) -> &[Link<'a>] {
        &self.out[at]
    }

    pub(crate) fn reaching(&self, at: usize) -> &[Link<'a>] {
        &self.into[at]
    }

    pub(crate) fn open(&self, at: usize) -> &[OpenCall<'a>] {
        &self.open[at]
    }

    /// Lists what a symbol holds directly; of a type also what its `impl` blocks hold.
    pub(crate) fn members(&self, at: usize) -> &[usize] {
        &self.members[at]
    }

    /// Returns the type, or else the module or callable, that a symbol belongs to.
    pub(crate) fn owner(&self, at: usize) -> Option<usize> {
        self.owners[at]
    }

    /// Returns the type whose member the symbol is.
    pub(crate) fn owner_type(&self, at: usize) -> Option<usize> {
        self.owner(at).filter(|owner| self.is_type(*owner) || self.kind(*owner) == Some(SymbolKind::Impl))
    }

    /// Tells whether the symbol has members; an alias of a type has none.
    pub(crate) fn is_type(&self, at: usize) -> bool {
        self.kind(at).is_some_and(|kind| kind.is_type() && kind != SymbolKind::TypeAlias)
    }

    pub(crate) fn is_callable(&self, at: usize) -> bool {
        self.kind(at).is_some_and(SymbolKind::is_callable)
    }

    /// Tells whether users of the repository may name the symbol.
    pub(crate) fn is_public(&self, at: usize) -> bool {
        let symbol = self.symbols[at];
        symbol.exported && symbol.visibility == docpack::Visibility::Public && !symbol.name.starts_with('_')
    }

    /// Names a symbol as its users do: `Flask.route`, `Router::new`, `render_template`.
    pub(crate) fn name(&self, at: usize) -> String {
        let symbol = self.symbols[at];
        if matches!(symbol.name.as_str(), "exports" | "default") && !self.is_type(at) {
            return self.file_name(at);
        }
        let Some(owner) = self.owner_type(at) else { return symbol.name.clone() };
        let separator = if symbol.qualified_name.contains("::") { "::" } else { "." };
        let owner = match self.kind(owner) {
            Some(SymbolKind::Impl) => prefix(&symbol.qualified_name).map_or("", last_segment),
            _ => self.symbols[owner].name.as_str(),
        };
        format!("{owner}{separator}{}", symbol.name)
    }

    /// Names what a file is by itself: of `show-dir/index.js` that is `show-dir`.
    fn file_name(&self, at: usize) -> String {
        let mut names = self.path(at).rsplit('/').map(|name| name.split('.').next().unwrap_or(name));
        let name = names.next().unwrap_or_default();
        if name == "index" { names.next().unwrap_or(name) } else { name }.to_owned()
    }

    /// Finds the symbol of a file itself.
    pub(crate) fn module_of(&self, path: &str) -> Option<usize> {
        let from = self.symbols.partition_point(|symbol| symbol.file_path.as_str() < path);
        let of_file = self.symbols[from..].iter().take_while(|symbol| symbol.file_path == path);
        let is_module = |symbol: &&&Symbol| symbol.kind == SymbolKind::Module && symbol.parent.is_none();
        of_file.enumerate().find(|(_, symbol)| is_module(symbol)).map(|(at, _)| from + at)
    }

    /// Tells whether an import is the declaration of a module: `mod name;`.
    pub(crate) fn declares_module(&self, from: usize, link: &Link<'_>) -> bool {
        let imports = self.file(self.path(from)).map_or(&[][..], |file| &file.imports);
        let at_line = imports.iter().filter(|import| Some(import.line) == link.line());
        let mut words = at_line.map(|import| import.raw.split_whitespace());
        words.any(|mut words| words.any(|word| word == "mod"))
    }

    /// Tells whether the code that implements a trait for a type stands in the type's own file.
    ///
    /// The line of such an edge is that of the `impl` block, which may be in any file.
    pub(crate) fn has_block(&self, from: usize, link: &Link<'_>) -> bool {
        let (name, of) = (&self.symbols[from].name, &self.symbols[link.other].name);
        let is_block = |symbol: &&Symbol| {
            symbol.name.split(" for ").nth(1).is_some_and(|target| target.starts_with(name.as_str()))
                && symbol.name.contains(of.as_str())
        };
        let at_line = link.line().and_then(|line| self.blocks.get(&line)).into_iter().flatten();
        let mut blocks = at_line.map(|at| self.symbols[*at]).filter(is_block).peekable();
        // A derived trait has no block.
        blocks.peek().is_none() || blocks.any(|symbol| symbol.file_path == self.path(from))
    }

    /// Lists the distinct files in which edges to a symbol or its members stand, its own file aside.
    pub(crate) fn users(&self, at: usize) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let members = self.members[at].iter().copied().filter(|_| self.is_type(at));
        for target in std::iter::once(at).chain(members) {
            let links = self.into[target].iter().filter(|link| link.kind != EdgeKind::Contains);
            found.extend(links.map(|link| self.path(link.other)).filter(|path| *path != self.path(at)));
        }
        found
    }
}

/// Sorts symbols by file, then outer before inner.
fn key(symbol: &Symbol) -> (&str, u32, std::cmp::Reverse<u32>, SymbolId) {
    let range = symbol.byte_range;
    (&symbol.file_path, range.start, std::cmp::Reverse(range.end), symbol.id)
}

fn role(symbol: &Symbol) -> Role {
    symbol.role.as_ref().and_then(docpack::Open::known).unwrap_or(Role::Product)
}

/// Marks what the tour is about: the product; where there is none, everything but tests.
fn ours(symbols: &[&Symbol]) -> Vec<bool> {
    let has_product = symbols.iter().any(|symbol| role(symbol) == Role::Product);
    let is_ours = |symbol: &&Symbol| match has_product {
        true => role(symbol) == Role::Product,
        false => role(symbol) != Role::Test,
    };
    symbols.iter().map(is_ours).collect()
}

fn blocks(symbols: &[&Symbol]) -> HashMap<u32, Vec<usize>> {
    let mut found: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, symbol) in symbols.iter().enumerate().filter(|(_, symbol)| symbol.kind == SymbolKind::Impl) {
        found.entry(symbol.line_range.start).or_default().push(at);
    }
    found
}

/// Tells whether an edge follows from the code alone.
fn is_in_code(kind: EdgeKind) -> bool {
    !matches!(kind, EdgeKind::Related | EdgeKind::CoChanged)
}

/// Returns the scope of a qualified name.
pub(crate) fn prefix(qualified_name: &str) -> Option<&str> {
    let at = qualified_name.rfind(['.', ':', '#'])?;
    Some(qualified_name[..at].trim_end_matches(':'))
}

fn last_segment(qualified_name: &str) -> &str {
    qualified_name.rsplit(['.', ':', '#', '/']).next().unwrap_or(qualified_name)
}
