//! What a name stands for: variables, functions and classes that are values, and what is around them.

use docpack::{SymbolKind, Visibility};
use model::facts::{BindingTarget, Scope, ScopeKind};

use crate::body::code::Op;
use crate::draft::Draft;
use crate::pass::Pass;
use crate::path::{Reading, Tree};
use crate::table::Bind;
use crate::tape::NodeIdx;

use super::imports::required_variable;
use super::shapes::{
    add_heritage, class, clean_types, export_declared, function, is_exported, is_typed, see,
};
use super::{assigned, handed, jsdoc, results};

const LOCAL: Bind = Bind::local("", "", "").parts(handed::part);

/// Tells whether a variable is a symbol: at the top of a file or namespace, or wherever it holds a function or class.
pub(super) fn is_definition(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    let is_one_name = pass.child(idx, "name").is_some_and(|name| pass.is_kind(name, "identifier"));
    let value = pass.child(idx, "value").map(|value| unwrapped(pass, value));
    let holds_code = value.is_some_and(|value| is_function(pass, value) || pass.is_kind(value, "class"));
    is_one_name && (holds_code || is_top_level(pass) && !is_required(pass, idx))
}

fn is_required(pass: &Pass<'_>, declarator: NodeIdx) -> bool {
    let Some(value) = pass.child(declarator, "value") else { return false };
    let text = pass.text(value);
    let text = text.trim_start_matches(['(', ' ']).trim_start_matches("await ").trim_start();
    (text.starts_with("require(") || text.starts_with("import(")) && text.len() < 512
}

pub(super) fn is_top_level(pass: &Pass<'_>) -> bool {
    let scope = pass.facts.scopes[pass.state.scope as usize].kind;
    pass.state.callable.is_none() && matches!(scope, ScopeKind::File | ScopeKind::Module)
}

/// A variable: what it holds decides what it is.
pub(super) fn variable(pass: &mut Pass<'_>, draft: &mut Draft) {
    let keyword = keyword(pass, draft.node);
    draft.kind = if keyword == "const " { SymbolKind::Constant } else { SymbolKind::Variable };
    draft.signature_word = keyword;
    see(pass, draft);
    clean_types(draft);
    if let Some(value) = draft.value {
        hold(pass, draft, value);
    }
    if keyword == "var " {
        assigned::hoist(pass, draft);
    }
}

fn keyword(pass: &Pass<'_>, declarator: NodeIdx) -> &'static str {
    let Some(declaration) = pass.tape.parent(declarator) else { return "" };
    let text = pass.text(declaration);
    ["const ", "let ", "var ", "using "]
        .into_iter()
        .find(|word| text.starts_with(word.trim_end()))
        .unwrap_or("")
}

/// A variable that is no symbol of its own: an import by `require`, a pattern, a local.
pub(super) fn declarator(pass: &mut Pass<'_>, idx: NodeIdx) {
    if is_definition(pass, idx) {
        return;
    }
    let around = pass.state.scope;
    let is_var = keyword(pass, idx) == "var ";
    if is_var {
        pass.state.scope = pass.function_scope();
    }
    let is_import = required_variable(pass, idx);
    pass.state.scope = around;
    let Some(pattern) = pass.child(idx, "name").filter(|_| !is_import) else { return };
    if is_top_level(pass) && !pass.is_kind(pattern, "identifier") {
        destructured(pass, idx, pattern);
    }
    let type_node = if is_typed(pass) { pass.child(idx, "type") } else { None };
    if type_node.is_none() && assigned::declared(pass, idx, pattern, is_var) {
        return;
    }
    let value = pass.child(idx, "value");
    if is_var {
        pass.state.scope = pass.function_scope();
    }
    pass.bind_pattern(pattern, type_node, value, LOCAL);
    pass.state.scope = around;
}

/// `for (const x of list)` takes the list's elements, `for (const key in object)` names.
pub(super) fn loop_variable(pass: &mut Pass<'_>, idx: NodeIdx) {
    pass.enter_scope(idx, ScopeKind::Block);
    let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) else { return };
    let between = pass.source.text(pass.tape.node(left).end, pass.tape.node(right).start);
    let takes_elements = !between.split_whitespace().any(|word| word == "in");
    let list = takes_elements.then_some(right);
    pass.bind_pattern(left, None, list, Bind::element("left", "right").parts(handed::part));
}

/// `export const { a, b } = …` at the top of a file: each name is a symbol.
fn destructured(pass: &mut Pass<'_>, declarator: NodeIdx, pattern: NodeIdx) {
    let exported = is_exported(pass, declarator);
    for name in pass.names_in(pattern) {
        let mut draft = Draft::new(declarator, pass.text(name).into_owned(), SymbolKind::Constant);
        draft.signature_word = keyword(pass, declarator);
        draft.signature_end = pass.child(declarator, "value").map(|value| pass.tape.node(value).start);
        draft.exported = exported;
        draft.visibility = if exported { Visibility::Public } else { Visibility::Internal };
        if exported {
            export_declared(pass, &draft.name);
        }
        pass.add_leaf(draft);
    }
}

