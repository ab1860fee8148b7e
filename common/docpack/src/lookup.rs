//! Symbols and relations as rows of numbers: what a question about a few symbols needs of all of them.
//!
//! Text is kept once, in one string; a row names its place there. A row of the edges names the rows of its
//! two symbols, so that following edges compares no ids.

mod bytes;

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::ids::SymbolId;
use crate::records::{Graph, Nodes, SourceMap};
use crate::vocabulary::LineRange;

pub(crate) use bytes::Stored;

/// Centralities and confidences have six decimals in a pack, so a millionth is exact.
const MILLION: f64 = 1e6;

/// A place in the text of a [`Lookup`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A word of an open vocabulary, such as a kind or a role; 0 is no word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub(crate) u32);

/// A run of one of the lists of a [`Lookup`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// One symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SymbolRow {
    /// The symbol's id.
    pub id: SymbolId,
    /// As written.
    pub name: Text,
    /// Through the scopes that hold it.
    pub qualified_name: Text,
    /// What it is.
    pub kind: Word,
    /// What it is for; no word where the pack does not say.
    pub role: Word,
    /// The row of its file.
    pub file: u32,
    /// The lines of the whole definition.
    pub lines: LineRange,
    /// PageRank, in millionths.
    pub centrality: u32,
    /// It is reachable from outside its package or module.
    pub exported: bool,
    /// Every caller in the repository is known.
    pub callers_complete: bool,
    /// Where the symbol stands in `nodes.symbols`.
    pub record: u32,
}

/// One edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeRow {
    /// The row of the symbol where it starts.
    pub source: u32,
    /// The row of the symbol where it leads.
    pub target: u32,
    /// How the two stand to each other.
    pub kind: Word,
    /// How sure it is, in millionths.
    pub confidence: u32,
    /// How it was found.
    pub evidence: Word,
    /// The lines where it is written.
    pub lines: Run,
}

/// A reference with several possible targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmbiguousRow {
    /// The row of the symbol that refers.
    pub source: u32,
    /// The name as written.
    pub name: Text,
    /// Where it is written.
    pub line: u32,
    /// The possible targets.
    pub candidates: Run,
}

/// One possible target of an ambiguous reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidateRow {
    /// The row of the symbol.
    pub symbol: u32,
    /// How sure it is, in millionths.
    pub confidence: u32,
}

/// References of one name from one symbol that lead to no symbol of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnresolvedRow {
    /// The row of the symbol that refers.
    pub source: u32,
    /// The name as written.
    pub name: Text,
    /// Why it leads to no symbol.
    pub reason: Word,
    /// The package that an import names; empty where none does.
    pub package: Text,
    /// The lines where it is written.
    pub lines: Run,
}

/// The symbols and relations of a pack.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lookup {
    pub(crate) text: String,
    pub(crate) words: Vec<Text>,
    pub(crate) files: Vec<Text>,
    pub(crate) symbols: Vec<SymbolRow>,
    pub(crate) edges: Vec<EdgeRow>,
    pub(crate) ambiguous: Vec<AmbiguousRow>,
    pub(crate) candidates: Vec<CandidateRow>,
    pub(crate) unresolved: Vec<UnresolvedRow>,
    pub(crate) lines: Vec<u32>,
}

impl Lookup {
    /// Takes the rows from a pack's records; a relation whose symbols the pack lacks is left out.
    pub fn of(source_map: &SourceMap, nodes: &Nodes, graph: &Graph) -> Self {
        let mut builder = Builder::default();
        builder.symbols(source_map, nodes);
        builder.edges(graph);
        builder.references(graph);
        builder.lookup
    }

    /// Returns the symbols in ascending order of id.
    pub fn symbols(&self) -> &[SymbolRow] {
        &self.symbols
    }

    /// Returns the edges, grouped by source in the order of the symbols.
    pub fn edges(&self) -> &[EdgeRow] {
        &self.edges
    }

    /// Returns the references with several possible targets, grouped by source.
    pub fn ambiguous(&self) -> &[AmbiguousRow] {
        &self.ambiguous
    }

    /// Returns the references that lead to no symbol, grouped by source.
    pub fn unresolved(&self) -> &[UnresolvedRow] {
        &self.unresolved
    }

    /// Returns the possible targets of an ambiguous reference.
    pub fn candidates(&self, row: &AmbiguousRow) -> &[CandidateRow] {
        self.candidates.get(row.candidates.range()).unwrap_or_default()
    }

    /// Returns the lines of an edge or of an unresolved reference, in ascending order.
    pub fn lines(&self, run: Run) -> &[u32] {
        self.lines.get(run.range()).unwrap_or_default()
    }

    /// Returns the text at a place.
    pub fn text(&self, text: Text) -> &str {
        self.text.get(text.start as usize..text.end as usize).unwrap_or_default()
    }

    /// Returns a word's text; `None` for no word.
    pub fn word(&self, word: Word) -> Option<&str> {
        let at = (word.0 as usize).checked_sub(1)?;
        self.words.get(at).map(|text| self.text(*text))
    }

    /// Finds a word; `None` where nothing of the pack uses it.
    pub fn find_word(&self, text: &str) -> Option<Word> {
        let at = self.words.iter().position(|word| self.text(*word) == text)?;
        u32::try_from(at + 1).ok().map(Word)
    }

    /// Returns the path of a file.
    pub fn file(&self, file: u32) -> &str {
        self.files.get(file as usize).map_or("", |text| self.text(*text))
    }

