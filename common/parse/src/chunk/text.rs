//! What the model reads: a header, then the source without indentation and comment signs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use docpack::{ByteRange, Language, SymbolKind};
use model::facts::{FileFacts, Symbol};

use crate::source::decoded;

use super::MAX_SIGNATURE_BYTES;
use super::header::header;
use super::outline::Owner;
use super::split::Part;

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
    let mut text = header(&facts.file_path, symbol);
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
        push_without_comments(&mut kept, &decode(source, ByteRange { start: at, end: rider.start }), facts);
        kept.push_str(&decode(source, ByteRange { start: rider.start, end }));
        at = end;
    }
    push_without_comments(&mut kept, &decode(source, ByteRange { start: at, end: range.end }), facts);
    kept
}

/// Adds what lies between two symbols; a comment at the end of the line before goes, the line's end stays.
fn push_without_comments(kept: &mut String, gap: &str, facts: &FileFacts) {
    let clean = without_comments(gap, facts.language);
    let first_line = gap.split_inclusive('\n').next().unwrap_or_default();
    let is_glued = !kept.is_empty() && !kept.ends_with('\n') && !clean.starts_with(first_line);
    if is_glued && gap.contains('\n') {
        kept.push('\n');
    }
    kept.push_str(&clean);
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

/// Decodes a stretch of source; what is not UTF-8 becomes replacement characters.
pub(super) fn decode(source: &[u8], range: ByteRange) -> Cow<'_, str> {
    decoded(source.get(range.start as usize..range.end as usize).unwrap_or_default())
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
