//! How Go expressions read whose kind alone does not tell.

use crate::path::{Reading, Tree};
use crate::tape::NodeIdx;

/// What the grammar has as a type in the place of an argument: only `new` and `make` take one.
const TYPE_KINDS: &[&str] = &[
    "array_type",
    "channel_type",
    "function_type",
    "generic_type",
    "interface_type",
    "map_type",
    "parenthesized_type",
    "pointer_type",
    "qualified_type",
    "slice_type",
    "struct_type",
    "type_identifier",
];

/// `f(x)`; of `new(T)` and `make(T)` the type is kept.
pub(super) fn call(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let Some(function) = tree.child(idx, "function") else { return Reading::Nameless };
    let makes = tree.is_kind(function, "identifier") && matches!(&*tree.text(function), "new" | "make");
    let argument = || tree.tape.children(tree.child(idx, "arguments")?).next();
    let is_type = |argument: &NodeIdx| TYPE_KINDS.iter().any(|kind| tree.is_kind(*argument, kind));
    match argument().filter(|argument| makes && is_type(argument)) {
        Some(argument) => Reading::Made(function, tree.range(argument)),
        None => Reading::Suffix(function, "()"),
    }
}

/// `T{…}`, `x.(T)`, `[]T(x)`: a value of the type.
pub(super) fn of_type(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    tree.child(idx, "type").map_or(Reading::Nameless, |written| Reading::Value(tree.range(written)))
}

/// `func(a A) B { … }`: a value of the type before the body.
pub(super) fn function_literal(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let last = tree.child(idx, "result").or_else(|| tree.child(idx, "parameters"));
    last.map_or(Reading::Nameless, |last| Reading::Value(tree.range(idx).start..tree.range(last).end))
}

/// `<-c` is an element of the channel; pointers have the methods of what they point to.
pub(super) fn unary(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    match tree.child(idx, "operand") {
        Some(operand) if tree.text(idx).starts_with("<-") => Reading::Suffix(operand, "[]"),
        Some(operand) => Reading::Through(operand),
        None => Reading::Nameless,
    }
}
