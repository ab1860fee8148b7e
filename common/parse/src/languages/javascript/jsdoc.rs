//! Types that JavaScript writes into comments: `@param {T} name`, `@returns {T}`, `@type {T}`, `@typedef {import("./m").T} T`.

use foldhash::{HashMap, HashMapExt};

use docpack::Language;
use model::facts::{Binding, BindingTarget, FileFacts, ScopeIdx, ScopeKind, SymbolIdx};

use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::imports::{Taken, imported, record};
use super::shapes::export_declared;

/// A longer comment is a text, not a declaration.
const MAX_COMMENT_BYTES: usize = 16 * 1024;

/// Where names are bound, so that every tag finds its own at once.
struct Bound {
    parameters: HashMap<ScopeIdx, Vec<usize>>,
    /// Symbols' own; what a field or variable holds may be bound right behind.
    values: HashMap<SymbolIdx, usize>,
}

impl Bound {
    fn new(bindings: &[Binding]) -> Self {
        let mut bound = Self { parameters: HashMap::new(), values: HashMap::new() };
        for (at, binding) in bindings.iter().enumerate() {
            match binding.target {
                BindingTarget::Parameter { type_path: None } => {
                    bound.parameters.entry(binding.scope).or_default().push(at);
                }
                BindingTarget::Symbol(symbol) => {
                    bound.values.entry(symbol).or_insert(at);
                }
                _ => {}
            }
        }
        bound
    }
}

/// Gives definitions without a written type the one that their comment declares, and binds the types that comments import.
pub(super) fn apply(pass: &mut Pass<'_>) {
    if pass.facts.language != Language::JavaScript {
        return;
    }
    import_types(pass);
    let bound = Bound::new(&pass.facts.bindings);
    for idx in 0..pass.facts.symbols.len() {
        let Some(doc) = pass.facts.symbols[idx].doc_comment.take() else { continue };
        if doc.len() <= MAX_COMMENT_BYTES {
            declare(&mut pass.facts, &bound, idx as SymbolIdx, &doc);
        }
        pass.facts.symbols[idx].doc_comment = Some(doc);
    }
}

fn declare(facts: &mut FileFacts, bound: &Bound, idx: SymbolIdx, doc: &str) {
    let is_callable = facts.symbols[idx as usize].kind.is_callable();
    for (tag, type_text, rest) in tags(doc) {
        match tag {
            "param" | "arg" | "argument" if is_callable => parameter(facts, bound, idx, type_text, rest),
            "returns" | "return" if is_callable => result(facts, idx, type_text),
            "type" if !is_callable => {
                result(facts, idx, type_text);
                hold(facts, bound, idx, type_text);
            }
            _ => {}
        }
    }
}

fn result(facts: &mut FileFacts, idx: SymbolIdx, type_text: &str) {
    facts.symbols[idx as usize].return_type.get_or_insert_with(|| spaced(type_text));
}

/// The parameter's own entry, and its binding in the function's scope.
fn parameter(facts: &mut FileFacts, bound: &Bound, idx: SymbolIdx, type_text: &str, rest: &str) {
    let name = rest.trim_start().trim_start_matches('[');
    let name = name.split(|c: char| !is_name_char(c) && c != '.').next().unwrap_or_default();
    let symbol = &mut facts.symbols[idx as usize];
    let is_it = |written: &str| written.split(['=', ' ']).next() == Some(name);
    for parameter in symbol.parameters.iter_mut().filter(|parameter| is_it(&parameter.name)) {
        parameter.type_name.get_or_insert_with(|| spaced(type_text));
    }
    let (Some(scope), Some(named)) = (symbol.scope, named(type_text)) else { return };
    for &at in bound.parameters.get(&scope).into_iter().flatten() {
        let binding = &mut facts.bindings[at];
        if binding.name == name {
            binding.target = BindingTarget::Parameter { type_path: Some(named.to_owned()) };
        }
    }
}

/// A value that says nothing, such as `null`, bound nothing behind the name.
fn hold(facts: &mut FileFacts, bound: &Bound, idx: SymbolIdx, type_text: &str) {
    let (Some(named), Some(&own)) = (named(type_text), bound.values.get(&idx)) else { return };
    let type_path = Some(named.to_owned());
    let Binding { scope, byte_start, .. } = facts.bindings[own];
    let name = facts.bindings[own].name.clone();
    match facts.bindings.get_mut(own + 1) {
        Some(Binding {
            target: BindingTarget::Local { type_path: unknown @ None, .. }, name: held, ..
        }) if *held == name => {
            *unknown = type_path;
        }
        _ => {
            let target = BindingTarget::Local { type_path, value: None };
            facts.bindings.push(Binding { scope, name, byte_start, target });
        }
    }
}

