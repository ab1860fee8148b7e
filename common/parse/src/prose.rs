//! Doc comments without their markers, signatures on one line.

use std::borrow::Cow;

/// Longer signatures are cut: they are read by people and stored with every symbol.
const MAX_SIGNATURE_BYTES: usize = 1024;

/// Longer doc comments are cut at a line: what follows is an essay, not a summary of the symbol.
const MAX_DOC_BYTES: usize = 16 * 1024;

/// Removes comment markers and common indentation; `None` when nothing is left.
pub(crate) fn clean_comment(text: &str) -> Option<String> {
    let text = text.trim();
    let lines: Vec<&str> = match text.strip_prefix("/*") {
        Some(inner) => block_lines(inner),
        None => text.lines().map(line_text).collect(),
    };
    clean_lines(lines)
}

/// Removes common indentation and outer blank lines of a docstring's inside.
pub(crate) fn clean_docstring(text: &str) -> Option<String> {
    let mut lines = text.lines();
    let first = lines.next()?.trim();
    let rest = dedent(lines.collect());
    let mut joined = vec![first.to_owned()];
    joined.extend(rest);
    finish(&joined)
}

fn block_lines(inner: &str) -> Vec<&str> {
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    let inner = inner.trim_start_matches('*').trim_start_matches('!').trim_end_matches('*');
    let starred = |line: &str| line.trim_start().starts_with('*') || line.trim().is_empty();
    let all_starred = inner.lines().skip(1).all(starred);
    let strip = |line| strip_star(line, all_starred);
    inner.lines().enumerate().map(|(i, line)| if i == 0 { line.trim_start() } else { strip(line) }).collect()
}

fn strip_star(line: &str, starred: bool) -> &str {
    if !starred {
        return line;
    }
    let line = line.trim_start();
    line.strip_prefix('*').unwrap_or(line)
}

fn line_text(line: &str) -> &str {
    let line = line.trim_start();
    match line.strip_prefix("//") {
        Some(rest) => rest.strip_prefix(['/', '!']).unwrap_or(rest),
        None => line.strip_prefix('#').map_or(line, |rest| rest.trim_start_matches(['#', ':'])),
    }
}

fn clean_lines(lines: Vec<&str>) -> Option<String> {
    finish(&dedent(lines))
}

fn dedent(lines: Vec<&str>) -> Vec<String> {
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or("").trim_end().to_owned()).collect()
}

fn finish(lines: &[String]) -> Option<String> {
    let text = lines.join("\n");
    let text = text.trim_matches('\n').trim_end();
    if text.trim().is_empty() {
        return None;
    }
    if text.len() <= MAX_DOC_BYTES {
        return Some(text.to_owned());
    }
    let cut = text.floor_char_boundary(MAX_DOC_BYTES);
    let line_end = text[..cut].rfind('\n').unwrap_or(cut);
    Some(text[..line_end].to_owned())
}

/// Puts a piece of source on one line, as [`one_line`] does.
pub(crate) fn line_of(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_one_line(&text) { text } else { Cow::Owned(one_line(std::iter::once(text.as_ref()))) }
}

/// Tells whether a text is one short line already, without a second look at most names and expressions.
fn is_one_line(text: &str) -> bool {
    let mut before = b' ';
    let is_plain = text.bytes().all(|byte| {
        let follows = std::mem::replace(&mut before, byte);
        matches!(byte, b'!'..=b'~') || byte == b' ' && follows != b' '
    });
    is_plain && before != b' ' && text.len() <= MAX_SIGNATURE_BYTES
}

/// Joins pieces of source into one line: blanks collapsed, none inside brackets, no trailing comma.
pub(crate) fn one_line<'a>(pieces: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    'pieces: for piece in pieces {
        let mut broke = false;
        for word in piece.split_inclusive(char::is_whitespace) {
            let text = word.trim_end();
            if !text.is_empty() {
                push_word(&mut out, text, broke);
                broke = false;
            }
            if text.len() < word.len() && !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            broke |= word.ends_with(['\n', '\r']);
            if out.len() > MAX_SIGNATURE_BYTES {
                out.truncate(out.floor_char_boundary(MAX_SIGNATURE_BYTES));
                out.push('…');
                break 'pieces;
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A line break next to a bracket leaves no blank behind, and no trailing comma.
fn push_word(out: &mut String, word: &str, after_break: bool) {
    if after_break && out.trim_end().ends_with(['(', '[', '<']) {
        out.truncate(out.trim_end().len());
    }
    if after_break && word.starts_with([')', ']', '>']) {
        out.truncate(out.trim_end().trim_end_matches(',').len());
    }
    out.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_put_on_one_line_alike_whether_it_is_one_already() {
        let long = "a ".repeat(MAX_SIGNATURE_BYTES);
        let texts = ["", "a", " a", "a ", "a b", "a  b", "a\tb", "f(\n  a,\n)", "größe", "a\u{a0}b", &long];
        for text in texts {
            assert_eq!(line_of(Cow::Borrowed(text)), one_line(std::iter::once(text)), "{text:?}");
        }
    }
}
