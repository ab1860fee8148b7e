//! What Rust definitions say beyond their fields: visibility, modifiers, targets, macro bodies.

use docpack::{SymbolKind, Visibility};
use model::facts::{BindingTarget, Export, ReferenceKind};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::path::{Reading, Tree};
use crate::tape::NodeIdx;

use super::imports;

/// Any item: its visibility. The types of a tuple struct's fields are part of its signature.
pub(super) fn item(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    if draft.body.is_some_and(|body| pass.is_kind(body, "ordered_field_declaration_list")) {
        draft.signature_end = Some(pass.tape.node(draft.node).end);
    }
    if draft.kind == SymbolKind::Static && pass.child_of_kind(draft.node, "mutable_specifier").is_some() {
        draft.modifiers.push("mut".to_owned());
    }
}

pub(super) fn function(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    if let Some(modifiers) = pass.child_of_kind(draft.node, "function_modifiers") {
        let words: Vec<_> = pass.tape.children(modifiers).map(|word| pass.line_of(word)).collect();
        draft.modifiers.extend(words);
    }
    let list = pass.child(draft.node, "parameters");
    let takes_self = list.is_some_and(|list| pass.child_of_kind(list, "self_parameter").is_some());
    if pass.parent_is_type() && !takes_self {
        draft.modifiers.push("static".to_owned());
    }
    if let Some(name) = draft.attributes.iter().find_map(|attribute| derived_name(&pass.text(*attribute))) {
        let local = Some(draft.name.clone());
        pass.facts.exports.push(Export { name, local, import: None });
    }
    let is_method = draft.kind == SymbolKind::Method;
    if is_method && draft.body.is_none() {
        draft.modifiers.push("abstract".to_owned());
    }
}

/// Reads the name under which other crates derive with a function: `#[proc_macro_derive(Name, …)]`.
fn derived_name(attribute: &str) -> Option<String> {
    let (_, rest) = attribute.split_once("proc_macro_derive")?;
    let name = rest.trim_start().strip_prefix('(')?.split([',', ')']).next()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

pub(super) fn trait_item(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    if let Some(bounds) = pass.child(draft.node, "bounds") {
        let named = pass.tape.children(bounds).filter(|bound| !pass.is_kind(*bound, "lifetime"));
        draft.bases.extend(named.map(|bound| (ReferenceKind::Extends, bound)));
    }
    if pass.has_token(draft.node, "unsafe") {
        draft.modifiers.push("unsafe".to_owned());
    }
}

/// `impl Trait for Type`: named as written, its members named after the type.
pub(super) fn impl_item(pass: &mut Pass<'_>, draft: &mut Draft) {
    let Some(target) = pass.child(draft.node, "type") else {
        draft.cancelled = true;
        return;
    };
    let target_text = pass.line_of(target);
    draft.name = match pass.child(draft.node, "trait") {
        Some(implemented) => {
            draft.bases.push((ReferenceKind::Implements, implemented));
            format!("impl {} for {target_text}", pass.line_of(implemented))
        }
        None => format!("impl {target_text}"),
    };
    let bare = pass.path(target).unwrap_or(target_text);
    let bare = bare.rsplit("::").next().unwrap_or(&bare).to_owned();
    let module = &pass.facts.symbols[pass.state.symbol as usize].qualified_name;
    draft.member_prefix = Some(format!("{module}::{bare}"));
    draft.return_type = Some(pass.line_of(target));
    draft.bound = false;
    draft.exported = false;
    draft.visibility = Visibility::Private;
    if pass.has_token(draft.node, "unsafe") {
        draft.modifiers.push("unsafe".to_owned());
    }
}

/// An inline module; `mod name;` is an import.
pub(super) fn module(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
    if draft.body.is_none() {
        draft.cancelled = true;
        imports::module_file(pass, draft);
    }
}

pub(super) fn variant(pass: &mut Pass<'_>, draft: &mut Draft) {
    see(pass, draft);
}

/// A `macro_rules!`: its signature ends at its name, its rules are its body.
pub(super) fn macro_definition(pass: &mut Pass<'_>, draft: &mut Draft) {
    draft.signature_end = draft.name_node.map(|name| pass.tape.node(name).end);
    let is_export = |attribute: &NodeIdx| pass.text(*attribute).contains("macro_export");
    draft.exported = draft.attributes.iter().any(is_export);
    draft.visibility = if draft.exported { Visibility::Public } else { Visibility::Private };
}

/// Written visibility; members of a trait or a trait's impl, and variants, are as visible as it is.
fn see(pass: &Pass<'_>, draft: &mut Draft) {
    let parent = &pass.facts.symbols[pass.state.symbol as usize];
    let inherits = match parent.kind {
        SymbolKind::Trait | SymbolKind::Enum | SymbolKind::EnumVariant => true,
        SymbolKind::Impl => !parent.implements.is_empty(),
        _ => false,
    };
    let written = pass.child_of_kind(draft.node, "visibility_modifier").map(|node| pass.text(node));
    draft.visibility = match written.as_deref() {
        Some("pub") => Visibility::Public,
        Some(_) => Visibility::Internal,
        None if inherits && parent.kind == SymbolKind::Impl => Visibility::Public,
        None if inherits => parent.visibility,
        None => Visibility::Private,
    };
    draft.exported = draft.visibility == Visibility::Public;
}

/// `#![…]` belongs to what is around it.
pub(super) fn inner_attribute(pass: &mut Pass<'_>, idx: NodeIdx) {
    let text = pass.line_of(idx);
    let symbol = pass.state.symbol as usize;
    pass.facts.symbols[symbol].attributes.push(text);
}

pub(super) fn self_parameter(pass: &mut Pass<'_>, idx: NodeIdx) {
    let start = pass.tape.node(idx).start;
    pass.bind("self".to_owned(), start, BindingTarget::Parameter { type_path: Some("Self".to_owned()) });
}

/// `Event::Click(at)` uses the variant; bare `Some(x)` is left to the prelude.
pub(super) fn tuple_struct_pattern(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let Some(variant) =
        pass.child(idx, "type").filter(|variant| pass.is_kind(*variant, "scoped_identifier"))
    {
        pass.refer(ReferenceKind::Type, variant);
    }
}

/// Arguments are read with the type.
pub(super) fn named_type(_: &Pass<'_>, idx: NodeIdx) -> Option<NodeIdx> {
    Some(idx)
}

/// `(self.run)(x)` calls what the field holds, whatever method has its name.
pub(super) fn in_brackets(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let Some(inner) = tree.tape.children(idx).next() else { return Reading::Nameless };
    let is_called = tree.tape.parent(idx).is_some_and(|call| {
        tree.is_kind(call, "call_expression") && tree.child(call, "function") == Some(idx)
    });
    match is_called && tree.is_kind(inner, "field_expression") {
        true => Reading::Nameless,
        false => Reading::Through(inner),
    }
}

/// `let … else` is a decision.
pub(super) fn let_else(pass: &mut Pass<'_>, idx: NodeIdx) {
    if pass.child(idx, "alternative").is_some()
        && let Some(complexity) = pass.complexity()
    {
        complexity.cyclomatic += 1;
        complexity.cognitive += 1;
    }
}
