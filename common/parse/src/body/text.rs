//! Parts of the source as short texts.

use model::body::MAX_TEXT_BYTES;

use crate::pass::Pass;
use crate::prose;
use crate::tape::NodeIdx;

/// Bytes of source that a text is made of: blanks and comments that are left out count as well.
const MAX_SOURCE_BYTES: u32 = 4 * MAX_TEXT_BYTES as u32;

/// What stands in place of what was left out.
const ELLIPSIS: char = '…';

/// Renders source between two bytes on one line, without comments; `node` is the first on the tape that may
/// hold one.
pub(crate) fn short(pass: &Pass<'_>, node: NodeIdx, start: u32, end: u32) -> String {
    let limit = end.min(start.saturating_add(MAX_SOURCE_BYTES));
    let mut pieces = Vec::new();
    let mut from = start;
    let mut idx = node;
    while idx < pass.tape.len() && pass.tape.node(idx).start < limit {
        if pass.is_comment(idx) && pass.tape.node(idx).start >= from {
            pieces.push(pass.shown.text(from, pass.tape.node(idx).start));
            from = pass.tape.node(idx).end;
        }
        idx += 1;
    }
    if from < limit {
        pieces.push(pass.shown.text(from, limit));
    }
    let line = prose::one_line(pieces.iter().map(AsRef::as_ref));
    cut(line, limit < end)
}

/// Cuts a text at a character; one that goes on in the source ends as a cut one does.
pub(crate) fn cut(mut text: String, goes_on: bool) -> String {
    let is_long = text.len() > MAX_TEXT_BYTES;
    text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
    text.truncate(text.trim_end_matches([' ', char::REPLACEMENT_CHARACTER]).len());
    if is_long || goes_on {
        text.push(ELLIPSIS);
    }
    text
}

/// A text that goes on with what nobody needs to read, such as a closure's body.
pub(crate) fn open_ended(mut text: String) -> String {
    if !text.ends_with(ELLIPSIS) {
        text = cut(text, false);
        text.push_str(if text.ends_with([' ', '(', '{']) { "" } else { " " });
        text.push(ELLIPSIS);
    }
    text
}

/// Takes the quotes off a literal, with what stands before them: `rb"…"`, `r#"…"#`.
pub(crate) fn unquoted(text: &str) -> &str {
    let inner = text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_matches('#');
    for quotes in ["\"\"\"", "'''", "\"", "'", "`"] {
        if let Some(rest) = inner.strip_prefix(quotes) {
            return rest.strip_suffix(quotes).unwrap_or(rest);
        }
    }
    text
}
