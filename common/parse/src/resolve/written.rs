//! Rust types as they are written, with their arguments.

use crate::resolve::words::{PathIdx, Words, closing};

/// Types nested deeper than this are cut: nobody writes them by hand.
const MAX_DEPTH: u32 = 12;
/// What has more bounds than this is generated.
pub(crate) const MAX_BOUNDS: usize = 16;
/// Traits without methods of their own that code calls; beside them stands the bound that counts.
const MARKERS: &[&str] = &["Copy", "RefUnwindSafe", "Send", "Sized", "Sync", "Unpin", "UnwindSafe"];
/// Longer types are generated.
const MAX_TYPE_BYTES: usize = 2_000;

/// A written type, by index in [`Words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeIdx(pub(crate) u32);

/// What a written type says; references, lifetimes and `dyn` say nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    /// A path with the type arguments of its last part; `Item = T` counts as an argument.
    Named {
        path: PathIdx,
        arguments: Vec<TypeIdx>,
    },
    Tuple(Vec<TypeIdx>),
    Slice(TypeIdx),
    /// What has the members of several traits: `dyn A + B`.
    Bounds(Vec<TypeIdx>),
    /// `fn(A) -> B`, `impl FnMut(A) -> B`.
    Function {
        parameters: Vec<TypeIdx>,
        result: Option<TypeIdx>,
    },
    Unknown,
}

/// Reads a type.
pub(crate) fn read(words: &mut Words, text: &str) -> TypeIdx {
    let text = if text.len() > MAX_TYPE_BYTES { "_" } else { text };
    read_within(words, text, MAX_DEPTH)
}

fn read_within(words: &mut Words, text: &str, depth: u32) -> TypeIdx {
    let written = match (depth.checked_sub(1), bounds(without_marks(text)).as_slice()) {
        (None, _) => Written::Unknown,
        (Some(depth), [one]) => parsed(words, without_marks(one), depth),
        (Some(depth), several) => bounded(words, several, depth),
    };
    words.written(written)
}

/// The traits that stand between `+`, without lifetimes and what has no members; one where all are such.
fn bounds(text: &str) -> Vec<&str> {
    let is_trait = |bound: &&str| !bound.is_empty() && !bound.starts_with(['\'', '?']) && !is_marker(bound);
    let all: Vec<&str> = pieces(text, '+').filter(is_trait).take(MAX_BOUNDS).collect();
    if all.is_empty() { vec![first_bound(text)] } else { all }
}

/// Tells whether a trait has no methods that code calls.
pub(crate) fn is_marker(path: &str) -> bool {
    MARKERS.contains(&path.rsplit("::").next().unwrap_or(path))
}

/// Of several bounds one that is called like a function says how.
fn bounded(words: &mut Words, bounds: &[&str], depth: u32) -> Written {
    let all = all(words, bounds, depth);
    let function = all.iter().find(|bound| matches!(words.written_type(**bound), Written::Function { .. }));
    match function {
        Some(function) => words.written_type(*function).clone(),
        None => Written::Bounds(all),
    }
}

fn parsed(words: &mut Words, text: &str, depth: u32) -> Written {
    if let Some(inner) = inside(text, '(', ')') {
        let parts = split(inner);
        if let ([part], false) = (parts.as_slice(), inner.trim_end().ends_with(',')) {
            let within = read_within(words, part, depth);
            return words.written_type(within).clone();
        }
        return Written::Tuple(all(words, &parts, depth));
    }
    if let Some(inner) = inside(text, '[', ']') {
        let element = inner.split(';').next().unwrap_or(inner);
        return Written::Slice(read_within(words, element, depth));
    }
    if let Some(function) = function(words, text, depth) {
        return function;
    }
    named(words, text, depth)
}

