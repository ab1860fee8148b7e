//! What the head of a symbol says that linking needs: its traits, its types, what they are parameters of.

use docpack::{Language, SymbolKind};
use model::facts::{FileFacts, Symbol};
use model::role::is_test_only;

use crate::manifests::{folder, join};
use crate::resolve::decorators::{Decorator, decorator};
use crate::resolve::slim::{SlimSymbol, Traits, WrittenType};
use crate::resolve::slim_callbacks;
use crate::resolve::type_text::{Named, Shape, Within, named_type};
use crate::resolve::words::{PathIdx, Word, Words, bracketed};
use crate::resolve::written::{self, TypeIdx, Written};

pub(crate) fn slim_symbol(words: &mut Words, facts: &FileFacts, symbol: &Symbol) -> SlimSymbol {
    SlimSymbol {
        id: symbol.id,
        name: words.word(&symbol.name),
        kind: symbol.kind,
        parent: symbol.parent.filter(|parent| (*parent as usize) < facts.symbols.len()),
        scope: symbol.scope.filter(|scope| (*scope as usize) < facts.scopes.len()),
        line: symbol.line_range.start,
        byte_start: symbol.byte_range.start,
        byte_end: symbol.byte_range.end,
        has_body: symbol.body_range.is_some(),
        traits: Traits { returns_self: returns_self(facts, symbol), ..traits(facts, symbol) },
        value_type: symbol.return_type.as_deref().and_then(|text| written_type(words, facts.language, text)),
        owner: owner(words, facts.language, symbol),
        generics: generics(words, facts.language, symbol),
        defaults: defaults(words, facts.language, symbol),
        callbacks: callbacks(words, facts.language, symbol),
        takes: slim_callbacks::callbacks(words, facts, symbol),
    }
}

pub(crate) fn traits(facts: &FileFacts, symbol: &Symbol) -> Traits {
    let has = |word: &str| symbol.modifiers.iter().any(|modifier| modifier == word);
    let decorators: Vec<Option<Decorator>> =
        symbol.attributes.iter().map(|attribute| decorator(facts, attribute)).collect();
    let is = |wanted: Decorator| decorators.contains(&Some(wanted));
    Traits {
        is_getter: has("getter") || has("property") || is(Decorator::Getter),
        is_setter: has("setter") || is(Decorator::Setter),
        is_class_method: has("classmethod") || is(Decorator::ClassMethod),
        is_static: has("static") || has("staticmethod") || is(Decorator::StaticMethod),
        is_decorated: decorators.iter().any(|it| matches!(it, None | Some(Decorator::ContextManager))),
        is_context_manager: is(Decorator::ContextManager) && !decorators.contains(&None),
        is_wrapper: is(Decorator::Wraps),
        is_async: has("async"),
        is_alias: has("alias"),
        is_generator: has("generator"),
        returns_self: false,
        is_typed: symbol.return_type.is_some(),
        is_trait_impl: symbol.kind == SymbolKind::Impl && !symbol.implements.is_empty(),
        is_arrow: has("arrow"),
        is_member: true,
    }
}

/// `-> Self`, or a type variable that the receiver has as well: `(self: T) -> T`, `(cls: type[T]) -> T`.
fn returns_self(facts: &FileFacts, symbol: &Symbol) -> bool {
    let class = symbol.parent.and_then(|parent| facts.symbols.get(parent as usize));
    let Some((class, result)) = class.filter(|class| class.kind.is_type()).zip(symbol.return_type.as_deref())
    else {
        return false;
    };
    let Some(Named { shape: Shape::Plain, path, .. }) = named_type(facts.language, result) else {
        return false;
    };
    if matches!(facts.language, Language::TypeScript | Language::JavaScript) {
        return path == "this";
    }
    if facts.language != Language::Python || symbol.modifiers.iter().any(|modifier| modifier == "static") {
        return false;
    }
    if path.rsplit('.').next() == Some("Self") {
        return true;
    }
    let receiver = symbol.parameters.first().and_then(|first| first.type_name.as_deref());
    let receiver = receiver.and_then(|written| named_type(facts.language, written));
    path != class.name
        && symbol.kind.is_callable()
        && receiver.is_some_and(|own| matches!(own.shape, Shape::Plain | Shape::Itself) && own.path == path)
}

pub(crate) fn written_type(words: &mut Words, language: Language, text: &str) -> Option<WrittenType> {
    if language == Language::Rust {
        let written = words.rust_type(text);
        let path = match words.written_type(written) {
            Written::Named { path, .. } => *path,
            _ => words.path("_"),
        };
        return Some((Shape::Whole(written), path));
    }
    let Named { shape, path, within } = named_type(language, text)?;
    let path = words.path(path);
    let names: Vec<(PathIdx, Shape)> =
        within.into_iter().map(|(name, shape)| (words.path(name), shape)).collect();
    Some(match names.first().copied() {
        Some((outermost, _)) => (Shape::Within(words.within(Within { names, shape, path })), outermost),
        None => (shape, path),
    })
}