/// `@typedef {import("./m").T} Name` and `@import {T} from "./m"` bind a type in the file's scope.
fn import_types(pass: &mut Pass<'_>) {
    let is_comment = |idx: &NodeIdx| pass.is_kind(*idx, "comment") && pass.text(*idx).starts_with("/**");
    let comments: Vec<_> = (0..pass.tape.len()).filter(is_comment).collect();
    let state = pass.state;
    for idx in comments {
        let text = pass.text(idx).into_owned();
        if text.len() > MAX_COMMENT_BYTES || !(text.contains("@typedef") || text.contains("@import")) {
            continue;
        }
        pass.state.scope = file_scope(pass);
        let is_declared = !text.contains("@import");
        for (module, name, local) in imports(&text) {
            if is_declared {
                export_declared(pass, &local);
            }
            record(pass, idx, &module, Taken::new(imported(name), Some(local)));
        }
    }
    pass.state = state;
}

fn file_scope(pass: &Pass<'_>) -> ScopeIdx {
    pass.facts.scopes.iter().position(|scope| scope.kind == ScopeKind::File).unwrap_or(0) as ScopeIdx
}

/// (module, its name there, its name here) of every type that a comment imports.
fn imports(comment: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (tag, type_text, rest) in tags(comment) {
        let local = rest.trim_start().split(|c: char| !is_name_char(c)).next().unwrap_or_default();
        match tag {
            "typedef" if !local.is_empty() => {
                let imported = type_text.trim().strip_prefix("import(").and_then(|text| text.split_once(')'));
                let Some((module, member)) = imported else { continue };
                let name = member.trim_start_matches('.');
                if !name.is_empty() && name.chars().all(is_name_char) {
                    found.push((unquoted(module).to_owned(), name.to_owned(), local.to_owned()));
                }
            }
            "import" => {
                let Some(module) = rest.trim_start().strip_prefix("from ") else { continue };
                let module = unquoted(module.lines().next().unwrap_or_default());
                for each in type_text.split(',').map(str::trim).filter(|each| !each.is_empty()) {
                    let (name, local) = each.split_once(" as ").unwrap_or((each, each));
                    found.push((module.to_owned(), name.trim().to_owned(), local.trim().to_owned()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Every `@tag {type} rest` of a comment.
fn tags(comment: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    comment.match_indices('@').filter_map(|(at, _)| {
        let line = &comment[at + 1..];
        let tag = line.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        let body = line[tag.len()..].trim_start_matches([' ', '\t']).strip_prefix('{')?;
        let end = closing_brace(body)?;
        Some((tag, body[..end].trim(), body[end + 1..].lines().next().unwrap_or_default()))
    })
}

/// The brace that ends what another one began just before this text.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    text.char_indices().find_map(|(at, letter)| match letter {
        '{' => {
            depth += 1;
            None
        }
        '}' if depth == 0 => Some(at),
        '}' => {
            depth -= 1;
            None
        }
        _ => None,
    })
}

/// The one type that is meant, of a name or a list of such, nullable or optional or not.
fn named(type_text: &str) -> Option<&str> {
    let mut parts = type_text
        .split('|')
        .map(|part| part.trim().trim_start_matches(['?', '!']).trim_end_matches('='))
        .filter(|part| !matches!(*part, "null" | "undefined" | "void" | "false"));
    let (only, None) = (parts.next()?, parts.next()) else { return None };
    let one = only.strip_suffix("[]").unwrap_or(only);
    let bare = one.split_once('<').map_or(one, |(head, _)| head);
    let is_closed = !one.contains('<') || one.ends_with('>');
    let is_path = bare.split('.').all(|word| !word.is_empty() && word.chars().all(is_name_char));
    (is_closed && is_path).then_some(only)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_end_matches([';', '*', '/', ' ']).trim_matches(['"', '\'', '`'])
}

/// One line, whatever lines and stars the comment has.
fn spaced(type_text: &str) -> String {
    type_text.split_whitespace().filter(|word| *word != "*" || type_text == "*").collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_names_one_thing_or_none() {
        for (text, name) in [
            ("Command", Some("Command")),
            ("?Command", Some("Command")),
            ("Command=", Some("Command")),
            ("Command | null", Some("Command")),
            ("Promise<Command>", Some("Promise<Command>")),
            ("net.Socket", Some("net.Socket")),
            ("Command | Option", None),
            ("Command[]", Some("Command[]")),
            ("?Command[] | undefined", Some("Command[]")),
            ("Map<string, Command>", Some("Map<string, Command>")),
            ("(Command | Option)[]", None),
            ("(a: Command) => void", None),
            ("{a: Command}", None),
            ("null", None),
            ("", None),
        ] {
            assert_eq!(named(text), name, "{text}");
        }
    }

    #[test]
    fn comments_import_types() {
        let found = imports(
            "/**\n * @typedef { import(\"./a.js\").Argument } Arg\n * @typedef {Object} Plain\n * @import {A, B as C} from './b.js'\n */",
        );
        let expected = [("./a.js", "Argument", "Arg"), ("./b.js", "A", "A"), ("./b.js", "B", "C")];
        assert_eq!(found, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
        assert_eq!(imports("/** @typedef {import( */"), []);
    }
}
