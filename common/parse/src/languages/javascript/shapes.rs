//! What definitions say beyond their fields: modifiers, visibility, bases.

use docpack::{Language, SymbolKind, Visibility};
use model::facts::{BindingTarget, Export, ReferenceKind, ScopeKind};

use crate::body::code::Op;
use crate::draft::Draft;
use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::imports::plain;

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

pub(super) fn add_heritage(pass: &Pass<'_>, draft: &mut Draft, class: NodeIdx) {
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
    let target = draft.value.take().filter(|_| draft.body.is_none());
    draft.return_type = target.map(|target| pass.line_of(target));
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

/// Tells whether a declaration, or the one that it is a part of, stands behind `export`.
pub(super) fn is_exported(pass: &Pass<'_>, declaration: NodeIdx) -> bool {
    const PARTS: &[&str] =
        &["variable_declarator", "lexical_declaration", "variable_declaration", "ambient_declaration"];
    let mut node = declaration;
    while PARTS.iter().any(|kind| pass.is_kind(node, kind)) {
        let Some(parent) = pass.tape.parent(node) else { return false };
        node = parent;
    }
    pass.is_kind(node, "export_statement")
}

/// Gives a declaration of the file away under its own name; what a namespace exports is no export of the file.
pub(super) fn export_declared(pass: &mut Pass<'_>, name: &str) {
    if pass.facts.scopes[pass.state.scope as usize].kind == ScopeKind::File {
        let export = Export { name: name.to_owned(), local: Some(name.to_owned()), import: None };
        pass.facts.exports.push(export);
    }
}

pub(super) fn is_typed(pass: &Pass<'_>) -> bool {
    pass.table.source.language == Language::TypeScript
}

/// Reads `export` and `default` off what wraps the definition; inside a function everything is private.
pub(super) fn see(pass: &mut Pass<'_>, draft: &mut Draft) {
    let is_outer =
        matches!(pass.facts.scopes[pass.state.scope as usize].kind, ScopeKind::File | ScopeKind::Module);
    draft.exported = is_outer && is_exported(pass, draft.outer);
    draft.visibility = match (draft.exported, is_outer) {
        (true, _) => Visibility::Public,
        (false, true) => Visibility::Internal,
        (false, false) => Visibility::Private,
    };
    if !draft.exported {
        return;
    }
    if words_before_name(pass, draft).split_whitespace().any(|word| word == "default") {
        let export = Export { name: "default".to_owned(), local: Some(draft.name.clone()), import: None };
        pass.facts.exports.push(export);
    } else {
        export_declared(pass, &draft.name);
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
    if let Some(name) = component_name(pass, idx) {
        pass.refer(ReferenceKind::Call, name);
    }
}

/// An element calls its component; others are the browser's own.
pub(super) fn component(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    if component_name(pass, idx).is_some() { Op::Call } else { Op::Unknown }
}

fn component_name(pass: &Pass<'_>, element: NodeIdx) -> Option<NodeIdx> {
    let name = pass.child(element, "name")?;
    let text = pass.text(name);
    (text.starts_with(|first: char| first.is_uppercase()) || text.contains('.')).then_some(name)
}

/// `import Short = Long.Name` is another name for what is known here.
pub(in crate::languages) fn import_alias(pass: &mut Pass<'_>, idx: NodeIdx) {
    let mut parts = pass.tape.children(idx);
    let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
    drop(parts);
    let target = BindingTarget::Local { type_path: None, value: pass.path(value) };
    let text = pass.text(name).into_owned();
    pass.tape.take(name);
    if pass.tape.parent(idx).is_some_and(|parent| pass.is_kind(parent, "export_statement")) {
        export_declared(pass, &text);
    }
    pass.bind(text, pass.tape.node(name).start, target);
}
