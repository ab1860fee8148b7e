//! Types that JavaScript writes into comments: `@param {T} name`, `@returns {T}`, `@type {T}`,
//! `@typedef {import("./m").T} T`, `@import {T} from "./m"`.

use foldhash::{HashMap, HashMapExt, HashSet};

use docpack::Language;
use model::facts::{Binding, BindingTarget, FileFacts, Imported, ScopeIdx, ScopeKind, SymbolIdx};

use crate::pass::Pass;
use crate::resolve::imported_module;
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
    let mut bound = names_at_top(pass);
    for idx in comments {
        let text = pass.text(idx).into_owned();
        if text.len() > MAX_COMMENT_BYTES || !(text.contains("@typedef") || text.contains("@import")) {
            continue;
        }
        pass.state.scope = file_scope(pass);
        let is_declared = !text.contains("@import");
        declare_types(pass, idx, &text, &mut bound);
        for TypeImport { module, what, local } in imports(&text) {
            if is_declared {
                export_declared(pass, &local);
            }
            record(pass, idx, &module, Taken::new(what, Some(local)));
        }
    }
    pass.state = state;
}

/// `@typedef {object} Name` with its properties, and `@typedef {T} Name`, bind what a value of the type is.
fn declare_types(pass: &mut Pass<'_>, comment: NodeIdx, text: &str, bound: &mut HashSet<String>) {
    for (name, type_text) in typedefs(text) {
        if let Some(named) = named(&type_text).filter(|_| bound.insert(name.clone())) {
            let target = BindingTarget::Local { type_path: Some(named.to_owned()), value: None };
            export_declared(pass, &name);
            pass.bind(name, pass.tape.node(comment).start, target);
        }
    }
}

/// Names that a comment cannot declare, as the code binds them at the top of the file.
fn names_at_top(pass: &Pass<'_>) -> HashSet<String> {
    let scope = file_scope(pass);
    let at_top = pass.facts.bindings.iter().filter(|binding| binding.scope == scope);
    at_top.map(|binding| binding.name.clone()).collect()
}

/// Lists the types that a comment declares, with their names; those of other modules are imports.
fn typedefs(comment: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for (tag, type_text, rest) in tags(comment) {
        let name = rest.trim_start().trim_start_matches('[');
        let name = name.split(|c: char| !is_name_char(c)).next().unwrap_or_default();
        match tag {
            "typedef" => {
                is_open = matches!(type_text, "object" | "Object") && !name.is_empty();
                let text = if is_open { "{}".to_owned() } else { spaced(type_text) };
                if !name.is_empty() && !type_text.starts_with("import(") {
                    found.push((name.to_owned(), text));
                }
            }
            "property" | "prop" if is_open && !rest.trim_start()[name.len()..].starts_with('.') => {
                if let Some((_, fields)) = found.last_mut() {
                    fields.pop();
                    fields.push_str(&format!("{name}: {};}}", spaced(type_text).trim_end_matches('=')));
                }
            }
            "property" | "prop" => {}
            _ => is_open = false,
        }
    }
    found
}

/// Lists the types of a function's parameters, as far as its comment has them in order.
pub(super) fn parameter_types(doc: &str) -> Vec<String> {
    if doc.len() > MAX_COMMENT_BYTES {
        return Vec::new();
    }
    let parameters = tags(doc).filter(|(tag, ..)| matches!(*tag, "param" | "arg" | "argument"));
    let whole = parameters.filter(|(_, _, rest)| {
        let name = rest.split_whitespace().next().unwrap_or_default();
        !name.split(['=', ']']).next().unwrap_or_default().contains('.')
    });
    whole.map(|(_, type_text, _)| named(&spaced(type_text)).unwrap_or_default().to_owned()).collect()
}

/// Finds the type in a `/** @type {T} */` that stands before a value in brackets.
pub(super) fn cast_type(comment: &str) -> Option<std::ops::Range<usize>> {
    let body = comment.strip_prefix("/**")?;
    let at = body.find("@type")? + "@type".len();
    let open = at + body[at..].find('{')?;
    let is_next = body[at..open].trim().is_empty();
    let text = &body[open + 1..];
    let end = closing_brace(text).filter(|_| is_next)?;
    named(text[..end].trim())?;
    let start = "/**".len() + open + 1;
    Some(start..start + end)
}

fn file_scope(pass: &Pass<'_>) -> ScopeIdx {
    pass.facts.scopes.iter().position(|scope| scope.kind == ScopeKind::File).unwrap_or(0) as ScopeIdx
}

/// A type that a comment takes out of a module.
#[derive(Debug, PartialEq, Eq)]
struct TypeImport {
    module: String,
    what: Imported,
    local: String,
}

/// Lists every type that a comment imports.
fn imports(comment: &str) -> Vec<TypeImport> {
    let typedefs = tags(comment).filter(|(tag, ..)| *tag == "typedef");
    let mut found: Vec<_> = typedefs.filter_map(|(_, type_text, rest)| typedef(type_text, rest)).collect();
    for (at, tag) in comment.match_indices("@import") {
        found.extend(import_tag(&comment[at + tag.len()..]).unwrap_or_default());
    }
    found
}

