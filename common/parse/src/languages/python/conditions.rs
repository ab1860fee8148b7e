//! What conditions say of values: `isinstance(x, A)` in front of a block, an `assert`, an early return.

use crate::narrowing::{self, Condition, Said, narrow_by, rest_behind};
use crate::pass::Pass;
use crate::path;
use crate::tape::NodeIdx;

use super::expressions::is_path;

/// More classes in one condition are not told apart.
const MAX_CLASSES: usize = 8;

/// `if` with its `else`, and what follows when the block leaves.
pub(super) fn decision(pass: &mut Pass<'_>, idx: NodeIdx) {
    let (Some(condition), Some(block)) = (pass.child(idx, "condition"), pass.child(idx, "consequence"))
    else {
        return;
    };
    let end = pass.tape.node(block).after;
    narrow_by(pass, read, (condition, true), block..end);
    let whole = whole_of(pass, idx);
    narrow_by(pass, read, (condition, false), end..pass.tape.node(whole).after);
    if whole == idx && leaves(pass, block) {
        let rest = rest_behind(pass, idx);
        narrow_by(pass, read, (condition, false), rest);
    }
}

/// The `if` that an `elif` is a part of.
fn whole_of(pass: &Pass<'_>, idx: NodeIdx) -> NodeIdx {
    let is_part = pass.is_kind(idx, "elif_clause");
    pass.tape.parent(idx).filter(|_| is_part).unwrap_or(idx)
}

pub(super) fn while_loop(pass: &mut Pass<'_>, idx: NodeIdx) {
    narrowing::while_loop(pass, read, idx);
}

pub(super) fn assertion(pass: &mut Pass<'_>, idx: NodeIdx) {
    let condition = pass.tape.children(idx).find(|child| !pass.is_comment(*child));
    if let Some(condition) = condition {
        let rest = rest_behind(pass, idx);
        narrow_by(pass, read, (condition, true), rest);
    }
}

/// `a if condition else b`.
pub(super) fn choice(pass: &mut Pass<'_>, idx: NodeIdx) {
    let parts: Vec<NodeIdx> =
        pass.tape.children(idx).filter(|child| !pass.is_comment(*child)).take(3).collect();
    if let [then, condition, otherwise] = parts[..] {
        narrow_by(pass, read, (condition, true), then..pass.tape.node(then).after);
        narrow_by(pass, read, (condition, false), otherwise..pass.tape.node(otherwise).after);
    }
}

pub(super) fn both_sides(pass: &mut Pass<'_>, idx: NodeIdx) {
    narrowing::both_sides(pass, read, idx);
}

/// `[x.f() for x in y if condition]`; the first iterable is read in the scope around.
pub(super) fn comprehension(pass: &mut Pass<'_>, idx: NodeIdx) {
    let first = pass.child_of_kind(idx, "for_in_clause").and_then(|clause| pass.child(clause, "right"));
    if let Some(first) = first {
        pass.sees_from_here(first);
    }
    let Some(body) = pass.child(idx, "body") else { return };
    let conditions: Vec<NodeIdx> = pass
        .tape
        .children(idx)
        .filter(|child| pass.is_kind(*child, "if_clause"))
        .take(MAX_CLASSES)
        .filter_map(|clause| pass.tape.children(clause).find(|child| !pass.is_comment(*child)))
        .collect();
    for condition in conditions {
        narrow_by(pass, read, (condition, true), body..pass.tape.node(body).after);
    }
}

/// Tells whether control does not go on behind a block.
fn leaves(pass: &Pass<'_>, block: NodeIdx) -> bool {
    let last = pass.tape.children(block).filter(|child| !pass.is_comment(*child)).last();
    let leaving = ["return_statement", "raise_statement", "continue_statement", "break_statement"];
    last.is_some_and(|last| leaving.iter().any(|kind| pass.is_kind(last, kind)))
}

fn read(pass: &Pass<'_>, node: NodeIdx) -> Condition {
    let inner = || pass.tape.children(node).find(|child| !pass.is_comment(*child));
    if pass.is_kind(node, "parenthesized_expression") {
        return inner().map_or(Condition::Other, Condition::Inner);
    }
    if pass.is_kind(node, "not_operator") {
        return pass.child(node, "argument").or_else(inner).map_or(Condition::Other, Condition::Not);
    }
    if pass.is_kind(node, "boolean_operator") {
        return match (pass.child(node, "left"), pass.child(node, "right")) {
            (Some(left), Some(right)) if pass.has_token(node, "or") => Condition::Or(left, right),
            (Some(left), Some(right)) => Condition::And(left, right),
            _ => Condition::Other,
        };
    }
    class_test(pass, node).map_or(Condition::Other, Condition::Test)
}

/// `isinstance(x, A)`, `isinstance(x.y, (A, b.B))`, `isinstance(x, A | B)`, `issubclass(x, A)`.
fn class_test(pass: &Pass<'_>, call: NodeIdx) -> Option<Said> {
    let function = pass.child(call, "function").filter(|_| pass.is_kind(call, "call"))?;
    let mark = match &*pass.text(function) {
        "isinstance" => "",
        "issubclass" => path::ITSELF,
        _ => return None,
    };
    let list = pass.child(call, "arguments")?;
    let arguments: Vec<NodeIdx> =
        pass.tape.children(list).filter(|child| !pass.is_comment(*child)).take(3).collect();
    let [value, classes] = arguments[..] else { return None };
    let path = pass.text(value).into_owned();
    let names: Vec<String> = if pass.is_kind(classes, "tuple") {
        let items = pass.tape.children(classes).filter(|child| !pass.is_comment(*child));
        items.take(MAX_CLASSES + 1).map(|item| pass.text(item).into_owned()).collect()
    } else {
        pass.text(classes).split('|').take(MAX_CLASSES + 1).map(|name| name.trim().to_owned()).collect()
    };
    let is_plain = is_path(&path) && names.iter().all(|name| is_path(name));
    let types: Vec<String> = names.iter().map(|name| format!("{mark}{name}")).collect();
    (is_plain && !names.is_empty() && names.len() <= MAX_CLASSES).then(|| (path, types.join("|")))
}
