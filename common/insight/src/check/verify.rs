//! One stated relation against the facts.

use model::context::Neighbour;

use docpack::SymbolKind;

use super::facts::{Facts, bare, identifiers, means};
use super::phrases::Relation;

pub(super) enum Verdict {
    /// An edge or a fact says so; the evidence in the words of the record.
    Holds(String),
    /// Nothing contradicts it and the names exist.
    Plausible,
    /// The opposite relation is what the facts say.
    Reversed,
    Unfounded,
}

/// Looks a relation up.
pub(super) fn verify(relation: Relation, object: &str, facts: &Facts<'_>) -> Verdict {
    let context = facts.context;
    let name = bare(object);
    // `{ host, port }` and `*args` have their names inside.
    let last =
        identifiers(&name).last().or_else(|| identifiers(object).last()).unwrap_or_default().to_owned();
    let is_in_doc = facts.doc_names.contains(&last);
    match relation {
        Relation::Calls => calls(object, &last, facts),
        Relation::CalledBy | Relation::UsedBy => used_by(relation, object, &last, facts),
        Relation::Uses | Relation::Touches => match find(object, &context.calls) {
            Some(callee) => Verdict::Holds(format!("calls:{}", callee.display_name)),
            None if only_a_caller(object, &last, facts) => Verdict::Reversed,
            None if relation == Relation::Touches => touches(object, &last, facts),
            None => Verdict::Plausible,
        },
        Relation::Implements => {
            let of_impl = context.kind == SymbolKind::Impl || holder_is_impl(facts);
            let is_own = facts.own.contains(&last);
            let is_member = find(object, &context.members).is_some();
            match () {
                () if facts.bases.contains(&last) || (of_impl && is_own) => {
                    Verdict::Holds(format!("implements:{name}"))
                }
                () if is_own || is_member => Verdict::Holds("signature".to_owned()),
                () if is_in_doc || attribute_holds(&last, facts) => Verdict::Plausible,
                () => Verdict::Unfounded,
            }
        }
        Relation::Extends => match () {
            () if facts.bases.contains(&last) => Verdict::Holds(format!("extends:{name}")),
            () if is_in_doc => Verdict::Plausible,
            () => Verdict::Unfounded,
        },
        Relation::ImplementedBy | Relation::ExtendedBy => match () {
            () if facts.bases.contains(&last) => Verdict::Reversed,
            () if is_in_doc => Verdict::Plausible,
            () => Verdict::Unfounded,
        },
        Relation::Returns => returns(object, &last, facts),
        Relation::Takes => takes(&last, facts),
        Relation::Raises => raises(&last, facts),
        Relation::DefinedIn => defined_in(object, facts),
        Relation::MemberOf => match &context.parent {
            Some(parent)
                if means(object, parent) || identifiers(&parent.display_name).any(|it| it == last) =>
            {
                Verdict::Holds("parent".to_owned())
            }
            _ if in_path(&last, facts) => Verdict::Holds("name".to_owned()),
            _ if facts.bases.contains(&last) || is_in_doc => Verdict::Plausible,
            _ => Verdict::Unfounded,
        },
        Relation::Contains => match find(object, &context.members) {
            Some(member) => Verdict::Holds(format!("member:{}", member.name)),
            None if facts.source_names.contains(&last) || facts.signature.contains(&last) || is_in_doc => {
                Verdict::Plausible
            }
            None => Verdict::Unfounded,
        },
        Relation::Imports => {
            match context.imports.iter().chain(&context.external).any(|it| path_names(it, &last)) {
                true => Verdict::Holds(format!("imports:{name}")),
                false if facts.source_names.contains(&last) || is_in_doc => Verdict::Plausible,
                false => Verdict::Unfounded,
            }
        }
        Relation::ImportedBy => match () {
            () if context.imports.iter().any(|it| path_names(it, &last)) => Verdict::Reversed,
            () if is_in_doc || find(object, &context.called_by).is_some() => Verdict::Plausible,
            () => Verdict::Unfounded,
        },
    }
}

fn find<'n>(object: &str, neighbours: &'n [Neighbour]) -> Option<&'n Neighbour> {
    neighbours.iter().find(|it| means(object, it))
}

fn only_a_caller(object: &str, last: &str, facts: &Facts<'_>) -> bool {
    let context = facts.context;
    find(object, &context.called_by).is_some()
        && !facts.source_names.contains(last)
        && !facts.doc_names.contains(last)
        && !facts.signature.contains(last)
        && find(object, &context.members).is_none()
        && !facts.own.contains(last)
}

