//! What functions say they hand to the functions that they take, read from types as TypeScript writes them.

use docpack::{Language, SymbolKind};
use model::facts::{FileFacts, Symbol};

use crate::resolve::slim::WrittenType;
use crate::resolve::slim_symbols::written_type;
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Words, closing};
use crate::resolve::written::{pieces, split};

/// Brackets around a type deeper than this are not written by hand.
const MAX_BRACKETS: u32 = 8;
/// Longer types are generated.
const MAX_TYPE_BYTES: usize = 2_000;
/// What a union may hold beside a function without being called.
const UNCALLED: &[&str] = &[
    "bigint",
    "boolean",
    "false",
    "null",
    "number",
    "object",
    "string",
    "symbol",
    "true",
    "undefined",
    "void",
];

/// A parameter that takes a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Callback {
    /// The types of its parameters, as far as each names one.
    Takes(Vec<Option<WrittenType>>),
    /// Another name may say which.
    Named(PathIdx),
}

/// Lists the parameters of a function that take one; of a type's other name the one that it stands for.
pub(crate) fn callbacks(words: &mut Words, facts: &FileFacts, symbol: &Symbol) -> Vec<(u8, Callback)> {
    let language = facts.language;
    if !matches!(language, Language::TypeScript | Language::JavaScript) {
        return Vec::new();
    }
    if symbol.kind == SymbolKind::TypeAlias {
        let target = symbol.return_type.as_deref().and_then(|text| callback(words, language, text));
        return target
            .filter(|target| matches!(target, Callback::Takes(_)))
            .map(|takes| (0, takes))
            .into_iter()
            .collect();
    }
    let written = symbol.parameters.iter().filter(|parameter| parameter.name != "this");
    (0..u8::MAX)
        .zip(written)
        .filter_map(|(at, parameter)| {
            let is_rest = parameter.name.starts_with("...");
            let text = parameter.type_name.as_deref().filter(|_| !is_rest)?;
            Some((at, callback(words, language, text)?))
        })
        .collect()
}

fn callback(words: &mut Words, language: Language, text: &str) -> Option<Callback> {
    if text.len() > MAX_TYPE_BYTES {
        return None;
    }
    if let Some(parameters) = function_in(text, MAX_BRACKETS) {
        let types = split(parameters).into_iter().map(|parameter| parameter_type(words, language, parameter));
        return Some(Callback::Takes(types.collect()));
    }
    if !text.starts_with(char::is_alphabetic) || UNCALLED.contains(&text) {
        return None;
    }
    match written_type(words, language, text)? {
        (Shape::Plain, path) => Some(Callback::Named(path)),
        (Shape::Within(idx), _) if words.within_of(idx).shape == Shape::Plain => {
            Some(Callback::Named(words.within_of(idx).path))
        }
        _ => None,
    }
}

/// Finds the type of a parameter of the one function that a type means.
pub(crate) fn nth_parameter_type(text: &str, nth: usize) -> Option<&str> {
    if text.len() > MAX_TYPE_BYTES {
        return None;
    }
    let parameters = function_in(text, MAX_BRACKETS)?;
    split(parameters).get(nth).and_then(|parameter| parameter_text(parameter))
}

/// Finds what stands between the brackets of the one function that a type means: `(a: A, b: B) => C`.
fn function_in(text: &str, depth: u32) -> Option<&str> {
    let depth = depth.checked_sub(1)?;
    let text = text.trim().trim_start_matches('|').trim_start();
    if text.starts_with('(') {
        let close = closing(text)?;
        let rest = text[close + 1..].trim_start();
        if rest.starts_with("=>") {
            return Some(without_receiver(&text[1..close]));
        }
        if rest.is_empty() {
            return function_in(&text[1..close], depth);
        }
    }
    let mut members: Vec<&str> = pieces(text, '|').filter(|member| !UNCALLED.contains(member)).collect();
    let only = members.pop().filter(|only| members.is_empty() && only.len() < text.len())?;
    function_in(only, depth)
}

/// `this: T` is no argument.
fn without_receiver(parameters: &str) -> &str {
    let mut all = pieces(parameters, ',');
    match all.next() {
        Some(first) if first.starts_with("this:") => {
            parameters.trim_start()[first.len()..].trim_start_matches([',', ' '])
        }
        _ => parameters,
    }
}

/// The type in `name?: Type`; of what is left over, none.
fn parameter_type(words: &mut Words, language: Language, parameter: &str) -> Option<WrittenType> {
    parameter_text(parameter).and_then(|text| written_type(words, language, text))
}

fn parameter_text(parameter: &str) -> Option<&str> {
    let name = pieces(parameter, ':').next().filter(|name| !name.starts_with("..."))?;
    parameter.get(name.len()..)?.trim_start().strip_prefix(':').map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut words = Words::default();
        match callback(&mut words, Language::TypeScript, text) {
            None => "-".to_owned(),
            Some(Callback::Named(path)) => words.path_text(path).to_owned(),
            Some(Callback::Takes(types)) => {
                let one = |written: &Option<WrittenType>| {
                    written.map_or("?".to_owned(), |(shape, path)| {
                        format!("{} {shape:?}", words.path_text(path))
                    })
                };
                types.iter().map(one).collect::<Vec<_>>().join(", ")
            }
        }
    }

    #[test]
    fn functions_are_found_in_types() {
        assert_eq!(shown("(a: A, b?: B<C>) => void"), "A Plain, B Plain");
        assert_eq!(shown("(this: X, list: A[]) => (() => void) | void"), "A Element");
        assert_eq!(shown("((a: A | B, c: C) => D) | null"), "?, C Plain");
        assert_eq!(shown("string | ((a: A) => B)"), "A Plain");
        assert_eq!(shown("Partial<A> | ((a: A) => B)"), "-");
        assert_eq!(shown("({ a, b }: A, ...rest: B[]) => void"), "A Plain, ?");
        assert_eq!(shown("((a: A) => (b: B) => C)"), "A Plain");
        assert_eq!(shown("<T>(a: T) => void"), "-");
        assert_eq!(shown("Handler"), "Handler");
        assert_eq!(shown("ns.Handler<A> | undefined"), "ns.Handler");
        assert_eq!(shown("string"), "-");
        assert_eq!(shown("() => void"), "");
        assert_eq!(shown("(((((((((((a: A) => void))))))))))"), "-");
    }
}
