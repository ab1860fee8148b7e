//! Rust: types are checked, traits are implemented elsewhere, and values are taken apart by patterns.

use std::collections::BTreeSet;

use docpack::SymbolKind;
use docpack::records::Symbol;

use super::{Seen, bare, code, has, shown_type};
use crate::api::Reason;

pub(super) fn judge(before: &Seen<'_>, after: &Seen<'_>, reasons: &mut Vec<Reason>) {
    let (old, new) = (before.symbol, after.symbol);
    match new.kind.known() {
        Some(kind) if kind.is_callable() => function(before, after, reasons),
        Some(SymbolKind::Trait) => {
            supertraits(old, new, reasons);
            if has(old, "unsafe") != has(new, "unsafe") {
                reasons.push(Reason::breaking(
                    "modifier_changed",
                    "its implementations must say otherwise that they are unsafe",
                ));
            }
        }
        Some(SymbolKind::Struct | SymbolKind::Enum | SymbolKind::Union) => type_head(old, new, reasons),
        Some(SymbolKind::EnumVariant) => {
            let is_written = |it: &Symbol| bare(it.signature.split(" = ").next().unwrap_or_default());
            if is_written(old) != is_written(new) {
                reasons.push(Reason::breaking("variant_changed", "the variant holds something else"));
            }
        }
        _ => {
            let value = |it: &Symbol| it.return_type.as_deref().map(plain);
            if value(old) != value(new) {
                let (was, is) =
                    (shown_type(old.return_type.as_deref()), shown_type(new.return_type.as_deref()));
                reasons.push(Reason::breaking("type_changed", format!("its type was {was}, is {is}")));
            }
        }
    }
    generics(old, new, reasons);
    derives(before, after, reasons);
}

/// A type without lifetimes, which the compiler fills in.
fn plain(type_name: &str) -> String {
    let mut plain = String::new();
    let mut rest = type_name;
    while let Some(at) = rest.find('\'') {
        plain.push_str(&rest[..at]);
        let name = rest[at + 1..].find(|c: char| !c.is_alphanumeric() && c != '_');
        rest = name.map_or("", |end| &rest[at + 1 + end..]);
    }
    plain.push_str(rest);
    bare(&plain).replace("<>", "").replace(",>", ">")
}

fn function(before: &Seen<'_>, after: &Seen<'_>, reasons: &mut Vec<Reason>) {
    let (old, new) = (before.symbol, after.symbol);
    let (was, is) = (&old.parameters, &new.parameters);
    if was.len() != is.len() {
        let text = format!("takes {} parameters instead of {}", is.len(), was.len());
        reasons.push(Reason::breaking("parameter_count", text));
    } else {
        for (was, is) in was.iter().zip(is) {
            let (old_type, new_type) = (was.type_name.as_deref(), is.type_name.as_deref());
            if old_type.map(plain) != new_type.map(plain) {
                reasons.push(changed_parameter(old_type, new_type, &is.name));
            } else if old_type.is_none() && plain(&was.name) != plain(&is.name) {
                reasons.push(receiver(&was.name, &is.name));
            }
        }
    }
    if old.return_type.as_deref().map(plain) != new.return_type.as_deref().map(plain) {
        let (was, is) = (shown_type(old.return_type.as_deref()), shown_type(new.return_type.as_deref()));
        reasons.push(Reason::breaking("return_type_changed", format!("returned {was}, returns {is}")));
    }
    let is_in_trait = after.owner.is_some_and(|it| it.kind == SymbolKind::Trait);
    for (modifier, lost, won) in [
        ("const", Some("can no longer be called in constants"), None),
        ("unsafe", is_in_trait.then_some("is no longer unsafe to implement"), Some("is unsafe to call")),
        ("async", Some("can no longer be awaited"), Some("must be awaited")),
        ("abstract", None, Some("must be implemented by every type")),
    ] {
        match (has(old, modifier), has(new, modifier)) {
            (true, false) => {
                reasons.push(match lost {
                    Some(text) => Reason::breaking("modifier_changed", text),
                    None => Reason::compatible("modifier_changed", format!("is no longer {modifier}")),
                });
            }
            (false, true) => {
                reasons.push(match won {
                    Some(text) => Reason::breaking("modifier_changed", text),
                    None => Reason::compatible("modifier_changed", format!("is now {modifier}")),
                });
            }
            _ => {}
        }
    }
}

/// A parameter that takes more types than before may still take the old one.
fn changed_parameter(was: Option<&str>, is: Option<&str>, name: &str) -> Reason {
    let text = format!("{} was {}, is {}", code(name), shown_type(was), shown_type(is));
    let is_generic =
        is.is_some_and(|it| it.starts_with("impl ") || it.starts_with("&impl ") || it.len() == 1);
    match is_generic {
        true => Reason::unknown("parameter_type_changed", text),
        false => Reason::breaking("parameter_type_changed", text),
    }
}