    /// Returns the most central of the symbols that `accept` takes, then by file and line.
    pub fn most_central(&self, limit: usize, accept: impl Fn(&SymbolRow) -> bool) -> Vec<&SymbolRow> {
        let mut rows: Vec<&SymbolRow> = self.symbols.iter().filter(|row| accept(row)).collect();
        let key = |row: &&SymbolRow| (Reverse(row.centrality), row.file, row.lines, row.id);
        if limit < rows.len() {
            rows.select_nth_unstable_by_key(limit, key);
            rows.truncate(limit);
        }
        rows.sort_unstable_by_key(key);
        rows
    }

    /// Finds the row of a symbol.
    pub fn position(&self, id: SymbolId) -> Option<usize> {
        self.symbols.binary_search_by(|row| row.id.cmp(&id)).ok()
    }
}

impl Run {
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Turns millionths into the number that the pack states.
pub fn from_millionths(n: u32) -> f64 {
    f64::from(n) / MILLION
}

/// Turns a number of 0 to 1 into millionths.
pub fn to_millionths(number: f64) -> u32 {
    // The cast takes what is out of range to the nearest bound.
    (number * MILLION).round() as u32
}

#[derive(Default)]
struct Builder<'r> {
    lookup: Lookup,
    places: HashMap<&'r str, Text>,
    words: HashMap<&'r str, Word>,
    files: HashMap<&'r str, u32>,
}

impl<'r> Builder<'r> {
    /// Stores a text once.
    fn text(&mut self, text: &'r str) -> Text {
        let all = &mut self.lookup.text;
        *self.places.entry(text).or_insert_with(|| {
            let start = all.len() as u32;
            all.push_str(text);
            Text { start, end: all.len() as u32 }
        })
    }

    /// Stores a qualified name, and the name as its end where it is that.
    fn names(&mut self, name: &'r str, qualified_name: &'r str) -> (Text, Text) {
        let whole = self.text(qualified_name);
        if !name.is_empty() && qualified_name.ends_with(name) {
            return (Text { start: whole.end - name.len() as u32, end: whole.end }, whole);
        }
        (self.text(name), whole)
    }

    fn word(&mut self, word: &'r str) -> Word {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let text = self.text(word);
        self.lookup.words.push(text);
        let found = Word(self.lookup.words.len() as u32);
        self.words.insert(word, found);
        found
    }

    fn file(&mut self, path: &'r str) -> u32 {
        if let Some(known) = self.files.get(path) {
            return *known;
        }
        let text = self.text(path);
        let at = self.lookup.files.len() as u32;
        self.lookup.files.push(text);
        self.files.insert(path, at);
        at
    }

    fn symbols(&mut self, source_map: &'r SourceMap, nodes: &'r Nodes) {
        for file in &source_map.files {
            self.file(&file.file_path);
        }
        let mut order: Vec<u32> = (0..nodes.symbols.len() as u32).collect();
        order.sort_by_key(|at| nodes.symbols[*at as usize].id);
        order.dedup_by_key(|at| nodes.symbols[*at as usize].id);
        for record in order {
            let symbol = &nodes.symbols[record as usize];
            let (name, qualified_name) = self.names(&symbol.name, &symbol.qualified_name);
            let row = SymbolRow {
                id: symbol.id,
                name,
                qualified_name,
                kind: self.word(symbol.kind.as_str()),
                role: symbol.role.as_ref().map_or_else(Word::default, |role| self.word(role.as_str())),
                file: self.file(&symbol.file_path),
                lines: symbol.line_range,
                centrality: to_millionths(symbol.centrality),
                exported: symbol.exported,
                callers_complete: symbol.callers_complete,
                record,
            };
            self.lookup.symbols.push(row);
        }
    }

    fn row(&self, id: SymbolId) -> Option<u32> {
        self.lookup.position(id).map(|at| at as u32)
    }

    fn run(&mut self, lines: impl Iterator<Item = u32>) -> Run {
        let start = self.lookup.lines.len() as u32;
        self.lookup.lines.extend(lines);
        Run { start, end: self.lookup.lines.len() as u32 }
    }

    fn edges(&mut self, graph: &'r Graph) {
        for edge in &graph.edges {
            let (Some(source), Some(target)) = (self.row(edge.source), self.row(edge.target)) else {
                continue;
            };
            let row = EdgeRow {
                source,
                target,
                kind: self.word(edge.kind.as_str()),
                confidence: to_millionths(edge.confidence),
                evidence: self.word(edge.evidence.as_str()),
                lines: self.run(edge.sites.iter().map(|site| site.line)),
            };
            self.lookup.edges.push(row);
        }
        self.lookup.edges.sort_by_key(|edge| edge.source);
    }

    fn references(&mut self, graph: &'r Graph) {
        for found in &graph.ambiguous {
            let Some(source) = self.row(found.source) else { continue };
            let start = self.lookup.candidates.len() as u32;
            for candidate in &found.candidates {
                let Some(symbol) = self.row(candidate.id) else { continue };
                let confidence = to_millionths(candidate.confidence);
                self.lookup.candidates.push(CandidateRow { symbol, confidence });
            }
            let candidates = Run { start, end: self.lookup.candidates.len() as u32 };
            let name = self.text(&found.name);
            self.lookup.ambiguous.push(AmbiguousRow { source, name, line: found.line, candidates });
        }
        self.lookup.ambiguous.sort_by_key(|row| row.source);
        for found in &graph.unresolved {
            let Some(source) = self.row(found.source) else { continue };
            let row = UnresolvedRow {
                source,
                name: self.text(&found.name),
                reason: self.word(&found.reason),
                package: self.text(found.package.as_deref().unwrap_or_default()),
                lines: self.run(found.lines.iter().copied()),
            };
            self.lookup.unresolved.push(row);
        }
        self.lookup.unresolved.sort_by_key(|row| row.source);
    }
}
