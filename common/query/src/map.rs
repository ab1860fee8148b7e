//! The rows of a pack with the edges of each symbol at hand.

use docpack::lookup::{AmbiguousRow, EdgeRow, Lookup, SymbolRow, UnresolvedRow, Word};

/// The kinds of edges that questions are about, as words of the pack.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Kinds {
    pub(crate) calls: Option<Word>,
    pub(crate) contains: Option<Word>,
    pub(crate) references: Option<Word>,
    pub(crate) references_type: Option<Word>,
    pub(crate) implements: Option<Word>,
    pub(crate) extends: Option<Word>,
}

/// A pack's symbols, with the edges that leave and reach each of them.
///
/// Symbols and edges are named by their rows in the lookup.
#[derive(Debug, Clone)]
pub struct Map {
    lookup: Lookup,
    kinds: Kinds,
    /// Where the edges of each symbol begin, and after the last symbol their number.
    first_out: Vec<u32>,
    first_in: Vec<u32>,
    /// Edges by target, in the order of the edges.
    incoming: Vec<u32>,
}

impl Map {
    /// Sorts the edges of a pack by target.
    pub fn new(lookup: Lookup) -> Self {
        let word = |text: &str| lookup.find_word(text);
        let kinds = Kinds {
            calls: word("calls"),
            contains: word("contains"),
            references: word("references"),
            references_type: word("references_type"),
            implements: word("implements"),
            extends: word("extends"),
        };
        let n_symbols = lookup.symbols().len();
        let first_out = starts(n_symbols, lookup.edges().iter().map(|edge| edge.source));
        let first_in = starts(n_symbols, lookup.edges().iter().map(|edge| edge.target));
        let mut next = first_in.clone();
        let mut incoming = vec![0; lookup.edges().len()];
        for (at, edge) in lookup.edges().iter().enumerate() {
            let place = &mut next[edge.target as usize];
            incoming[*place as usize] = at as u32;
            *place += 1;
        }
        Self { lookup, kinds, first_out, first_in, incoming }
    }

    /// Returns the rows.
    pub fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// Returns a symbol's row.
    ///
    /// # Panics
    ///
    /// If the pack has no such row; every answer of this crate names rows that it has.
    pub fn symbol(&self, symbol: usize) -> &SymbolRow {
        &self.lookup.symbols()[symbol]
    }

    /// Returns a symbol's name as written.
    pub fn name(&self, symbol: usize) -> &str {
        self.lookup.text(self.symbol(symbol).name)
    }

    /// Returns a symbol's name through the scopes that hold it.
    pub fn qualified_name(&self, symbol: usize) -> &str {
        self.lookup.text(self.symbol(symbol).qualified_name)
    }

    /// Returns what a symbol is.
    pub fn kind(&self, symbol: usize) -> &str {
        self.lookup.word(self.symbol(symbol).kind).unwrap_or_default()
    }

    /// Returns what a symbol is for, where the pack says so.
    pub fn role(&self, symbol: usize) -> Option<&str> {
        self.lookup.word(self.symbol(symbol).role)
    }

    /// Returns the path of a symbol's file.
    pub fn file(&self, symbol: usize) -> &str {
        self.lookup.file(self.symbol(symbol).file)
    }

    pub(crate) fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Returns the edges that leave a symbol, and their rows.
    pub(crate) fn leaving(&self, symbol: usize) -> impl Iterator<Item = (usize, &EdgeRow)> {
        let range = self.first_out[symbol] as usize..self.first_out[symbol + 1] as usize;
        range.clone().zip(&self.lookup.edges()[range])
    }

    /// Returns the edges that reach a symbol, and their rows.
    pub(crate) fn reaching(&self, symbol: usize) -> impl Iterator<Item = (usize, &EdgeRow)> {
        let range = self.first_in[symbol] as usize..self.first_in[symbol + 1] as usize;
        self.incoming[range].iter().map(|at| (*at as usize, &self.lookup.edges()[*at as usize]))
    }

    /// Returns the symbols that a symbol contains.
    pub(crate) fn members(&self, symbol: usize) -> impl Iterator<Item = usize> {
        let contains = self.kinds.contains;
        let held = self.leaving(symbol).filter(move |(_, edge)| is(contains, edge.kind));
        held.map(|(_, edge)| edge.target as usize)
    }

    /// Returns the symbol that contains a symbol.
    pub(crate) fn owner(&self, symbol: usize) -> Option<usize> {
        let contains = self.kinds.contains;
        let mut owners = self.reaching(symbol).filter(move |(_, edge)| is(contains, edge.kind));
        owners.next().map(|(_, edge)| edge.source as usize)
    }

    /// Returns the ambiguous references of a symbol.
    pub(crate) fn ambiguous_of(&self, symbol: usize) -> &[AmbiguousRow] {
        let all = self.lookup.ambiguous();
        let start = all.partition_point(|row| (row.source as usize) < symbol);
        let n = all[start..].partition_point(|row| row.source as usize == symbol);
        &all[start..start + n]
    }

    /// Returns the unresolved references of a symbol.
    pub(crate) fn unresolved_of(&self, symbol: usize) -> &[UnresolvedRow] {
        let all = self.lookup.unresolved();
        let start = all.partition_point(|row| (row.source as usize) < symbol);
        let n = all[start..].partition_point(|row| row.source as usize == symbol);
        &all[start..start + n]
    }
}

/// Tells whether an edge is of a kind; a kind that the pack does not use has no edges.
pub(crate) fn is(kind: Option<Word>, found: Word) -> bool {
    kind == Some(found)
}

/// Counts where the rows of each symbol begin once they are sorted.
fn starts(n_symbols: usize, symbols: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; n_symbols + 1];
    for symbol in symbols {
        starts[symbol as usize + 1] += 1;
    }
    for at in 0..n_symbols {
        starts[at + 1] += starts[at];
    }
    starts
}
