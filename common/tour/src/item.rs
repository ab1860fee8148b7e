//! Statements with their evidence.

use docpack::Topic;
use docpack::records::{Quote, TourEvidence, TourItem, TourSection};

use crate::code::Code;

/// Evidence of one statement that is told.
const MAX_EVIDENCE: usize = 6;

/// Makes a statement.
pub(crate) fn item(text: impl Into<String>) -> TourItem {
    TourItem { text: text.into(), ..TourItem::default() }
}

/// Makes a statement of an author's words alone.
pub(crate) fn quoted(quote: Quote) -> TourItem {
    TourItem { quote: Some(quote), ..TourItem::default() }
}

/// Adds to a statement.
pub(crate) trait With {
    fn with(self, evidence: impl IntoIterator<Item = TourEvidence>) -> Self;
    fn quoting(self, quote: Option<Quote>) -> Self;
    fn below(self) -> Self;
}

impl With for TourItem {
    fn with(mut self, evidence: impl IntoIterator<Item = TourEvidence>) -> Self {
        for found in evidence {
            if self.evidence.len() < MAX_EVIDENCE && !self.evidence.contains(&found) {
                self.evidence.push(found);
            }
        }
        self
    }

    fn quoting(mut self, quote: Option<Quote>) -> Self {
        self.quote = quote;
        self
    }

    fn below(mut self) -> Self {
        self.depth = 1;
        self
    }
}

/// Names a symbol and where it begins.
pub(crate) fn symbol(code: &Code<'_>, at: usize) -> TourEvidence {
    TourEvidence {
        symbol_id: Some(code.symbols[at].id),
        target_id: None,
        file_path: Some(code.path(at).to_owned()),
        line: Some(code.line(at)),
    }
}

/// Names an edge and where it stands.
pub(crate) fn edge(code: &Code<'_>, from: usize, to: usize, line: u32) -> TourEvidence {
    TourEvidence {
        symbol_id: Some(code.symbols[from].id),
        target_id: Some(code.symbols[to].id),
        file_path: Some(code.path(from).to_owned()),
        line: Some(line),
    }
}

/// Names a line within a symbol.
pub(crate) fn line(code: &Code<'_>, at: usize, line: u32) -> TourEvidence {
    TourEvidence { line: Some(line), ..symbol(code, at) }
}

/// Names a file, or a folder.
pub(crate) fn path(path: &str) -> TourEvidence {
    TourEvidence { file_path: Some(path.to_owned()), ..TourEvidence::default() }
}

/// Names a line of a file.
pub(crate) fn place(file_path: &str, line: u32) -> TourEvidence {
    TourEvidence { line: Some(line), ..path(file_path) }
}

/// Makes a section; one without items is left out.
pub(crate) fn section(
    topic: Topic,
    title: &str,
    items: Vec<TourItem>,
    n_left_out: usize,
    diagram: Option<String>,
) -> Option<TourSection> {
    (!items.is_empty()).then(|| TourSection {
        topic: topic.into(),
        title: title.to_owned(),
        items,
        left_out: n_left_out as u32,
        diagram,
    })
}
