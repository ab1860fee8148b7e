//! What Go's variables are set to.
//!
//! A name is bound from the end of its statement on, so that `x := x.next()` reads the `x` before it.

use model::facts::{BindingTarget, ScopeKind};

use crate::pass::Pass;
use crate::path;
use crate::tape::NodeIdx;

use super::shapes::is_package_level;

/// What a `range` loop's first variable is: a map's key, a channel's element.
const KEY: &str = ".@key";

/// `a, b := f(), g()` by pairs; of `a, err := f()` the results one by one.
pub(super) fn short_var(pass: &mut Pass<'_>, idx: NodeIdx) {
    let names = listed(pass, idx, "left");
    bind_values(pass, idx, &names, None, "right");
}

/// `var a, b T = f()` and `const n = 1` within a function.
pub(super) fn local(pass: &mut Pass<'_>, idx: NodeIdx) {
    if is_package_level(pass, idx) {
        return;
    }
    let names: Vec<_> = pass.tape.children_in(idx, pass.table.field("name")).collect();
    let repeated = pass.repeated_types.get(&idx).copied();
    let written = pass.child(idx, "type").or(repeated).and_then(|written| type_text(pass, written));
    bind_values(pass, idx, &names, written.as_deref(), "value");
}

fn bind_values(pass: &mut Pass<'_>, idx: NodeIdx, names: &[NodeIdx], written: Option<&str>, values: &str) {
    let values = listed(pass, idx, values);
    let spread = values.first().filter(|_| values.len() == 1 && names.len() > 1).copied();
    let spread = spread.and_then(|value| pass.path(value));
    for (nth, name) in names.iter().enumerate() {
        let value = match &spread {
            Some(path) => nth_of(path, nth),
            None => values.get(nth).and_then(|value| pass.path(*value)),
        };
        bind_local(pass, idx, *name, written.map(str::to_owned), value);
    }
}

/// Of `v, ok := m[k]` and its like only the first is a value of the repository's.
fn nth_of(path: &str, nth: usize) -> Option<String> {
    match path.ends_with(')') {
        true => Some(format!("{path}.{nth}")),
        false => Some(path.to_owned()).filter(|_| nth == 0),
    }
}

fn bind_local(
    pass: &mut Pass<'_>,
    statement: NodeIdx,
    name: NodeIdx,
    type_path: Option<String>,
    value: Option<String>,
) {
    let text = pass.text(name).into_owned();
    if !pass.is_kind(name, "identifier") || text == "_" {
        return;
    }
    pass.tape.take(name);
    let end = pass.tape.node(statement).end;
    pass.bind(text, end, BindingTarget::Local { type_path, value });
}

/// `for key, element := range list`.
pub(super) fn range_clause(pass: &mut Pass<'_>, idx: NodeIdx) {
    let names = listed(pass, idx, "left");
    let list = pass.child(idx, "right").and_then(|list| pass.path(list));
    for (name, part) in names.iter().zip([KEY, "[]"]) {
        let value = list.as_ref().map(|list| format!("{list}{part}"));
        bind_local(pass, idx, *name, None, value);
    }
}

/// `case v, ok := <-c`.
pub(super) fn receive(pass: &mut Pass<'_>, idx: NodeIdx) {
    let names = listed(pass, idx, "left");
    let received = pass.child(idx, "right").and_then(|right| pass.path(right));
    for (nth, name) in names.iter().enumerate() {
        bind_local(pass, idx, *name, None, received.clone().filter(|_| nth == 0));
    }
}

/// In a case of one type the variable of the switch has that type.
pub(super) fn type_case(pass: &mut Pass<'_>, idx: NodeIdx) {
    pass.enter_scope(idx, ScopeKind::Block);
    let alias = pass.tape.parent(idx).and_then(|switch| pass.child(switch, "alias"));
    let Some(name) = alias.and_then(|alias| pass.tape.children(alias).next()) else { return };
    let types: Vec<_> = pass.tape.children_in(idx, pass.table.field("type")).collect();
    let [only] = types[..] else { return };
    if &*pass.text(only) == "nil" {
        return;
    }
    let type_path = type_text(pass, only);
    let text = pass.text(name).into_owned();
    let at = pass.tape.node(idx).start;
    pass.bind(text, at, BindingTarget::Local { type_path, value: None });
}

fn type_text(pass: &Pass<'_>, idx: NodeIdx) -> Option<String> {
    let node = pass.tape.node(idx);
    path::type_text(pass.source, node.start..node.end)
}

/// What is assigned to is no use of it; `a = f` sets a variable that is declared elsewhere.
pub(super) fn assignment(pass: &mut Pass<'_>, idx: NodeIdx) {
    let names = listed(pass, idx, "left");
    let values = listed(pass, idx, "right");
    let at = pass.tape.node(idx).end;
    for (nth, target) in names.iter().enumerate() {
        pass.tape.take(*target);
        if values.len() != names.len() || !pass.is_kind(*target, "identifier") || is_nil(pass, values[nth]) {
            continue;
        }
        let value = pass.path(values[nth]);
        pass.assign(pass.text(*target).into_owned(), at, value);
    }
}

fn is_nil(pass: &Pass<'_>, value: NodeIdx) -> bool {
    pass.text(value) == "nil"
}

/// A bare key names a field of the literal's type, which nothing in scope stands for.
pub(super) fn keyed_element(pass: &mut Pass<'_>, idx: NodeIdx) {
    let name = pass.child(idx, "key").and_then(|key| pass.child_of_kind(key, "identifier"));
    if let Some(name) = name {
        pass.tape.take(name);
    }
}

fn listed(pass: &Pass<'_>, idx: NodeIdx, field: &str) -> Vec<NodeIdx> {
    let Some(list) = pass.child(idx, field) else { return Vec::new() };
    pass.tape.children(list).filter(|child| !pass.is_comment(*child)).collect()
}
