//! `lookup.bin`: the rows as variable-length numbers.
//!
//! Every list is preceded by its length. A text or a run of lines is written as the distance of its start
//! from the end of the one before, and its length: what was stored in a row costs two bytes.

use super::{AmbiguousRow, CandidateRow, EdgeRow, Lookup, Run, SymbolRow, Text, UnresolvedRow, Word};
use crate::ids::SymbolId;
use crate::vocabulary::LineRange;

/// The first byte; another form of the entry has another one.
const FORM: u8 = 1;
const ID_BYTES: usize = 16;
const EXPORTED: u32 = 1;
const CALLERS_COMPLETE: u32 = 2;

/// Rows, and the length of each symbol's record in `nodes.json`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) lookup: Lookup,
    pub(crate) record_bytes: Vec<u32>,
}

impl Stored {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let lookup = &self.lookup;
        let mut out = Writer { bytes: vec![FORM], last_end: 0, last_line_end: 0, last_source: 0 };
        out.number(lookup.text.len() as u32);
        out.bytes.extend_from_slice(lookup.text.as_bytes());
        out.list(&lookup.words, |out, text| out.text(*text));
        out.list(&lookup.files, |out, text| out.text(*text));
        out.list(&lookup.symbols, |out, row| out.bytes.extend_from_slice(&row.id.0));
        lookup.symbols.iter().for_each(|row| out.symbol(row));
        self.record_bytes.iter().for_each(|length| out.number(*length));
        let mut last = 0;
        out.list(&lookup.lines, |out, line| {
            out.difference(last, *line);
            last = *line;
        });
        out.list(&lookup.edges, Writer::edge);
        out.list(&lookup.candidates, |out, row| {
            out.number(row.symbol);
            out.number(row.confidence);
        });
        out.last_line_end = 0;
        out.list(&lookup.ambiguous, |out, row| {
            out.source(row.source);
            out.text(row.name);
            out.number(row.line);
            out.run(row.candidates);
        });
        out.last_line_end = 0;
        out.list(&lookup.unresolved, |out, row| {
            out.source(row.source);
            out.text(row.name);
            out.number(row.reason.0);
            out.text(row.package);
            out.run(row.lines);
        });
        out.bytes
    }

    /// Tells whether this version wrote the bytes, or one that writes the same form.
    pub(crate) fn is_of_this_form(bytes: &[u8]) -> bool {
        bytes.first() == Some(&FORM)
    }

    /// Reads the symbols alone, which come first.
    pub(crate) fn symbols_from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::begun(bytes).map(|(stored, ..)| stored)
    }

    /// Reads what precedes the lines and relations.
    fn begun(bytes: &[u8]) -> Option<(Self, Reader<'_>, Known)> {
        let mut input = Reader { bytes, text: "", last_end: 0, last_line_end: 0, last_source: 0 };
        if input.take(1)? != [FORM] {
            return None;
        }
        let n_text = input.number()? as usize;
        input.text = std::str::from_utf8(input.take(n_text)?).ok()?;
        let words = input.list(|input| input.text())?;
        let files = input.list(|input| input.text())?;
        let ids = input.list(|input| Some(SymbolId(input.take(ID_BYTES)?.try_into().ok()?)))?;
        let known = Known { n_words: words.len(), n_files: files.len(), n_symbols: ids.len() };
        let symbols = input.each(&ids, |input, at, id| input.symbol(*id, at, known))?;
        let record_bytes = input.each(&ids, |input, _, _| input.number())?;
        if !ids.is_sorted_by(|a, b| a < b) {
            return None;
        }
        let text = input.text.to_owned();
        Some((
            Self { lookup: Lookup { text, words, files, symbols, ..Lookup::default() }, record_bytes },
            input,
            known,
        ))
    }

    /// Reads rows; `None` where a row names what is not there.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (begun, mut input, known) = Self::begun(bytes)?;
        let mut last = 0;
        let lines = input.list(|input| {
            last = input.difference(last)?;
            Some(last)
        })?;
        let edges = input.list(|input| input.edge(known, lines.len()))?;
        let candidates = input.list(|input| {
            Some(CandidateRow { symbol: input.below(known.n_symbols)?, confidence: input.number()? })
        })?;
        input.last_line_end = 0;
        let ambiguous = input.list(|input| {
            Some(AmbiguousRow {
                source: input.source(known)?,
                name: input.text()?,
                line: input.number()?,
                candidates: input.run(candidates.len())?,
            })
        })?;
        input.last_line_end = 0;
        let unresolved = input.list(|input| {
            Some(UnresolvedRow {
                source: input.source(known)?,
                name: input.text()?,
                reason: input.word(known)?,
                package: input.text()?,
                lines: input.run(lines.len())?,
            })
        })?;
        let is_whole = input.bytes.is_empty()
            && edges.is_sorted_by_key(|row: &EdgeRow| row.source)
            && ambiguous.is_sorted_by_key(|row: &AmbiguousRow| row.source)
            && unresolved.is_sorted_by_key(|row: &UnresolvedRow| row.source);
        let lookup = Lookup { edges, ambiguous, candidates, unresolved, lines, ..begun.lookup };
        is_whole.then_some(Self { lookup, record_bytes: begun.record_bytes })
    }
}

