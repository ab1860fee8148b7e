//! Whether a text leads back to its subject at all, and to which of the facts.

use super::Report;
use super::facts::{Facts, Names, identifiers};
use super::tokens::{Shape, Token};

/// The words of a name: `parse_header`, `HttpClient`.
pub(super) fn words_of(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before = None;
    let chars: Vec<char> = name.chars().collect();
    for (idx, &c) in chars.iter().enumerate() {
        let starts = c.is_uppercase()
            && before.is_some_and(|it: char| {
                !it.is_uppercase() || chars.get(idx + 1).is_some_and(|next| next.is_lowercase())
            });
        if starts || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words.into_iter().filter(|word| word.len() > 1)
}

/// Words that say nothing about any one symbol.
const COMMON: &[&str] = &[
    "the", "and", "for", "that", "with", "from", "this", "into", "its", "are", "was", "not", "any", "all",
    "one", "each", "when", "which", "then", "than", "function", "method", "class", "struct", "module",
    "returns", "return", "calls", "called", "uses", "used", "value", "given", "type", "code", "symbol",
    "name", "does", "has", "over",
];

/// One word in so many must lead back to the context: fewer is a text about something else.
const MIN_GROUNDED_OF: usize = 5;

/// At least one word must lead back to the context; says which text the wording rests on.
pub(super) fn check(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    let said: Vec<String> = tokens
        .iter()
        .filter(|it| it.shape != Shape::Mark)
        .flat_map(|it| identifiers(it.text).flat_map(words_of).map(|word| stem(&word)).collect::<Vec<_>>())
        .filter(|word| word.len() > 2 && !COMMON.contains(&word.as_str()))
        .collect();
    let stems =
        |text: &str| -> Names { identifiers(text).flat_map(words_of).map(|word| stem(&word)).collect() };
    let mut known = Names::new();
    let mut share = |text: &str| {
        let stems = stems(text);
        let shares = said.iter().any(|word| stems.contains(word));
        known.extend(stems);
        shares
    };
    let context = facts.context;
    let names: Vec<&str> = facts.own.iter().map(String::as_str).collect();
    let rests = [
        ("doc_comment", share(&facts.doc)),
        ("name", share(&names.join(" "))),
        ("source", share(&facts.source)),
        ("signature", share(&context.signature)),
    ];
    for (word, _) in rests.iter().filter(|it| it.1) {
        report.rests_on(*word);
    }
    let around: Vec<&str> = facts.known.iter().map(String::as_str).collect();
    let shares_around = share(&around.join(" "));
    let n_grounded = said.iter().filter(|word| known.contains(*word)).count();
    if report.evidence.is_empty() && !shares_around {
        report.fault("ungrounded", "nothing in the text leads back to the facts about this symbol");
    } else if n_grounded * MIN_GROUNDED_OF < said.len() {
        let told =
            format!("only {n_grounded} of {} words lead back to the facts about this symbol", said.len());
        report.fault("ungrounded", told);
    } else if report.evidence.is_empty() {
        report.rests_on("context");
    }
}

/// Enough of a word to find its other forms: `validating`, `validates`, `validation`.
pub(super) fn stem(word: &str) -> String {
    const ENDINGS: &[&str] =
        &["ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ies", "ed", "es", "s"];
    let lower = word.to_lowercase();
    let stem = ENDINGS
        .iter()
        .find_map(|ending| lower.strip_suffix(ending).filter(|it| it.len() > 2))
        .unwrap_or(&lower);
    stem.trim_end_matches(['e', 'y', 'i']).to_owned()
}
