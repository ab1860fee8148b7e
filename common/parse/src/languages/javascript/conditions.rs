//! What conditions say of values: `x instanceof A` in front of a block, in a choice, before an early exit.

use crate::narrowing::{self, Condition, narrow_by, rest_behind};
use crate::pass::Pass;
use crate::tape::NodeIdx;

/// `if` with its `else`, and what follows when the block leaves.
pub(super) fn decision(pass: &mut Pass<'_>, idx: NodeIdx) {
    let (Some(condition), Some(block)) = (pass.child(idx, "condition"), pass.child(idx, "consequence"))
    else {
        return;
    };
    let end = pass.tape.node(block).after;
    narrow_by(pass, read, (condition, true), block..end);
    let whole = pass.tape.node(idx).after;
    narrow_by(pass, read, (condition, false), end..whole);
    if whole == end && leaves(pass, block) {
        let rest = rest_behind(pass, idx);
        narrow_by(pass, read, (condition, false), rest);
    }
}

pub(super) fn while_loop(pass: &mut Pass<'_>, idx: NodeIdx) {
    narrowing::while_loop(pass, read, idx);
}

/// `condition ? a : b`.
pub(super) fn choice(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(condition) = pass.child(idx, "condition") else { return };
    for (field, is_true) in [("consequence", true), ("alternative", false)] {
        if let Some(part) = pass.child(idx, field) {
            narrow_by(pass, read, (condition, is_true), part..pass.tape.node(part).after);
        }
    }
}

pub(super) fn both_sides(pass: &mut Pass<'_>, idx: NodeIdx) {
    narrowing::both_sides(pass, read, idx);
}

/// Tells whether control does not go on behind a block, or a statement in its place.
fn leaves(pass: &Pass<'_>, block: NodeIdx) -> bool {
    let last = match pass.is_kind(block, "statement_block") {
        true => pass.tape.children(block).filter(|child| !pass.is_comment(*child)).last(),
        false => Some(block),
    };
    let leaving = ["return_statement", "throw_statement", "continue_statement", "break_statement"];
    last.is_some_and(|last| leaving.iter().any(|kind| pass.is_kind(last, kind)))
}

fn read(pass: &Pass<'_>, node: NodeIdx) -> Condition {
    let inner = || pass.tape.children(node).find(|child| !pass.is_comment(*child));
    if pass.is_kind(node, "parenthesized_expression") {
        return inner().map_or(Condition::Other, Condition::Inner);
    }
    if pass.is_kind(node, "unary_expression") {
        let argument = pass.child(node, "argument").filter(|_| pass.text(node).starts_with('!'));
        return argument.map_or(Condition::Other, Condition::Not);
    }
    let (Some(left), Some(right)) = (pass.child(node, "left"), pass.child(node, "right")) else {
        return Condition::Other;
    };
    if !pass.is_kind(node, "binary_expression") {
        return Condition::Other;
    }
    let between = pass.source.text(pass.tape.node(left).end, pass.tape.node(right).start);
    match between.trim() {
        "&&" => Condition::And(left, right),
        "||" => Condition::Or(left, right),
        "instanceof" => {
            let (value, class) = (pass.text(left), pass.text(right));
            match is_path(&value) && is_path(&class) {
                true => Condition::Test((value.into_owned(), class.into_owned())),
                false => Condition::Other,
            }
        }
        _ => Condition::Other,
    }
}

fn is_path(text: &str) -> bool {
    let is_name_char = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    text.split('.').all(|name| !name.is_empty() && name.chars().all(is_name_char))
}