fn calls(object: &str, last: &str, facts: &Facts<'_>) -> Verdict {
    let context = facts.context;
    if let Some(callee) = find(object, &context.calls) {
        return Verdict::Holds(format!("calls:{}", callee.display_name));
    }
    let is_caller = find(object, &context.called_by).is_some();
    let is_written =
        facts.source_calls.contains(last) || facts.source_names.contains(last) && is_code_of(last, facts);
    if is_written && (last != context.name || facts.source.matches(last).count() > 1) {
        return Verdict::Holds("source".to_owned());
    }
    let is_package = context.external.iter().any(|it| path_names(it, last));
    if is_package {
        return Verdict::Holds(format!("external:{last}"));
    }
    match is_caller {
        true if last != context.name => Verdict::Reversed,
        _ if facts.doc_names.contains(last) || facts.inputs.contains(last) => Verdict::Plausible,
        _ if !context.kind.is_callable() && find(object, &context.members).is_some() => Verdict::Plausible,
        _ => Verdict::Unfounded,
    }
}

/// A name in the source that may be called under another one: a parameter, an import, an attribute.
fn is_code_of(last: &str, facts: &Facts<'_>) -> bool {
    let context = facts.context;
    facts.inputs.contains(last)
        || context.imports.iter().chain(&context.external).any(|it| path_names(it, last))
}

fn used_by(relation: Relation, object: &str, last: &str, facts: &Facts<'_>) -> Verdict {
    let context = facts.context;
    if let Some(caller) = find(object, &context.called_by) {
        return Verdict::Holds(format!("called_by:{}", caller.display_name));
    }
    let in_file = |it: &Neighbour| !last.is_empty() && identifiers(&it.file_path).any(|part| part == last);
    let is_callee = find(object, &context.calls).is_some();
    match () {
        () if is_callee => Verdict::Reversed,
        // `called by the parser module`: a caller's file.
        () if context
            .called_by
            .iter()
            .any(|it| in_file(it) || it.display_name.starts_with(&format!("{last}."))) =>
        {
            Verdict::Holds("called_by".to_owned())
        }
        () if context.called_by.iter().any(|it| identifiers(&it.display_name).any(|part| part == last)) => {
            Verdict::Holds("called_by".to_owned())
        }
        () if facts.doc_names.contains(last) => Verdict::Plausible,
        () if relation == Relation::UsedBy && is_part_of_self(object, last, facts) => Verdict::Plausible,
        () => Verdict::Unfounded,
    }
}

/// A type's own members use it, and a member's owner does.
fn is_part_of_self(object: &str, last: &str, facts: &Facts<'_>) -> bool {
    find(object, &facts.context.members).is_some()
        || (facts.context.parent.is_some() && facts.own.contains(last))
        || facts.context.attributes.iter().any(|it| identifiers(it).any(|part| part == last))
}

fn holder_is_impl(facts: &Facts<'_>) -> bool {
    facts.context.parent.as_ref().is_some_and(|it| it.kind == SymbolKind::Impl)
}

fn attribute_holds(last: &str, facts: &Facts<'_>) -> bool {
    facts.context.attributes.iter().any(|it| identifiers(it).any(|part| part == last))
}

fn path_names(path: &str, last: &str) -> bool {
    !last.is_empty() && (path == last || identifiers(path).any(|it| it == last))
}

fn touches(object: &str, last: &str, facts: &Facts<'_>) -> Verdict {
    match () {
        () if facts.source_names.contains(last) => Verdict::Holds("source".to_owned()),
        () if facts.signature.contains(last) => Verdict::Holds("signature".to_owned()),
        () if find(object, &facts.context.members).is_some() || facts.own.contains(last) => {
            Verdict::Plausible
        }
        () if facts.doc_names.contains(last) || path_names(&facts.context.imports.join(" "), last) => {
            Verdict::Plausible
        }
        () => Verdict::Unfounded,
    }
}

/// Values that any code may return.
const VALUES: &[&str] =
    &["None", "True", "False", "null", "nil", "undefined", "true", "false", "self", "this", "0", "NaN"];

