//! What the model reads: a header, then the source without indentation and comment signs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use docpack::{ByteRange, Language, SymbolKind};
use model::facts::{FileFacts, Symbol};

use super::outline::Owner;
use super::split::Part;
use super::{MAX_HEADER_BYTES, MAX_SIGNATURE_BYTES};

/// Words that a header adds to the name, at most.
const MAX_EXTRA_WORDS: usize = 16;
/// Words of paths that every repository has.
const EMPTY_WORDS: &[&str] = &["src", "lib", "mod", "index", "main", "crates", "packages"];

/// Writes a part's text; `None` when the source has nothing but blanks there.
pub(super) fn render(
    source: &[u8],
    facts: &FileFacts,
    owner: &Owner,
    part: Part,
    part_idx: usize,
) -> Option<String> {
    let symbol = facts.symbols.get(owner.symbol as usize)?;
    let is_plain_module = symbol.kind == SymbolKind::Module && facts.symbols.len() > 1;
    let raw = join(source, facts, owner, part, is_plain_module);
    let body = if is_plain_module {
        module_body(symbol, &raw, facts.language, part_idx)
    } else {
        tidy(&raw, facts.language)
    };
    if body.is_empty() {
        return None;
    }
    let mut text = header(facts, symbol);
    text.push('\n');
    if part_idx > 0 && !is_plain_module && !symbol.signature.is_empty() {
        text.push_str(cut_at(&symbol.signature, MAX_SIGNATURE_BYTES));
        text.push('\n');
    }
    text.push_str(&body);
    Some(text)
}

/// Joins the part's pieces; of a module, comments that belong to no symbol are left out.
fn join(source: &[u8], facts: &FileFacts, owner: &Owner, part: Part, is_plain_module: bool) -> String {
    let mut raw = String::new();
    for piece in &owner.pieces {
        let start = piece.range.start.max(part.start);
        let end = piece.range.end.min(part.end);
        if start >= end {
            continue;
        }
        match &piece.mark {
            Some(mark) => raw.push_str(mark),
            None if is_plain_module => {
                raw.push_str(&without_loose_comments(source, facts, owner, ByteRange { start, end }));
                raw.push('\n');
            }
            None => raw.push_str(&decode(source, ByteRange { start, end })),
        }
    }
    raw
}

/// Decodes a module's stretch, keeping the comments of the symbols that ride in it and no others.
fn without_loose_comments(source: &[u8], facts: &FileFacts, owner: &Owner, range: ByteRange) -> String {
    let mut kept = String::new();
    let mut at = range.start;
    let n_before = owner.riders.partition_point(|rider| rider.start < range.start);
    for rider in owner.riders[n_before..].iter().take_while(|rider| rider.start < range.end) {
        let Some(symbol) = facts.symbols.get(rider.symbol as usize) else { continue };
        if rider.start < at {
            continue;
        }
        let end = symbol.byte_range.end.clamp(rider.start, range.end);
        let gap = decode(source, ByteRange { start: at, end: rider.start });
        kept.push_str(&without_comments(&gap, facts.language));
        kept.push_str(&decode(source, ByteRange { start: rider.start, end }));
        at = end;
    }
    kept.push_str(&without_comments(
        &decode(source, ByteRange { start: at, end: range.end }),
        facts.language,
    ));
    kept
}

/// Writes a module's doc comment, then what is left of its code.
fn module_body(symbol: &Symbol, raw: &str, language: Language, part_idx: usize) -> String {
    let doc = symbol.doc_comment.as_deref().unwrap_or_default();
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | '*' | '!' | '#');
    let said: BTreeSet<&str> = doc.lines().map(|line| line.trim_matches(is_sign)).collect();
    let code = raw.lines().filter(|line| {
        let words = line.trim_matches(is_sign);
        let is_said = !doc.is_empty() && (words.is_empty() || said.contains(words));
        !is_said && !is_import_rest(line)
    });
    let code = tidy(&code.collect::<Vec<_>>().join("\n"), language);
    let doc = if part_idx == 0 { doc.trim() } else { "" };
    match (doc.is_empty(), code.is_empty()) {
        (true, _) => code,
        (_, true) => doc.to_owned(),
        _ => format!("{doc}\n{code}"),
    }
}

/// Tells whether all that is left of a line is what held a group of imports together.
fn is_import_rest(line: &str) -> bool {
    matches!(line.trim(), "import (" | ")" | "use" | "import")
}

