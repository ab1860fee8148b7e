//! What Python definitions say beyond their fields: docstrings, bases, decorators, names with underscores.

use docpack::{ByteRange, SymbolKind, Visibility};
use model::facts::{BindingTarget, ReferenceKind};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::prose;
use crate::table::{Bind, FIRST};
use crate::tape::NodeIdx;

use super::patterns;

const ENUM_BASES: &[&str] = &["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"];

/// The module's docstring.
pub(super) fn module(pass: &mut Pass<'_>, idx: NodeIdx) {
    pass.facts.symbols[0].doc_comment = docstring(pass, idx);
}

pub(super) fn function(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    draft.doc = draft.body.and_then(|body| docstring(pass, body));
    if draft.kind == SymbolKind::Method && draft.name == "__init__" {
        draft.kind = SymbolKind::Constructor;
    }
    if pass.has_token(draft.node, "async") {
        draft.modifiers.push("async".to_owned());
    }
    for attribute in &draft.attributes {
        let text = pass.text(*attribute);
        draft.modifiers.extend(modifier(text.trim_start_matches('@').trim()).map(str::to_owned));
    }
    bind_self(pass, draft);
}

fn modifier(decorator: &str) -> Option<&'static str> {
    match decorator.rsplit('.').next()? {
        "staticmethod" => Some("static"),
        "classmethod" => Some("classmethod"),
        "property" | "cached_property" | "getter" => Some("getter"),
        "setter" => Some("setter"),
        "deleter" => Some("deleter"),
        "abstractmethod" | "abstractproperty" => Some("abstract"),
        "overload" => Some("overload"),
        "override" => Some("override"),
        "final" => Some("final"),
        _ => None,
    }
}

/// A method's first parameter is a value of the class around it.
fn bind_self(pass: &Pass<'_>, draft: &mut Draft) {
    let takes_self = matches!(draft.kind, SymbolKind::Method | SymbolKind::Constructor)
        && !draft.modifiers.iter().any(|modifier| modifier == "static");
    let Some(list) = pass.child(draft.node, "parameters").filter(|_| takes_self) else { return };
    let first = pass.tape.children(list).find(|child| !pass.is_comment(*child));
    draft.receiver = first.filter(|first| pass.is_kind(*first, "identifier"));
}

pub(super) fn class(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    draft.doc = draft.body.and_then(|body| docstring(pass, body));
    let Some(list) = pass.child(draft.node, "superclasses") else { return };
    let is_base = |child: &NodeIdx| !pass.is_kind(*child, "keyword_argument") && !pass.is_comment(*child);
    let bases: Vec<_> = pass.tape.children(list).filter(is_base).collect();
    for &base in &bases {
        let path = pass.type_path(base).unwrap_or_default();
        let name = path.rsplit('.').next().unwrap_or_default();
        match name {
            "Protocol" => draft.kind = SymbolKind::Interface,
            _ if ENUM_BASES.contains(&name) => draft.kind = SymbolKind::Enum,
            "ABC" => draft.modifiers.push("abstract".to_owned()),
            _ => {}
        }
    }
    draft.bases.extend(bases.into_iter().map(|base| (ReferenceKind::Extends, base)));
}

pub(super) fn type_alias(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    draft.signature_end = Some(pass.tape.node(draft.node).end);
}

/// One underscore: internal; two, without two behind: private. Nothing inside a function is exported.
pub(super) fn see(pass: &Pass<'_>, draft: &mut Draft) {
    let parent = &pass.facts.symbols[pass.state.symbol as usize];
    draft.visibility = visibility(&draft.name);
    draft.exported = draft.visibility == Visibility::Public && parent.exported && !parent.kind.is_callable();
}

fn visibility(name: &str) -> Visibility {
    let dunder = name.starts_with("__") && name.ends_with("__") && name.len() > 4;
    match name {
        _ if dunder || !name.starts_with('_') => Visibility::Public,
        _ if name.starts_with("__") => Visibility::Private,
        _ => Visibility::Internal,
    }
}

/// The string that stands as the first statement of a body.
fn docstring(pass: &mut Pass<'_>, body: NodeIdx) -> Option<String> {
    let statement = pass.tape.children(body).find(|child| !pass.is_comment(*child))?;
    let string = pass.tape.children(statement).next()?;
    if !pass.is_kind(statement, "expression_statement") || !pass.is_kind(string, "string") {
        return None;
    }
    let text = string_text(pass, string)?;
    let node = pass.tape.node(string);
    pass.documentation.push(ByteRange { start: node.start, end: node.end });
    prose::clean_docstring(&text)
}

/// What stands between a string's quotes; `None` for one that is put together at run time.
pub(super) fn string_text(pass: &Pass<'_>, string: NodeIdx) -> Option<String> {
    if pass.child_of_kind(string, "interpolation").is_some() {
        return None;
    }
    let start = pass.child_of_kind(string, "string_start").map(|quote| pass.tape.node(quote).end)?;
    let end = pass.child_of_kind(string, "string_end").map(|quote| pass.tape.node(quote).start)?;
    Some(pass.source.text(start, end.max(start)).into_owned())
}

