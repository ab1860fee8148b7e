//! What variables and fields are set to, and where `var` declares.

use docpack::SymbolKind;
use model::facts::{Binding, BindingTarget, SymbolIdx};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::values;

/// Values that nothing of the repository's can be called on or as.
const NOTHING: &[&str] =
    &["null", "undefined", "number", "string", "template_string", "true", "false", "regex"];

pub(in crate::languages) fn is_nothing(pass: &Pass<'_>, value: NodeIdx) -> bool {
    let value = values::unwrapped(pass, value);
    NOTHING.iter().any(|kind| pass.is_kind(value, kind))
}

/// `name = value`, `[a, b] = list`, `({ a } = object)`.
pub(super) fn to_names(pass: &mut Pass<'_>, assignment: NodeIdx, value: NodeIdx) {
    let Some(left) = pass.child(assignment, "left") else { return };
    let at = pass.tape.node(assignment).start;
    if pass.is_kind(left, "identifier") {
        if !is_nothing(pass, value) {
            let path = pass.value_path(value);
            pass.assign(pass.text(left).into_owned(), at, path);
        }
    } else if pass.is_kind(left, "array_pattern") || pass.is_kind(left, "object_pattern") {
        for name in pass.names_in(left) {
            pass.assign(pass.text(name).into_owned(), at, None);
        }
    }
}

/// `name ??= value` and its like; other marks make numbers and texts.
pub(super) fn where_missing(pass: &mut Pass<'_>, idx: NodeIdx) {
    let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) else { return };
    let mark = pass.source.text(pass.tape.node(left).end, pass.tape.node(right).start).into_owned();
    if ["??=", "||=", "&&="].contains(&mark.trim()) {
        to_names(pass, idx, right);
    }
}

/// `this.name = value` in a method, and again in a constructor.
pub(super) fn to_field(pass: &mut Pass<'_>, assignment: NodeIdx, value: NodeIdx, name: &str) {
    let around = &pass.facts.symbols[pass.state.symbol as usize];
    let is_member = matches!(around.kind, SymbolKind::Method | SymbolKind::Constructor);
    let class = around.parent.filter(|_| is_member).map(|class| &pass.facts.symbols[class as usize]);
    let Some(scope) = class.filter(|class| class.kind.is_type()).and_then(|class| class.scope) else {
        return;
    };
    if !is_nothing(pass, value) {
        let path = pass.value_path(value);
        pass.assign_in(scope, name.to_owned(), pass.tape.node(assignment).start, path);
    }
}

/// A local of one name that is set to nothing yet, or that `var` declares for a function around its block.
pub(super) fn declared(pass: &mut Pass<'_>, declarator: NodeIdx, pattern: NodeIdx, is_var: bool) -> bool {
    let home = if is_var { pass.function_scope() } else { pass.state.scope };
    let value = pass.child(declarator, "value").filter(|value| !is_nothing(pass, *value));
    if !pass.is_kind(pattern, "identifier") || (home == pass.state.scope && value.is_some()) {
        return false;
    }
    let name = pass.text(pattern).into_owned();
    let at = pass.tape.node(pattern).start;
    pass.tape.take(pattern);
    pass.facts.bindings.push(Binding {
        scope: home,
        name: name.clone(),
        byte_start: at,
        target: BindingTarget::Declared,
    });
    if let Some(value) = value {
        let path = pass.value_path(value);
        pass.assign_in(home, name, at, path);
    }
    true
}

/// A function that `var` holds within a block is known in the whole function around.
pub(super) fn hoist(pass: &mut Pass<'_>, draft: &mut Draft) {
    let home = pass.function_scope();
    if home == pass.state.scope || !draft.bound {
        return;
    }
    draft.bound = false;
    let target = BindingTarget::Symbol(pass.facts.symbols.len() as SymbolIdx);
    let byte_start = pass.tape.node(draft.node).start;
    pass.facts.bindings.push(Binding { scope: home, name: draft.name.clone(), byte_start, target });
}