struct Writer {
    bytes: Vec<u8>,
    last_end: u32,
    last_line_end: u32,
    last_source: u32,
}

impl Writer {
    /// Writes seven bits a byte, the lowest first; the high bit says that more follow.
    fn number(&mut self, mut n: u32) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    /// Writes how far `to` is from `from`; small distances of either sign are short.
    fn difference(&mut self, from: u32, to: u32) {
        let distance = to.wrapping_sub(from) as i32;
        self.number(((distance << 1) ^ (distance >> 31)) as u32);
    }

    fn list<T>(&mut self, rows: &[T], mut row: impl FnMut(&mut Self, &T)) {
        self.number(rows.len() as u32);
        rows.iter().for_each(|it| row(self, it));
        self.last_source = 0;
    }

    fn text(&mut self, text: Text) {
        self.difference(self.last_end, text.start);
        self.number(text.end - text.start);
        self.last_end = text.end;
    }

    fn run(&mut self, run: Run) {
        self.difference(self.last_line_end, run.start);
        self.number(run.end - run.start);
        self.last_line_end = run.end;
    }

    fn source(&mut self, source: u32) {
        self.difference(self.last_source, source);
        self.last_source = source;
    }

    fn symbol(&mut self, row: &SymbolRow) {
        self.text(row.qualified_name);
        self.text(row.name);
        self.number(row.kind.0);
        self.number(row.role.0);
        self.number(row.file);
        self.number(row.lines.start);
        self.difference(row.lines.start, row.lines.end);
        self.number(row.centrality);
        self.number(u32::from(row.exported) * EXPORTED + u32::from(row.callers_complete) * CALLERS_COMPLETE);
    }

    fn edge(&mut self, row: &EdgeRow) {
        self.source(row.source);
        self.number(row.target);
        self.number(row.kind.0);
        self.number(row.confidence);
        self.number(row.evidence.0);
        self.run(row.lines);
    }
}

/// How many there are of what rows name.
#[derive(Clone, Copy)]
struct Known {
    n_words: usize,
    n_files: usize,
    n_symbols: usize,
}

struct Reader<'b> {
    bytes: &'b [u8],
    text: &'b str,
    last_end: u32,
    last_line_end: u32,
    last_source: u32,
}

