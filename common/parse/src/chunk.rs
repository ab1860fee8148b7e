//! Facts and source to the texts that are embedded.
//!
//! Callables, types and long constants own a chunk; fields, variants, short constants and bodiless
//! methods ride in the chunk of what encloses them, so that few chunks hold everything once. An owner
//! inside another owner leaves one line with its name where it stood. A module owns a chunk when it has
//! a doc comment, riders, or code of its own that runs: a module that only groups others would embed
//! nothing but their names. A file that defines nothing is one chunk, as it is.

mod header;
mod line;
mod outline;
mod split;
mod text;

use std::collections::BTreeMap;

use docpack::{ByteRange, ChunkId, Digest, LineRange};
use model::facts::{Chunk, FileFacts, SymbolIdx};

use line::LineTable;
use outline::Owner;

/// Longer texts are split. Embedders read the first 64 tokens of each part, so parts of a long function are found too.
pub const MAX_CHUNK_BYTES: u32 = 4_096;
/// A part begins with this much of the one before, in whole statements or lines, so that a thought
/// that was cut in two is found from both sides.
pub const OVERLAP_BYTES: u32 = 256;
/// Below this a constant, a variable, an undocumented alias or a bodiless method says too little alone.
pub const SHORT_BYTES: u32 = 200;
/// Parts kept of what is neither callable nor type: past four it is a data table, not prose or logic.
pub const MAX_DATA_PARTS: usize = 4;

/// A chunk's header is cut here; names and paths that people write are shorter.
pub const MAX_HEADER_BYTES: usize = 400;
/// How much of the signature heads every part but the first.
pub const MAX_SIGNATURE_BYTES: usize = 300;

/// Sizes that shape chunks.
#[derive(Debug, Clone, Copy)]
pub struct ChunkParams {
    pub max_chunk_bytes: u32,
    /// At most half of `max_chunk_bytes` is used.
    pub overlap_bytes: u32,
    pub short_bytes: u32,
    pub max_data_parts: usize,
}

impl ChunkParams {
    /// What every build uses unless its options say otherwise.
    pub const STANDARD: Self = Self {
        max_chunk_bytes: MAX_CHUNK_BYTES,
        overlap_bytes: OVERLAP_BYTES,
        short_bytes: SHORT_BYTES,
        max_data_parts: MAX_DATA_PARTS,
    };
}

/// Cuts a parsed file into the texts that are embedded, in file order.
///
/// `text` is what `facts` was parsed from; ranges that do not fit it are clamped, never followed.
/// Each text is at most `max_chunk_bytes` and a header of [`MAX_HEADER_BYTES`] and, in later
/// parts, the signature's first [`MAX_SIGNATURE_BYTES`].
/// Every symbol stands in a chunk, save modules without words of their own.
pub fn chunks(text: &[u8], facts: &FileFacts, params: &ChunkParams) -> Vec<Chunk> {
    let lines = LineTable::of(text);
    let mut drafts = Vec::new();
    for owner in outline::owners(text, facts, params, &lines) {
        draft_owner(text, facts, params, &lines, &owner, &mut drafts);
    }
    drafts.sort_by_key(|draft| (draft.range.start, draft.symbols.first().copied(), draft.range.end));
    finish(facts, &lines, drafts)
}

/// A chunk before it has a name.
struct Draft {
    range: ByteRange,
    symbols: Vec<SymbolIdx>,
    text: String,
}

fn draft_owner(
    source: &[u8],
    facts: &FileFacts,
    params: &ChunkParams,
    lines: &LineTable,
    owner: &Owner,
    drafts: &mut Vec<Draft>,
) {
    let parts = split::parts(source, lines, owner, params);
    let n_kept = if owner.is_data { params.max_data_parts.max(1) } else { parts.len() };
    let n_kept = n_kept.min(parts.len());
    for (part_idx, part) in parts.iter().take(n_kept).enumerate() {
        let Some(text) = text::render(source, facts, owner, *part, part_idx) else { continue };
        let is_last = part_idx + 1 == n_kept;
        let mut symbols = vec![owner.symbol];
        symbols
            .extend(owner.riders.iter().filter(|rider| part.holds(rider.start, is_last)).map(|r| r.symbol));
        if part_idx == 0 {
            symbols.extend(&owner.groups);
        }
        drafts.push(Draft { range: part.range(), symbols, text });
    }
}

fn finish(facts: &FileFacts, lines: &LineTable, drafts: Vec<Draft>) -> Vec<Chunk> {
    let mut n_equal: BTreeMap<Digest, u32> = BTreeMap::new();
    let name = |draft: Draft| {
        let text_sha256 = Digest::of(draft.text.as_bytes());
        let ordinal = n_equal.entry(text_sha256).or_default();
        let chunk_id = ChunkId::derive(&facts.file_path, &text_sha256, *ordinal);
        *ordinal += 1;
        let last_byte = draft.range.end.saturating_sub(1).max(draft.range.start);
        let line_range = LineRange { start: lines.line_of(draft.range.start), end: lines.line_of(last_byte) };
        Chunk {
            chunk_id,
            byte_range: draft.range,
            line_range,
            symbols: draft.symbols,
            text_sha256,
            text: draft.text,
        }
    };
    drafts.into_iter().map(name).collect()
}
