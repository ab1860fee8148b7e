//! The text of one file: slices by byte range, lines by offset.

use std::borrow::Cow;

use docpack::{ByteRange, LineRange};

/// Some editors put it before the first line.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Finds the first byte of every line; behind a final newline stands one more.
pub(crate) fn line_starts(bytes: &[u8]) -> Vec<u32> {
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', bytes).map(|newline| newline as u32 + 1));
    starts
}

/// Decodes text; bytes that are not UTF-8 become U+FFFD. Checking the whole first is several times faster than
/// looking for what is not.
pub(crate) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// One file's bytes and where its lines start.
pub(crate) struct Source<'a> {
    bytes: &'a [u8],
    /// The same bytes, when all of them are UTF-8: then no slice is checked again.
    utf8: Option<&'a str>,
    line_starts: Vec<u32>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, utf8: std::str::from_utf8(bytes).ok(), line_starts: line_starts(bytes) }
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the text of a range; bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn text(&self, start: u32, end: u32) -> Cow<'a, str> {
        let range = start as usize..end as usize;
        match self.utf8.and_then(|text| text.get(range.clone())) {
            Some(text) => Cow::Borrowed(text),
            None => decoded(self.bytes.get(range).unwrap_or_default()),
        }
    }

    /// Returns the 1-based line that holds a byte.
    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= offset) as u32
    }

    /// Returns the lines that a range touches.
    pub(crate) fn lines(&self, range: ByteRange) -> LineRange {
        let start = self.line(range.start);
        let last = if range.is_empty() { range.start } else { range.end - 1 };
        LineRange { start, end: self.line(last).max(start) }
    }

    /// Counts lines; a final newline does not open another one.
    pub(crate) fn n_lines(&self) -> u32 {
        let ends_open = self.bytes.last().is_some_and(|byte| *byte != b'\n');
        self.line_starts.len() as u32 - 1 + u32::from(ends_open)
    }

    /// Tells whether only blanks stand before a byte on its line.
    pub(crate) fn starts_line(&self, offset: u32) -> bool {
        let start = self.line_starts[self.line(offset) as usize - 1] as usize;
        let before = &self.bytes[start..offset as usize];
        before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before).iter().all(|byte| byte.is_ascii_whitespace())
    }
}
