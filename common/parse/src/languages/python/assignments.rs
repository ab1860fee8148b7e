//! What Python defines by assignment: module variables, class fields, attributes of `self`, `__all__`.

use std::collections::{BTreeMap, BTreeSet};

use docpack::SymbolKind;
use model::facts::{BindingTarget, Export, Symbol, SymbolIdx};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::table::Bind;
use crate::tape::NodeIdx;

use super::shapes;

/// An assignment defines at module and class level, and to `self`; elsewhere it binds a local.
pub(super) fn assignment(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(left) = pass.child(idx, "left") else { return };
    if pass.is_kind(left, "attribute") {
        return attribute_of_self(pass, idx, left, true);
    }
    let targets: Vec<_> =
        pass.tape.children(left).filter(|target| pass.is_kind(*target, "attribute")).collect();
    for target in targets {
        attribute_of_self(pass, idx, target, false);
    }
    if pass.is_kind(left, "identifier")
        && pass.child(idx, "right").is_some_and(|value| pass.is_kind(value, "lambda"))
    {
        return named_lambda(pass, idx, left);
    }
    let owner = pass.state.symbol;
    if pass.facts.symbols[owner as usize].kind.is_callable() {
        let bind = Bind::local("left", "type", "right");
        let (type_node, value) = (pass.child(idx, "type"), pass.child(idx, "right"));
        return pass.bind_pattern(left, type_node, value, bind);
    }
    let names = pass.names_in(left);
    let whole = names == [left];
    for name_node in names {
        let name = pass.text(name_node).into_owned();
        if name == "__all__" && owner == 0 {
            export_all(pass, idx);
        }
        if pass.is_first_assignment(owner, &name) {
            let draft = draft(pass, idx, name_node, whole);
            pass.add_leaf(draft);
        } else {
            pass.bind_pattern(name_node, None, None, Bind::local("", "", ""));
        }
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

fn draft(pass: &Pass<'_>, idx: NodeIdx, name_node: NodeIdx, whole: bool) -> Draft {
    let name = pass.text(name_node).into_owned();
    let owner_kind = pass.facts.symbols[pass.state.symbol as usize].kind;
    let has_lower = name.chars().any(char::is_lowercase);
    let kind = match owner_kind {
        SymbolKind::Enum if !name.starts_with('_') => SymbolKind::EnumVariant,
        SymbolKind::Module if has_lower || !name.chars().any(char::is_alphabetic) => SymbolKind::Variable,
        SymbolKind::Module => SymbolKind::Constant,
        _ => SymbolKind::Field,
    };
    let mut draft = Draft::new(idx, name, kind);
    draft.name_node = Some(name_node);
    draft.signature_end = pass.child(idx, "right").map(|value| pass.tape.node(value).start);
    if whole {
        draft.type_node = pass.child(idx, "type");
        draft.return_type = draft.type_node.map(|node| pass.line_of(node));
        draft.value = pass.child(idx, "right");
    }
    shapes::see(pass, &mut draft);
    draft
}

/// `self.x = …` in a method makes `x` a field of the class, once.
fn attribute_of_self(pass: &mut Pass<'_>, idx: NodeIdx, left: NodeIdx, whole: bool) {
    let Some((class, first_parameter)) = method(pass) else { return };
    let (Some(object), Some(name_node)) = (pass.child(left, "object"), pass.child(left, "attribute")) else {
        return;
    };
    if !pass.is_kind(object, "identifier") || pass.text(object) != first_parameter.as_str() {
        return;
    }
    let name = pass.text(name_node).into_owned();
    if !pass.is_first_assignment(class, &name) {
        return;
    }
    let state = pass.state;
    pass.state.symbol = class;
    pass.state.scope = pass.facts.symbols[class as usize].scope.unwrap_or(state.scope);
    let draft = draft(pass, idx, name_node, whole);
    pass.add_leaf(draft);
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

fn export_all(pass: &mut Pass<'_>, assignment: NodeIdx) {
    let Some(list) = pass.child(assignment, "right") else { return };
    let strings: Vec<_> = pass.tape.children(list).filter(|item| pass.is_kind(*item, "string")).collect();
    for string in strings {
        if let Some(name) = shapes::string_text(pass, string) {
            pass.facts.exports.push(Export { local: Some(name.clone()), name, import: None });
        }
    }
}

/// With `__all__`, it alone says what the module exports.
pub(super) fn finish(pass: &mut Pass<'_>) {
    if pass.facts.exports.is_empty() {
        return;
    }
    let facts = &mut pass.facts;
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
        symbol.exported = listed.contains(symbol.name.as_str());
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
