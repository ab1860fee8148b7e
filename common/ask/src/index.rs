//! What a pack holds that can be evidence, found by words.

use std::collections::HashMap;

use docpack::records::{Body, Document, Symbol, TourItem};
use docpack::{ConditionKind, Role, SymbolId, SymbolKind};
use prose::plain;
use search::Kind;

use crate::Records;
use crate::passage::{Passage, passages};

/// The word for a place where a failure is dealt with.
pub(crate) const CATCH: &str = "catch";
/// Passages of one pack; a repository with more text than this is a library of books.
const MAX_PASSAGES: usize = 40_000;
/// Around a passage so many characters are known by it too, in the units in which the website counts.
const CONTEXT_UNITS: usize = 600;
/// Of the source text of a symbol without a body, so many bytes are read.
const MAX_SOURCE_BYTES: usize = 4_000;
/// A longer remark above a value is about more than the value.
const MAX_REMARK_LINES: usize = 6;
/// How a line of a remark begins.
pub(crate) const REMARKS: [&str; 4] = ["#", "//", "/*", "*"];

/// Evidence of a pack by its words. It keeps places, and nothing of the texts.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) words: search::Index,
    pub(crate) n_symbols: usize,
    pub(crate) others: Vec<Unit>,
}

/// What stands at a place of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    /// By its place in `nodes.json`.
    Symbol(usize),
    /// Text before the first heading is in no section; a section without a passage has no text in the pack.
    Passage {
        document: usize,
        section: Option<usize>,
        passage: Option<Passage>,
    },
    Statement {
        section: usize,
        item: usize,
    },
}

impl Index {
    /// Reads the symbols, documents and statements of a pack; symbols have their places in `nodes.json`.
    pub fn of(records: &Records<'_>) -> Self {
        let mut index = Self { n_symbols: records.nodes.symbols.len(), ..Self::default() };
        let bodies = bodies(records);
        for symbol in &records.nodes.symbols {
            index.words.add(&symbol_document(symbol, bodies.get(&symbol.id).copied(), records));
        }
        for at in 0..records.source_map.documents.len() {
            index.add_document(at, records);
        }
        for (section, of) in records.tour.iter().flat_map(|tour| tour.sections.iter().enumerate()) {
            for (at, item) in of.items.iter().enumerate() {
                index.words.add(&statement_document(&of.title, item));
                index.others.push(Unit::Statement { section, item: at });
            }
        }
        index
    }

    pub(crate) fn unit(&self, place: u32) -> Option<Unit> {
        let place = place as usize;
        if place < self.n_symbols {
            return Some(Unit::Symbol(place));
        }
        self.others.get(place - self.n_symbols).cloned()
    }

    /// Lists what stands behind the symbols, with its places.
    pub(crate) fn others(&self) -> impl Iterator<Item = (u32, &Unit)> {
        (self.n_symbols as u32..).zip(&self.others)
    }

    fn add_document(&mut self, at: usize, records: &Records<'_>) {
        let document = &records.source_map.documents[at];
        let text = records.source.and_then(|source| source.get(&document.file_path)).unwrap_or_default();
        let mut is_told = vec![false; document.sections.len()];
        for passage in passages(document, text) {
            if self.others.len() >= MAX_PASSAGES {
                return;
            }
            if let Some(section) = passage.section {
                is_told[section] = true;
            }
            self.words.add(&passage_document(document, &passage, text));
            let section = passage.section;
            self.others.push(Unit::Passage { document: at, section, passage: Some(passage) });
        }
        for (section, _) in is_told.iter().enumerate().filter(|(_, is_told)| !**is_told && text.is_empty()) {
            self.words.add(&section_document(document, Some(section)));
            self.others.push(Unit::Passage { document: at, section: Some(section), passage: None });
        }
    }
}

pub(crate) fn bodies<'a>(records: &Records<'a>) -> HashMap<SymbolId, &'a Body> {
    records.bodies.iter().flat_map(|it| &it.bodies).map(|body| (body.symbol_id, body)).collect()
}

/// Names the headings above a section, the highest first; before the first heading the document itself.
pub(crate) fn headings(document: &Document, section: Option<usize>) -> String {
    let Some(section) = section else { return file_name(document).to_owned() };
    let mut level = u32::MAX;
    let mut titles: Vec<&str> = Vec::new();
    for above in document.sections[..=section].iter().rev() {
        if above.level < level {
            level = above.level;
            titles.push(&above.title);
        }
    }
    titles.reverse();
    // A logo may be a heading.
    let titles: Vec<String> = titles.into_iter().map(plain).filter(|title| !title.is_empty()).collect();
    if titles.is_empty() { file_name(document).to_owned() } else { titles.join(" > ") }
}

fn symbol_document<'a>(
    symbol: &'a Symbol,
    body: Option<&Body>,
    records: &Records<'a>,
) -> search::Document<'a> {
    let text = match body {
        Some(body) => facts(body),
        None => own_text(symbol, records).to_owned(),
    };
    search::Document {
        kind: Kind::Symbol,
        name: symbol.name.as_str().into(),
        qualified_name: symbol.qualified_name.as_str().into(),
        path: symbol.file_path.as_str().into(),
        signature: symbol.signature.as_str().into(),
        documentation: symbol.doc_comment.as_deref().unwrap_or_default().into(),
        body: text.into(),
        symbol_kind: symbol.kind.as_str().into(),
        role: symbol.role.as_ref().map_or("", |role| role.as_str()).into(),
        centrality: symbol.centrality,
        exported: symbol.exported,
        ..search::Document::default()
    }
}

