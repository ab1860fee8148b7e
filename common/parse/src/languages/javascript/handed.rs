//! Parameters without a type: what a function that is handed to a call gets from the callee.

use docpack::Language;
use model::facts::BindingTarget;

use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::jsdoc;
use super::shapes::is_typed;

/// An argument behind more others than this, or a parameter, is a table's.
const MAX_ARGUMENTS: usize = 64;
/// Patterns nested deeper are generated.
const MAX_PATTERN_DEPTH: usize = 8;

/// What gives a function its parameters: the text around a parameter's number in its path.
pub(super) struct Giver {
    before: String,
    after: String,
}

impl Giver {
    /// Returns the path of a parameter.
    pub(super) fn path(&self, at: usize) -> String {
        format!("{}{at}{}", self.before, self.after)
    }
}

/// Finds the call that takes this function, `list.map^0.1`, or the type that its variable has, `{^1 Handler}`.
pub(super) fn giver_of(pass: &Pass<'_>, function: NodeIdx) -> Option<Giver> {
    let mut argument = function;
    let list = loop {
        let outer = pass.tape.parent(argument)?;
        if !pass.is_kind(outer, "parenthesized_expression") {
            break outer;
        }
        argument = outer;
    };
    let holds = ["variable_declarator", "public_field_definition"];
    if is_typed(pass) && holds.iter().any(|kind| pass.is_kind(list, kind)) {
        let written = pass.child(list, "type").and_then(|written| pass.declared_type(written))?;
        return Some(Giver { before: "{^".to_owned(), after: format!(" {written}}}") });
    }
    callee_of(pass, list, argument).map(|callee| Giver { before: format!("{callee}."), after: String::new() })
}

/// The call whose arguments these are, and the place of one: `list.map^0`.
fn callee_of(pass: &Pass<'_>, list: NodeIdx, argument: NodeIdx) -> Option<String> {
    let call = pass.tape.parent(list).filter(|_| pass.is_kind(list, "arguments"))?;
    let field = match () {
        () if pass.is_kind(call, "call_expression") => "function",
        () if pass.is_kind(call, "new_expression") => "constructor",
        () => return None,
    };
    let callee = pass.child(call, field).and_then(|callee| pass.path(callee))?;
    let all = pass.tape.children(list).filter(|child| !pass.is_comment(*child)).take(MAX_ARGUMENTS);
    let mut before = all.take_while(|child| *child < argument);
    let n_before =
        before.try_fold(0, |n, child| (!pass.is_kind(child, "spread_element")).then_some(n + 1))?;
    (n_before < MAX_ARGUMENTS).then(|| format!("{callee}^{n_before}"))
}

/// Binds the parameters that have no type of their own to what the callee hands over, and those that take a
/// typed value apart to its parts.
pub(super) fn parameters(pass: &mut Pass<'_>, function: NodeIdx, list: NodeIdx) {
    let is_value = super::values::is_function(pass, function);
    let giver = giver_of(pass, function).filter(|_| is_value);
    let is_this = |pass: &Pass<'_>, node: NodeIdx| {
        pass.child(node, "pattern").is_some_and(|pattern| pass.is_kind(pattern, "this"))
    };
    let all: Vec<NodeIdx> = pass
        .tape
        .children(list)
        .filter(|child| !pass.is_comment(*child) && !is_this(pass, *child))
        .take(MAX_ARGUMENTS)
        .collect();
    let documented = documented_types(pass);
    for (at, parameter) in all.into_iter().enumerate() {
        let is_wrapped =
            ["required_parameter", "optional_parameter"].iter().any(|kind| pass.is_kind(parameter, kind));
        let pattern = if is_wrapped { pass.child(parameter, "pattern") } else { Some(parameter) };
        let declared = if is_wrapped { pass.child(parameter, "type") } else { None };
        let has_default = is_wrapped && pass.child(parameter, "value").is_some();
        let Some(pattern) = pattern.filter(|_| declared.is_some() || !has_default) else { continue };
        let is_one_of = |kinds: &[&str]| kinds.iter().any(|kind| pass.is_kind(pattern, kind));
        let is_pattern = is_one_of(&["object_pattern", "array_pattern"]);
        let from = match (&giver, declared) {
            (_, Some(declared)) if is_pattern => {
                pass.declared_type(declared).filter(|text| is_named(text)).map(|text| format!("{{{text}}}"))
            }
            (_, None) if documented.get(at).is_some_and(|text| is_named(text)) && is_pattern => {
                Some(format!("{{{}}}", documented[at]))
            }
            (Some(giver), None) if is_pattern || pass.is_kind(pattern, "identifier") => Some(giver.path(at)),
            _ => None,
        };
        if let Some(from) = from {
            pass.tape.take(parameter);
            bind(pass, pattern, &from);
        }
    }
}

/// The types that the comment of a function gives its parameters, where the function is a symbol's.
fn documented_types(pass: &Pass<'_>) -> Vec<String> {
    let around = &pass.facts.symbols[pass.state.symbol as usize];
    let is_own = around.scope == Some(pass.state.scope) && pass.facts.language == Language::JavaScript;
    let doc = around.doc_comment.as_deref().filter(|_| is_own && around.kind.is_callable());
    doc.map(jsdoc::parameter_types).unwrap_or_default()
}

/// Tells whether a type is a name, a list of such or an object type.
fn is_named(text: &str) -> bool {
    if text.starts_with('{') {
        return text.ends_with('}');
    }
    let is_part =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '<' | '>' | ',' | ' ' | '[' | ']');
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$')) && text.chars().all(is_part)
}

/// Binds the names of a pattern to parts of what a path stands for.
pub(super) fn bind(pass: &mut Pass<'_>, pattern: NodeIdx, path: &str) {
    for name in pass.names_in(pattern) {
        pass.tape.take(name);
        let way = if name == pattern { Some(String::new()) } else { part(pass, pattern, name) };
        let target = match way {
            Some(way) => BindingTarget::Local { type_path: None, value: Some(format!("{path}{way}")) },
            None => BindingTarget::Parameter { type_path: None },
        };
        let (text, start) = (pass.text(name).into_owned(), pass.tape.node(name).start);
        pass.bind(text, start, target);
    }
}

/// What leads from a value to the part of it that a name in a pattern takes: `.a` for the `b` of `{ a: b }`.
///
/// Nothing where a default value may stand for it, or all that is left over.
pub(super) fn part(pass: &Pass<'_>, pattern: NodeIdx, name: NodeIdx) -> Option<String> {
    let mut steps = Vec::new();
    let mut inner = name;
    while inner != pattern {
        let outer = pass.tape.parent(inner).filter(|_| steps.len() < MAX_PATTERN_DEPTH)?;
        if pass.is_kind(outer, "object_pattern") {
            // What a pair holds is named by its key.
            if pass.is_kind(inner, "shorthand_property_identifier_pattern") {
                steps.push(format!(".{}", pass.text(inner)));
            }
        } else if pass.is_kind(outer, "pair_pattern") {
            let key = pass.child(outer, "key").filter(|key| pass.is_kind(*key, "property_identifier"))?;
            steps.push(format!(".{}", pass.text(key)));
        } else if pass.is_kind(outer, "array_pattern") {
            steps.push("[]".to_owned());
        } else {
            return None;
        }
        inner = outer;
    }
    steps.reverse();
    Some(steps.concat())
}
