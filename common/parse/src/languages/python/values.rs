//! What a Python expression may give, and which target of an assignment gets what.

use crate::pass::Pass;
use crate::tape::NodeIdx;

/// An expression with more alternatives than this is generated.
const MAX_ALTERNATIVES: usize = 8;

/// The expressions of which one is the value: the branches of `a if c else b` and `a or b`, the end of `a = b = c`.
///
/// `None` has no members that anyone calls and is left out.
pub(super) fn alternatives(pass: &Pass<'_>, value: NodeIdx) -> Vec<NodeIdx> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(node) = open.pop() {
        if found.len() + open.len() > MAX_ALTERNATIVES {
            return vec![value];
        }
        match inner(pass, node) {
            Some(parts) => open.extend(parts.into_iter().rev()),
            None if pass.is_kind(node, "none") => {}
            None => found.push(node),
        }
    }
    found
}

fn inner(pass: &Pass<'_>, node: NodeIdx) -> Option<Vec<NodeIdx>> {
    let children = || pass.tape.children(node).filter(|child| !pass.is_comment(*child));
    if pass.is_kind(node, "parenthesized_expression") {
        return Some(children().collect());
    }
    if pass.is_kind(node, "conditional_expression") {
        // The condition stands between the two.
        let parts: Vec<_> = children().collect();
        return Some(vec![*parts.first()?, *parts.last()?]);
    }
    if pass.is_kind(node, "boolean_operator") && pass.has_token(node, "or") {
        return Some(vec![pass.child(node, "left")?, pass.child(node, "right")?]);
    }
    if pass.is_kind(node, "assignment") {
        return pass.child(node, "right").map(|right| vec![right]);
    }
    None
}

/// Tells whether an expression gives a value of the language's own, whose members are its own too.
pub(super) fn is_literal(pass: &Pass<'_>, node: NodeIdx) -> bool {
    const LITERALS: &[&str] = &[
        "none",
        "true",
        "false",
        "integer",
        "float",
        "string",
        "concatenated_string",
        "list",
        "dictionary",
        "set",
        "tuple",
        "expression_list",
        "list_comprehension",
        "dictionary_comprehension",
        "set_comprehension",
        "generator_expression",
    ];
    LITERALS.iter().any(|kind| pass.is_kind(node, kind))
}

/// The single targets of an assignment, each with its own value where that is written.
pub(super) fn pairs(
    pass: &Pass<'_>,
    left: NodeIdx,
    right: Option<NodeIdx>,
) -> Vec<(NodeIdx, Option<NodeIdx>)> {
    let mut found = Vec::new();
    let mut open = vec![(left, right)];
    while let Some((target, value)) = open.pop() {
        if pass.is_kind(target, "list_splat_pattern") {
            open.extend(pass.tape.children(target).next().map(|inner| (inner, None)));
        } else if is_sequence(pass, target) {
            let n_open = open.len();
            open.extend(paired(pass, target, value));
            open[n_open..].reverse();
        } else {
            found.push((target, value));
        }
    }
    found
}

/// `a, *b, c = x, y, z`: names before a star count from the front, those behind it from the back.
fn paired(
    pass: &Pass<'_>,
    target: NodeIdx,
    value: Option<NodeIdx>,
) -> impl Iterator<Item = (NodeIdx, Option<NodeIdx>)> {
    let targets = elements(pass, target);
    let values = value.map(|value| unchained(pass, value)).filter(|value| is_sequence(pass, *value));
    let values = values.map_or(Vec::new(), |value| elements(pass, value));
    let is_splat =
        |node: &NodeIdx| pass.is_kind(*node, "list_splat_pattern") || pass.is_kind(*node, "list_splat");
    let star = targets.iter().position(is_splat);
    let is_known = !values.iter().any(is_splat)
        && if star.is_some() { values.len() + 1 >= targets.len() } else { values.len() == targets.len() };
    let n_targets = targets.len();
    targets.into_iter().enumerate().map(move |(at, target)| {
        let from = match star {
            Some(star) if at > star => (at + values.len()).saturating_sub(n_targets),
            _ => at,
        };
        (target, values.get(from).copied().filter(|_| is_known && star != Some(at)))
    })
}

fn unchained(pass: &Pass<'_>, value: NodeIdx) -> NodeIdx {
    let mut value = value;
    while let Some(inner) = inner(pass, value).filter(|inner| inner.len() == 1) {
        value = inner[0];
    }
    value
}

fn elements(pass: &Pass<'_>, sequence: NodeIdx) -> Vec<NodeIdx> {
    pass.tape.children(sequence).filter(|child| !pass.is_comment(*child)).collect()
}

fn is_sequence(pass: &Pass<'_>, node: NodeIdx) -> bool {
    ["pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list"]
        .iter()
        .any(|kind| pass.is_kind(node, kind))
}