/// Completes a draft by the value that its name stands for.
pub(super) fn hold(pass: &mut Pass<'_>, draft: &mut Draft, value: NodeIdx) {
    let value = unwrapped(pass, value);
    if is_function(pass, value) {
        hold_function(pass, draft, value);
    } else if pass.is_kind(value, "class") {
        draft.kind = SymbolKind::Class;
        draft.scope = Some(ScopeKind::Type);
        draft.body = pass.child(value, "body");
        add_heritage(pass, draft, value);
        pass.tape.take(value);
    } else if pass.is_kind(value, "object") {
        draft.scope = Some(ScopeKind::Type);
        pass.tape.nodes[value as usize].is_body = true;
    }
}

/// Tells whether a symbol stands for just this object, so that the object's members are the symbol's.
pub(super) fn is_held(pass: &Pass<'_>, object: NodeIdx) -> bool {
    pass.tape.node(object).is_body
}

/// Tells whether a function expression has a name of its own, and no other name holds it.
pub(super) fn is_named_expression(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    !pass.tape.node(idx).is_body && pass.child(idx, "name").is_some()
}

/// The name of a function expression is bound around the function, and nowhere else.
pub(super) fn named_expression(pass: &mut Pass<'_>, draft: &mut Draft) {
    function(pass, draft);
    draft.exported = false;
    draft.visibility = Visibility::Private;
    pass.tape.nodes[draft.node as usize].is_body = true;
    pass.push_frame(draft.node);
    pass.state.scope =
        pass.open_scope(Scope { kind: ScopeKind::Block, parent: Some(pass.state.scope), symbol: None });
}

/// A longer base is an expression that nobody would call a name.
const MAX_HEAD_BYTES: usize = 64;

/// A class that no name outside holds: its own name is known inside of it only; without one its head names it.
pub(super) fn class_expression(pass: &mut Pass<'_>, draft: &mut Draft) {
    draft.name_node = pass.child(draft.node, "name");
    draft.name = match draft.name_node {
        Some(name) => pass.text(name).into_owned(),
        None => class_head(pass, draft.node),
    };
    class(pass, draft);
    draft.exported = false;
    draft.visibility = Visibility::Private;
    draft.bound = draft.name_node.is_some();
    if draft.bound {
        pass.push_frame(draft.node);
        pass.state.scope =
            pass.open_scope(Scope { kind: ScopeKind::Block, parent: Some(pass.state.scope), symbol: None });
    } else {
        draft.member_prefix = Some(pass.member_prefix().to_owned());
    }
}

/// `class extends Base`, as an `impl` is named by its head.
fn class_head(pass: &Pass<'_>, class: NodeIdx) -> String {
    let heritage = pass.child_of_kind(class, "class_heritage").map(|heritage| pass.line_of(heritage));
    match heritage.filter(|heritage| heritage.len() <= MAX_HEAD_BYTES) {
        Some(heritage) => format!("class {heritage}"),
        None => "class".to_owned(),
    }
}

/// Every function but an arrow has a `this` of its own; only of methods the language says what it is.
pub(super) fn own_this(pass: &mut Pass<'_>, parameters: NodeIdx) {
    let Some(function) = pass.tape.parent(parameters) else { return };
    handed::parameters(pass, function, parameters);
    let at = pass.tape.node(parameters).start;
    if let Some(declared) = declared_this(pass, parameters) {
        let type_path = pass.child(declared, "type").and_then(|node| pass.declared_type(node));
        return pass.bind("this".to_owned(), at, BindingTarget::Parameter { type_path });
    }
    if is_exported_member(pass, function) {
        let value = Some("exports".to_owned());
        return pass.bind("this".to_owned(), at, BindingTarget::Local { type_path: None, value });
    }
    let kinds = [
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
    ];
    let is_method = pass.facts.symbols[pass.state.symbol as usize].kind == SymbolKind::Method
        && pass.tape.node(function).is_body;
    if !is_method && kinds.iter().any(|kind| pass.is_kind(function, kind)) {
        pass.bind("this".to_owned(), at, BindingTarget::Local { type_path: None, value: None });
    }
}

/// Tells whether a function is a member of `module.exports = {…}`: such a one alone is a function, not a method.
fn is_exported_member(pass: &Pass<'_>, function: NodeIdx) -> bool {
    let is_function = pass.facts.symbols[pass.state.symbol as usize].kind == SymbolKind::Function;
    let in_pair = || pass.tape.parent(function).is_some_and(|parent| pass.is_kind(parent, "pair"));
    let is_value = pass.is_kind(function, "function_expression") && pass.tape.node(function).is_body;
    is_function && (pass.is_kind(function, "method_definition") || is_value && in_pair())
}

