//! The one free sentence: checked where it says again what is shown, else shown as unchecked or not at all.

use std::collections::BTreeSet;

use super::form;
use crate::finding::Finding;
use crate::hygiene;

/// What may be done with a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Free {
    None,
    /// Each of its parts says what an author or a claim that holds says.
    Checked(String),
    /// Nothing contradicts it, and nothing shows it.
    Unchecked(String),
    Refused(Finding),
}

/// What a sentence is held against.
pub(super) struct Ground<'g> {
    /// All that the prompt quoted: comment, source, names.
    pub(super) texts: Vec<&'g str>,
    /// Sentences that hold: the author's, and one for each claim.
    pub(super) shown: Vec<String>,
}

/// Looks at the first sentence of what a model wrote.
///
/// Where any text speaks to a model, whatever it makes the model say is dropped.
pub(super) fn judge(text: &str, ground: &Ground<'_>, max_chars: usize) -> Free {
    let sentence = first_sentence(text.trim());
    if sentence.is_empty() {
        return Free::None;
    }
    if let Some(finding) = form::refusal(sentence, max_chars) {
        return Free::Refused(finding);
    }
    if ground.texts.iter().any(|text| text.lines().any(hygiene::addresses_model)) {
        return Free::None;
    }
    if let Some(name) = unknown_name(sentence, &ground.texts) {
        let told = format!("{} stands nowhere in the given text", super::shown(name));
        return Free::Refused(Finding::new("unknown_name", told));
    }
    let finished = finish(sentence);
    if is_covered(sentence, &ground.shown) { Free::Checked(finished) } else { Free::Unchecked(finished) }
}

/// Up to the first full stop, question or exclamation mark that ends a sentence.
fn first_sentence(text: &str) -> &str {
    let ends = text.match_indices(['.', '!', '?']).map(|(at, _)| at + 1);
    let is_end = |at: &usize| {
        let rest = &text[*at..];
        rest.starts_with(' ') && rest.trim_start().starts_with(|c: char| c.is_uppercase() || c == '`')
    };
    text[..ends.filter(is_end).find(|at| !is_abbreviation(&text[..*at])).unwrap_or(text.len())].trim()
}

fn is_abbreviation(head: &str) -> bool {
    ["e.g.", "i.e.", "etc.", "vs.", "cf."].iter().any(|it| head.ends_with(it))
}

/// With a capital and a full stop.
fn finish(sentence: &str) -> String {
    let end = if sentence.ends_with(['.', '!', '?']) { "" } else { "." };
    let mut chars = sentence.chars();
    chars.next().map_or(String::new(), |first| format!("{}{}{end}", first.to_uppercase(), chars.as_str()))
}

/// Finds a name in backticks that is in no text.
fn unknown_name<'s>(sentence: &'s str, texts: &[&str]) -> Option<&'s str> {
    let quoted = sentence.split('`').skip(1).step_by(2);
    let mut names = quoted.flat_map(identifiers);
    names.find(|name| !texts.iter().any(|text| identifiers(text).any(|known| known == *name)))
}

fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|it| it.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// Tells whether a sentence, or each clause of it, says word for word what is shown.
fn is_covered(sentence: &str, shown: &[String]) -> bool {
    let shown: BTreeSet<Vec<String>> = shown.iter().map(|it| words(it)).filter(|it| !it.is_empty()).collect();
    let clauses = |text: &str| -> bool {
        let mut parts = text.split([',', ';']).flat_map(|part| part.split(" and ")).map(words).peekable();
        parts.peek().is_some() && parts.all(|part| shown.contains(&part))
    };
    shown.contains(&words(sentence)) || clauses(sentence)
}

/// The words that carry meaning, in order; `returns` and `return` are one.
fn words(text: &str) -> Vec<String> {
    const LEFT_OUT: [&str; 8] = ["a", "an", "the", "it", "its", "this", "and", "then"];
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|part| !part.is_empty());
    let lower = parts.map(str::to_lowercase).filter(|part| !LEFT_OUT.contains(&part.as_str()));
    lower
        .map(|word| word.strip_suffix('s').filter(|it| it.len() > 2).map_or(word.clone(), str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(shown: &[&str]) -> Ground<'static> {
        let texts = vec!["fn open(path) -> Store { lock::acquire(path) }"];
        Ground { texts, shown: shown.iter().map(|it| (*it).to_owned()).collect() }
    }

    #[test]
    fn a_sentence_is_checked_where_every_clause_of_it_is_shown() {
        let ground = ground(&["returns `Store`", "calls `lock::acquire`"]);
        for checked in ["Returns a `Store`.", "It returns the `Store` and calls `lock::acquire`"] {
            assert!(matches!(judge(checked, &ground, 300), Free::Checked(_)), "{checked}");
        }
        for unchecked in [
            "Does not return a `open`.",
            "Returns a Store and deletes the lock.",
            "Opens what is at the path.",
            "Returns two Stores, never calls `lock::acquire`.",
        ] {
            assert!(matches!(judge(unchecked, &ground, 300), Free::Unchecked(_)), "{unchecked}");
        }
    }

    #[test]
    fn only_the_first_sentence_is_taken() {
        let judged = judge("opens it, e.g. A path. Then it lies.", &ground(&[]), 300);
        assert_eq!(judged, Free::Unchecked("Opens it, e.g. A path.".to_owned()));
    }

    #[test]
    fn words_of_every_trade_are_no_fault() {
        for sentence in [
            "Starts a canary deployment of one service.",
            "Lists all TODO items of a store.",
            "Runs a command with sudo.",
            "Lets a user subscribe to a channel.",
            "Counts the free first-class seats of a flight.",
            "Builds the system prompt for a chat.",
        ] {
            let judged = judge(sentence, &ground(&[]), 300);
            assert!(matches!(judged, Free::Unchecked(_)), "{sentence} {judged:?}");
        }
    }
}