/// The path of a type that is named, without its arguments.
pub(crate) fn named_path(words: &mut Words, language: Language, text: &str) -> Option<PathIdx> {
    let (shape, path) = written_type(words, language, text)?;
    match shape {
        Shape::Plain => Some(path),
        Shape::Whole(written) => matches!(words.written_type(written), Written::Named { .. }).then_some(path),
        Shape::Element | Shape::Entry | Shape::Composite | Shape::Itself | Shape::Within(_) => None,
    }
}

fn generics(words: &mut Words, language: Language, symbol: &Symbol) -> Vec<Word> {
    let is_holder = symbol.kind.is_type() || matches!(symbol.kind, SymbolKind::Impl | SymbolKind::TypeAlias);
    if language != Language::Rust || !is_holder {
        return Vec::new();
    }
    let types = symbol.generics.iter().filter(|generic| !generic.starts_with('\''));
    types.filter_map(|generic| generic_binding(words, language, generic)).map(|(name, _)| name).collect()
}

/// `E = Error` in `type Result<T, E = Error> = …`.
fn defaults(words: &mut Words, language: Language, symbol: &Symbol) -> Vec<(Word, TypeIdx)> {
    let generics =
        symbol.generics.iter().filter(|_| language == Language::Rust && symbol.kind == SymbolKind::TypeAlias);
    let default = |generic: &String| {
        let written = written::pieces(generic, '=').nth(1)?.to_owned();
        let (name, _) = generic_binding(words, language, generic)?;
        Some((name, words.rust_type(&written)))
    };
    generics.filter_map(default).collect()
}

/// Parameters written as `impl Fn(A)`, or as a type parameter bound by such a trait.
fn callbacks(words: &mut Words, language: Language, symbol: &Symbol) -> Vec<(u8, Vec<TypeIdx>)> {
    if language != Language::Rust || !symbol.signature.contains("Fn") {
        return Vec::new();
    }
    let mut callbacks = Vec::new();
    for (at, parameter) in (0..u8::MAX).zip(&symbol.parameters) {
        let Some(text) = parameter.type_name.as_deref() else { continue };
        let bound = rust_bound(symbol, text);
        let mut written = words.rust_type(bound.as_deref().unwrap_or(text));
        while let Written::Named { arguments, .. } = words.written_type(written)
            && let [inner] = arguments.as_slice()
        {
            written = *inner;
        }
        if let Written::Function { parameters, .. } = words.written_type(written) {
            callbacks.push((at, parameters.clone()));
        }
    }
    callbacks
}

/// The bounds of a type parameter, from its declaration and the `where` clause.
fn rust_bound(symbol: &Symbol, name: &str) -> Option<String> {
    let bound = |declared| {
        let bound = written::bound_of(declared, name)?;
        written::pieces(bound, '=').next().filter(|bound| !bound.is_empty())
    };
    let declared = symbol.generics.iter().map(String::as_str).chain(where_clauses(symbol));
    let bounds: Vec<&str> = declared.filter_map(bound).collect();
    (!bounds.is_empty()).then(|| bounds.join(" + "))
}

fn where_clauses(symbol: &Symbol) -> Vec<&str> {
    symbol.signature.split_once(" where ").map_or_else(Vec::new, |(_, clauses)| written::split(clauses))
}

/// Finds the type that an impl block or a Go method belongs to.
fn owner(words: &mut Words, language: Language, symbol: &Symbol) -> Option<PathIdx> {
    let text = match symbol.kind {
        SymbolKind::Impl => symbol.return_type.as_deref().unwrap_or_else(|| impl_target(&symbol.name)),
        _ => symbol.modifiers.iter().find_map(|modifier| modifier.strip_prefix("receiver:"))?,
    };
    named_path(words, language, text)
}

/// Finds `Foo<T>` in `impl<T> Display for Foo<T> where …`.
fn impl_target(name: &str) -> &str {
    let text = name.trim().trim_start_matches("unsafe ").trim_start_matches("impl");
    let text = if text.starts_with('<') { &text[bracketed(text)..] } else { text };
    let text = text.split(" where ").next().unwrap_or(text);
    text.rfind(" for ").map_or(text, |at| &text[at + 5..]).trim()
}

/// The type parameters of a symbol, and what a member's own `where` clause says of those around it.
pub(crate) fn generic_bindings(
    words: &mut Words,
    facts: &FileFacts,
    symbol: &Symbol,
) -> Vec<(Word, Option<WrittenType>)> {
    let named = symbol.generics.iter().filter_map(|generic| generic_binding(words, facts.language, generic));
    let mut all: Vec<_> = named.collect();
    if facts.language != Language::Rust {
        return all;
    }
    for (name, bound) in &mut all {
        let written = rust_bound(symbol, words.text(*name));
        *bound = written.and_then(|written| rust_trait(words, &written));
    }
    let holder = symbol.parent.and_then(|parent| facts.symbols.get(parent as usize));
    for clause in holder.map_or_else(Vec::new, |_| where_clauses(symbol)) {
        let Some((name, own)) = clause.split_once(':').map(|(name, own)| (name.trim(), own.trim())) else {
            continue;
        };
        let outer = holder.filter(|holder| holder.generics.iter().any(|generic| is_named(generic, name)));
        if let Some(outer) = outer {
            let bound = rust_bound(outer, name).map_or(own.to_owned(), |outer| format!("{outer} + {own}"));
            all.push((words.word(name), rust_trait(words, &bound)));
        }
    }
    all
}

