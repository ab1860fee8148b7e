//! Who owns a chunk, who rides in whose, and which stretches of source each owner's text is made of.

use std::cmp::Reverse;

use docpack::{ByteRange, SymbolKind};
use model::facts::{FileFacts, Import, Symbol, SymbolIdx};

use super::line::LineTable;
use super::{ChunkParams, text};

/// Code of a module outside its symbols counts from here on: less is a package clause or a call of `main`.
const SUBSTANTIAL_BYTES: usize = 200;
/// How far above an imported name its statement is looked for.
const MAX_IMPORT_LINES: u32 = 64;
/// A name in a mark is cut here; no name that a person wrote is longer.
const MAX_MARK_NAME_BYTES: usize = 80;

/// A symbol with a chunk of its own, and all that goes into it.
pub(super) struct Owner {
    pub(super) symbol: SymbolIdx,
    /// In file order, without overlap.
    pub(super) pieces: Vec<Piece>,
    /// Where a cut does least harm: statement starts, riders, marks; ascending.
    pub(super) cut_points: Vec<u32>,
    /// In file order.
    pub(super) riders: Vec<Rider>,
    /// Blocks that say nothing themselves and whose first own symbol this is.
    pub(super) groups: Vec<SymbolIdx>,
    /// Neither callable nor type.
    pub(super) is_data: bool,
}

pub(super) struct Rider {
    pub(super) symbol: SymbolIdx,
    pub(super) start: u32,
}

/// A stretch of source, or the mark that stands for it.
pub(super) struct Piece {
    pub(super) range: ByteRange,
    pub(super) mark: Option<String>,
}

impl Piece {
    pub(super) fn n_text_bytes(&self) -> u32 {
        self.mark.as_ref().map_or(self.range.len(), |mark| mark.len() as u32)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Owns,
    Rides,
    /// Leaves a gap where it stood and owns nothing.
    Silent,
}

/// One symbol's place among the others, by range: a method may stand outside its parent, as in Go.
struct Place {
    range: ByteRange,
    /// Nearest symbol around it.
    container: usize,
    /// Nearest symbol around it that does not ride.
    home: usize,
    role: Role,
    n_owners_inside: u32,
    n_riders_inside: u32,
}

/// Finds the owners of a file's chunks, in file order.
pub(super) fn owners(
    source: &[u8],
    facts: &FileFacts,
    params: &ChunkParams,
    lines: &LineTable,
) -> Vec<Owner> {
    let places = places(source, facts, params);
    let imports = import_ranges(source, facts, lines);
    let mut inside: Vec<Vec<usize>> = vec![Vec::new(); facts.symbols.len()];
    for symbol_idx in in_file_order(&places).into_iter().filter(|idx| *idx != 0) {
        inside[places[symbol_idx].home].push(symbol_idx);
    }
    let mut first_owner_groups: Vec<Vec<SymbolIdx>> = vec![Vec::new(); facts.symbols.len()];
    for (symbol_idx, symbol) in facts.symbols.iter().enumerate() {
        let first = inside[symbol_idx].iter().find(|idx| places[**idx].role == Role::Owns);
        if let (Role::Silent, SymbolKind::Impl, Some(first)) = (places[symbol_idx].role, symbol.kind, first) {
            first_owner_groups[*first].push(symbol_idx as SymbolIdx);
        }
    }
    let mut owners = Vec::new();
    for (symbol_idx, symbol) in facts.symbols.iter().enumerate() {
        if places[symbol_idx].role != Role::Owns {
            continue;
        }
        let groups = std::mem::take(&mut first_owner_groups[symbol_idx]);
        let mut owner = outline(source, facts, &places, &imports, symbol_idx, &inside[symbol_idx]);
        owner.groups = groups;
        if symbol.kind != SymbolKind::Module || deserves_chunk(source, facts, symbol, &owner) {
            owners.push(owner);
        }
    }
    owners
}

fn in_file_order(places: &[Place]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|idx| (*idx != 0, places[*idx].range.start, Reverse(places[*idx].range.end), *idx));
    order
}

