//! What functions return, where no type says so.

use model::facts::{RETURNED, ScopeIdx, ScopeKind};

use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::{assigned::is_nothing, values};

/// `return value`.
pub(super) fn returned(pass: &mut Pass<'_>, idx: NodeIdx) {
    let value = pass.tape.children(idx).find(|child| !pass.is_comment(*child));
    if let Some(value) = value {
        give(pass, value);
    }
}

/// Binds what the innermost function gives in its scope, under a name that no source can write.
///
/// It is read where it stands: what it names may be known in that block only.
pub(super) fn give(pass: &mut Pass<'_>, value: NodeIdx) {
    let around = &pass.facts.symbols[pass.state.symbol as usize];
    if around.return_type.is_some() || is_nothing(pass, value) {
        return;
    }
    let Some(scope) = function_scope(pass) else { return };
    for value in alternatives(pass, value) {
        let at = pass.tape.node(value).start;
        let path = pass.value_path(value);
        pass.assign_in(scope, RETURNED.to_owned(), at, path);
    }
}

/// The scope of the function around, where it is a symbol's: of others nobody asks what they give.
fn function_scope(pass: &Pass<'_>) -> Option<ScopeIdx> {
    let scopes = &pass.facts.scopes;
    let mut scope = pass.state.scope;
    while scopes[scope as usize].kind == ScopeKind::Block {
        scope = scopes[scope as usize].parent?;
    }
    let own = pass.facts.symbols[pass.state.symbol as usize].scope;
    (scopes[scope as usize].kind == ScopeKind::Function && own == Some(scope)).then_some(scope)
}

/// What a conditional expression may give.
fn alternatives(pass: &Pass<'_>, value: NodeIdx) -> Vec<NodeIdx> {
    let value = values::unwrapped(pass, value);
    let both = (pass.child(value, "consequence"), pass.child(value, "alternative"));
    match both {
        (Some(one), Some(other)) if pass.is_kind(value, "ternary_expression") => {
            [one, other].into_iter().filter(|value| !is_nothing(pass, *value)).collect()
        }
        _ => vec![value],
    }
}