fn is_named(generic: &str, name: &str) -> bool {
    generic.split([':', '=']).next().is_some_and(|own| own.trim() == name)
}

fn rust_trait(words: &mut Words, bound: &str) -> Option<WrittenType> {
    let written = words.rust_type(bound);
    let is_known = *words.written_type(written) != Written::Unknown;
    written_type(words, Language::Rust, bound).filter(|_| is_known)
}

/// Reads `T extends Foo`, `K comparable`, `T`; lifetimes give `None`.
fn generic_binding(words: &mut Words, language: Language, text: &str) -> Option<(Word, Option<WrittenType>)> {
    let text = text.trim();
    let text = text
        .strip_prefix("const ")
        .or_else(|| text.strip_prefix("in "))
        .unwrap_or(text)
        .trim_start_matches('*');
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = (&text[..end], text[end..].trim_start());
    let bound = rest
        .strip_prefix(':')
        .or_else(|| rest.strip_prefix("extends "))
        .or_else(|| (language == Language::Go).then_some(rest))
        .filter(|_| language != Language::Rust);
    let bound =
        bound.map(|bound| bound.split('=').next().unwrap_or(bound).trim()).filter(|bound| !bound.is_empty());
    let bound = bound.and_then(|bound| written_type(words, language, bound));
    let bound = bound.filter(|(shape, _)| words.settled(*shape) == Shape::Plain);
    (!name.is_empty()).then(|| (words.word(name), bound))
}

/// Every `mod name;` at the top of a Rust file, and where `#[path = "x.rs"]` says that its file lies.
///
/// A path under `cfg_attr` holds for some builds; for others the file lies where the name leads.
pub(crate) fn slim_modules(words: &mut Words, facts: &FileFacts) -> Vec<(Word, Option<String>)> {
    let mut modules = Vec::new();
    for (attributes, name) in written_modules(facts) {
        let name = words.word(name);
        let paths = attributes.match_indices("path").filter_map(|(at, _)| path_value(&attributes[at + 4..]));
        let at = paths.filter_map(|path| join(folder(&facts.file_path), path));
        modules.extend(at.map(|path| (name, Some(path))));
        if !attributes.split("#[").any(|attribute| attribute.starts_with("path")) {
            modules.push((name, None));
        }
    }
    modules.sort();
    modules
}

/// Every `mod name;` at the top of a Rust file that is compiled for tests alone.
pub(crate) fn test_modules(words: &mut Words, facts: &FileFacts) -> Vec<Word> {
    let is_of_tests = |attribute: &str| attribute.strip_prefix("cfg").is_some_and(is_test_only);
    written_modules(facts)
        .filter(|(attributes, _)| attributes.split("#[").any(|it| is_of_tests(it.trim())))
        .map(|(_, name)| words.word(name))
        .collect()
}

/// The attributes and the name of every `mod name;` at the top of a Rust file.
fn written_modules(facts: &FileFacts) -> impl Iterator<Item = (&str, &str)> {
    let is_rust = facts.language == Language::Rust;
    facts.imports.iter().filter(move |import| is_rust && import.scope == 0).filter_map(|import| {
        let (attributes, line) = import.raw.rsplit_once(']').unwrap_or(("", &import.raw));
        let is_module = line.trim_end_matches([';', ' ']).rsplit(' ').nth(1) == Some("mod");
        Some((attributes, import.module.strip_prefix("self::").filter(|_| is_module)?))
    })
}

/// Reads ` = "x.rs"` behind `path`.
fn path_value(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impl_heads_name_their_target() {
        assert_eq!(impl_target("impl Foo"), "Foo");
        assert_eq!(impl_target("impl<T: Into<U>, U> Display for a::Foo<T> where T: X"), "a::Foo<T>");
        assert_eq!(impl_target("impl<F: Fn() -> X> Foo<F>"), "Foo<F>");
    }

    #[test]
    fn generics_keep_their_bound() {
        let mut words = Words::default();
        let mut shown = |language, text| {
            let (name, bound) = generic_binding(&mut words, language, text).unwrap();
            format!("{} {}", words.text(name), bound.map_or("-", |(_, bound)| words.path_text(bound)))
        };
        assert_eq!(shown(Language::TypeScript, "T extends Foo = Bar"), "T Foo");
        assert_eq!(shown(Language::Go, "K comparable"), "K comparable");
        assert_eq!(shown(Language::Rust, "const N: usize"), "N -");
    }
}