/// Reads `fn(A) -> B` and the traits written like it.
fn function(words: &mut Words, text: &str, depth: u32) -> Option<Written> {
    let open = text.find('(')?;
    let word = text[..open].trim().rsplit([' ', ':']).next()?;
    if !matches!(word, "fn" | "Fn" | "FnMut" | "FnOnce") {
        return None;
    }
    let close = open + closing(&text[open..])?;
    let parameters = all(words, &split(&text[open + 1..close]), depth);
    let result = text[close + 1..].trim().strip_prefix("->").map(|result| read_within(words, result, depth));
    Some(Written::Function { parameters, result })
}

fn named(words: &mut Words, text: &str, depth: u32) -> Written {
    let open = text.find('<').unwrap_or(text.len());
    let head = text[..open].trim_end_matches("::").trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#' | '$');
    if head.is_empty()
        || head == "_"
        || !head.chars().all(is_name)
        || head.starts_with(|c: char| c.is_ascii_digit())
    {
        return Written::Unknown;
    }
    let arguments = match text.get(open..).filter(|rest| !rest.is_empty()) {
        None => Vec::new(),
        Some(rest) => match closing(rest) {
            Some(close) if rest[close + 1..].trim().is_empty() => split(&rest[1..close]),
            _ => return Written::Unknown,
        },
    };
    let types: Vec<&str> =
        arguments.into_iter().filter(|argument| !argument.starts_with('\'')).map(bound_to).collect();
    let arguments = all(words, &types, depth);
    Written::Named { path: words.path(head), arguments }
}

/// `Item = T` stands for `T`.
fn bound_to(argument: &str) -> &str {
    match argument.split_once('=') {
        Some((name, bound)) if name.trim().chars().all(|c| c.is_alphanumeric() || c == '_') => bound.trim(),
        _ => argument,
    }
}

fn all(words: &mut Words, parts: &[&str], depth: u32) -> Vec<TypeIdx> {
    parts.iter().map(|part| read_within(words, part, depth)).collect()
}

/// Takes off what does not change which members a value has.
fn without_marks(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let mut shorter = text.trim_start_matches('&').trim_start();
        if shorter.starts_with('\'') {
            shorter = shorter.find(' ').map_or("", |at| shorter[at..].trim_start());
        }
        if let Some(rest) = shorter.strip_prefix("for<") {
            shorter = rest.find('>').map_or("", |at| rest[at + 1..].trim_start());
        }
        for mark in ["mut ", "dyn ", "impl ", "*const ", "*mut ", "unsafe ", "::"] {
            shorter = shorter.strip_prefix(mark).unwrap_or(shorter).trim_start();
        }
        if shorter.len() == text.len() {
            return shorter;
        }
        text = shorter;
    }
}

fn first_bound(text: &str) -> &str {
    pieces(text, '+').next().unwrap_or(text)
}

/// Finds what stands behind the name of a type parameter and `:`.
pub(crate) fn bound_of<'t>(declared: &'t str, name: &str) -> Option<&'t str> {
    let rest = declared.strip_prefix(name)?.trim_start().strip_prefix(':')?;
    (!rest.starts_with(':')).then(|| rest.trim())
}

/// Splits at commas that stand in no brackets; what is empty is left out.
pub(crate) fn split(text: &str) -> Vec<&str> {
    pieces(text, ',').filter(|piece| !piece.is_empty()).collect()
}

/// Splits at a mark that stands in no brackets.
pub(crate) fn pieces(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut depth = 0usize;
        let mut previous = ' ';
        for (at, c) in text.char_indices() {
            match c {
                '<' | '[' | '(' | '{' => depth += 1,
                '>' if matches!(previous, '-' | '=') => {}
                '>' | ']' | ')' | '}' => depth = depth.saturating_sub(1),
                _ if c == separator && depth == 0 => {
                    rest = Some(&text[at + c.len_utf8()..]);
                    return Some(text[..at].trim());
                }
                _ => {}
            }
            previous = c;
        }
        rest = None;
        Some(text.trim())
    })
}

fn inside(text: &str, open: char, close: char) -> Option<&str> {
    let whole = text.starts_with(open) && closing(text).is_some_and(|at| at + close.len_utf8() == text.len());
    whole.then(|| &text[1..text.len() - 1])
}
