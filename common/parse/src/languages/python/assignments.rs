//! What Python defines by assignment: module variables, class fields, attributes of `self`, `__all__`.

use std::collections::{BTreeMap, BTreeSet};

use docpack::SymbolKind;
use model::facts::{BindingTarget, Export, RETURNED, ReferenceKind, Symbol, SymbolIdx};

use crate::binding::{CONDITIONAL_STAR, MORE_EXPORTS};
use crate::draft::Draft;
use crate::pass::Pass;
use crate::table::Bind;
use crate::tape::NodeIdx;

use super::{shapes, values};

/// An assignment defines at module and class level, and to `self`; elsewhere it binds a local.
pub(super) fn assignment(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(left) = pass.child(idx, "left") else { return };
    let right = pass.child(idx, "right");
    let is_lambda = right.is_some_and(|value| pass.is_kind(value, "lambda"));
    if pass.is_kind(left, "identifier") && is_lambda {
        return named_lambda(pass, idx, left);
    }
    for (target, value) in values::pairs(pass, left, right) {
        let type_node = pass.child(idx, "type").filter(|_| target == left);
        let given = Given { assignment: idx, name_node: target, type_node, value, whole: target == left };
        if pass.is_kind(target, "attribute") {
            let path = pass.text(target).into_owned();
            pass.widen(&path);
            attribute_of_self(pass, given);
        } else if pass.is_kind(target, "identifier") {
            name(pass, given);
        }
    }
}

/// One name of an assignment, and what it is given.
#[derive(Clone, Copy)]
struct Given {
    assignment: NodeIdx,
    name_node: NodeIdx,
    type_node: Option<NodeIdx>,
    value: Option<NodeIdx>,
    /// Whether the name is all that is assigned to.
    whole: bool,
}

fn name(pass: &mut Pass<'_>, given: Given) {
    let owner = pass.state.symbol;
    if pass.facts.symbols[owner as usize].kind.is_callable() {
        return bind_values(pass, given);
    }
    let text = pass.text(given.name_node).into_owned();
    if text == "__all__" && owner == 0 {
        export_all(pass, given.assignment);
    }
    define_or_bind(pass, owner, given, text);
}

fn define_or_bind(pass: &mut Pass<'_>, owner: SymbolIdx, given: Given, name: String) {
    if !pass.is_first_assignment(owner, &name) {
        return bind_values(pass, given);
    }
    let draft = draft(pass, given, name);
    pass.add_leaf(draft);
    if given.type_node.is_none() && !given.value.is_none_or(|value| values::is_literal(pass, value)) {
        bind_values(pass, given);
    }
}

/// Binds a name once for each value that it may be given; `None` has no members and adds nothing.
fn bind_values(pass: &mut Pass<'_>, given: Given) {
    let bind = Bind::local("left", "type", "right");
    let values = match given.value {
        Some(value) if given.type_node.is_none() => values::alternatives(pass, value),
        _ => return pass.bind_pattern(given.name_node, given.type_node, None, bind),
    };
    if values.is_empty() {
        // The name is bound all the same, or an outer one would be seen.
        pass.bind_pattern(given.name_node, None, None, bind);
    }
    for value in values {
        pass.bind_pattern(given.name_node, None, Some(value), bind);
    }
}

/// What a function returns is bound in its scope under a name that no source can write.
pub(super) fn returned(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(value) = pass.tape.children(idx).find(|child| !pass.is_comment(*child)) else { return };
    for value in values::alternatives(pass, value) {
        let target = BindingTarget::Local { type_path: None, value: pass.path(value) };
        pass.bind(RETURNED.to_owned(), pass.tape.node(value).start, target);
    }
}

/// `name = lambda …` is a function of that name.
fn named_lambda(pass: &mut Pass<'_>, idx: NodeIdx, name_node: NodeIdx) {
    let Some(lambda) = pass.child(idx, "right") else { return };
    let kind = if pass.parent_is_type() { SymbolKind::Method } else { SymbolKind::Function };
    let mut draft = Draft::new(idx, pass.text(name_node).into_owned(), kind);
    draft.name_node = Some(name_node);
    draft.parameters = pass.parameters_of(pass.child(lambda, "parameters"));
    draft.body = pass.child(lambda, "body");
    draft.modifiers.push("lambda".to_owned());
    shapes::see(pass, &mut draft);
    pass.add(draft);
}

fn draft(pass: &Pass<'_>, given: Given, name: String) -> Draft {
    let owner_kind = pass.facts.symbols[pass.state.symbol as usize].kind;
    let has_lower = name.chars().any(char::is_lowercase);
    let kind = match owner_kind {
        SymbolKind::Enum if !name.starts_with('_') => SymbolKind::EnumVariant,
        SymbolKind::Module if has_lower || !name.chars().any(char::is_alphabetic) => SymbolKind::Variable,
        SymbolKind::Module => SymbolKind::Constant,
        _ => SymbolKind::Field,
    };
    let mut draft = Draft::new(given.assignment, name, kind);
    draft.name_node = Some(given.name_node);
    let right = pass.child(given.assignment, "right");
    draft.signature_end = right.map(|value| pass.tape.node(value).start);
    if given.whole {
        draft.type_node = given.type_node;
        draft.return_type = draft.type_node.map(|node| pass.line_of(node));
    }
    shapes::see(pass, &mut draft);
    draft
}