/// Writes the conditions of a body and what it does.
pub(crate) fn facts(body: &Body) -> String {
    // Where something is caught, it says what happens after a failure.
    let caught = |it: &'_ docpack::records::Condition| (it.kind == ConditionKind::Catch).then_some(CATCH);
    let conditions = body.conditions.iter().flat_map(|it| [Some(it.text.as_str()), caught(it)]).flatten();
    let steps = body.steps.iter().flat_map(|step| {
        let literals = step.literals.iter().map(|literal| literal.text.as_str());
        let effect = step.effect.as_ref().map(|effect| effect.as_str());
        let own = [Some(step.kind.as_str()), Some(step.text.as_str()), step.value.as_deref(), effect];
        own.into_iter().flatten().chain(step.arguments.iter().map(String::as_str)).chain(literals)
    });
    conditions.chain(steps).collect::<Vec<_>>().join(" ")
}

/// Returns the source text of a symbol; that of a value to the end of its line, with the remark above it as its comment.
pub(crate) fn own_text<'a>(symbol: &Symbol, records: &Records<'a>) -> &'a str {
    let text = records.source.and_then(|source| source.get(&symbol.file_path)).unwrap_or_default();
    let (start, end) = (symbol.byte_range.start as usize, symbol.byte_range.end as usize);
    let end = end.min(start.saturating_add(MAX_SOURCE_BYTES));
    if has_value(symbol) {
        let rest = text.get(floor(text, end)..).unwrap_or_default();
        let end = floor(text, end) + rest.find('\n').unwrap_or(rest.len()).min(MAX_SOURCE_BYTES);
        let start = if is_value(symbol) { remark_start(text, start) } else { start };
        return text.get(start..end).unwrap_or_default();
    }
    text.get(start..floor(text, end)).unwrap_or_default()
}

/// Tells whether a symbol is a value that has no comment of its own.
pub(crate) fn is_value(symbol: &Symbol) -> bool {
    has_value(symbol) && symbol.doc_comment.is_none()
}

/// Tells whether a symbol is a constant, a variable or a field.
pub(crate) fn has_value(symbol: &Symbol) -> bool {
    use SymbolKind::{Constant, Field, Property, Static, Variable};
    matches!(symbol.kind.known(), Some(Constant | Field | Property | Static | Variable))
}

/// Finds where the remark in the lines above a place begins; the place itself where there is none.
fn remark_start(text: &str, place: usize) -> usize {
    let mut start = place;
    let above = text.get(..place).unwrap_or_default();
    let mut at = above.rfind('\n').map_or(0, |at| at + 1);
    for _ in 0..MAX_REMARK_LINES {
        let Some(above) = text.get(..at.saturating_sub(1)).filter(|_| at > 0) else { break };
        let line = above.rfind('\n').map_or(0, |at| at + 1);
        if !REMARKS.iter().any(|mark| above[line..].trim_start().starts_with(mark)) {
            break;
        }
        (start, at) = (line, line);
    }
    start
}

fn passage_document<'a>(document: &'a Document, passage: &Passage, text: &'a str) -> search::Document<'a> {
    let own = text.get(passage.start..passage.end).unwrap_or_default();
    let (documentation, body) = if passage.is_code { ("", own) } else { (own, context(passage, text)) };
    search::Document {
        documentation: documentation.into(),
        body: body.into(),
        ..section_document(document, passage.section)
    }
}

/// Takes the text around a passage.
fn context<'a>(passage: &Passage, text: &'a str) -> &'a str {
    let (before, after) = (text.get(..passage.start), text.get(passage.end..));
    let n_before = within(before.unwrap_or_default().chars().rev());
    let n_after = within(after.unwrap_or_default().chars());
    text.get(passage.start - n_before..passage.end + n_after).unwrap_or_default()
}

/// Counts the bytes of the first characters, as many as are half of a context.
fn within(chars: impl Iterator<Item = char>) -> usize {
    let mut n_units = 0;
    let near = chars.take_while(|c| {
        n_units += c.len_utf16();
        n_units <= CONTEXT_UNITS / 2
    });
    near.map(char::len_utf8).sum()
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn file_name(document: &Document) -> &str {
    document.file_path.rsplit('/').next().unwrap_or(&document.file_path)
}

fn section_document(document: &Document, section: Option<usize>) -> search::Document<'_> {
    search::Document {
        kind: Kind::Section,
        name: section.map_or(file_name(document), |section| &document.sections[section].title).into(),
        qualified_name: headings(document, section).into(),
        path: document.file_path.as_str().into(),
        role: match document.role.known() {
            Some(Role::Documentation) | None => "",
            Some(role) => role.as_str(),
        }
        .into(),
        ..search::Document::default()
    }
}

fn statement_document<'a>(title: &'a str, item: &'a TourItem) -> search::Document<'a> {
    let quote = item.quote.as_ref().map_or("", |quote| &quote.text);
    search::Document {
        kind: Kind::Section,
        name: title.into(),
        documentation: format!("{} {quote}", item.text).into(),
        ..search::Document::default()
    }
}
