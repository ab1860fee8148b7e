//! Whether a change of an exported symbol breaks code that uses it: one module for the rules of each language.

mod go;
mod python;
mod rust;
mod script;

use docpack::records::{Parameter, Symbol};
use docpack::{Language, SymbolKind};

use crate::api::Reason;
use crate::told::code;

/// A symbol with what its language's rules ask about.
pub(crate) struct Seen<'s> {
    pub(crate) symbol: &'s Symbol,
    /// The type or module that it belongs to.
    pub(crate) owner: Option<&'s Symbol>,
    pub(crate) members: Vec<&'s Symbol>,
    pub(crate) owner_members: Vec<&'s Symbol>,
    /// The traits that `impl` blocks of the pack give to a type of Rust.
    pub(crate) traits: Vec<&'s str>,
}

/// Everything of a symbol that users of it can see.
pub(crate) fn head(symbol: &Symbol) -> impl PartialEq + '_ {
    (
        (&symbol.kind, &symbol.signature, &symbol.parameters, &symbol.return_type, &symbol.generics),
        (&symbol.modifiers, &symbol.bases, &symbol.visibility, symbol.exported),
        symbol.attributes.iter().filter(|it| is_part_of_the_head(it)).collect::<Vec<_>>(),
    )
}

/// Attributes that change how a symbol may be used.
fn is_part_of_the_head(attribute: &str) -> bool {
    ["non_exhaustive", "derive", "repr(", "deprecated", "@property", "@staticmethod", "@classmethod"]
        .iter()
        .any(|word| attribute.contains(word))
}

/// Says what a change means for users; nothing if they cannot see one.
pub(crate) fn judge(before: &Seen<'_>, after: &Seen<'_>) -> Vec<Reason> {
    let (old, new) = (before.symbol, after.symbol);
    let mut reasons = Vec::new();
    if old.kind != new.kind && !are_alike(old, new) {
        let text = format!("was a {}, is a {}", spoken(old.kind.as_str()), spoken(new.kind.as_str()));
        return vec![Reason::breaking("kind_changed", text)];
    }
    match new.language.known() {
        Some(Language::Python) => python::judge(before, after, &mut reasons),
        Some(Language::Rust) => rust::judge(before, after, &mut reasons),
        Some(Language::TypeScript | Language::JavaScript) => script::judge(before, after, &mut reasons),
        Some(Language::Go) => go::judge(before, after, &mut reasons),
        None if old.signature != new.signature => {
            reasons.push(Reason::unknown("language_unknown", "the signature changed"));
        }
        None => {}
    }
    let was_deprecated = old.attributes.iter().any(|it| it.contains("deprecated"));
    if !was_deprecated && new.attributes.iter().any(|it| it.contains("deprecated")) {
        reasons.push(Reason::compatible("deprecated", "is deprecated"));
    }
    reasons
}

/// Says what a new symbol means for users of the type that it belongs to.
pub(crate) fn judge_added(new: &Seen<'_>, old_owner: Option<&Seen<'_>>) -> Reason {
    let found = match (new.symbol.language.known(), old_owner) {
        (Some(Language::Rust), Some(owner)) => rust::added(new, owner),
        (Some(Language::TypeScript), Some(_)) => script::added(new),
        (Some(Language::Go), Some(_)) => go::added(new),
        _ => None,
    };
    found.unwrap_or_else(|| Reason::compatible("added", "new"))
}

/// Kinds that users cannot tell apart.
fn are_alike(old: &Symbol, new: &Symbol) -> bool {
    let groups: [&[SymbolKind]; 3] = [
        &[SymbolKind::Field, SymbolKind::Property, SymbolKind::Constant, SymbolKind::Variable],
        &[SymbolKind::Function, SymbolKind::Method, SymbolKind::Constructor],
        &[SymbolKind::Class, SymbolKind::Enum],
    ];
    // A property of Python is read like a field.
    let is_read = |it: &Symbol| {
        it.modifiers.iter().any(|word| word == "getter") || groups[0].iter().any(|kind| it.kind == *kind)
    };
    let is_python = new.language == Language::Python;
    is_python && is_read(old) && is_read(new)
        || groups.iter().any(|group| {
            group.iter().any(|kind| old.kind == *kind) && group.iter().any(|kind| new.kind == *kind)
        }) && new.language != Language::Rust
}

fn spoken(kind: &str) -> String {
    kind.replace('_', " ")
}

fn has(symbol: &Symbol, modifier: &str) -> bool {
    symbol.modifiers.iter().any(|it| it == modifier)
}

/// A type without white space and without the paths before its names.
fn bare(type_name: &str) -> String {
    let mut bare = String::with_capacity(type_name.len());
    let mut word_start = 0;
    for c in type_name.chars().filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'') {
        let is_word = c.is_alphanumeric() || c == '_';
        match c {
            ':' | '.' if !bare[word_start..].is_empty() => bare.truncate(word_start),
            ':' => {}
            c => {
                bare.push(c);
                if !is_word {
                    word_start = bare.len();
                }
            }
        }
    }
    bare
}

fn same_type(a: Option<&str>, b: Option<&str>) -> bool {
    a.map(bare) == b.map(bare)
}

/// The texts between the outermost commas of the first parentheses.
fn arguments(signature: &str) -> Vec<&str> {
    let Some(start) = signature.find('(') else { return Vec::new() };
    let (mut depth, mut begin, mut parts, mut quote) = (0_usize, start + 1, Vec::new(), None);
    for (at, c) in signature.char_indices().skip_while(|(at, _)| *at < start) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    parts.push(signature[begin..at].trim());
                    break;
                }
            }
            (None, ',') if depth == 1 => {
                parts.push(signature[begin..at].trim());
                begin = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn shown_type(type_name: Option<&str>) -> String {
    type_name.map_or("no type".to_owned(), code)
}

fn shown(parameter: &Parameter) -> String {
    code(&parameter.name)
}