/// Finds TypeScript's `this: Type` before the parameters.
fn declared_this(pass: &Pass<'_>, parameters: NodeIdx) -> Option<NodeIdx> {
    let first = pass.tape.children(parameters).find(|child| !pass.is_comment(*child))?;
    let pattern = pass.child(first, "pattern").filter(|_| is_typed(pass))?;
    pass.is_kind(pattern, "this").then_some(first)
}

fn hold_function(pass: &mut Pass<'_>, draft: &mut Draft, function: NodeIdx) {
    let in_type = matches!(draft.kind, SymbolKind::Field | SymbolKind::Property);
    draft.kind = if in_type { SymbolKind::Method } else { SymbolKind::Function };
    draft.scope = Some(ScopeKind::Function);
    draft.value = None;
    draft.body = pass.child(function, "body");
    let list = pass.child(function, "parameters");
    draft.parameters = pass.parameters_of(list);
    let single =
        pass.is_kind(function, "arrow_function").then(|| pass.child(function, "parameter")).flatten();
    draft.parameters.extend(single.map(|name| model::facts::Parameter {
        name: pass.line_of(name),
        type_name: None,
        default: None,
    }));
    let mut head_end = list.or(single);
    if is_typed(pass) {
        draft.generics = type_parameters(pass, function);
        let returns = pass.child(function, "return_type");
        draft.return_type = returns.map(|returns| pass.line_of(returns));
        head_end = returns.or(head_end);
    }
    clean_types(draft);
    draft.signature_end = head_end.map(|end| pass.tape.node(end).end);
    let head = pass
        .source
        .text(pass.tape.node(function).start, list.or(single).map_or(0, |list| pass.tape.node(list).start));
    if head.starts_with("async") {
        draft.modifiers.push("async".to_owned());
    }
    if pass.is_kind(function, "generator_function") {
        draft.modifiers.push("generator".to_owned());
    }
    pass.tape.nodes[function as usize].is_body = true;
}

fn type_parameters(pass: &Pass<'_>, function: NodeIdx) -> Vec<String> {
    let Some(list) = pass.child(function, "type_parameters") else { return Vec::new() };
    pass.tape
        .children(list)
        .filter(|child| !pass.is_comment(*child))
        .map(|child| pass.line_of(child))
        .collect()
}

/// The single bare parameter of `x => …`, which is known inside only.
pub(super) fn arrow_function(pass: &mut Pass<'_>, idx: NodeIdx) {
    if !pass.tape.node(idx).is_body {
        pass.enter_scope(idx, ScopeKind::Function);
    }
    if let Some(parameter) = pass.child(idx, "parameter") {
        match handed::giver_of(pass, idx) {
            Some(giver) => handed::bind(pass, parameter, &giver.path(0)),
            None => pass.bind_pattern(parameter, None, None, Bind::parameter("", "")),
        }
    }
    if let Some(body) = pass.child(idx, "body").filter(|body| !pass.is_kind(*body, "statement_block")) {
        results::give(pass, body);
    }
}

pub(super) fn is_function(pass: &Pass<'_>, value: NodeIdx) -> bool {
    ["arrow_function", "function_expression", "generator_function"]
        .iter()
        .any(|kind| pass.is_kind(value, kind))
}

/// Looks through brackets and type assertions around a value.
pub(super) fn unwrapped(pass: &Pass<'_>, value: NodeIdx) -> NodeIdx {
    const AROUND: &[&str] =
        &["parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"];
    let mut value = value;
    while AROUND.iter().any(|kind| pass.is_kind(value, kind)) {
        match pass.tape.children(value).next() {
            Some(inner) => value = inner,
            None => break,
        }
    }
    value
}

/// `(value)` is the value; JavaScript's `/** @type {T} */ (value)` is of that type.
pub(super) fn in_brackets(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let before = tree
        .tape
        .parent(idx)
        .and_then(|parent| tree.tape.children(parent).take_while(|child| *child < idx).last());
    let comment = before.filter(|before| tree.is_javascript() && tree.is_kind(*before, "comment"));
    let cast = comment.and_then(|comment| {
        let (start, text) = (tree.range(comment).start, tree.text(comment));
        let range = jsdoc::cast_type(&text)?;
        Some(start + range.start as u32..start + range.end as u32)
    });
    match (cast, tree.tape.children(idx).find(|child| !tree.is_kind(*child, "comment"))) {
        (Some(range), _) => Reading::Value(range),
        (None, Some(inner)) => Reading::Through(inner),
        (None, None) => Reading::Nameless,
    }
}

/// `delete object.key`.
pub(super) fn deletion(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    let start = pass.tape.node(idx).start as usize;
    let deletes = pass.source.bytes().get(start..).is_some_and(|text| text.starts_with(b"delete"));
    if deletes { Op::Delete } else { Op::Unknown }
}
