//! Which named type a type written in source stands for.

use docpack::Language;

use crate::resolve::go::{Written, outermost};
use crate::resolve::written::TypeIdx;

/// Types nested deeper in wrappers than this are not followed.
const MAX_WRAPPERS: usize = 6;

/// How the named type is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shape {
    /// The type itself, or a pointer that passes its methods on.
    Plain,
    /// No named type holds it: the text is read when a path asks.
    Composite,
    /// The element of a list, slice, array or map.
    Element,
    /// A Rust type with all its arguments.
    Whole(TypeIdx),
}

/// Pointers and promises whose members are those of what they hold.
const TRANSPARENT: &[&str] =
    &["Annotated", "Awaitable", "ClassVar", "Coroutine", "Final", "Optional", "Promise", "Readonly", "Ref"];
const CONTAINERS: &[&str] = &[
    "Array",
    "ArrayList",
    "Iterable",
    "Iterator",
    "List",
    "ReadonlyArray",
    "Sequence",
    "Set",
    "deque",
    "frozenset",
    "list",
    "set",
    "tuple",
];

/// Finds the path of the type that a written type names, without its arguments.
///
/// Unions, functions, tuples and literals name no single type and give `None`.
pub(crate) fn named_type(language: Language, text: &str) -> Option<(Shape, &str)> {
    if language == Language::Go {
        return go_type(text);
    }
    let mut text = text;
    let mut shape = Shape::Plain;
    for _ in 0..MAX_WRAPPERS {
        text = without_marks(language, text)?;
        if let Some((inner, outer)) = element(language, text) {
            text = inner;
            shape = combined(shape, outer)?;
            continue;
        }
        let (head, arguments) = head(language, text)?;
        let last = head.rsplit(['.', ':']).next().unwrap_or(head);
        let Some(first) = arguments.and_then(first_argument) else { return Some((shape, head)) };
        if TRANSPARENT.contains(&last) {
            text = first;
        } else if CONTAINERS.contains(&last) {
            text = first;
            shape = combined(shape, Shape::Element)?;
        } else {
            return Some((shape, head));
        }
    }
    None
}

/// A named Go type, else the whole text.
fn go_type(text: &str) -> Option<(Shape, &str)> {
    match outermost(text) {
        Written::Named(path) => Some((Shape::Plain, path)),
        Written::Other => None,
        _ => Some((Shape::Composite, text)),
    }
}

/// Only one layer is told apart; deeper nesting names nothing that can be followed.
fn combined(outer: Shape, inner: Shape) -> Option<Shape> {
    match (outer, inner) {
        (Shape::Plain, shape) | (shape, Shape::Plain) => Some(shape),
        _ => None,
    }
}

fn without_marks(language: Language, text: &str) -> Option<&str> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let text = match language {
        Language::Rust => text,
        _ => sole_member(text)?,
    };
    (!text.is_empty()).then_some(text)
}

/// A union counts when all but one of its members are empty values.
fn sole_member(text: &str) -> Option<&str> {
    let text = text.strip_prefix("readonly ").unwrap_or(text);
    if !text.contains('|') || text.contains(['[', '<', '{', '(']) {
        return Some(text);
    }
    let mut members = text
        .split('|')
        .map(str::trim)
        .filter(|member| !matches!(*member, "" | "None" | "null" | "undefined"));
    members.next().filter(|_| members.next().is_none())
}

fn element(language: Language, text: &str) -> Option<(&str, Shape)> {
    match language {
        Language::TypeScript | Language::JavaScript => {
            text.strip_suffix("[]").map(|inner| (inner, Shape::Element))
        }
        Language::Python | Language::Rust | Language::Go => None,
    }
}

/// Splits `a.B<C, D>` into `a.B` and `C, D`; anything that is no such name gives `None`.
fn head(language: Language, text: &str) -> Option<(&str, Option<&str>)> {
    let open = if language == Language::Python { '[' } else { '<' };
    let end = text.find(open).unwrap_or(text.len());
    let head = text.get(..end)?.trim();
    let is_name = head.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '$' | '#'));
    if head.is_empty() || !is_name || head.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let arguments = text.get(end + 1..text.len().saturating_sub(1));
    let whole = end == text.len() || text.ends_with([']', '>']);
    whole.then_some((head, arguments.filter(|arguments| !arguments.is_empty())))
}

/// Returns the first of several arguments.
fn first_argument(arguments: &str) -> Option<&str> {
    let mut depth = 0usize;
    for (at, c) in arguments.char_indices() {
        match c {
            '<' | '[' | '(' | '{' => depth += 1,
            '>' | ']' | ')' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return arguments.get(..at).map(str::trim),
            _ => {}
        }
    }
    Some(arguments.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, text: &str) -> String {
        named_type(language, text).map_or("-".to_owned(), |(shape, path)| format!("{path} {shape:?}"))
    }

    #[test]
    fn wrappers_are_seen_through() {
        assert_eq!(shown(Language::Python, "Optional[\"Client\"]"), "Client Plain");
        assert_eq!(shown(Language::Python, "Client | None"), "Client Plain");
        assert_eq!(shown(Language::Python, "A | B"), "-");
        assert_eq!(shown(Language::TypeScript, "Promise<Foo[]>"), "Foo Element");
        assert_eq!(shown(Language::TypeScript, "(a: A) => B"), "-");
        assert_eq!(shown(Language::Go, "*pkg.Client[K]"), "pkg.Client Plain");
        assert_eq!(shown(Language::Go, "(*Client, error)"), "(*Client, error) Composite");
    }
}
