//! What conditions say of values: `isinstance(x, A)` in front of a block, an `assert`, an early return.

use std::ops::Range;

use crate::pass::Pass;
use crate::path;
use crate::tape::NodeIdx;

use super::expressions::is_path;

/// A condition nested deeper says nothing.
const MAX_DEPTH: usize = 16;
/// More classes in one condition are not told apart.
const MAX_CLASSES: usize = 8;
/// What one condition says of more values than this is left out.
const MAX_SAID: usize = 16;

/// A value's path, and the types of which it is one.
type Said = (String, String);

/// `if` with its `else`, and what follows when the block leaves.
pub(super) fn decision(pass: &mut Pass<'_>, idx: NodeIdx) {
    let (Some(condition), Some(block)) = (pass.child(idx, "condition"), pass.child(idx, "consequence"))
    else {
        return;
    };
    let end = pass.tape.node(block).after;
    narrow(pass, condition, true, block..end);
    let whole = whole_of(pass, idx);
    narrow(pass, condition, false, end..pass.tape.node(whole).after);
    if whole == idx && leaves(pass, block) {
        narrow(pass, condition, false, rest_behind(pass, idx));
    }
}

/// The `if` that an `elif` is a part of.
fn whole_of(pass: &Pass<'_>, idx: NodeIdx) -> NodeIdx {
    let is_part = pass.is_kind(idx, "elif_clause");
    pass.tape.parent(idx).filter(|_| is_part).unwrap_or(idx)
}

pub(super) fn while_loop(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let (Some(condition), Some(body)) = (pass.child(idx, "condition"), pass.child(idx, "body")) {
        narrow(pass, condition, true, body..pass.tape.node(body).after);
    }
}

pub(super) fn assertion(pass: &mut Pass<'_>, idx: NodeIdx) {
    let condition = pass.tape.children(idx).find(|child| !pass.is_comment(*child));
    if let Some(condition) = condition {
        narrow(pass, condition, true, rest_behind(pass, idx));
    }
}

/// `a if condition else b`.
pub(super) fn choice(pass: &mut Pass<'_>, idx: NodeIdx) {
    let parts: Vec<NodeIdx> =
        pass.tape.children(idx).filter(|child| !pass.is_comment(*child)).take(3).collect();
    if let [then, condition, otherwise] = parts[..] {
        narrow(pass, condition, true, then..pass.tape.node(then).after);
        narrow(pass, condition, false, otherwise..pass.tape.node(otherwise).after);
    }
}

/// The right side of `and` is read where the left is true, that of `or` where it is not.
pub(super) fn both_sides(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) {
        let is_or = pass.has_token(idx, "or");
        narrow(pass, left, !is_or, right..pass.tape.node(right).after);
    }
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
        narrow(pass, condition, true, body..pass.tape.node(body).after);
    }
}

fn narrow(pass: &mut Pass<'_>, condition: NodeIdx, is_true: bool, nodes: Range<NodeIdx>) {
    for said in said(pass, condition, is_true, MAX_DEPTH) {
        pass.narrow(said, nodes.clone());
    }
}

/// What follows a statement in its block.
fn rest_behind(pass: &Pass<'_>, idx: NodeIdx) -> Range<NodeIdx> {
    let block = pass.tape.parent(idx).map(|block| pass.tape.node(block).after);
    let from = pass.tape.node(idx).after;
    from..block.unwrap_or(from)
}

/// Tells whether control does not go on behind a block.
fn leaves(pass: &Pass<'_>, block: NodeIdx) -> bool {
    let last = pass.tape.children(block).filter(|child| !pass.is_comment(*child)).last();
    let leaving = ["return_statement", "raise_statement", "continue_statement", "break_statement"];
    last.is_some_and(|last| leaving.iter().any(|kind| pass.is_kind(last, kind)))
}

/// What is known when a condition is true, or when it is not.
fn said(pass: &Pass<'_>, condition: NodeIdx, is_true: bool, depth: usize) -> Vec<Said> {
    if depth == 0 {
        return Vec::new();
    }
    let inner = || pass.tape.children(condition).find(|child| !pass.is_comment(*child));
    if pass.is_kind(condition, "parenthesized_expression") {
        return inner().map_or(Vec::new(), |inner| said(pass, inner, is_true, depth - 1));
    }
    if pass.is_kind(condition, "not_operator") {
        let inner = pass.child(condition, "argument").or_else(inner);
        return inner.map_or(Vec::new(), |inner| said(pass, inner, !is_true, depth - 1));
    }
    if pass.is_kind(condition, "boolean_operator") {
        let (Some(left), Some(right)) = (pass.child(condition, "left"), pass.child(condition, "right"))
        else {
            return Vec::new();
        };
        let (left, right) = (said(pass, left, is_true, depth - 1), said(pass, right, is_true, depth - 1));
        let holds_both = pass.has_token(condition, "or") != is_true;
        return if holds_both { all_of(left, right) } else { one_of(left, right) };
    }
    match class_test(pass, condition).filter(|_| is_true) {
        Some(said) => vec![said],
        None => Vec::new(),
    }
}

fn all_of(mut left: Vec<Said>, right: Vec<Said>) -> Vec<Said> {
    left.extend(right);
    left.truncate(MAX_SAID);
    left
}

/// Of what either says, that which both say of one value.
fn one_of(left: Vec<Said>, right: Vec<Said>) -> Vec<Said> {
    let joined = |(path, types): Said| {
        let (_, others) = right.iter().find(|(other, _)| *other == path)?;
        let types = format!("{types}|{others}");
        (types.split('|').count() <= MAX_CLASSES).then_some((path, types))
    };
    left.into_iter().filter_map(joined).collect()
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
