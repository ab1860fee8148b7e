//! What types, files, values and tests are made of.

use docpack::{Role, SymbolKind};
use model::context::{Neighbour, SymbolContext};

use super::{MAX_CODE_CHARS, MAX_NAMES, Statement};
use crate::wording::{code, list};
use prose::lead_sentence;

/// Members listed of a type.
const MAX_MEMBERS: usize = 5;

pub(super) fn is_test(context: &SymbolContext) -> bool {
    context.kind.is_callable()
        && (context.attributes.iter().any(|a| {
            let a = a.trim_start_matches("#[").trim_end_matches(']');
            a == "test" || a.ends_with("::test") || a.starts_with("rstest") || a.starts_with("pytest.mark")
        }) || (context.role == Role::Test
            && (context.name.starts_with("test_") || context.name.starts_with("Test"))))
}

/// What a test exercises; its name says what it expects.
pub(super) fn test_case(context: &SymbolContext) -> Option<Statement> {
    let (names, evidence) = named(&context.calls, "calls", context);
    let total = context.n_calls as usize;
    (!names.is_empty())
        .then(|| Statement { text: format!("Tests {}.", list(&names, total.max(names.len()))), evidence })
}

/// The first names, each as code and as evidence.
pub(super) fn named(
    neighbours: &[Neighbour],
    word: &str,
    context: &SymbolContext,
) -> (Vec<String>, Vec<String>) {
    let shown: Vec<_> = neighbours.iter().filter(|it| it.id != context.id).take(MAX_NAMES).collect();
    let names = shown.iter().map(|it| code(&it.display_name)).collect();
    (names, shown.iter().map(|it| format!("{word}:{}", it.display_name)).collect())
}

/// What a file defines, and what its author says of the most central part.
pub(super) fn module(context: &SymbolContext) -> Option<Statement> {
    if let Some((main, doc)) = &context.standing.main_member
        && speaks_for(context, &main.name)
        && let Some(lead) = lead_sentence(doc)
    {
        let others = context.n_members.saturating_sub(1) as usize;
        let beside = if others == 0 { String::new() } else { format!(" and {others} more") };
        let text = format!("Defines {}{beside}. {lead}", code(&main.name));
        return Some(Statement::on(text, &format!("member:{}", main.name)));
    }
    contents(context)
}

/// A comment describes the whole file only where it is about all there is, or about what the file is named for.
fn speaks_for(context: &SymbolContext, name: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let file = context.file_path.rsplit('/').next().and_then(|it| it.split('.').next()).unwrap_or_default();
    context.n_members == 1 || letters(file) == letters(name)
}

/// What a file defines.
pub(super) fn contents(context: &SymbolContext) -> Option<Statement> {
    let names = member_names(context);
    (!names.is_empty())
        .then(|| Statement::on(format!("Defines {}.", list(&names, context.n_members as usize)), "members"))
}

fn member_names(context: &SymbolContext) -> Vec<String> {
    // Names of the language (`__slots__`) tell nothing of the type.
    let told = context.members.iter().filter(|it| !it.name.starts_with("__"));
    told.take(MAX_MEMBERS).map(|it| code(&it.name)).collect()
}

/// What a type extends, implements and holds.
pub(super) fn type_(context: &SymbolContext) -> Option<Statement> {
    let (mut parts, mut evidence) = (Vec::new(), Vec::new());
    let lists = [(&context.bases, base_verb(context.kind)), (&context.implements, "implements")];
    for (names, verb) in lists.into_iter().filter(|it| !it.0.is_empty()) {
        let shown: Vec<_> = names.iter().take(MAX_NAMES).map(|it| code(it)).collect();
        parts.push(format!("{verb} {}", list(&shown, names.len())));
        evidence.push("signature".to_owned());
    }
    let names = member_names(context);
    if !names.is_empty() {
        parts.push(format!("{} {}", member_verb(context.kind), list(&names, context.n_members as usize)));
        evidence.push("members".to_owned());
    }
    // The types that an implementation fills in are seen in its signature.
    let is_own = context.kind == SymbolKind::TypeAlias && context.parent.is_none();
    let alias = context.return_type.as_deref().filter(|it| is_own && is_short(it));
    if let Some(alias) = alias {
        parts.insert(0, format!("another name for {}", code(alias)));
        evidence.push("signature".to_owned());
    }
    let text = crate::wording::capitalised(&parts.join("; "));
    // What it extends alone stands in the signature.
    (!names.is_empty() || alias.is_some()).then(|| Statement { text: format!("{text}."), evidence })
}

fn base_verb(kind: SymbolKind) -> &'static str {
    if kind == SymbolKind::Struct { "embeds" } else { "extends" }
}

fn member_verb(kind: SymbolKind) -> &'static str {
    match kind {
        SymbolKind::Enum => "is one of",
        SymbolKind::Trait | SymbolKind::Interface => "asks for",
        _ => "has",
    }
}

/// What a constant or variable is set to.
pub(super) fn value(context: &SymbolContext) -> Option<Statement> {
    let value = context.standing.value.as_deref().filter(|it| is_short(it) && !it.ends_with('…'))?;
    Some(Statement::on(format!("Set to {}.", code(value)), "value"))
}

fn is_short(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_CODE_CHARS
}
