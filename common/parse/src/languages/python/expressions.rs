//! How Python expressions read whose kind alone does not tell.

use crate::path::{Reading, Tree};
use crate::tape::NodeIdx;

/// `f(x)`; of `super(B, self)` the class is kept.
pub(super) fn call(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let Some(function) = tree.child(idx, "function") else { return Reading::Nameless };
    let is_super = tree.is_kind(function, "identifier") && tree.text(function) == "super";
    let argument = || {
        let arguments = tree.child(idx, "arguments").filter(|list| tree.is_kind(*list, "argument_list"))?;
        tree.tape.children(arguments).find(|argument| !tree.is_kind(*argument, "comment"))
    };
    match argument().filter(|_| is_super) {
        Some(class) if is_path(&tree.text(class)) => Reading::Narrowed(function, tree.range(class)),
        // `super(type(self), self)` goes on from a class that is known at run time only.
        Some(_) => Reading::Nameless,
        None => Reading::Suffix(function, "()"),
    }
}

/// Tells whether a text is one name, or several with dots between.
pub(super) fn is_path(text: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    text.split('.').all(is_name)
}
