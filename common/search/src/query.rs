//! What was typed, taken apart.

use crate::role;
use crate::words::{each_stem, each_word, is_stop_word, stem};

/// More words make no question more exact, and each one costs a pass over its holders.
const MAX_TERMS: usize = 24;
/// A word that is still being typed is completed from so many letters on.
const MIN_COMPLETED_CHARS: usize = 3;

/// A query as the index looks at it.
#[derive(Debug, Clone)]
pub struct Query {
    /// Trimmed, without the `()` of a call.
    pub(crate) text: String,
    /// Names between dots, colons and slashes; one where there is no separator.
    pub(crate) segments: Vec<String>,
    /// The letters and digits of everything, in lower case.
    pub(crate) squashed: String,
    pub(crate) terms: Vec<Term>,
    /// By place of the role.
    pub(crate) role_priors: Vec<f64>,
    is_identifier: bool,
}

/// One word of a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub(crate) stem: String,
    /// It is the last word and may go on.
    pub(crate) is_open: bool,
    /// Stems of other words for the same.
    pub(crate) others: Vec<String>,
}

impl Query {
    /// Takes a query apart; every text is one.
    pub fn parse(typed: &str) -> Self {
        let text = typed.trim();
        let text = text.strip_suffix("()").unwrap_or(text);
        let is_identifier = !text.is_empty() && !text.contains(char::is_whitespace);
        let terms = terms(text);
        // A name that holds the word `test` is no question about tests.
        let asking = if is_identifier && terms.len() > 1 { &[] } else { terms.as_slice() };
        let role_priors = role::priors(asking.iter().map(|term| term.stem.as_str()));
        Self {
            segments: segments(text).map(str::to_owned).collect(),
            squashed: squashed(text),
            text: text.to_owned(),
            terms,
            role_priors,
            is_identifier,
        }
    }

    /// Lets stems of other words stand for a word of the query, for less than the word itself.
    #[must_use]
    pub fn with_others<'a>(mut self, others: impl Fn(&str) -> Vec<&'a str>) -> Self {
        for term in &mut self.terms {
            term.others = others(&term.stem).into_iter().map(str::to_owned).collect();
        }
        self
    }

    /// Tells whether it consists of several words.
    pub(crate) fn is_phrase(&self) -> bool {
        self.text.contains(char::is_whitespace)
    }

    /// Tells whether the query's meaning adds to its letters: one identifier has none.
    pub fn has_meaning(&self) -> bool {
        !self.is_identifier && !self.terms.is_empty()
    }
}

fn terms(text: &str) -> Vec<Term> {
    let (mut all, mut telling) = (Vec::new(), Vec::new());
    each_word(text, &mut |word| all.push(word.to_owned()));
    let last = all.last().cloned();
    let ends_open = text.chars().last().is_some_and(char::is_alphanumeric);
    telling.extend(all.iter().filter(|word| !is_stop_word(word)).cloned());
    let words = if telling.is_empty() { all } else { telling };
    let mut terms: Vec<Term> = Vec::new();
    for word in &words {
        let is_open = ends_open && Some(word) == last.as_ref() && word.chars().count() >= MIN_COMPLETED_CHARS;
        let stem = stem(word).to_owned();
        if let Some(term) = terms.iter_mut().find(|term| term.stem == stem) {
            term.is_open |= is_open;
        } else if terms.len() < MAX_TERMS {
            terms.push(Term { stem, is_open, others: Vec::new() });
        }
    }
    terms
}

/// The names that a qualified name or a path is made of.
pub(crate) fn segments(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', ':', '/', '#', '\\']).filter(|segment| !segment.is_empty())
}

/// The letters and digits in lower case: what `JSONResponse`, `json_response` and `json response` share.
///
/// A name without any, such as `$` or `_`, stays what it is.
pub(crate) fn squashed(text: &str) -> String {
    let lower = text.to_lowercase();
    let squashed: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    if squashed.is_empty() { lower } else { squashed }
}

/// Number of different stems of a name, by which it is told how much of the name a query says.
pub(crate) fn n_stems(name: &str) -> u8 {
    let mut stems: Vec<String> = Vec::new();
    each_stem(name, &mut |stem| {
        if stems.len() < usize::from(u8::MAX) && !stems.iter().any(|other| other == stem) {
            stems.push(stem.to_owned());
        }
    });
    stems.len() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_identifier_has_no_meaning_beyond_its_letters() {
        for identifier in ["url_for", "Flask.url_for", "Router::new()", " jsonify "] {
            assert!(!Query::parse(identifier).has_meaning(), "{identifier}");
        }
        assert!(Query::parse("how are requests dispatched").has_meaning());
        assert!(!Query::parse("").has_meaning());
    }

    #[test]
    fn stop_words_are_left_out_unless_there_is_nothing_else() {
        let stems = |text: &str| Query::parse(text).terms.into_iter().map(|it| it.stem).collect::<Vec<_>>();
        assert_eq!(stems("how does a request get dispatched?"), ["request", "get", "dispatch"]);
        assert_eq!(stems("use"), ["use"]);
    }

    #[test]
    fn only_the_last_word_may_go_on_and_only_when_nothing_follows_it() {
        let open = |text: &str| Query::parse(text).terms.iter().map(|it| it.is_open).collect::<Vec<_>>();
        assert_eq!(open("parse head"), [false, true]);
        assert_eq!(open("parse head "), [false, true]);
        assert_eq!(open("parse head?"), [false, false]);
        assert_eq!(open("parse it"), [false]);
    }
}
