//! Text between margins.

use std::fmt::Write as _;

/// Narrower pages hold no sentence.
const MIN_WIDTH: usize = 40;

/// Adds a text to a page, between a first and a following margin; words are never cut.
pub fn wrapped(page: &mut String, width: usize, first: &str, next: &str, text: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let room = width.max(MIN_WIDTH).saturating_sub(line.chars().count());
        if !is_empty && word.chars().count() + 1 > room {
            // Writing to a string cannot fail.
            let _ = writeln!(page, "{}", line.trim_end());
            line = next.to_owned();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(page, "{}", line.trim_end());
}
