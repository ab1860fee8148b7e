//! Which named type a type written in source stands for.

use docpack::Language;

use crate::resolve::go::{Written, outermost};
use crate::resolve::words::{PathIdx, closing, imported_module};
use crate::resolve::written::{TypeIdx, pieces};

/// Types nested deeper in wrappers than this are not followed.
const MAX_WRAPPERS: usize = 6;

/// How the named type is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shape {
    /// The type itself, or a pointer that passes its methods on.
    Plain,
    /// No named type holds it: the text is read when a path asks.
    Composite,
    /// The element of a list, slice or array.
    Element,
    /// The value under a key of a map.
    Entry,
    /// A Rust type with all its arguments.
    Whole(TypeIdx),
    /// The type itself is the value: Python's `type[Foo]`.
    Itself,
    /// Within types of the standard library by their names, which the repository may use for its own.
    Within(WithinIdx),
}

/// Index of a [`Within`] among the words of the repository.
pub(crate) type WithinIdx = u32;

/// A type written with names of the standard library around it: `Optional[Collection[Foo]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Within {
    /// The paths around it, the outermost first, each with how it is held itself.
    pub(crate) names: Vec<(PathIdx, Shape)>,
    /// What it is where all of these names are the library's.
    pub(crate) shape: Shape,
    pub(crate) path: PathIdx,
}

/// A written type as far as its text says what it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named<'t> {
    pub(crate) shape: Shape,
    pub(crate) path: &'t str,
    /// Names of the standard library that were seen through, the outermost first, each with how it is held.
    pub(crate) within: Vec<(&'t str, Shape)>,
}

/// Longer object types are generated.
const MAX_OBJECT_BYTES: usize = 4096;

/// Wrappers whose members are those of what they hold.
const TRANSPARENT: &[&str] = &["Annotated", "Awaitable", "ClassVar", "Coroutine", "Final", "Optional"];
const CONTAINERS: &[&str] = &[
    "AbstractSet",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Collection",
    "Deque",
    "FrozenSet",
    "Generator",
    "Iterable",
    "Iterator",
    "List",
    "MutableSequence",
    "MutableSet",
    "Sequence",
    "Set",
    "deque",
    "frozenset",
    "list",
    "set",
];
/// What awaits a promise gets what it holds; the utility types have the members of their argument.
const SCRIPT_TRANSPARENT: &[&str] =
    &["Awaited", "NonNullable", "Partial", "Promise", "PromiseLike", "Readonly", "Required"];
const SCRIPT_CONTAINERS: &[&str] = &[
    "Array",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterableIterator",
    "Generator",
    "Iterable",
    "IterableIterator",
    "ReadonlyArray",
    "ReadonlySet",
    "Set",
];

/// What holds values of its last argument under keys of its first.
const MAPS: &[&str] = &[
    "DefaultDict",
    "Dict",
    "Map",
    "Mapping",
    "MutableMapping",
    "OrderedDict",
    "ReadonlyMap",
    "Record",
    "defaultdict",
    "dict",
];

