//! Cutting what is too long for one text.

use docpack::ByteRange;

use super::ChunkParams;
use super::line::{LineTable, first_in, last_in};
use super::outline::{Owner, Piece, char_start};

/// A part is never planned smaller than this, whatever the parameters say.
const MIN_BUDGET_BYTES: u32 = 128;

/// One part of an owner's range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Where the text starts: before `own_start` when it overlaps the part before.
    pub(super) start: u32,
    /// Where what no earlier part holds starts.
    own_start: u32,
    pub(super) end: u32,
}

impl Part {
    pub(super) fn range(&self) -> ByteRange {
        ByteRange { start: self.start, end: self.end }
    }

    /// Tells whether what starts at `byte` first appears here; the last kept part takes all that is left.
    pub(super) fn holds(&self, byte: u32, is_last: bool) -> bool {
        self.own_start <= byte && (byte < self.end || is_last)
    }
}

/// Cuts an owner's pieces into parts that fit one text each, in order and without a gap.
pub(super) fn parts(source: &[u8], lines: &LineTable, owner: &Owner, params: &ChunkParams) -> Vec<Part> {
    let (Some(first), Some(last)) = (owner.pieces.first(), owner.pieces.last()) else { return Vec::new() };
    let end = last.range.end;
    let max = params.max_chunk_bytes.max(2 * MIN_BUDGET_BYTES);
    let overlap = params.overlap_bytes.min(max / 2);
    let splitter = Splitter { source, lines, owner };
    let mut parts: Vec<Part> = Vec::new();
    let mut own_start = first.range.start;
    while own_start < end {
        let start = match parts.last() {
            Some(before) => splitter.overlap_start(before, own_start, overlap),
            None => own_start,
        };
        let budget = if parts.is_empty() { max } else { max - overlap };
        let cut = splitter.cut(own_start, budget.max(MIN_BUDGET_BYTES));
        parts.push(Part { start, own_start, end: cut });
        own_start = cut;
    }
    parts
}

struct Splitter<'a> {
    source: &'a [u8],
    lines: &'a LineTable,
    owner: &'a Owner,
}

impl Splitter<'_> {
    /// Finds where the part that starts at `from` ends: after `from`, at the best place its budget allows.
    fn cut(&self, from: u32, budget: u32) -> u32 {
        let Some(limit) = self.reach(from, budget) else {
            return self.owner.pieces.last().map_or(from, |piece| piece.range.end);
        };
        // A cut in the first quarter would leave a crumb, so a line start further on is better.
        let worthwhile = from + (limit - from) / 4;
        let cut = last_in(&self.owner.cut_points, worthwhile, limit)
            .or_else(|| self.lines.last_start_in(worthwhile, limit))
            .unwrap_or_else(|| {
                Some(char_start(self.source, limit)).filter(|cut| *cut > from).unwrap_or(limit)
            });
        self.mark_around(cut).map_or(cut, |piece| piece.range.end)
    }

    /// Finds how far the budget goes; `None` when all that is left fits.
    fn reach(&self, from: u32, budget: u32) -> Option<u32> {
        let mut left = budget;
        for piece in self.pieces_from(from) {
            let start = piece.range.start.max(from);
            let n_bytes = if piece.mark.is_some() { piece.n_text_bytes() } else { piece.range.end - start };
            if n_bytes > left {
                let limit = if piece.mark.is_some() { start } else { start + left };
                // A mark that begins the part must go in, or the part would be empty.
                return Some(if limit > from { limit } else { piece.range.end });
            }
            left -= n_bytes;
        }
        None
    }

    /// Finds where to begin so that the part repeats the end of the one before.
    fn overlap_start(&self, before: &Part, own_start: u32, overlap: u32) -> u32 {
        let earliest = own_start.saturating_sub(overlap).max(before.own_start);
        let start = first_in(&self.owner.cut_points, earliest, own_start)
            .or_else(|| self.lines.first_start_in(earliest, own_start))
            .unwrap_or_else(|| char_start(self.source, earliest));
        match self.mark_around(start) {
            Some(piece) => piece.range.end.min(own_start),
            None => start,
        }
    }

    /// Finds the mark whose source the byte lies within.
    fn mark_around(&self, byte: u32) -> Option<&Piece> {
        let piece = self.pieces_from(byte).next()?;
        (piece.mark.is_some() && piece.range.start < byte).then_some(piece)
    }

    fn pieces_from(&self, byte: u32) -> impl Iterator<Item = &Piece> {
        let n_before = self.owner.pieces.partition_point(|piece| piece.range.end <= byte);
        self.owner.pieces[n_before..].iter()
    }
}