fn places(source: &[u8], facts: &FileFacts, params: &ChunkParams) -> Vec<Place> {
    let mut places: Vec<Place> = facts
        .symbols
        .iter()
        .enumerate()
        .map(|(idx, symbol)| Place {
            range: if idx == 0 { whole(source) } else { clamp(source, symbol.byte_range) },
            container: 0,
            home: 0,
            role: Role::Owns,
            n_owners_inside: 0,
            n_riders_inside: 0,
        })
        .collect();
    let order = in_file_order(&places);
    nest(&mut places, &order);
    for idx in order.iter().rev().copied().filter(|idx| *idx != 0) {
        let container_kind = facts.symbols[places[idx].container].kind;
        let role = role(&facts.symbols[idx], &places[idx], container_kind, params);
        places[idx].role = role;
        let (n_owners, n_riders) = (places[idx].n_owners_inside, places[idx].n_riders_inside);
        let container = places[idx].container;
        let container = &mut places[container];
        match role {
            Role::Owns => container.n_owners_inside += 1,
            Role::Silent => container.n_owners_inside += n_owners,
            Role::Rides => {
                container.n_owners_inside += n_owners;
                container.n_riders_inside += 1 + n_riders;
            }
        }
    }
    for idx in order.into_iter().filter(|idx| *idx != 0) {
        let container = places[idx].container;
        let rides = places[container].role == Role::Rides;
        places[idx].home = if rides { places[container].home } else { container };
    }
    places
}

/// Finds each symbol's nearest container; symbols that only overlap are siblings.
fn nest(places: &mut [Place], order: &[usize]) {
    let mut open: Vec<usize> = Vec::new();
    for idx in order.iter().copied() {
        let range = places[idx].range;
        while open.last().is_some_and(|top| *top != 0 && !places[*top].range.contains(&range)) {
            open.pop();
        }
        places[idx].container = open.last().copied().unwrap_or(0);
        open.push(idx);
    }
}

fn role(symbol: &Symbol, place: &Place, container: SymbolKind, params: &ChunkParams) -> Role {
    use SymbolKind::{Constant, EnumVariant, Field, Impl, Property, Static, TypeAlias, Variable};
    let is_short = place.range.len() < params.short_bytes;
    let rides = match symbol.kind {
        Field | Property | EnumVariant => true,
        Constant | Static | Variable => is_short && place.n_owners_inside == 0,
        TypeAlias => is_short && symbol.doc_comment.is_none(),
        Impl => is_short && place.n_owners_inside == 0,
        kind => kind.is_callable() && symbol.body_range.is_none() && container.is_type() && is_short,
    };
    let has_words = symbol.doc_comment.is_some() || place.n_riders_inside > 0 || place.n_owners_inside == 0;
    match symbol.kind {
        _ if rides => Role::Rides,
        Impl if !has_words => Role::Silent,
        _ => Role::Owns,
    }
}

/// Lists what goes into an owner's text.
fn outline(
    source: &[u8],
    facts: &FileFacts,
    places: &[Place],
    imports: &[ByteRange],
    idx: usize,
    inside: &[usize],
) -> Owner {
    let symbol = &facts.symbols[idx];
    let is_module = symbol.kind == SymbolKind::Module;
    let mut cuts: Vec<Cut> = Vec::new();
    let mut riders = Vec::new();
    for inner_idx in inside.iter().copied() {
        let inner = &facts.symbols[inner_idx];
        let range = places[inner_idx].range;
        match places[inner_idx].role {
            Role::Rides => riders.push(Rider { symbol: inner_idx as SymbolIdx, start: range.start }),
            Role::Owns | Role::Silent => {
                let mark = (!is_module).then(|| mark_of(inner));
                cuts.push(Cut { range, mark });
            }
        }
    }
    let is_whole_file = idx == 0 && facts.symbols.len() == 1;
    if is_module && !is_whole_file {
        let within = places[idx].range;
        let n_before = imports.partition_point(|import| import.start < within.start);
        let imports = imports[n_before..].iter().take_while(|import| import.start < within.end);
        cuts.extend(imports.map(|range| Cut { range: *range, mark: None }));
    }
    let pieces = pieces(places[idx].range, cuts);
    let mut cut_points: Vec<u32> =
        symbol.split_points.iter().map(|point| char_start(source, *point)).collect();
    cut_points.extend(riders.iter().map(|rider| rider.start));
    cut_points.extend(pieces.iter().filter(|piece| piece.mark.is_some()).map(|piece| piece.range.start));
    cut_points.sort_unstable();
    cut_points.dedup();
    let is_data = !symbol.kind.is_callable() && !symbol.kind.is_type() && symbol.kind != SymbolKind::Impl;
    Owner { symbol: idx as SymbolIdx, pieces, cut_points, riders, groups: Vec::new(), is_data }
}

/// A stretch that is not part of the owner's text.
struct Cut {
    range: ByteRange,
    mark: Option<String>,
}