/// Finds the path of the type that a written type names, without its arguments.
///
/// Unions, functions, tuples and literals name no single type and give `None`.
pub(crate) fn named_type(language: Language, text: &str) -> Option<Named<'_>> {
    if language == Language::Go {
        return go_type(text).map(|(shape, path)| Named { shape, path, within: Vec::new() });
    }
    let mut text = text;
    let mut shape = Shape::Plain;
    let mut within = Vec::new();
    for _ in 0..MAX_WRAPPERS {
        text = without_marks(language, text)?;
        if let Some((inner, outer)) = element(language, text) {
            text = inner;
            shape = combined(shape, outer)?;
            continue;
        }
        if let Some(fields) = object_fields(language, text) {
            if let Some(value) = indexed_value(fields) {
                text = value;
                shape = combined(shape, Shape::Entry)?;
                continue;
            }
            let is_object = shape == Shape::Plain && text.len() <= MAX_OBJECT_BYTES;
            return is_object.then_some(Named { shape: Shape::Composite, path: text, within });
        }
        let (head, arguments) = head(language, text)?;
        let last = head.rsplit(['.', ':']).next().unwrap_or(head);
        let Some(first) = arguments.and_then(first_argument) else {
            return Some(Named { shape, path: head, within });
        };
        if language == Language::Python
            && let Some(inner) = python_special(last, arguments.unwrap_or_default())
        {
            let (inner, outer) = inner?;
            within.push((head, shape));
            text = inner;
            shape = combined(shape, outer)?;
            continue;
        }
        let (transparent, containers) = match language {
            Language::TypeScript | Language::JavaScript => (SCRIPT_TRANSPARENT, SCRIPT_CONTAINERS),
            _ => (TRANSPARENT, CONTAINERS),
        };
        within.push((head, shape));
        if transparent.contains(&last) {
            text = first;
        } else if containers.contains(&last) {
            text = first;
            shape = combined(shape, Shape::Element)?;
        } else if MAPS.contains(&last)
            && let Some([_, value]) = two(arguments.unwrap_or_default())
        {
            text = value;
            shape = combined(shape, Shape::Entry)?;
        } else {
            within.pop();
            return Some(Named { shape, path: head, within });
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

/// What Python's special forms hold; `Some(None)` for one that names no single type.
fn python_special<'t>(name: &str, arguments: &'t str) -> Option<Option<(&'t str, Shape)>> {
    let mut members = split(arguments, ',');
    match name {
        "Union" => Some(sole_value(members).map(|member| (member, Shape::Plain))),
        "type" | "Type" => Some(members.next().map(|member| (member, Shape::Itself))),
        // Only a tuple of any length has one type of elements.
        "tuple" | "Tuple" => {
            let first = members.next();
            Some(first.filter(|_| members.next() == Some("...")).map(|first| (first, Shape::Element)))
        }
        _ => None,
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
    let text = match language {
        Language::Python => {
            let text = text.trim().trim_matches(['"', '\'']).trim();
            sole_value(split(text, '|'))?.trim_matches(['"', '\'']).trim()
        }
        Language::Rust | Language::Go => text.trim(),
        Language::TypeScript | Language::JavaScript => sole_member(text)?,
    };
    (!text.is_empty()).then_some(text)
}

/// A union counts when all but one of its members are empty values; brackets may stand around a whole type.
fn sole_member(text: &str) -> Option<&str> {
    let mut members =
        split(text, '|').filter(|member| !matches!(*member, "" | "null" | "undefined" | "void"));
    let text = members.next().filter(|_| members.next().is_none())?;
    let text = text.strip_prefix("readonly ").unwrap_or(text).trim_start();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    match inner.filter(|inner| !inner.contains(['(', ')'])) {
        Some(inner) => {
            sole_value(split(inner, '|').filter(|member| !matches!(*member, "null" | "undefined")))
        }
        None => Some(text),
    }
}

fn element(language: Language, text: &str) -> Option<(&str, Shape)> {
    match language {
        Language::TypeScript | Language::JavaScript => {
            text.strip_suffix("[]").map(|inner| (inner, Shape::Element))
        }
        Language::Python | Language::Rust | Language::Go => None,
    }
}

/// Returns what stands between the braces of an object type.
fn object_fields(language: Language, text: &str) -> Option<&str> {
    let is_script = matches!(language, Language::TypeScript | Language::JavaScript);
    let fields = text.strip_prefix('{').filter(|_| is_script)?.strip_suffix('}')?;
    (closing(text) == Some(text.len() - 1)).then_some(fields)
}

/// Returns the `V` of `[key: string]: V` where an object type has nothing else.
fn indexed_value(fields: &str) -> Option<&str> {
    let fields = fields.trim().trim_end_matches([';', ',']);
    let (key, value) = fields.strip_prefix('[')?.split_once("]:")?;
    let is_sole = split(value, ';').nth(1).is_none() && split(value, ',').nth(1).is_none();
    (key.contains(':') && is_sole).then_some(value.trim())
}

/// Finds the type of a field in an object type: `T` in `{ readonly name?: T; other: U }`.
pub(crate) fn object_field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let fields = text.strip_prefix('{')?.strip_suffix('}')?;
    pieces(fields, ';').flat_map(|part| pieces(part, ',')).find_map(|field| {
        let (key, written) = field.split_once(':')?;
        let key = key.trim().strip_prefix("readonly ").unwrap_or(key).trim();
        let key = key.strip_suffix('?').unwrap_or(key).trim_matches(['"', '\'']);
        (key == name).then(|| written.trim())
    })
}

/// Splits `a.B<C, D>` into `a.B` and `C, D`; anything that is no such name gives `None`.
fn head(language: Language, text: &str) -> Option<(&str, Option<&str>)> {
    let open = if language == Language::Python { '[' } else { '<' };
    let start = match language {
        Language::TypeScript | Language::JavaScript => imported_module(text).map_or(0, |(_, length)| length),
        Language::Python | Language::Rust | Language::Go => 0,
    };
    let end = text[start..].find(open).map_or(text.len(), |at| start + at);
    let head = text.get(..end)?.trim();
    let is_name =
        head.get(start..)?.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '$' | '#'));
    if head.is_empty() || !is_name || head.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let arguments = text.get(end + 1..text.len().saturating_sub(1));
    let whole = end == text.len() || text.ends_with([']', '>']);
    whole.then_some((head, arguments.filter(|arguments| !arguments.is_empty())))
}