/// Names the symbol in the words of its file: kind, qualified name, then words that these do not show.
///
/// The model's tokeniser lower-cases before it splits, so `parseHeader` is one strange word to it;
/// the header says `parse header` as well.
fn header(facts: &FileFacts, symbol: &Symbol) -> String {
    let mut header = format!("{} {}", symbol.kind.as_str(), symbol.qualified_name);
    let shown: Vec<&str> = tokens(&header).collect();
    let mut extra: Vec<String> = Vec::new();
    let (path, _) = facts.file_path.rsplit_once('.').unwrap_or((&facts.file_path, ""));
    for word in tokens(path).chain(tokens(&symbol.qualified_name)).flat_map(words) {
        let is_new = extra.len() < MAX_EXTRA_WORDS
            && !EMPTY_WORDS.iter().any(|empty| are_alike(empty, word))
            && !extra.iter().any(|known| are_alike(known, word))
            && !shown.iter().any(|shown| are_alike(shown, word));
        if is_new {
            extra.push(lowered(word).collect());
        }
    }
    for (idx, word) in extra.iter().enumerate() {
        header.push_str(if idx == 0 { ": " } else { " " });
        header.push_str(word);
    }
    header.truncate(cut_at(&header, MAX_HEADER_BYTES).len());
    match header.contains(['\n', '\r']) {
        true => header.replace(['\n', '\r'], " "),
        false => header,
    }
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty())
}

/// Tells whether two words differ in case alone.
fn are_alike(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || !(one.is_ascii() && other.is_ascii()) && lowered(one).eq(lowered(other))
}

fn lowered(word: &str) -> impl Iterator<Item = char> {
    word.chars().flat_map(char::to_lowercase)
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

/// Decodes a stretch of source; what is not UTF-8 becomes replacement characters.
pub(super) fn decode(source: &[u8], range: ByteRange) -> Cow<'_, str> {
    String::from_utf8_lossy(source.get(range.start as usize..range.end as usize).unwrap_or_default())
}

/// Cuts at a character boundary at or below the limit.
pub(super) fn cut_at(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

/// Removes indentation, comment signs, trailing and repeated blanks.
fn tidy(raw: &str, language: Language) -> String {
    let indent = common_indent(raw);
    let mut text = String::with_capacity(raw.len());
    let mut is_blank_owed = false;
    for (line_idx, line) in raw.lines().enumerate() {
        let line = without_comment_signs(line.trim_end(), language);
        let n_indent = line.len() - line.trim_start().len();
        let line =
            if line_idx == 0 { line.trim_start() } else { line.get(n_indent.min(indent)..).unwrap_or(&line) };
        if line.trim().is_empty() {
            is_blank_owed = !text.is_empty();
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        if std::mem::take(&mut is_blank_owed) {
            text.push('\n');
        }
        text.push_str(line);
    }
    text
}

/// Returns the least indentation of all lines but the first, which starts where the symbol does.
fn common_indent(raw: &str) -> usize {
    let lines = raw.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0)
}

/// Takes the sign off a line that is all comment: each would cost the model up to three tokens.
fn without_comment_signs(line: &str, language: Language) -> Cow<'_, str> {
    let words = line.trim_start();
    let rest = if language == Language::Python {
        words.strip_prefix("# ")
    } else {
        ["///", "//!", "//", "/**", "/*", "*/"]
            .iter()
            .find_map(|sign| words.strip_prefix(sign))
            .or_else(|| words.strip_prefix("* "))
            .or_else(|| (words == "*").then_some(""))
    };
    match rest {
        Some(rest) => {
            let indent = &line[..line.len() - words.len()];
            // The stars of a block stand one column to the right of what it documents.
            let indent =
                if words.starts_with('*') { indent.strip_suffix(' ').unwrap_or(indent) } else { indent };
            Cow::Owned(format!("{indent}{}", rest.trim().trim_end_matches("*/").trim_end()))
        }
        None => Cow::Borrowed(line),
    }
}

/// Removes lines that are all comment, and block comments that start a line.
pub(super) fn without_comments(text: &str, language: Language) -> String {
    let mut kept = String::new();
    let mut is_in_block = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        let is_python = language == Language::Python;
        if is_in_block {
            is_in_block = !words.contains("*/");
            continue;
        }
        if !is_python && words.starts_with("/*") {
            is_in_block = !words.contains("*/");
            continue;
        }
        let is_comment = if is_python { words.starts_with('#') } else { words.starts_with("//") };
        if !is_comment && !words.starts_with("#!") {
            kept.push_str(line);
        }
    }
    kept
}
