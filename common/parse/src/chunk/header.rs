//! The first line of a chunk: where it lies and what it is called, in separate words.

use model::facts::Symbol;

use super::MAX_HEADER_BYTES;
use super::text::cut_at;

/// Words of a header; those before the last ones are left out, because the name stands last.
const MAX_WORDS: usize = 24;
/// Words of a path and a name that are looked at; those that people write have a tenth of them.
const MAX_WORDS_READ: usize = 256;
/// Words of paths that every repository has.
const EMPTY_WORDS: &[&str] = &["src", "lib", "mod", "index", "main", "crates", "packages"];

/// Lists the words of the path and of the qualified name, in lower case and each once.
///
/// The tokenizer lower-cases before it splits, so `parseHeader` would be one strange word to it. Embedders read
/// the first tokens of a chunk only, so the name does not stand here a second time in its own spelling.
pub(super) fn header(file_path: &str, symbol: &Symbol) -> String {
    let (path, _) = file_path.rsplit_once('.').unwrap_or((file_path, ""));
    let mut found: Vec<String> = Vec::new();
    let read = tokens(path).chain(tokens(&symbol.qualified_name)).flat_map(words).take(MAX_WORDS_READ);
    for word in read {
        let word = if word.is_ascii() { word.to_ascii_lowercase() } else { lowered(word) };
        if !EMPTY_WORDS.contains(&word.as_str()) && !found.contains(&word) {
            found.push(word);
        }
    }
    let last = &found[found.len().saturating_sub(MAX_WORDS)..];
    let header = last.join(" ");
    match header.is_empty() {
        true => symbol.kind.as_str().to_owned(),
        false => cut_at(&header, MAX_HEADER_BYTES).to_owned(),
    }
}

fn lowered(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).collect()
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty())
}

/// Splits `parseHTTPHeader` into `parse`, `HTTP`, `Header`.
fn words(token: &str) -> impl Iterator<Item = &str> {
    let mut rest = cut_at(token, MAX_HEADER_BYTES);
    std::iter::from_fn(move || {
        let mut before = rest.chars().next()?;
        let mut chars = rest.char_indices().skip(1).peekable();
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            let is_upper = c.is_uppercase();
            if is_upper
                && (!before.is_uppercase() || chars.peek().is_some_and(|(_, next)| next.is_lowercase()))
            {
                end = at;
                break;
            }
            before = c;
        }
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}
