//! What definitions say beyond their fields: modifiers, visibility, bases, and what a name's value is.

use docpack::{Language, SymbolKind, Visibility};
use model::facts::{BindingTarget, Export, ReferenceKind, Scope, ScopeKind};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::table::Bind;
use crate::tape::NodeIdx;

use super::imports::{plain, required_variable};

const LOCAL: Bind = Bind::local("", "", "");

/// Words before a name that are recorded.
const MODIFIERS: &[&str] =
    &["abstract", "accessor", "async", "const", "declare", "get", "override", "readonly", "set", "static"];

/// The file's name, and the comment at its head when nothing else can mean it.
pub(super) fn module(pass: &mut Pass<'_>, program: NodeIdx) {
    let module = &mut pass.facts.symbols[0];
    let name = module.qualified_name.rsplit('/').next().unwrap_or_default().to_owned();
    module.name = name;
    let Some(comment) = head_comment(pass, program) else { return };
    let text = pass.text(comment);
    let says_licence =
        ["license", "licence", "copyright"].iter().any(|word| text.to_lowercase().contains(word));
    if !says_licence && super::is_doc(&text) {
        pass.add_doc(0, &text);
    }
}

/// Finds the comment that begins the file and stands apart from what follows, or before an import.
fn head_comment(pass: &Pass<'_>, program: NodeIdx) -> Option<NodeIdx> {
    let mut children = pass.tape.children(program).filter(|child| !pass.is_kind(*child, "hash_bang_line"));
    let first = children.next().filter(|first| pass.is_comment(*first))?;
    let is_about_file = children.next().is_none_or(|next| {
        let next_line = pass.source.line(pass.tape.node(next).start);
        let is_apart = next_line > pass.source.line(pass.tape.node(first).end) + 1;
        is_apart || pass.is_kind(next, "import_statement")
    });
    is_about_file.then_some(first)
}

pub(super) fn function(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    clean_types(draft);
    add_modifiers(pass, draft);
}

pub(super) fn class(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    add_modifiers(pass, draft);
    if pass.is_kind(draft.node, "abstract_class_declaration") {
        draft.modifiers.push("abstract".to_owned());
    }
    add_heritage(pass, draft, draft.node);
}

fn add_heritage(pass: &Pass<'_>, draft: &mut Draft, class: NodeIdx) {
    let Some(heritage) = pass.child_of_kind(class, "class_heritage") else { return };
    for part in pass.tape.children(heritage) {
        if pass.is_kind(part, "extends_clause") {
            let values = pass.tape.children(part).filter(|child| !pass.is_kind(*child, "type_arguments"));
            draft.bases.extend(values.map(|value| (ReferenceKind::Extends, value)));
        } else if pass.is_kind(part, "implements_clause") {
            draft.bases.extend(pass.tape.children(part).map(|named| (ReferenceKind::Implements, named)));
        } else if !pass.is_comment(part) {
            draft.bases.push((ReferenceKind::Extends, part));
        }
    }
}

pub(in crate::languages) fn interface(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    if let Some(clause) = pass.child_of_kind(draft.node, "extends_type_clause") {
        draft.bases.extend(pass.tape.children(clause).map(|named| (ReferenceKind::Extends, named)));
    }
}

/// A type's other name; of an object type the members are symbols.
pub(in crate::languages) fn type_alias(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    draft.body = draft.value.filter(|value| pass.is_kind(*value, "object_type"));
    draft.value = None;
    draft.signature_end =
        draft.body.map_or(Some(pass.tape.node(draft.node).end), |body| Some(pass.tape.node(body).start));
}

/// A namespace, or the module that a declaration file describes.
pub(in crate::languages) fn namespace(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    add_modifiers(pass, draft);
    draft.name = draft.name_node.map(|name| plain(pass, name)).unwrap_or_default();
}

/// What only has to be seen: enums.
pub(in crate::languages) fn declared(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    add_modifiers(pass, draft);
}

/// Members of an enum stand bare or with a value.
pub(in crate::languages) fn enum_body(pass: &mut Pass<'_>, body: NodeIdx) {
    let members: Vec<_> = pass.tape.children(body).collect();
    let mut comment = None;
    for member in members {
        if pass.is_comment(member) {
            comment = Some(member).filter(|comment| super::is_doc(&pass.text(*comment)));
            continue;
        }
        let name_node =
            if pass.is_kind(member, "enum_assignment") { pass.child(member, "name") } else { Some(member) };
        let Some(name_node) = name_node else { continue };
        let mut draft = Draft::new(member, plain(pass, name_node), SymbolKind::EnumVariant);
        draft.first_byte = comment.map(|comment| pass.tape.node(comment).start);
        draft.exported = pass.facts.symbols[pass.state.symbol as usize].exported;
        let variant = pass.add_leaf(draft);
        if let Some(comment) = comment.take() {
            let text = pass.text(comment);
            pass.add_doc(variant, &text);
        }
    }
}

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
    let keyword = keyword(pass, draft);
    draft.kind = if keyword == "const " { SymbolKind::Constant } else { SymbolKind::Variable };
    draft.signature_word = keyword;
    see(pass, draft);
    clean_types(draft);
    if let Some(value) = draft.value {
        hold(pass, draft, value);
    }
}