/// `Optional[X]`, `X | None` and `"X"` are values of `X`.
pub(super) fn named_type(pass: &Pass<'_>, idx: NodeIdx) -> Option<NodeIdx> {
    let mut node = idx;
    loop {
        node = if pass.is_kind(node, "type") {
            pass.tape.children(node).next()?
        } else if pass.is_kind(node, "generic_type") && is_optional(pass, pass.tape.children(node).next()?) {
            let arguments = pass.child_of_kind(node, "type_parameter")?;
            pass.tape.children(arguments).next()?
        } else if pass.is_kind(node, "subscript") && is_optional(pass, pass.child(node, "value")?) {
            pass.child(node, "subscript")?
        } else if pass.is_kind(node, "binary_operator") || pass.is_kind(node, "union_type") {
            only_some(pass, node)?
        } else {
            return Some(node);
        };
    }
}

fn is_optional(pass: &Pass<'_>, name: NodeIdx) -> bool {
    pass.text(name).rsplit('.').next() == Some("Optional")
}

/// The one side of `X | None` that is not `None`.
fn only_some(pass: &Pass<'_>, union: NodeIdx) -> Option<NodeIdx> {
    let is_none = |side: &NodeIdx| pass.text(*side).trim() == "None";
    let mut sides = pass.tape.children(union).filter(|side| !is_none(side));
    let some = sides.next()?;
    (sides.next().is_none()).then_some(some)
}

/// `x: "Client"` names a type before it is defined.
pub(super) fn quoted_type(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(string) = pass.tape.children(idx).next().filter(|child| pass.is_kind(*child, "string")) else {
        return;
    };
    let Some(text) = string_text(pass, string) else { return };
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    if !text.is_empty() && text.chars().all(is_path) && !is_literal(pass, idx) {
        pass.refer_path(ReferenceKind::Type, text, pass.tape.node(string).start);
    }
}

/// The strings in `Literal["r", "w"]` are values.
fn is_literal(pass: &Pass<'_>, argument: NodeIdx) -> bool {
    let generic = pass.tape.parent(argument).and_then(|list| pass.tape.parent(list));
    let name = generic.and_then(|generic| pass.tape.children(generic).next());
    name.is_some_and(|name| pass.text(name).rsplit('.').next() == Some("Literal"))
}

/// `with x as y` binds what `x.__enter__()` gives, `except E as e` an `E`.
pub(super) fn alias(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(target) = pass.child(idx, "alias") else { return patterns::alias(pass, idx) };
    let value = pass.tape.children(idx).find(|child| !pass.is_comment(*child) && *child != target);
    let item = pass.tape.parent(idx).filter(|parent| pass.is_kind(*parent, "with_item"));
    let Some(item) = item else {
        return pass.bind_pattern(target, None, value, Bind::local("alias", "", FIRST));
    };
    let statement = pass.tape.parent(item).and_then(|clause| pass.tape.parent(clause));
    let is_async = statement.is_some_and(|statement| pass.has_token(statement, "async"));
    let enter = if is_async { ".__aenter__()" } else { ".__enter__()" };
    let names = pass.names_in(target);
    let path = value.filter(|_| names.len() == 1).and_then(|value| pass.path(value));
    for name in names {
        pass.tape.take(name);
        let value = path.as_ref().map(|path| format!("{path}{enter}"));
        let text = pass.text(name).into_owned();
        pass.bind(text, pass.tape.node(name).start, BindingTarget::Local { type_path: None, value });
    }
}

/// A bare name in a `case` captures the value.
pub(super) fn case_pattern(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(name) = pass.tape.children(idx).next().filter(|child| pass.is_kind(*child, "dotted_name"))
    else {
        return;
    };
    if !pass.text(name).contains('.') {
        pass.bind_pattern(name, None, None, Bind::local("", "", ""));
    }
}

/// A function that yields is a generator.
pub(super) fn yield_expression(pass: &mut Pass<'_>, _: NodeIdx) {
    let Some(callable) = pass.state.callable else { return };
    let modifiers = &mut pass.facts.symbols[callable as usize].modifiers;
    if !modifiers.iter().any(|modifier| modifier == "generator") {
        modifiers.push("generator".to_owned());
        modifiers.sort_unstable();
    }
}

/// A default value is made once, where the function is defined.
pub(super) fn default_value(pass: &mut Pass<'_>, idx: NodeIdx) {
    let of_function = pass.tape.parent(idx).is_some_and(|list| pass.is_kind(list, "parameters"));
    if let Some(value) = pass.child(idx, "value").filter(|_| of_function) {
        pass.runs_outside(value);
    }
}
