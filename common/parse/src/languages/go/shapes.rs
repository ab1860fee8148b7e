//! What Go definitions say beyond their fields: exported names, receivers, what a type is made of.

use docpack::{SymbolKind, Visibility};
use model::facts::{ReferenceKind, ScopeKind};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::tape::NodeIdx;

/// The package's name and, above it, the package's doc comment.
pub(super) fn package_clause(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(name) = pass.child_of_kind(idx, "package_identifier").map(|name| pass.text(name).into_owned())
    else {
        return;
    };
    let mut draft = Draft::new(idx, name.clone(), SymbolKind::Module);
    pass.attach_trivia(&mut draft);
    let constraints = build_constraints(pass, idx);
    let package = &mut pass.facts.symbols[0];
    package.doc_comment = without_directives(draft.doc);
    if package.qualified_name.is_empty() {
        package.qualified_name.clone_from(&name);
    }
    package.signature = format!("package {}", package.qualified_name);
    package.name = name;
    package.attributes = constraints;
}

/// `//go:build linux`, `// +build linux`: which builds the file belongs to.
fn build_constraints(pass: &Pass<'_>, clause: NodeIdx) -> Vec<String> {
    let before = (0..clause).filter(|idx| pass.is_comment(*idx));
    let lines = before.map(|comment| pass.line_of(comment));
    lines.filter(|line| line.starts_with("//go:build ") || line.starts_with("// +build ")).collect()
}

pub(super) fn function(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(draft);
    draft.generics = type_parameter_names(pass, draft.node);
}

/// A method: its receiver's type is its parent, wherever in the file that stands.
pub(super) fn method(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(draft);
    let Some(receiver) = pass.child(draft.node, "receiver") else {
        draft.modifiers.push("abstract".to_owned());
        draft.bound = false;
        return;
    };
    let declared = pass.child_of_kind(receiver, "parameter_declaration");
    let Some(receiver_type) = declared.and_then(|declared| pass.child(declared, "type")) else { return };
    draft.modifiers.push(format!("receiver:{}", pass.line_of(receiver_type)));
    draft.generics = receiver_arguments(pass, receiver_type);
    let Some(name) = pass.path(receiver_type) else { return };
    let package = &pass.facts.symbols[0].qualified_name;
    draft.qualifier = Some(if package.is_empty() { name.clone() } else { format!("{package}.{name}") });
    draft.owner = Some(name);
    draft.bound = false;
}

/// `T` and `U` of `func (p *Pair[T, U])`, which the receiver declares.
fn receiver_arguments(pass: &Pass<'_>, receiver_type: NodeIdx) -> Vec<String> {
    let end = pass.tape.node(receiver_type).after;
    let arguments = (receiver_type..end).find(|idx| pass.is_kind(*idx, "type_arguments"));
    arguments
        .map(|list| pass.tape.children(list).map(|name| pass.line_of(name)).collect())
        .unwrap_or_default()
}

/// A struct, an interface, or another name for a type; embedded types are bases.
pub(super) fn type_spec(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(draft);
    draft.signature_word = "type ";
    if pass.is_kind(draft.node, "type_alias") {
        draft.modifiers.push("alias".to_owned());
    }
    draft.generics = type_parameter_names(pass, draft.node);
    let Some(written) = draft.type_node else { return };
    let parts = if pass.is_kind(written, "struct_type") {
        draft.kind = SymbolKind::Struct;
        draft.body = pass.child_of_kind(written, "field_declaration_list");
        draft.body
    } else if pass.is_kind(written, "interface_type") {
        draft.kind = SymbolKind::Interface;
        let first = pass.tape.children(written).next();
        draft.signature_end = first.map(|first| pass.tape.node(first).start);
        Some(written)
    } else {
        return;
    };
    draft.scope = Some(ScopeKind::Type);
    draft.return_type = None;
    draft.type_node = None;
    let embedded = |part| embedded(pass, part).map(|named| (ReferenceKind::Extends, named));
    let bases: Vec<_> =
        parts.into_iter().flat_map(|parts| pass.tape.children(parts)).filter_map(embedded).collect();
    draft.bases.extend(bases);
}

/// The type that a field without a name, or a lone name in an interface, embeds.
fn embedded(pass: &Pass<'_>, part: NodeIdx) -> Option<NodeIdx> {
    if pass.is_kind(part, "field_declaration") {
        let named = pass.child(part, "name").is_some();
        return pass.child(part, "type").filter(|_| !named);
    }
    if !pass.is_kind(part, "type_elem") {
        return None;
    }
    let mut members = pass.tape.children(part);
    let only = members.next().filter(|_| members.next().is_none())?;
    let is_name =
        ["type_identifier", "qualified_type", "generic_type"].iter().any(|kind| pass.is_kind(only, kind));
    is_name.then_some(only)
}

