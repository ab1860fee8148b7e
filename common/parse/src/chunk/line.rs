//! Where lines start.

use docpack::ByteRange;

use crate::source::line_starts;

/// Start of every line of a source, in order.
pub(super) struct LineTable {
    starts: Vec<u32>,
}

impl LineTable {
    pub(super) fn of(source: &[u8]) -> Self {
        Self { starts: line_starts(source) }
    }

    /// Returns the 1-based line that holds the byte.
    pub(super) fn line_of(&self, byte: u32) -> u32 {
        self.starts.partition_point(|start| *start <= byte).max(1) as u32
    }

    /// Returns the bytes of a 1-based line, its end included.
    pub(super) fn range(&self, line: u32, n_bytes: usize) -> Option<ByteRange> {
        let idx = usize::try_from(line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(idx)?;
        let end = self.starts.get(idx + 1).copied().unwrap_or(n_bytes as u32);
        Some(ByteRange { start, end })
    }

    /// Returns the last line start in `(after, upto]`.
    pub(super) fn last_start_in(&self, after: u32, upto: u32) -> Option<u32> {
        last_in(&self.starts, after, upto)
    }

    /// Returns the first line start in `[from, before)`.
    pub(super) fn first_start_in(&self, from: u32, before: u32) -> Option<u32> {
        first_in(&self.starts, from, before)
    }
}

/// Finds the last of the ascending `points` in `(after, upto]`.
pub(super) fn last_in(points: &[u32], after: u32, upto: u32) -> Option<u32> {
    let n_upto = points.partition_point(|point| *point <= upto);
    points[..n_upto].last().copied().filter(|point| *point > after)
}

/// Finds the first of the ascending `points` in `[from, before)`.
pub(super) fn first_in(points: &[u32], from: u32, before: u32) -> Option<u32> {
    let n_below = points.partition_point(|point| *point < from);
    points.get(n_below).copied().filter(|point| *point < before)
}
