//! TypeScript and JavaScript: calls are checked against types where they are written.

use std::collections::BTreeSet;

use docpack::records::{Parameter, Symbol};
use docpack::{Language, SymbolKind};

use super::{Seen, arguments, bare, code, has, same_type, shown, shown_type};
use crate::api::Reason;

pub(super) fn judge(before: &Seen<'_>, after: &Seen<'_>, reasons: &mut Vec<Reason>) {
    let (old, new) = (before.symbol, after.symbol);
    let kind = new.kind.known();
    if kind.is_some_and(SymbolKind::is_callable) {
        parameters(old, new, reasons);
        returned(old, new, reasons);
    } else if kind == Some(SymbolKind::TypeAlias) {
        if !same_type(old.return_type.as_deref(), new.return_type.as_deref()) {
            reasons.push(Reason::unknown("type_changed", "stands for another type"));
        }
    } else if kind.is_some_and(SymbolKind::is_type) {
        heads(old, new, reasons);
    } else {
        values(old, new, reasons);
    }
    if old.generics.len() != new.generics.len() {
        let is_defaulted = new.generics.iter().skip(old.generics.len()).all(|it| it.contains('='));
        reasons.push(match new.generics.len() > old.generics.len() && is_defaulted {
            true => Reason::compatible("type_parameter_added", "has a new type parameter with a default"),
            false => Reason::unknown("type_parameters_changed", "has other type parameters"),
        });
    }
    for (modifier, text) in
        [("static", "moved between the class and its instances"), ("abstract", "is abstract now")]
    {
        let (was, is) = (has(old, modifier), has(new, modifier));
        if is && !was || modifier == "static" && was != is {
            reasons.push(Reason::breaking("modifier_changed", text));
        }
    }
}

/// Whether each parameter may be left out, and whether it takes the rest.
fn optional(symbol: &Symbol) -> Vec<(&Parameter, bool, bool)> {
    let written = arguments(&symbol.signature);
    let is_optional = |at: usize, it: &Parameter| {
        it.default.is_some() || written.get(at).is_some_and(|text| is_marked_optional(text))
    };
    let all = symbol.parameters.iter().enumerate();
    all.map(|(at, it)| (it, is_optional(at, it), it.name.starts_with("..."))).collect()
}

/// `name?: type` or `name?`.
fn is_marked_optional(text: &str) -> bool {
    let name = text.split([':', '=']).next().unwrap_or(text);
    name.trim_end().ends_with('?')
}

fn parameters(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let (was, is) = (optional(old), optional(new));
    let takes_any = is.last().is_some_and(|it| it.2);
    // JavaScript ignores arguments that a function does not take; TypeScript refuses them.
    let is_checked = new.language == Language::TypeScript;
    for (at, (parameter, was_optional, was_rest)) in was.iter().enumerate() {
        let name = shown(parameter);
        let Some((now, is_optional, is_rest)) = is.get(at) else {
            if !takes_any {
                let text = format!("{name} was removed");
                reasons.push(match is_checked {
                    true => Reason::breaking("parameter_removed", text),
                    false => Reason::unknown("parameter_removed", text),
                });
            }
            continue;
        };
        if (*was_optional || *was_rest) && !is_optional && !is_rest {
            reasons.push(Reason::breaking("parameter_required", format!("{} is required now", shown(now))));
        }
        if !was_optional && *is_optional {
            reasons.push(Reason::compatible("parameter_optional", format!("{} is optional now", shown(now))));
        }
        let (old_type, new_type) = (parameter.type_name.as_deref(), now.type_name.as_deref());
        if !same_type(old_type, new_type) {
            let text = format!("{} was {}, is {}", shown(now), shown_type(old_type), shown_type(new_type));
            reasons.push(match (old_type, new_type) {
                (Some(old_type), Some(new_type)) if is_wider(old_type, new_type) => {
                    Reason::compatible("parameter_type_widened", text)
                }
                (Some(_), Some(_)) => Reason::breaking("parameter_type_changed", text),
                _ => Reason::unknown("parameter_type_changed", text),
            });
        } else if parameter.name != now.name {
            let text = format!("{name} is called {} now", shown(now));
            reasons.push(match is_checked {
                true => Reason::compatible("parameter_renamed", text),
                // Without types a name is all that tells what a parameter means.
                false => Reason::unknown("parameter_renamed", text),
            });
        }
    }
    for (parameter, is_optional, is_rest) in is.iter().skip(was.len()) {
        let name = shown(parameter);
        reasons.push(match is_optional | is_rest {
            true => Reason::compatible("parameter_added", format!("{name} is new")),
            false if is_checked => {
                Reason::breaking("parameter_added_required", format!("{name} is new and required"))
            }
            false => Reason::unknown("parameter_added", format!("{name} is new")),
        });
    }
}

/// The members of a union.
fn members(type_name: &str) -> BTreeSet<String> {
    type_name.split('|').map(bare).filter(|it| !it.is_empty()).collect()
}

/// Tells whether a type takes everything that another takes; only unions are looked into.
fn is_wider(narrow: &str, wide: &str) -> bool {
    matches!(bare(wide).as_str(), "any" | "unknown") || members(narrow).is_subset(&members(wide))
}

fn returned(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let (was, is) = (old.return_type.as_deref(), new.return_type.as_deref());
    if same_type(was, is) {
        if was.is_none() && has(old, "async") != has(new, "async") {
            reasons.push(Reason::breaking("async_changed", "callers must await it, or must not any more"));
        }
        return;
    }
    let text = format!("returned {}, returns {}", shown_type(was), shown_type(is));
    reasons.push(match (was, is) {
        (Some(was), Some(is)) if is_wider(is, was) => Reason::compatible("return_type_narrowed", text),
        (Some(_), Some(_)) => Reason::breaking("return_type_changed", text),
        // The compiler infers what is not written.
        _ => Reason::unknown("return_type_changed", text),
    });
}

fn heads(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let all = |it: &Symbol| it.bases.iter().map(|base| bare(base)).collect::<BTreeSet<_>>();
    for base in all(old).difference(&all(new)) {
        reasons.push(Reason::unknown("base_removed", format!("no longer extends {}", code(base))));
    }
}

fn values(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let (was, is) = (has(old, "optional"), has(new, "optional"));
    if was && !is {
        reasons.push(Reason::breaking("property_required", "is required now"));
    } else if !was && is {
        reasons.push(Reason::breaking("property_optional", "may be undefined now"));
    }
    if !has(old, "readonly") && has(new, "readonly") {
        reasons.push(Reason::breaking("readonly", "can no longer be set"));
    }
    let (was, is) = (old.return_type.as_deref(), new.return_type.as_deref());
    if !same_type(was, is) {
        let text = format!("its type was {}, is {}", shown_type(was), shown_type(is));
        reasons.push(match was.is_some() && is.is_some() {
            true => Reason::breaking("type_changed", text),
            false => Reason::unknown("type_changed", text),
        });
    }
}

/// Says what a new member means for a type that was there before.
pub(super) fn added(new: &Seen<'_>) -> Option<Reason> {
    let owner = new.owner?;
    let is_interface = owner.kind == SymbolKind::Interface;
    let is_abstract = has(new.symbol, "abstract");
    let is_required = !has(new.symbol, "optional") && !new.symbol.signature.contains("?(");
    (is_required && (is_interface || is_abstract))
        .then(|| Reason::breaking("member_required", "every value of the type must have it"))
}