/// Returns the first of several arguments.
fn first_argument(arguments: &str) -> Option<&str> {
    split(arguments, ',').next()
}

/// Returns the arguments where there are two.
fn two(arguments: &str) -> Option<[&str; 2]> {
    let mut all = split(arguments, ',');
    let both = [all.next()?, all.next()?];
    all.next().is_none().then_some(both)
}

/// The one member of a Python union that is not `None`.
fn sole_value<'t>(members: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let mut members = members.filter(|member| !matches!(*member, "" | "None"));
    members.next().filter(|_| members.next().is_none())
}

/// Splits where a mark stands outside of all brackets.
fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    text.split(move |c: char| {
        match c {
            '<' | '[' | '(' | '{' => depth += 1,
            '>' | ']' | ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == mark && depth == 0
    })
    .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, text: &str) -> String {
        named_type(language, text).map_or("-".to_owned(), |named| format!("{} {:?}", named.path, named.shape))
    }

    #[test]
    fn names_that_are_seen_through_are_listed() {
        let within = |language, text| named_type(language, text).expect("names a type").within;
        assert_eq!(
            within(Language::Python, "t.Optional[Collection[A]]"),
            [("t.Optional", Shape::Plain), ("Collection", Shape::Plain)]
        );
        assert_eq!(within(Language::TypeScript, "Partial<A>[]"), [("Partial", Shape::Element)]);
        assert!(within(Language::TypeScript, "A[] | null").is_empty());
    }

    #[test]
    fn fields_of_object_types_have_types() {
        let text = "{ readonly a?: A<B, C>; b: { c: D }, 'd-e': (x: X) => Y; f(): Z }";
        assert_eq!(object_field(text, "a"), Some("A<B, C>"));
        assert_eq!(object_field(text, "b"), Some("{ c: D }"));
        assert_eq!(object_field(text, "d-e"), Some("(x: X) => Y"));
        assert_eq!(object_field(text, "c"), None);
        assert_eq!(object_field(text, "f"), None);
    }

    #[test]
    fn wrappers_are_seen_through() {
        assert_eq!(shown(Language::Python, "Optional[\"Client\"]"), "Client Plain");
        assert_eq!(shown(Language::Python, "Client | None"), "Client Plain");
        assert_eq!(shown(Language::Python, "A | B"), "-");
        assert_eq!(shown(Language::Python, "list[Client] | None"), "Client Element");
        assert_eq!(shown(Language::Python, "t.Union[None, 'net.Client']"), "net.Client Plain");
        assert_eq!(shown(Language::Python, "type[Client]"), "Client Itself");
        assert_eq!(shown(Language::Python, "tuple[A, ...]"), "A Element");
        assert_eq!(shown(Language::Python, "tuple[A, B]"), "-");
        assert_eq!(shown(Language::TypeScript, "Promise<Foo[]>"), "Foo Element");
        assert_eq!(shown(Language::TypeScript, "(Foo | null)[] | undefined"), "Foo Element");
        assert_eq!(shown(Language::TypeScript, "readonly Foo[]"), "Foo Element");
        assert_eq!(shown(Language::TypeScript, "Ref<Foo>"), "Ref Plain");
        assert_eq!(shown(Language::TypeScript, "'Foo'"), "-");
        assert_eq!(shown(Language::TypeScript, "Foo<A | B> | null"), "Foo Plain");
        assert_eq!(shown(Language::TypeScript, "(a: A) => B"), "-");
        assert_eq!(shown(Language::TypeScript, "Map<string, Foo>"), "Foo Entry");
        assert_eq!(shown(Language::TypeScript, "Record<'a' | 'b', Foo>"), "Foo Entry");
        assert_eq!(shown(Language::TypeScript, "import('./m').Foo<A>[]"), "import('./m').Foo Element");
        assert_eq!(shown(Language::JavaScript, "import(\"./m\") | null"), "import(\"./m\") Plain");
        assert_eq!(shown(Language::TypeScript, "{ a: A; b: B } | null"), "{ a: A; b: B } Composite");
        assert_eq!(shown(Language::TypeScript, "{ [key: string]: Foo }"), "Foo Entry");
        assert_eq!(shown(Language::TypeScript, "{ a: A }[]"), "-");
        assert_eq!(shown(Language::TypeScript, "{ a: A } & { b: B }"), "-");
        assert_eq!(shown(Language::Python, "dict[str, \"Client\"]"), "Client Entry");
        assert_eq!(shown(Language::Python, "dict[str, list[Client]]"), "-");
        assert_eq!(shown(Language::Python, "t.Generator[Client, None, None]"), "Client Element");
        assert_eq!(shown(Language::Go, "*pkg.Client[K]"), "pkg.Client Plain");
        assert_eq!(shown(Language::Go, "(*Client, error)"), "(*Client, error) Composite");
    }
}
