//! Parts of the source as short texts.

use std::borrow::Cow;

use model::body::MAX_TEXT_BYTES;

use crate::pass::Pass;

/// Bytes of source that a text is made of: blanks and comments that are left out count as well.
const MAX_SOURCE_BYTES: u32 = 4 * MAX_TEXT_BYTES as u32;

/// What stands in place of what was left out.
const ELLIPSIS: char = '…';

/// Renders source between two bytes on one line, without comments.
pub(crate) fn short<'a>(pass: &Pass<'a>, start: u32, end: u32) -> Cow<'a, str> {
    let limit = end.min(start.saturating_add(MAX_SOURCE_BYTES));
    cut(pass.line_between(pass.shown, start, limit), limit < end)
}

/// Cuts a text at a character; one that goes on in the source ends as a cut one does.
pub(crate) fn cut(text: Cow<'_, str>, goes_on: bool) -> Cow<'_, str> {
    let is_cut = text.len() > MAX_TEXT_BYTES || goes_on;
    let kept = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
    let kept = kept.trim_end_matches([' ', char::REPLACEMENT_CHARACTER]);
    match is_cut {
        true => Cow::Owned(format!("{kept}{ELLIPSIS}")),
        false if kept.len() == text.len() => text,
        false => Cow::Owned(kept.to_owned()),
    }
}

/// A text that goes on with what nobody needs to read, such as a closure's body.
pub(crate) fn open_ended(text: Cow<'_, str>) -> String {
    let mut text = text.into_owned();
    if !text.ends_with(ELLIPSIS) {
        text = cut(text.into(), false).into_owned();
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
