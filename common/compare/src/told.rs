//! Pieces of text that every report uses.

use prose::thousands;

/// Characters of code that a sentence quotes.
const MAX_CODE_CHARS: usize = 80;

/// Puts code between backticks; a long piece is cut.
pub(crate) fn code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = match line.char_indices().nth(MAX_CODE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    };
    // A backtick would end the quotation.
    format!("`{}`", cut.replace('`', "'"))
}

/// Writes a number with what it counts: `1 symbol`, `2,014 symbols`.
pub(crate) fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n as u64), if n == 1 { one } else { many })
}

/// Joins parts as a sentence does: `a, b and c`.
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}
