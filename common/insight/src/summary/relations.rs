//! How other symbols use one: who calls, overrides, sets and hands it over.

use docpack::{Language, SymbolId, SymbolKind};
use model::context::{Listed, Neighbour, SymbolContext};
use model::role::is_support;
use prose::thousands;

use super::shape::{is_test, named};
use super::{MAX_NAMES, Statement};
use crate::wording::{code, list};

/// What is told beside an author's words: who uses it, else what it uses.
pub(super) fn beside_comment(context: &SymbolContext) -> Option<Statement> {
    uses(context).or_else(|| overridden(context)).or_else(|| calls(context))
}

/// Who uses the symbol, and how.
pub(super) fn uses(context: &SymbolContext) -> Option<Statement> {
    if is_test(context) {
        return None;
    }
    callers(context).or_else(|| other_uses(context))
}

/// What tells something of a symbol whose purpose is unknown: that it stands in for another, how it is used, or the
/// one place that calls it.
pub(super) fn telling(context: &SymbolContext) -> Option<Statement> {
    match context.kind {
        // Who makes a thing is told of the thing.
        SymbolKind::Constructor => None,
        // Within its own type a field is used in any case; who changes it is worth a word.
        SymbolKind::Field | SymbolKind::Property => other_uses(context).filter(|_| is_changed(context)),
        // A type that an implementation fills in is used by that implementation.
        SymbolKind::TypeAlias if context.parent.is_some() => None,
        kind if kind.is_callable() => {
            overridden(context).or_else(|| other_uses(context)).or_else(|| only_caller(context))
        }
        _ => other_uses(context).or_else(|| only_caller(context)),
    }
}

/// Tells whether anything but the constructor sets a field.
fn is_changed(context: &SymbolContext) -> bool {
    let setters = &context.standing.set_by.first;
    setters.iter().any(|it| it.kind != SymbolKind::Constructor && it.name != "new")
}

fn overridden(context: &SymbolContext) -> Option<Statement> {
    let of = context.standing.overrides.as_ref()?;
    let evidence = vec![format!("overrides:{}", of.display_name)];
    Some(Statement { text: format!("Overrides {}.", code(&of.display_name)), evidence })
}

/// Uses that are no calls, at most two of them.
fn other_uses(context: &SymbolContext) -> Option<Statement> {
    let standing = &context.standing;
    let lists = [
        ("Decorates", "decorates", &standing.decorates),
        ("Passed as a value by", "handed_over_by", &standing.handed_over_by),
        (subtype_opening(context), "subtypes", &standing.subtypes),
        ("Returned by", "returned_by", &standing.returned_by),
        ("Taken by", "taken_by", &standing.taken_by),
        ("Set by", "set_by", &standing.set_by),
        ("Used by", "read_by", &standing.read_by),
    ];
    let parts = lists.into_iter().filter_map(|(opening, word, of)| listed(opening, word, of, context));
    together(parts.take(2).collect())
}

fn subtype_opening(context: &SymbolContext) -> &'static str {
    match (context.language, context.kind) {
        (Language::Go, _) => "Embedded in",
        (Language::Rust, SymbolKind::Trait) => "Implemented by",
        (_, SymbolKind::Interface | SymbolKind::TypeAlias) => "Implemented or extended by",
        _ => "Extended by",
    }
}

fn listed(opening: &str, word: &str, of: &Listed, context: &SymbolContext) -> Option<Statement> {
    let (names, evidence) = named(&of.first, word, context);
    (!names.is_empty())
        .then(|| Statement { text: format!("{opening} {}.", list(&names, of.n_all as usize)), evidence })
}

fn together(parts: Vec<Statement>) -> Option<Statement> {
    let mut parts = parts.into_iter();
    let mut whole = parts.next()?;
    for part in parts {
        whole.text = format!("{}; {}", whole.text.trim_end_matches('.'), uncapitalised(&part.text));
        whole.evidence.extend(part.evidence);
    }
    Some(whole)
}

fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

/// Of a symbol that nobody else can call, its one caller says what it is for.
fn only_caller(context: &SymbolContext) -> Option<Statement> {
    let is_only = context.n_called_by == 1 && context.callers_complete && !is_test(context);
    let caller = context.called_by.first().filter(|it| is_only && it.id != context.id)?;
    let evidence = vec![format!("called_by:{}", caller.display_name)];
    Some(Statement { text: format!("Used only by {}.", code(&caller.display_name)), evidence })
}

fn calls(context: &SymbolContext) -> Option<Statement> {
    relation("Calls", "calls", &context.calls, context.n_calls, context.id)
}

/// Says who calls the symbol; of one of the product, how many callers are in tests is said apart.
fn callers(context: &SymbolContext) -> Option<Statement> {
    let of = |opening, neighbours: &[Neighbour], total| {
        relation(opening, "called_by", neighbours, total, context.id)
    };
    let n_support = context.n_called_by_support;
    if n_support == 0 || is_support(context.role) {
        return of("Called by", &context.called_by, context.n_called_by);
    }
    let n_product = context.n_called_by.saturating_sub(n_support);
    let (product, support) = context.called_by.split_at((n_product as usize).min(context.called_by.len()));
    match of("Called by", product, n_product) {
        Some(statement) => {
            let text = statement.text.trim_end_matches('.');
            Some(Statement {
                text: format!("{text}; in tests by {}.", thousands(n_support.into())),
                ..statement
            })
        }
        None => of("Called only in tests, by", support, n_support),
    }
}

fn relation(
    opening: &str,
    word: &str,
    neighbours: &[Neighbour],
    total: u32,
    own: SymbolId,
) -> Option<Statement> {
    let others: Vec<_> = neighbours.iter().filter(|n| n.id != own).collect();
    let n_self = neighbours.len() - others.len();
    let shown: Vec<_> = others.iter().take(MAX_NAMES).collect();
    let names: Vec<_> = shown.iter().map(|n| code(&n.display_name)).collect();
    if names.is_empty() {
        return None;
    }
    Some(Statement {
        text: format!("{opening} {}.", list(&names, (total as usize).saturating_sub(n_self))),
        evidence: shown.iter().map(|n| format!("{word}:{}", n.display_name)).collect(),
    })
}