/// A field is no name of the scope around it.
pub(super) fn member(_: &mut Pass<'_>, draft: &mut Draft) {
    see(draft);
    draft.bound = false;
}

/// A package's variable or constant; one that holds a function literal is a function.
pub(super) fn value(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(draft);
    draft.signature_word = if draft.kind == SymbolKind::Constant { "const " } else { "var " };
    if draft.kind == SymbolKind::Constant && draft.value.is_none() && draft.return_type.is_none() {
        draft.type_node = pass.repeated_types.get(&draft.node).copied();
        draft.return_type = draft.type_node.map(|written| pass.line_of(written));
    }
    let literal = draft.value.and_then(|value| pass.tape.children(value).next());
    let Some(literal) = literal.filter(|literal| pass.is_kind(*literal, "func_literal")) else { return };
    draft.kind = SymbolKind::Function;
    draft.scope = Some(ScopeKind::Function);
    draft.parameters = pass.parameters_of(pass.child(literal, "parameters"));
    draft.return_type = pass.child(literal, "result").map(|result| pass.line_of(result));
    draft.body = pass.child(literal, "body");
    pass.tape.nodes[literal as usize].is_body = true;
}

/// In a group of constants, one without type and value repeats the one before.
pub(super) fn constants(pass: &mut Pass<'_>, group: NodeIdx) {
    let specs: Vec<_> =
        pass.tape.children(group).filter(|child| pass.is_kind(*child, "const_spec")).collect();
    let mut before = None;
    for spec in specs {
        let written = pass.child(spec, "type");
        if written.is_some() || pass.child(spec, "value").is_some() {
            before = written;
        } else if let Some(written) = before {
            pass.repeated_types.insert(spec, written);
        }
    }
}

/// What slices, maps and channels hold: an index or a loop gives it back.
pub(super) fn named_type(pass: &Pass<'_>, idx: NodeIdx) -> Option<NodeIdx> {
    let mut node = idx;
    loop {
        let field = ["slice_type", "array_type", "map_type", "channel_type"]
            .iter()
            .position(|kind| pass.is_kind(node, kind));
        node = match field {
            Some(0 | 1) => pass.child(node, "element")?,
            Some(_) => pass.child(node, "value")?,
            None => return Some(node),
        };
    }
}

/// Tells whether a variable or constant belongs to the package, not to a function.
pub(super) fn is_package_level(pass: &Pass<'_>, _: NodeIdx) -> bool {
    pass.facts.scopes[pass.state.scope as usize].kind == ScopeKind::File
}

/// A capital exports; the rest is for the package.
fn see(draft: &mut Draft) {
    draft.exported = draft.name.starts_with(char::is_uppercase);
    draft.visibility = if draft.exported { Visibility::Public } else { Visibility::Internal };
    draft.doc = without_directives(draft.doc.take());
}

/// Leaves out what comments say to tools: `//go:build`, `//nolint`.
fn without_directives(doc: Option<String>) -> Option<String> {
    let is_directive = |line: &&str| {
        ["go:", "nolint", "export ", "+build"].iter().any(|word| line.trim_start().starts_with(word))
    };
    let doc = doc?;
    let kept: Vec<&str> = doc.lines().filter(|line| !is_directive(line)).collect();
    Some(kept.join("\n").trim().to_owned()).filter(|doc| !doc.is_empty())
}

/// `T any` and `U any` of `[T, U any]`.
fn type_parameter_names(pass: &Pass<'_>, node: NodeIdx) -> Vec<String> {
    let Some(list) = pass.child(node, "type_parameters") else { return Vec::new() };
    let mut names = Vec::new();
    for declaration in pass.tape.children(list).filter(|child| !pass.is_comment(*child)) {
        let constraint =
            pass.child(declaration, "type").map(|constraint| pass.line_of(constraint)).unwrap_or_default();
        let declared = pass.tape.children(declaration).filter(|child| pass.is_kind(*child, "identifier"));
        names.extend(declared.map(|name| format!("{} {constraint}", pass.text(name))));
    }
    names
}

/// Type parameters are names of the definition, bound to nothing outside.
pub(super) fn type_parameters(pass: &mut Pass<'_>, idx: NodeIdx) {
    let names: Vec<_> = pass.tape.children(idx).filter(|child| pass.is_kind(*child, "identifier")).collect();
    for name in names {
        pass.tape.take(name);
    }
}