impl<'b> Reader<'b> {
    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        if let Some((byte @ ..0x80, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            return Some(u32::from(*byte));
        }
        let mut n: u32 = 0;
        for shift in (0..32).step_by(7) {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            n |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    fn difference(&mut self, from: u32) -> Option<u32> {
        let n = self.number()?;
        let distance = (n >> 1) as i32 ^ -((n & 1) as i32);
        Some(from.wrapping_add(distance as u32))
    }

    /// A row has at least one byte, so no more are made room for than there are bytes.
    fn list<T>(&mut self, mut row: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.number()? as usize;
        if n > self.bytes.len() {
            return None;
        }
        self.last_source = 0;
        (0..n).map(|_| row(self)).collect()
    }

    fn each<I, T>(
        &mut self,
        items: &[I],
        mut row: impl FnMut(&mut Self, usize, &I) -> Option<T>,
    ) -> Option<Vec<T>> {
        items.iter().enumerate().map(|(at, item)| row(self, at, item)).collect()
    }

    fn below(&mut self, limit: usize) -> Option<u32> {
        self.number().filter(|n| (*n as usize) < limit)
    }

    fn word(&mut self, known: Known) -> Option<Word> {
        self.below(known.n_words + 1).map(Word)
    }

    fn source(&mut self, known: Known) -> Option<u32> {
        self.last_source = self.difference(self.last_source)?;
        Some(self.last_source).filter(|source| (*source as usize) < known.n_symbols)
    }

    fn text(&mut self) -> Option<Text> {
        let start = self.difference(self.last_end)?;
        let end = start.checked_add(self.number()?)?;
        self.last_end = end;
        self.text.get(start as usize..end as usize)?;
        Some(Text { start, end })
    }

    fn run(&mut self, limit: usize) -> Option<Run> {
        let start = self.difference(self.last_line_end)?;
        let end = start.checked_add(self.number()?)?;
        self.last_line_end = end;
        (end as usize <= limit).then_some(Run { start, end })
    }

    fn symbol(&mut self, id: SymbolId, at: usize, known: Known) -> Option<SymbolRow> {
        let (qualified_name, name) = (self.text()?, self.text()?);
        let (kind, role) = (self.word(known)?, self.word(known)?);
        let file = self.below(known.n_files)?;
        let start = self.number()?;
        let lines = LineRange { start, end: self.difference(start)? };
        let centrality = self.number()?;
        let flags = self.number()?;
        Some(SymbolRow {
            id,
            name,
            qualified_name,
            kind,
            role,
            file,
            lines,
            centrality,
            exported: flags & EXPORTED != 0,
            callers_complete: flags & CALLERS_COMPLETE != 0,
            record: at as u32,
        })
    }

    fn edge(&mut self, known: Known, n_lines: usize) -> Option<EdgeRow> {
        Some(EdgeRow {
            source: self.source(known)?,
            target: self.below(known.n_symbols)?,
            kind: self.word(known)?,
            confidence: self.number()?,
            evidence: self.word(known)?,
            lines: self.run(n_lines)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stored() -> Stored {
        let text = "app.Flask.runapp.py".to_owned();
        let place = |start, end| Text { start, end };
        let symbol = |byte, record| SymbolRow {
            id: SymbolId([byte; 16]),
            name: place(10, 13),
            qualified_name: place(0, 13),
            kind: Word(1),
            role: Word(0),
            file: 0,
            lines: LineRange { start: 300, end: 320 },
            centrality: 1_000_000,
            exported: true,
            callers_complete: byte == 1,
            record,
        };
        let lookup = Lookup {
            text,
            words: vec![place(0, 3)],
            files: vec![place(13, 19)],
            symbols: vec![symbol(1, 0), symbol(2, 1)],
            edges: vec![EdgeRow {
                source: 1,
                target: 0,
                kind: Word(1),
                confidence: 960_000,
                evidence: Word(1),
                lines: Run { start: 0, end: 2 },
            }],
            ambiguous: vec![AmbiguousRow {
                source: 0,
                name: place(4, 9),
                line: 12,
                candidates: Run { start: 0, end: 1 },
            }],
            candidates: vec![CandidateRow { symbol: 1, confidence: 300_000 }],
            unresolved: vec![UnresolvedRow {
                source: 0,
                name: place(4, 9),
                reason: Word(1),
                package: place(0, 0),
                lines: Run { start: 2, end: 3 },
            }],
            lines: vec![310, 4, 70_000],
        };
        Stored { lookup, record_bytes: vec![700, 80_000] }
    }

    #[test]
    fn rows_come_back_as_they_were() {
        assert_eq!(Stored::from_bytes(&stored().to_bytes()), Some(stored()));
    }

    proptest! {
        #[test]
        fn changed_bytes_give_rows_that_name_what_is_there_or_none(at in 1_usize..200, byte: u8) {
            let mut bytes = stored().to_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let Some(found) = Stored::from_bytes(&bytes) else { return Ok(()) };
            let lookup = &found.lookup;
            let n_symbols = lookup.symbols().len() as u32;
            prop_assert!(lookup.edges().iter().all(|row| row.source < n_symbols && row.target < n_symbols));
            for row in lookup.symbols() {
                prop_assert!(!lookup.file(row.file).is_empty() || lookup.files.len() == 1);
                let _ = (lookup.text(row.name), lookup.word(row.kind));
            }
        }
    }
}
