//! Members of classes, interfaces and object literals.

use docpack::SymbolKind;
use model::facts::ScopeKind;

use crate::draft::Draft;
use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::exports::{export_member, is_exports_object};
use super::imports::plain;
use super::shapes;
use super::values;

/// A longer object literal is a table of data, whose entries nobody looks up by name.
const MAX_PLAIN_PROPERTIES: usize = 64;
/// A longer computed key is an expression that nobody would call a name.
const MAX_COMPUTED_KEY_BYTES: u32 = 64;

/// Tells whether a method belongs to a class, an object, or a named type.
pub(super) fn is_member(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    let Some(parent) = pass.tape.parent(idx) else { return false };
    ["object", "class_body"].iter().any(|kind| pass.is_kind(parent, kind)) || is_type_member(pass, idx)
}

/// Tells whether a property or signature belongs to a named type, not to one written in passing.
pub(in crate::languages) fn is_type_member(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    let Some(parent) = pass.tape.parent(idx) else { return false };
    if pass.is_kind(parent, "interface_body") || pass.is_kind(parent, "class_body") {
        return true;
    }
    let kind = pass.facts.symbols[pass.state.symbol as usize].kind;
    let whole = ["type_alias_declaration", "intersection_type", "union_type"];
    let around = pass.tape.parent(parent);
    kind == SymbolKind::TypeAlias
        && pass.is_kind(parent, "object_type")
        && around.is_some_and(|around| whole.iter().any(|kind| pass.is_kind(around, kind)))
}

/// Tells whether an object is, or is within, the value of a constant, variable, field or export.
fn is_named_object(pass: &Pass<'_>, object: NodeIdx) -> bool {
    let scope = pass.facts.scopes[pass.state.scope as usize].kind;
    let kind = pass.facts.symbols[pass.state.symbol as usize].kind;
    let holds = matches!(
        kind,
        SymbolKind::Constant | SymbolKind::Variable | SymbolKind::Property | SymbolKind::Field
    );
    let is_outside_functions = matches!(scope, ScopeKind::File | ScopeKind::Module | ScopeKind::Type);
    is_outside_functions && (holds || is_exports_object(pass, object))
}

/// Tells whether an entry of an object literal is worth a symbol: every function, and in named objects
/// other objects and plain values of small ones.
pub(super) fn is_object_member(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    let Some(object) = pass.tape.parent(idx).filter(|parent| pass.is_kind(*parent, "object")) else {
        return false;
    };
    let Some(key) = pass.child(idx, "key") else { return false };
    let Some(value) = pass.child(idx, "value").map(|value| values::unwrapped(pass, value)) else {
        return false;
    };
    if values::is_function(pass, value) {
        let node = pass.tape.node(key);
        return !pass.is_kind(key, "computed_property_name")
            || node.end - node.start <= MAX_COMPUTED_KEY_BYTES;
    }
    let has_name = pass.is_kind(key, "property_identifier") || pass.is_kind(key, "string");
    if !has_name || !is_named_object(pass, object) {
        return false;
    }
    if pass.is_kind(value, "object") {
        return true;
    }
    let is_direct = pass.tape.parent(object).is_some_and(|holder| {
        ["variable_declarator", "export_statement", "as_expression", "satisfies_expression"]
            .iter()
            .any(|kind| pass.is_kind(holder, kind))
    });
    is_direct && pass.tape.children(object).nth(MAX_PLAIN_PROPERTIES).is_none()
}

/// A method of a class or object.
pub(super) fn method(pass: &mut Pass<'_>, draft: &mut Draft) {
    name(pass, draft);
    shapes::see_member(pass, draft);
    shapes::clean_types(draft);
    shapes::add_modifiers(pass, draft);
    if draft.name == "constructor" {
        draft.kind = SymbolKind::Constructor;
        parameter_fields(pass, draft.node);
    }
    let in_object = pass.tape.parent(draft.node).filter(|parent| pass.is_kind(*parent, "object"));
    if let Some(object) = in_object {
        leave_object(pass, draft, object);
    } else if pass.is_kind(draft.node, "abstract_method_signature") {
        draft.modifiers.push("abstract".to_owned());
    }
}

/// A field of a class; one that holds a function is a method.
pub(super) fn field(pass: &mut Pass<'_>, draft: &mut Draft) {
    name(pass, draft);
    shapes::see_member(pass, draft);
    shapes::clean_types(draft);
    shapes::add_modifiers(pass, draft);
    let class = pass.state.symbol;
    pass.is_first_assignment(class, &draft.name);
    if let Some(value) = draft.value {
        values::hold(pass, draft, value);
    }
}

/// A property of an interface or of a type written out.
pub(in crate::languages) fn property(pass: &mut Pass<'_>, draft: &mut Draft) {
    name(pass, draft);
    shapes::see_member(pass, draft);
    shapes::clean_types(draft);
    shapes::add_modifiers(pass, draft);
}

/// An entry of an object literal.
pub(super) fn pair(pass: &mut Pass<'_>, draft: &mut Draft) {
    name(pass, draft);
    shapes::see_member(pass, draft);
    if let Some(value) = draft.value.map(|value| values::unwrapped(pass, value)) {
        values::hold(pass, draft, value);
        if pass.is_kind(value, "arrow_function") {
            draft.modifiers.push("arrow".to_owned());
        }
    }
    if let Some(object) = pass.tape.parent(draft.node) {
        leave_object(pass, draft, object);
    }
}

/// Members of an object are bound in the scope of the name that holds it, if one does; those of
/// `module.exports` are the module's, under a name that no code can write.
fn leave_object(pass: &mut Pass<'_>, draft: &mut Draft, object: NodeIdx) {
    if is_exports_object(pass, object) {
        draft.kind = if draft.kind == SymbolKind::Method { SymbolKind::Function } else { draft.kind };
        export_member(pass, draft);
        return;
    }
    draft.bound = values::is_held(pass, object);
}

/// A name in quotes or behind `#` is the name inside or with it.
fn name(pass: &Pass<'_>, draft: &mut Draft) {
    if let Some(name_node) = draft.name_node {
        draft.name = plain(pass, name_node);
    }
}

/// `constructor(private client: Client)` declares a field for each parameter with a modifier.
fn parameter_fields(pass: &mut Pass<'_>, constructor: NodeIdx) {
    let Some(list) = pass.child(constructor, "parameters") else { return };
    let parameters: Vec<_> = pass.tape.children(list).collect();
    for parameter in parameters {
        let Some(pattern) = parameter_pattern(pass, parameter) else { continue };
        let start = pass.tape.node(parameter).start;
        let before = pass.source.text(start, pass.tape.node(pattern).start);
        let is_field = before
            .split_whitespace()
            .any(|word| matches!(word, "public" | "private" | "protected" | "readonly"));
        if !is_field {
            continue;
        }
        let mut draft = Draft::new(parameter, pass.text(pattern).into_owned(), SymbolKind::Field);
        draft.type_node = pass.child(parameter, "type");
        draft.return_type = draft.type_node.map(|node| pass.line_of(node));
        shapes::see_member(pass, &mut draft);
        shapes::clean_types(&mut draft);
        pass.add_leaf(draft);
    }
}

fn parameter_pattern(pass: &Pass<'_>, parameter: NodeIdx) -> Option<NodeIdx> {
    let is_typed =
        pass.is_kind(parameter, "required_parameter") || pass.is_kind(parameter, "optional_parameter");
    if !is_typed {
        return None;
    }
    pass.child(parameter, "pattern").filter(|pattern| pass.is_kind(*pattern, "identifier"))
}