/// `self.x = …` in a method makes `x` a field of the class, once.
fn attribute_of_self(pass: &mut Pass<'_>, given: Given) {
    let Some((class, first_parameter)) = method(pass) else { return };
    let target = given.name_node;
    let (Some(object), Some(name_node)) = (pass.child(target, "object"), pass.child(target, "attribute"))
    else {
        return;
    };
    if !pass.is_kind(object, "identifier") || pass.text(object) != first_parameter.as_str() {
        return;
    }
    let name = pass.text(name_node).into_owned();
    let state = pass.state;
    pass.state.symbol = class;
    pass.state.scope = pass.facts.symbols[class as usize].scope.unwrap_or(state.scope);
    define_or_bind(pass, class, Given { name_node, ..given }, name);
    pass.state = state;
}

/// The class of the method being read, and what that method calls its object.
fn method(pass: &Pass<'_>) -> Option<(SymbolIdx, String)> {
    let symbol = &pass.facts.symbols[pass.state.symbol as usize];
    let class = symbol.parent?;
    let is_method = matches!(symbol.kind, SymbolKind::Method | SymbolKind::Constructor);
    let is_static = symbol.modifiers.iter().any(|modifier| modifier == "static");
    let first = symbol.parameters.first().filter(|_| is_method && !is_static)?;
    Some((class, first.name.clone()))
}

/// `__all__ += […]` exports more names.
pub(super) fn augmented(pass: &mut Pass<'_>, idx: NodeIdx) {
    if pass.child(idx, "left").is_some_and(|left| pass.text(left) == "__all__") {
        export_all(pass, idx);
    }
}

/// Records the names of a list; what is not written out may be anything.
fn export_all(pass: &mut Pass<'_>, assignment: NodeIdx) {
    let Some(list) = pass.child(assignment, "right") else { return };
    let is_list = ["list", "tuple", "set", "expression_list"].iter().any(|kind| pass.is_kind(list, kind));
    let items: Vec<_> = pass.tape.children(list).filter(|item| !pass.is_comment(*item)).collect();
    for item in &items {
        let name = Some(*item).filter(|item| pass.is_kind(*item, "string"));
        match name.and_then(|name| shapes::string_text(pass, name)) {
            Some(name) => pass.facts.exports.push(Export { local: Some(name.clone()), name, import: None }),
            None => export_more(pass),
        }
    }
    if !is_list {
        export_more(pass);
    }
}

fn export_more(pass: &mut Pass<'_>) {
    pass.facts.exports.push(Export { name: MORE_EXPORTS.to_owned(), local: None, import: None });
}

/// `getattr(x, "name")` uses what has that name, `__all__.extend(…)` exports more.
pub(super) fn called(pass: &mut Pass<'_>, idx: NodeIdx) {
    if pass.child(idx, "function").is_some_and(|function| pass.text(function) == "getattr") {
        attribute_by_name(pass, idx);
    }
    let Some(function) = pass.child(idx, "function").filter(|node| pass.is_kind(*node, "attribute")) else {
        return;
    };
    if pass.state.scope == 0
        && pass.child(function, "object").is_some_and(|list| pass.text(list) == "__all__")
    {
        export_more(pass);
    }
}

fn attribute_by_name(pass: &mut Pass<'_>, call: NodeIdx) {
    let Some(arguments) = pass.child(call, "arguments") else { return };
    let name = pass.tape.children(arguments).filter(|child| !pass.is_comment(*child)).nth(1);
    let Some(string) = name.filter(|name| pass.is_kind(*name, "string")) else { return };
    let is_name = |text: &String| text.chars().all(|c| c.is_alphanumeric() || c == '_') && !text.is_empty();
    if let Some(text) = shapes::string_text(pass, string).filter(is_name) {
        let start = pass.tape.node(string).start;
        pass.refer_path(ReferenceKind::Value, format!("?.{text}"), start);
    }
}

/// With `__all__`, it alone says what the module exports.
pub(super) fn finish(pass: &mut Pass<'_>) {
    if pass.facts.exports.iter().all(|export| export.name == CONDITIONAL_STAR) {
        return;
    }
    let facts = &mut pass.facts;
    let has_more = facts.exports.iter().any(|export| export.name == MORE_EXPORTS);
    let of_file = facts.bindings.iter().filter(|binding| binding.scope == 0);
    let bound: BTreeMap<&str, &BindingTarget> = of_file.map(|it| (it.name.as_str(), &it.target)).collect();
    for export in &mut facts.exports {
        if let Some(BindingTarget::Import(idx)) = bound.get(export.name.as_str()) {
            export.import = Some(*idx);
            facts.imports[*idx as usize].reexported = true;
        }
    }
    let listed: BTreeSet<&str> = facts.exports.iter().map(|export| export.name.as_str()).collect();
    for symbol in facts.symbols.iter_mut().filter(|symbol| symbol.parent == Some(0)) {
        symbol.exported = listed.contains(symbol.name.as_str()) || has_more && symbol.exported;
    }
    hide_members_of_hidden(&mut facts.symbols);
}

/// A member is exported only with the class around it.
fn hide_members_of_hidden(symbols: &mut [Symbol]) {
    for idx in 0..symbols.len() {
        let parent = symbols[idx].parent.filter(|parent| (*parent as usize) < idx);
        if parent.is_some_and(|parent| !symbols[parent as usize].exported) {
            symbols[idx].exported = false;
        }
    }
}