fn receiver(was: &str, is: &str) -> Reason {
    let text = format!("takes {} instead of {}", code(is), code(was));
    // Whoever had a mutable borrow or the value can lend it.
    let is_weaker =
        matches!((plain(was).as_str(), plain(is).as_str()), ("&mutself" | "self" | "mutself", "&self"));
    match is_weaker
        || plain(was).replace("mutself", "self") == plain(is).replace("mutself", "self") && !is.contains('&')
    {
        true => Reason::compatible("receiver_changed", text),
        false => Reason::breaking("receiver_changed", text),
    }
}

fn supertraits(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let all = |it: &Symbol| it.bases.iter().map(|base| plain(base)).collect::<BTreeSet<_>>();
    for base in all(new).difference(&all(old)) {
        reasons
            .push(Reason::breaking("supertrait_added", format!("its types must implement {}", code(base))));
    }
    for base in all(old).difference(&all(new)) {
        reasons.push(Reason::breaking(
            "supertrait_removed",
            format!("its types need not implement {}", code(base)),
        ));
    }
}

fn is_open(symbol: &Symbol) -> bool {
    symbol.attributes.iter().any(|it| it.contains("non_exhaustive"))
}

fn type_head(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    if !is_open(old) && is_open(new) {
        reasons.push(Reason::breaking("non_exhaustive", "can no longer be built or matched in full outside"));
    }
    let fields = |it: &Symbol| it.signature.find('(').map(|at| plain(&it.signature[at..]));
    if old.kind == SymbolKind::Struct && fields(old) != fields(new) {
        let is_private = |it: &Symbol| !fields(it).is_some_and(|it| it.contains("pub"));
        if !(is_private(old) && is_private(new)) {
            reasons.push(Reason::breaking("fields_changed", "its fields are different"));
        }
    }
}

fn generics(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let types = |it: &Symbol| -> Vec<String> {
        it.generics.iter().filter(|it| !it.trim().starts_with('\'')).map(|it| plain(it)).collect()
    };
    let (was, is) = (types(old), types(new));
    let is_defaulted = |added: &[String]| added.iter().all(|it| it.contains('='));
    if was.len() < is.len() && is_defaulted(&is[was.len()..]) {
        reasons.push(Reason::compatible("type_parameter_added", "has a new type parameter with a default"));
    } else if was.len() != is.len() {
        let text = format!("has {} type parameters instead of {}", is.len(), was.len());
        // Callers of a function seldom write its type parameters.
        let is_function = new.kind.known().is_some_and(SymbolKind::is_callable);
        reasons.push(match is_function {
            true => Reason::unknown("type_parameters_changed", text),
            false => Reason::breaking("type_parameters_changed", text),
        });
    } else if was.iter().zip(&is).any(|(was, is)| was.starts_with("const") != is.starts_with("const")) {
        reasons.push(Reason::breaking(
            "type_parameters_changed",
            "has values where it had types as parameters, or the reverse",
        ));
    } else if was != is {
        reasons.push(Reason::unknown("bounds_changed", "the bounds of its type parameters changed"));
    }
}

fn derives(before: &Seen<'_>, after: &Seen<'_>, reasons: &mut Vec<Reason>) {
    for gone in derived(before.symbol).difference(&derived(after.symbol)) {
        if !after.traits.contains(&gone.as_str()) {
            reasons.push(Reason::breaking("derive_removed", format!("no longer implements {}", code(gone))));
        }
    }
}

fn derived(symbol: &Symbol) -> BTreeSet<String> {
    let lists = symbol.attributes.iter().filter_map(|it| it.split_once("derive(")?.1.split_once(')'));
    lists.flat_map(|it| it.0.split(',')).map(|it| bare(it.trim())).filter(|it| !it.is_empty()).collect()
}

/// Says what a new member means for a type that was there before.
pub(super) fn added(new: &Seen<'_>, old_owner: &Seen<'_>) -> Option<Reason> {
    let (symbol, owner) = (new.symbol, old_owner.symbol);
    match (owner.kind.known()?, symbol.kind.known()?) {
        (SymbolKind::Trait, kind) => {
            let is_required = match kind.is_callable() {
                true => has(symbol, "abstract"),
                false => !symbol.signature.contains('='),
            };
            // A trait that nobody outside can implement says so with a private supertrait or method.
            let is_sealed = owner.bases.iter().any(|it| it.to_lowercase().contains("seal"));
            (is_required && !is_sealed)
                .then(|| Reason::breaking("trait_item_required", "every type of the trait must have it"))
        }
        (SymbolKind::Enum, SymbolKind::EnumVariant) if !is_open(owner) => {
            Some(Reason::breaking("variant_added", "a `match` without it no longer compiles"))
        }
        (SymbolKind::Struct, SymbolKind::Field) if !is_open(owner) => {
            let mut fields = old_owner.members.iter().filter(|it| it.kind == SymbolKind::Field).peekable();
            let could_be_built = fields.peek().is_some() && fields.all(|it| it.exported);
            could_be_built.then(|| Reason::breaking("field_added", "code that builds the struct lacks it"))
        }
        (SymbolKind::EnumVariant, SymbolKind::Field) if !is_open(owner) => {
            Some(Reason::breaking("field_added", "code that builds or matches the variant lacks it"))
        }
        _ => None,
    }
}
