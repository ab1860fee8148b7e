//! Go: a function's type is part of its promise, and an interface is implemented without naming it.

use docpack::SymbolKind;
use docpack::records::Symbol;

use super::{Seen, arguments, bare, has, shown_type};
use crate::api::Reason;

pub(super) fn judge(before: &Seen<'_>, after: &Seen<'_>, reasons: &mut Vec<Reason>) {
    let (old, new) = (before.symbol, after.symbol);
    let kind = new.kind.known();
    if kind.is_some_and(SymbolKind::is_callable) {
        function(old, new, reasons);
    } else {
        let (was, is) = (old.return_type.as_deref(), new.return_type.as_deref());
        if was.map(bare) != is.map(bare) {
            let text = format!("its type was {}, is {}", shown_type(was), shown_type(is));
            // A constant or variable without a written type has that of its value.
            reasons.push(match was.is_some() && is.is_some() {
                true => Reason::breaking("type_changed", text),
                false => Reason::unknown("type_changed", text),
            });
        }
        let gone = old.bases.iter().filter(|base| !new.bases.contains(base));
        for base in gone {
            reasons.push(Reason::breaking("embedded_removed", format!("no longer embeds `{base}`")));
        }
        if kind == Some(SymbolKind::Interface) {
            for base in new.bases.iter().filter(|base| !old.bases.contains(base)) {
                reasons
                    .push(Reason::breaking("embedded_added", format!("its types must implement `{base}`")));
            }
        }
    }
    if old.generics.iter().map(|it| bare(it)).ne(new.generics.iter().map(|it| bare(it))) {
        reasons.push(Reason::breaking("type_parameters_changed", "has other type parameters"));
    }
}

fn function(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    if types(old) != types(new) {
        reasons.push(Reason::breaking("parameters_changed", "takes other parameters"));
    } else if old.parameters.iter().map(|it| &it.name).ne(new.parameters.iter().map(|it| &it.name)) {
        reasons.push(Reason::compatible("parameter_renamed", "its parameters have other names"));
    }
    let (was, is) = (old.return_type.as_deref(), new.return_type.as_deref());
    if was.map(results) != is.map(results) {
        let text = format!("returned {}, returns {}", shown_type(was), shown_type(is));
        reasons.push(Reason::breaking("return_type_changed", text));
    }
    let pointer = |it: &Symbol| it.modifiers.iter().any(|it| it.starts_with("receiver:*"));
    if !pointer(old) && pointer(new) {
        reasons.push(Reason::breaking("receiver_changed", "values no longer have it, only pointers"));
    } else if pointer(old) && !pointer(new) {
        reasons.push(Reason::compatible("receiver_changed", "values have it too"));
    }
}

/// The types of the parameters; `...` is only in the signature.
fn types(symbol: &Symbol) -> Vec<String> {
    let variadic = symbol.signature.contains("...");
    let mut types: Vec<String> =
        symbol.parameters.iter().map(|it| bare(it.type_name.as_deref().unwrap_or_default())).collect();
    if let (true, Some(last)) = (variadic, types.last_mut()) {
        last.push_str("...");
    }
    types
}

/// Results without their names: `(n int, err error)` is `(int, error)`.
fn results(written: &str) -> Vec<String> {
    if !written.starts_with('(') {
        return vec![bare(written)];
    }
    let parts = arguments(written);
    let is_named = parts.iter().any(|it| {
        it.contains(' ')
            && !it.starts_with("func")
            && !it.starts_with("map[")
            && !it.starts_with("chan")
            && !it.starts_with("<-")
    });
    if !is_named {
        return parts.into_iter().map(bare).collect();
    }
    let mut types = Vec::new();
    let mut following = String::new();
    for part in parts.iter().rev() {
        if let Some((_, of_type)) = part.split_once(' ') {
            following = bare(of_type);
        }
        types.push(following.clone());
    }
    types.reverse();
    types
}

/// Says what a new member means for a type that was there before.
pub(super) fn added(new: &Seen<'_>) -> Option<Reason> {
    let is_interface = new.owner?.kind == SymbolKind::Interface;
    // Nobody outside can implement an interface with an unexported method.
    let is_sealed = new.owner_members.iter().any(|it| has(it, "abstract") && !it.exported);
    (is_interface && !is_sealed)
        .then(|| Reason::breaking("method_required", "every type of the interface must have it"))
}