fn mark_of(symbol: &Symbol) -> String {
    format!(" … {} … ", text::cut_at(&symbol.name, MAX_MARK_NAME_BYTES))
}

/// Turns a range and what is cut out of it into the pieces between, marks in place of cuts.
fn pieces(range: ByteRange, mut cuts: Vec<Cut>) -> Vec<Piece> {
    cuts.sort_by_key(|cut| (cut.range.start, Reverse(cut.range.end)));
    let mut pieces = Vec::new();
    let mut at = range.start;
    for cut in cuts {
        let start = cut.range.start.clamp(at, range.end.max(at));
        let end = cut.range.end.clamp(start, range.end.max(start));
        if start > at {
            pieces.push(Piece { range: ByteRange { start: at, end: start }, mark: None });
        }
        if let (Some(mark), true) = (cut.mark, end > start) {
            pieces.push(Piece { range: ByteRange { start, end }, mark: Some(mark) });
        }
        at = at.max(end);
    }
    if range.end > at {
        pieces.push(Piece { range: ByteRange { start: at, end: range.end }, mark: None });
    }
    pieces
}

/// Finds the import statements, in order: what they name is in the facts, and tells little of the module.
fn import_ranges(source: &[u8], facts: &FileFacts, lines: &LineTable) -> Vec<ByteRange> {
    let mut ranges: Vec<ByteRange> = Vec::new();
    for import in &facts.imports {
        // One statement gives an import per name.
        if ranges.last().is_none_or(|last| import.byte_start < last.start || last.end <= import.byte_start) {
            ranges.push(clamp(source, import_range(source, lines, import)));
        }
    }
    ranges.sort_unstable();
    ranges
}

/// Finds the statement around the imported name, which may stand lines further down; else takes the name's line.
fn import_range(source: &[u8], lines: &LineTable, import: &Import) -> ByteRange {
    let line = lines.line_of(import.byte_start);
    for line in (line.saturating_sub(MAX_IMPORT_LINES)..=line).rev() {
        let Some(line_range) = lines.range(line, source.len()) else { break };
        let rest = source.get(line_range.start as usize..).unwrap_or_default();
        let n_blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = line_range.start + n_blank as u32;
        if let Some(end) = import_end(source, start, &import.raw).filter(|end| *end > import.byte_start) {
            return ByteRange { start, end };
        }
    }
    lines.range(line, source.len()).unwrap_or(ByteRange { start: import.byte_start, end: import.byte_start })
}

/// Follows a statement, recorded on one line without blanks and commas at ends of lines, through the source.
fn import_end(source: &[u8], start: u32, raw: &str) -> Option<u32> {
    let rest = source.get(start as usize..)?;
    let raw = raw.strip_suffix('…').unwrap_or(raw);
    let mut wanted = raw.bytes().filter(|byte| !byte.is_ascii_whitespace()).peekable();
    for (byte, at) in rest.iter().zip(start..) {
        let Some(next) = wanted.peek() else { return Some(at) };
        if byte == next {
            wanted.next();
        } else if !byte.is_ascii_whitespace() && *byte != b',' {
            return None;
        }
    }
    wanted.peek().is_none().then_some(source.len() as u32)
}

fn deserves_chunk(source: &[u8], facts: &FileFacts, symbol: &Symbol, owner: &Owner) -> bool {
    if symbol.doc_comment.is_some() || !owner.riders.is_empty() || facts.symbols.len() == 1 {
        return true;
    }
    let n_code_bytes: usize = owner
        .pieces
        .iter()
        .map(|piece| text::without_comments(&text::decode(source, piece.range), facts.language))
        .map(|code| code.bytes().filter(|byte| !byte.is_ascii_whitespace()).count())
        .sum();
    n_code_bytes >= SUBSTANTIAL_BYTES
}

fn whole(source: &[u8]) -> ByteRange {
    ByteRange { start: 0, end: source.len() as u32 }
}

/// Clamps a range to the source and to the starts of characters.
fn clamp(source: &[u8], range: ByteRange) -> ByteRange {
    let start = char_start(source, range.start.min(source.len() as u32));
    let end = char_start(source, range.end.min(source.len() as u32));
    ByteRange { start, end: end.max(start) }
}

/// Steps back from within a character to its start; at most three bytes, what no character is longer than.
pub(super) fn char_start(source: &[u8], at: u32) -> u32 {
    let is_inside = |at: u32| source.get(at as usize).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
    (0..4).filter_map(|back| at.checked_sub(back)).find(|at| !is_inside(*at)).unwrap_or(at)
}