/// Reads `{import("./m").T<A>} Name`; without a member it is the one thing that the module exports.
fn typedef(type_text: &str, rest: &str) -> Option<TypeImport> {
    let local = rest.trim_start().split(|c: char| !is_name_char(c)).next().filter(|name| !name.is_empty())?;
    let (module, length) = imported_module(type_text)?;
    let member = &type_text[length..];
    let name = if member.ends_with('>') { member.split('<').next().unwrap_or(member) } else { member };
    let what = match name.trim().strip_prefix('.') {
        None if name.trim().is_empty() => Imported::Default,
        Some(name) if !name.is_empty() && name.chars().all(is_name_char) => imported(name.to_owned()),
        _ => return None,
    };
    Some(TypeImport { module: module.to_owned(), what, local: local.to_owned() })
}

/// Reads what follows `@import`: `X, {A, B as C} from "./m"`, `* as N from "./m"`.
fn import_tag(text: &str) -> Option<Vec<TypeImport>> {
    let text = text.strip_prefix(char::is_whitespace).or_else(|| text.starts_with('{').then_some(text))?;
    let (clause, rest) = text.split_at(text.find(['"', '\''])?);
    let module = rest[1..].split(&rest[..1]).next()?;
    let lines = clause.lines().enumerate().map(|(idx, line)| match line.trim_start().strip_prefix('*') {
        Some(line) if idx > 0 => line,
        _ => line,
    });
    let clause = lines.collect::<Vec<_>>().join(" ");
    let clause = clause.trim_end().strip_suffix("from").filter(|clause| !clause.contains('@'))?;
    let (whole, names) = clause.split_once('{').unwrap_or((clause, ""));
    let whole = whole.trim().trim_end_matches(',').trim_end();
    let names = names.trim_end().trim_end_matches('}').split(',').map(str::trim);
    let mut found = Vec::new();
    let mut take = |what, local: &str| {
        if !local.is_empty() && local.chars().all(is_name_char) {
            found.push(TypeImport { module: module.to_owned(), what, local: local.to_owned() });
        }
    };
    match whole.strip_prefix("* as ") {
        Some(local) => take(Imported::Module, local.trim()),
        None => take(Imported::Default, whole),
    }
    for each in names {
        let (name, local) = each.split_once(" as ").unwrap_or((each, each));
        take(imported(name.trim().to_owned()), local.trim());
    }
    Some(found)
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
    if only.starts_with('{') && closing_brace(&only[1..]) == Some(only.len() - 2) {
        return Some(only);
    }
    let one = only.strip_suffix("[]").unwrap_or(only);
    let bare = one.split_once('<').map_or(one, |(head, _)| head);
    let is_closed = !one.contains('<') || one.ends_with('>');
    let is_path = |path: &str| path.split('.').all(|word| !word.is_empty() && word.chars().all(is_name_char));
    let is_path = match imported_module(bare) {
        Some((_, length)) if length == bare.len() => true,
        Some((_, length)) => bare[length..].strip_prefix('.').is_some_and(is_path),
        None => is_path(bare),
    };
    (is_closed && is_path).then_some(only)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
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
            ("import('./a')", Some("import('./a')")),
            ("?import('./a').B[]", Some("import('./a').B[]")),
            ("import('./a').", None),
            ("Command | Option", None),
            ("Command[]", Some("Command[]")),
            ("?Command[] | undefined", Some("Command[]")),
            ("Map<string, Command>", Some("Map<string, Command>")),
            ("(Command | Option)[]", None),
            ("(a: Command) => void", None),
            ("{a: Command}", Some("{a: Command}")),
            ("{a: Command}[]", None),
            ("null", None),
            ("", None),
        ] {
            assert_eq!(named(text), name, "{text}");
        }
    }

    #[test]
    fn comments_declare_types() {
        let found = typedefs(
            "/**\n * @typedef {object} Context\n * @property {Graph} graph the graph\n * @property {Map<A, B>=} [map] a map\n * @property {A} a.b\n * @typedef {A | null} B\n * @typedef {import('x')} X\n */",
        );
        let expected = [("Context", "{graph: Graph;map: Map<A, B>;}"), ("B", "A | null")];
        assert_eq!(found, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
        assert_eq!(
            parameter_types("@param {A} a\n@param {B} a.b\n@param {C=} [c=a.b]\n@param d"),
            ["A", "C"]
        );
        let comment = "/** @type {A[]} */";
        assert_eq!(cast_type(comment).map(|range| &comment[range]), Some("A[]"));
        assert_eq!(cast_type("/** @typedef {A} B */"), None);
    }

    #[test]
    fn comments_import_types() {
        let shown = |comment: &str| {
            let found = imports(comment).into_iter();
            found
                .map(|TypeImport { module, what, local }| format!("{local} = {what:?} of {module}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            shown(
                "/**\n * @typedef { import(\"./a.js\").Argument } Arg\n * @typedef {Object} Plain\n * @import {A, B as C} from './b.js'\n */"
            ),
            [
                r#"Arg = Name("Argument") of ./a.js"#,
                r#"A = Name("A") of ./b.js"#,
                r#"C = Name("B") of ./b.js"#
            ]
        );
        assert_eq!(
            shown(
                "/** @typedef {import('./a')} A @typedef {import('./b').B<T>} C @typedef {import('./d').D[]} D */"
            ),
            ["A = Default of ./a", r#"C = Name("B") of ./b"#]
        );
        assert_eq!(
            shown("/**\n * @import X, {\n * \tA,\n * \tB as C\n * } from \"./x\"\n */"),
            ["X = Default of ./x", r#"A = Name("A") of ./x"#, r#"C = Name("B") of ./x"#]
        );
        assert_eq!(shown("/** @import * as N from './n' */"), ["N = Module of ./n"]);
        assert!(shown("/** @typedef {import( */").is_empty());
        assert!(shown("/** @important 'x' @import the \"thing\" */").is_empty());
    }
}