fn returns(object: &str, last: &str, facts: &Facts<'_>) -> Verdict {
    let context = facts.context;
    if facts.returned.contains(last) {
        return Verdict::Holds("signature".to_owned());
    }
    if last.is_empty() || VALUES.contains(&last) || object.starts_with(['"', '\'']) {
        return Verdict::Plausible;
    }
    let near = facts.near(&["return", "yield", "=>", "ok(", "some(", "err("]);
    if near.contains(last) {
        return Verdict::Holds(
            if facts.source_names.contains(last) { "source" } else { "doc_comment" }.to_owned(),
        );
    }
    // `Self`, a type's own name, and a maker of it.
    let is_self = facts.returned.iter().any(|it| matches!(it.as_str(), "Self" | "this" | "self"));
    let is_own =
        facts.own.contains(last) && (is_self || context.return_type.is_none() || !context.kind.is_callable());
    let is_type = last.starts_with(char::is_uppercase) || SIMPLE_TYPES.contains(&last);
    match () {
        () if is_own => Verdict::Holds("signature".to_owned()),
        // A property's or field's type stands in its signature.
        () if !context.kind.is_callable()
            && (facts.signature.contains(last) || facts.known.contains(last)) =>
        {
            Verdict::Plausible
        }
        () if is_type => Verdict::Unfounded,
        () if facts.source_names.contains(last)
            || facts.inputs.contains(last)
            || facts.doc_names.contains(last) =>
        {
            Verdict::Plausible
        }
        () if find(object, &context.calls).is_some() || find(object, &context.members).is_some() => {
            Verdict::Plausible
        }
        () => Verdict::Unfounded,
    }
}

pub(super) const SIMPLE_TYPES: &[&str] = &[
    "str", "int", "float", "bool", "bytes", "string", "number", "boolean", "list", "dict", "tuple", "usize",
    "u8", "u16", "u32", "u64", "i32", "i64", "f32", "f64", "char", "error", "void", "object", "byte", "rune",
    "int32", "int64", "uint64",
];

fn takes(last: &str, facts: &Facts<'_>) -> Verdict {
    let context = facts.context;
    match () {
        () if facts.inputs.contains(last) => Verdict::Holds("signature".to_owned()),
        () if !context.kind.is_callable() && facts.known.contains(last) => Verdict::Plausible,
        // Keywords of `**kwargs` and fields of an options object stand in the body or the comment.
        () if facts.doc_names.contains(last) => Verdict::Plausible,
        () if facts.source_names.contains(last) && has_open_inputs(facts) => Verdict::Plausible,
        () => Verdict::Unfounded,
    }
}

fn has_open_inputs(facts: &Facts<'_>) -> bool {
    const OPEN: &[&str] = &["kwargs", "args", "options", "opts", "props"];
    facts.inputs.iter().any(|it| OPEN.contains(&it.as_str())) || facts.context.parameters.is_empty()
}

fn raises(last: &str, facts: &Facts<'_>) -> Verdict {
    let near = facts.near(&["raise", "throw", "panic", "err(", "reject", "abort", "error", "except", "fail"]);
    let is_callee = facts.context.calls.iter().any(|it| it.name == last);
    match () {
        () if near.contains(last) => Verdict::Holds(
            if facts.source_names.contains(last) { "source" } else { "doc_comment" }.to_owned(),
        ),
        () if facts.returned.contains(last) => Verdict::Holds("signature".to_owned()),
        () if is_callee => Verdict::Holds(format!("calls:{last}")),
        () => Verdict::Unfounded,
    }
}

fn in_path(last: &str, facts: &Facts<'_>) -> bool {
    let context = facts.context;
    let path = context.qualified_name.strip_suffix(context.name.as_str()).unwrap_or(&context.qualified_name);
    identifiers(path).any(|it| it == last) || identifiers(&context.signature).any(|it| it == last)
}

fn defined_in(object: &str, facts: &Facts<'_>) -> Verdict {
    let context = facts.context;
    let said = object.trim_matches(['"', '\'']).trim_end_matches('/');
    let path = context.file_path.as_str();
    let is_file = path == said || path.ends_with(&format!("/{said}"));
    let is_folder = path.starts_with(&format!("{said}/")) || path.contains(&format!("/{said}/"));
    let is_module =
        identifiers(said).last().is_some_and(|last| in_path(last, facts) || path_stem(path) == last);
    match () {
        () if is_file || is_folder => Verdict::Holds("file".to_owned()),
        () if is_module && !said.contains('/') => Verdict::Holds("name".to_owned()),
        () => Verdict::Unfounded,
    }
}

fn path_stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file)
}
