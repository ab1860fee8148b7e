//! How Go expressions read whose kind alone does not tell.

use model::facts::ReferenceKind;

use crate::body::code::Op;
use crate::pass::Pass;
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

/// `[]T(x)` is a value of the type; `f[T](x)`, which the grammar takes for one as well, may be a call.
pub(super) fn conversion(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let generic = tree.child(idx, "type").filter(|written| tree.is_kind(*written, "generic_type"));
    match generic.and_then(|generic| tree.child(generic, "type")) {
        Some(named) => Reading::Suffix(named, "[]()"),
        None => of_type(tree, idx),
    }
}

/// Records the call in `f[T](x)`: a function with its type arguments, an element of a list, or a generic type.
pub(super) fn generic_call(pass: &mut Pass<'_>, idx: NodeIdx) {
    let generic = pass.child(idx, "type").filter(|written| pass.is_kind(*written, "generic_type"));
    let Some(named) = generic.and_then(|generic| pass.child(generic, "type")) else { return };
    if let Some(path) = pass.path(named) {
        pass.refer_path(ReferenceKind::Call, format!("{path}[]"), pass.tape.node(named).start);
    }
}

/// `f[T]` may be handed over as `f` may.
pub(super) fn instantiated(pass: &mut Pass<'_>, idx: NodeIdx) {
    let is_handed =
        pass.tape.parent(idx).is_some_and(|parent| pass.rule(parent).hands_over(pass.tape.node(idx).field));
    if let Some(operand) = pass.child(idx, "operand").filter(|_| is_handed) {
        pass.refer(ReferenceKind::Value, operand);
    }
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

/// `<-done` waits, `*p` is what a pointer leads to.
pub(super) fn operation(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    match pass.source.bytes().get(pass.tape.node(idx).start as usize..) {
        Some([b'<', b'-', ..]) => Op::Await,
        Some([b'*', ..]) => Op::Item,
        _ => Op::Unknown,
    }
}

/// `=` sets anew, any other operator by what was there.
pub(super) fn setting(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) else {
        return Op::Assign;
    };
    let operator = pass.source.text(pass.tape.node(left).end, pass.tape.node(right).start);
    if operator.trim() == "=" { Op::Assign } else { Op::Update }
}