fn keyword(pass: &Pass<'_>, draft: &Draft) -> &'static str {
    let Some(declaration) = pass.tape.parent(draft.node) else { return "" };
    let text = pass.text(declaration);
    ["const ", "let ", "var ", "using "]
        .into_iter()
        .find(|word| text.starts_with(word.trim_end()))
        .unwrap_or("")
}

/// A variable that is no symbol of its own: an import by `require`, a pattern, a local.
pub(super) fn declarator(pass: &mut Pass<'_>, idx: NodeIdx) {
    if is_definition(pass, idx) || required_variable(pass, idx) {
        return;
    }
    let Some(pattern) = pass.child(idx, "name") else { return };
    if is_top_level(pass) && !pass.is_kind(pattern, "identifier") {
        destructured(pass, idx, pattern);
    }
    let type_node = if is_typed(pass) { pass.child(idx, "type") } else { None };
    let value = pass.child(idx, "value");
    pass.bind_pattern(pattern, type_node, value, LOCAL);
}

/// `export const { a, b } = …` at the top of a file: each name is a symbol.
fn destructured(pass: &mut Pass<'_>, declarator: NodeIdx, pattern: NodeIdx) {
    let statement = pass.tape.parent(declarator).and_then(|declaration| pass.tape.parent(declaration));
    let exported = statement.is_some_and(|statement| pass.is_kind(statement, "export_statement"));
    for name in pass.names_in(pattern) {
        let mut draft = Draft::new(declarator, pass.text(name).into_owned(), SymbolKind::Constant);
        draft.signature_word = keyword(pass, &draft);
        draft.value = pass.child(declarator, "value");
        draft.exported = exported;
        draft.visibility = if exported { Visibility::Public } else { Visibility::Internal };
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

/// Every function but an arrow has a `this` of its own; only of methods the language says what it is.
pub(super) fn own_this(pass: &mut Pass<'_>, parameters: NodeIdx) {
    let Some(function) = pass.tape.parent(parameters) else { return };
    let at = pass.tape.node(parameters).start;
    if let Some(declared) = declared_this(pass, parameters) {
        let type_path = pass.child(declared, "type").and_then(|node| pass.type_path(node));
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
    draft
        .parameters
        .extend(single.map(|name| model::facts::Parameter { name: pass.line_of(name), type_name: None }));
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

/// The single bare parameter of `x => …`.
pub(super) fn arrow_function(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let Some(parameter) = pass.child(idx, "parameter") {
        pass.bind_pattern(parameter, None, None, Bind::parameter("", ""));
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

pub(super) fn is_typed(pass: &Pass<'_>) -> bool {
    pass.table.source.language == Language::TypeScript
}

/// Reads `export` and `default` off what wraps the definition; inside a function everything is private.
fn see(pass: &mut Pass<'_>, draft: &mut Draft) {
    let is_outer =
        matches!(pass.facts.scopes[pass.state.scope as usize].kind, ScopeKind::File | ScopeKind::Module);
    draft.exported = is_outer && pass.is_kind(draft.outer, "export_statement");
    draft.visibility = match (draft.exported, is_outer) {
        (true, _) => Visibility::Public,
        (false, true) => Visibility::Internal,
        (false, false) => Visibility::Private,
    };
    if draft.exported && words_before_name(pass, draft).split_whitespace().any(|word| word == "default") {
        let export = Export { name: "default".to_owned(), local: Some(draft.name.clone()), import: None };
        pass.facts.exports.push(export);
    }
}

/// Reads what a member may be seen by; exported follows from its type's when the file is read.
pub(super) fn see_member(pass: &Pass<'_>, draft: &mut Draft) {
    let written = pass.child_of_kind(draft.node, "accessibility_modifier").map(|node| pass.text(node));
    draft.visibility = match written.as_deref() {
        Some("private") => Visibility::Private,
        Some("protected") => Visibility::Protected,
        _ if draft.name.starts_with('#') => Visibility::Private,
        _ => Visibility::Public,
    };
    draft.exported = false;
}

pub(super) fn add_modifiers(pass: &Pass<'_>, draft: &mut Draft) {
    let words = words_before_name(pass, draft);
    let named = |word: &str| match word {
        "get" => Some("getter".to_owned()),
        "set" => Some("setter".to_owned()),
        word => MODIFIERS.contains(&word).then(|| word.to_owned()),
    };
    draft.modifiers.extend(words.split_whitespace().filter_map(named));
    if words.trim_end().ends_with('*') {
        draft.modifiers.push("generator".to_owned());
    }
    let type_start = draft.name_node.map(|name| pass.tape.node(name).end);
    if type_start.is_some_and(|end| pass.source.bytes().get(end as usize) == Some(&b'?')) {
        draft.modifiers.push("optional".to_owned());
    }
}

/// The words between the start of a definition, behind its decorators, and its name.
fn words_before_name(pass: &Pass<'_>, draft: &Draft) -> String {
    let end = draft.name_node.map_or(pass.tape.node(draft.node).start, |name| pass.tape.node(name).start);
    let behind =
        draft.attributes.iter().map(|attribute| pass.tape.node(*attribute).end).filter(|at| *at <= end).max();
    let start = behind.unwrap_or(pass.tape.node(draft.outer).start);
    pass.source.text(start.min(end), end).replace('*', " * ").replace("* ", "*")
}

/// Types stand behind a colon in the tree.
pub(super) fn clean_types(draft: &mut Draft) {
    let bare = |text: &str| text.trim_start_matches(':').trim_start().to_owned();
    draft.return_type = draft.return_type.take().map(|text| bare(&text));
    for parameter in &mut draft.parameters {
        parameter.type_name = parameter.type_name.take().map(|text| bare(&text));
        if !parameter.name.starts_with(['{', '['])
            && let Some((name, _)) = parameter.name.split_once('=')
        {
            parameter.name = name.trim_end().to_owned();
        }
    }
}

/// Behind arrays, and beside `null` and `undefined`, the one type that has a name.
pub(in crate::languages) fn named_type(pass: &Pass<'_>, idx: NodeIdx) -> Option<NodeIdx> {
    let mut node = idx;
    loop {
        let through = ["type_annotation", "array_type", "readonly_type", "parenthesized_type"];
        node = if through.iter().any(|kind| pass.is_kind(node, kind)) {
            pass.tape.children(node).next()?
        } else if pass.is_kind(node, "union_type") {
            named_alternative(pass, node)?
        } else if pass.is_kind(node, "generic_type") && is_list(pass, node) {
            let arguments = pass.child(node, "type_arguments")?;
            pass.tape.children(arguments).next()?
        } else {
            return Some(node);
        };
    }
}

fn is_list(pass: &Pass<'_>, generic: NodeIdx) -> bool {
    let name = pass.child(generic, "name").map(|name| pass.text(name));
    matches!(
        name.as_deref(),
        Some("Array" | "ReadonlyArray" | "Readonly" | "NonNullable" | "Required" | "Partial")
    )
}

fn named_alternative(pass: &Pass<'_>, union: NodeIdx) -> Option<NodeIdx> {
    let is_nothing = |node: &NodeIdx| matches!(pass.text(*node).as_ref(), "null" | "undefined" | "void");
    let mut named = pass.tape.children(union).filter(|node| !is_nothing(node));
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

/// Type parameters are names of the definition, bound to nothing outside.
pub(in crate::languages) fn type_parameter(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let Some(name) = pass.child(idx, "name") {
        pass.tape.take(name);
    }
}

/// The call in `@log()` is the decorator's, which its definition records.
pub(super) fn decorator(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let Some(call) = pass.child_of_kind(idx, "call_expression") {
        pass.tape.take(call);
    }
}

/// `<Panel …>` calls the component; names in lower case are the platform's.
pub(super) fn element(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(name) = pass.child(idx, "name") else { return };
    let text = pass.text(name);
    if text.starts_with(|first: char| first.is_uppercase()) || text.contains('.') {
        pass.refer(ReferenceKind::Call, name);
    }
}

/// `import Short = Long.Name` is another name for what is known here.
pub(in crate::languages) fn import_alias(pass: &mut Pass<'_>, idx: NodeIdx) {
    let mut parts = pass.tape.children(idx);
    let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
    drop(parts);
    let target = BindingTarget::Local { type_path: None, value: pass.path(value) };
    let text = pass.text(name).into_owned();
    pass.tape.take(name);
    pass.bind(text, pass.tape.node(name).start, target);
}
