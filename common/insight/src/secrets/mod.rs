//! Secrets in text, replaced by the name of the rule that found them, or by as many stars.
//!
//! Run on every file that is read, before a prompt is built and before a pack is written. What was
//! found is counted by rule and never repeated: not in a message, not in a log, not in a digest.

mod rules;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;

use rules::{RULES, Rule, Test};

/// A secret's place and the rule that found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    pub rule: &'static str,
    pub range: Range<usize>,
}

/// How often each rule found something.
pub type SecretCounts = BTreeMap<&'static str, u32>;

/// What rules need to be searched for at all, each with its rule.
struct Needs {
    automaton: AhoCorasick,
    needs: Vec<(usize, &'static str)>,
}

static NEEDS: LazyLock<Needs> = LazyLock::new(|| {
    let of_rule = |(idx, rule): (usize, &'static Rule)| rule.needs.iter().map(move |need| (idx, *need));
    let needs: Vec<_> = RULES.iter().enumerate().flat_map(of_rule).collect();
    let automaton =
        AhoCorasick::builder().ascii_case_insensitive(true).build(needs.iter().map(|(_, need)| need));
    Needs { automaton: automaton.expect("a few short words"), needs }
});

/// Compiled when a text first needs them: most rules never are.
static PATTERNS: [OnceLock<Regex>; RULES.len()] = [const { OnceLock::new() }; RULES.len()];

fn pattern(rule: usize) -> &'static Regex {
    let compile =
        || Regex::new(RULES[rule].pattern).expect("the patterns are constant and a test compiles each");
    PATTERNS[rule].get_or_init(compile)
}

/// Lists the rules that may match, in order.
fn candidates(text: &str) -> impl Iterator<Item = usize> + use<> {
    const { assert!(RULES.len() <= u64::BITS as usize) };
    let mut candidates = 0_u64;
    for found in NEEDS.automaton.find_overlapping_iter(text) {
        let (idx, need) = NEEDS.needs[found.pattern().as_usize()];
        let rule = &RULES[idx];
        let is_known = candidates >> idx & 1 == 1;
        if !is_known
            && (rule.ignores_case() || &text[found.range()] == need)
            && (rule.then)(&text[found.end()..])
        {
            candidates |= 1 << idx;
        }
    }
    (0..RULES.len()).filter(move |rule| candidates >> rule & 1 == 1)
}

/// Returns the rules' names, in order of precedence.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.name)
}

/// Finds secrets, in text order and without overlap; where two rules meet, the earlier one names it.
pub fn find(text: &str) -> Vec<Secret> {
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for rule_idx in candidates(text) {
        for captures in pattern(rule_idx).captures_iter(text) {
            let Some(secret) = captures.iter().skip(1).flatten().next() else { continue };
            if passes(&RULES[rule_idx], secret.as_str()) {
                found.push((rule_idx, secret.range()));
            }
        }
    }
    found.sort_by_key(|(rule_idx, range)| (range.start, *rule_idx));
    let mut secrets: Vec<Secret> = Vec::new();
    for (rule_idx, range) in found {
        match secrets.last_mut() {
            // What two rules see is one secret; it is covered to the end of the longer.
            Some(last) if range.start < last.range.end => last.range.end = last.range.end.max(range.end),
            _ => secrets.push(Secret { rule: RULES[rule_idx].name, range }),
        }
    }
    secrets
}

/// Replaces each byte of the secrets by `*`, except line feeds: every other byte and line keeps its place.
///
/// The ranges must be those that [`find`] returned for this text.
pub fn mask(text: &mut [u8], secrets: &[Secret]) {
    for secret in secrets {
        let bytes = text.get_mut(secret.range.clone()).unwrap_or_default();
        bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'*');
    }
}

/// Replaces each secret by `[REDACTED:rule]` and adds to the counts.
pub fn redact<'t>(text: &'t str, counts: &mut SecretCounts) -> Cow<'t, str> {
    let secrets = find(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        clean.push_str(&text[at..secret.range.start]);
        clean.push_str("[REDACTED:");
        clean.push_str(secret.rule);
        clean.push(']');
        *counts.entry(secret.rule).or_default() += 1;
        at = secret.range.end;
    }
    clean.push_str(&text[at..]);
    Cow::Owned(clean)
}

fn passes(rule: &Rule, secret: &str) -> bool {
    match rule.test {
        Test::Form => true,
        Test::Password => !is_dummy(secret),
        Test::Typed => !is_dummy(secret) && is_typed(secret),
        Test::Opaque => is_opaque(secret),
        Test::Random { min_bits_per_char } => {
            let least = if is_hex(secret) { MIN_HEX_BITS } else { min_bits_per_char };
            !is_dummy(secret) && is_mixed(secret) && bits_per_char(secret) >= least
        }
    }
}

/// Sixteen digits cannot be as mixed as letters.
const MIN_HEX_BITS: f64 = 2.8;

fn is_hex(secret: &str) -> bool {
    secret.chars().all(|c| c.is_ascii_hexdigit())
}

/// Words and paths have no digit among letters; what people type into a field has one, or a mark.
fn is_typed(secret: &str) -> bool {
    let has = |test: fn(&char) -> bool| secret.chars().any(|c| test(&c));
    let is_code =
        secret.contains("://") || secret.contains(['(', ')', '{', '}', '<', '>', '[', ']', '/', '\\']);
    let has_mark = has(|c| matches!(c, '!' | '#' | '%' | '^' | '&' | '*' | '+' | '?' | '~' | '$' | '@'));
    let n_letters = secret.chars().filter(char::is_ascii_alphabetic).count();
    let is_name =
        secret.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
    !is_code && !is_name && n_letters >= 3 && (has(char::is_ascii_digit) || has_mark)
}

/// A long row of letters, digits and marks is no word of any language.
fn is_opaque(secret: &str) -> bool {
    let has = |test: fn(char) -> bool| secret.chars().any(test);
    let is_template =
        secret.contains("{{") || secret.contains("${") || secret.contains("://") || secret.contains("...");
    let n_kinds = [
        has(|c| c.is_ascii_lowercase()),
        has(|c| c.is_ascii_uppercase()),
        has(|c| c.is_ascii_digit()),
        has(|c| c.is_ascii_punctuation() && c != '_' && c != '-'),
    ];
    !is_template
        && n_kinds.into_iter().filter(|it| *it).count() >= 2
        && has(|c| c.is_ascii_digit())
        && bits_per_char(secret) >= 3.2
}

/// Words and paths have letters only, or look like code; keys mix.
fn is_mixed(secret: &str) -> bool {
    let has = |test: fn(&char) -> bool| secret.chars().any(|c| test(&c));
    has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
        && !secret.contains("://")
        && !secret.contains(['(', ')', '{', '}', '<', '>', '[', ']', ' '])
        // `oauth2/token_url`, `2.0-beta.example.org`: words joined by marks.
        && secret.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| {
            part.len() >= 6
                && part.chars().any(|c| c.is_ascii_digit())
                && part.chars().filter(|c| c.is_ascii_alphabetic()).count() >= 2
        })
}

/// What examples and tests write where a secret would stand.
fn is_dummy(secret: &str) -> bool {
    const WORDS: &[&str] = &[
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "token",
        "user",
        "username",
        "example",
        "test",
        "dummy",
        "changeme",
        "change_me",
        "placeholder",
        "your",
        "xxx",
        "foo",
        "bar",
        "abc",
        "123456",
        "postgres",
        "guest",
        "redacted",
        "sample",
        "fake",
        "mock",
        "hunter2",
        "asdf",
        "qwerty",
    ];
    let lower = secret.to_ascii_lowercase();
    let is_variable = secret.starts_with(['$', '{', '<', '%', '*', '[', '.', '(', '&', '@'])
        || secret.contains("${")
        || secret.contains("{{")
        || secret.contains("...")
        || secret.contains("::");
    let n_kinds = secret.chars().collect::<std::collections::BTreeSet<_>>().len();
    // `test-password-1` is words and a number; a key that happens to hold a word is not.
    let rest = secret_without(&lower, WORDS);
    let left: usize = rest.chars().filter(char::is_ascii_alphabetic).count();
    is_variable || n_kinds <= 3 || (rest.len() < lower.len() && left * 3 < secret.len())
}

fn secret_without(lower: &str, words: &[&str]) -> String {
    words
        .iter()
        .fold(lower.to_owned(), |rest, word| if rest.contains(word) { rest.replace(word, "") } else { rest })
}

fn bits_per_char(text: &str) -> f64 {
    let mut counts: BTreeMap<char, f64> = BTreeMap::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1.0;
    }
    let n_chars = text.chars().count().max(1) as f64;
    counts.values().map(|n| -(n / n_chars) * (n / n_chars).log2()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;

    use super::*;

    /// A rule's pattern without what a generator of texts does not know, marks of a place, and without
    /// capitals that are none in ASCII: the Kelvin sign is a `k` to a pattern, and no secret has one.
    fn generable(pattern: &str) -> String {
        pattern
            .replace("(?i)", "")
            .replace(r"\b", "")
            .replace("(?:^|", "(?:")
            .replace("|$)", ")")
            .replace("(?m)^", "")
            .replace(r"\s*$", "")
    }

    proptest! {
        #[test]
        fn whatever_a_rule_matches_holds_what_the_rule_needs(
            (rule, text) in (0..RULES.len()).prop_flat_map(|rule| {
                let text = string_regex(&generable(RULES[rule].pattern)).expect("no marks of a place are left");
                (Just(rule), text)
            })
        ) {
            prop_assert!(candidates(&text).any(|it| it == rule), "{} in {text:?}", RULES[rule].name);
        }
    }

    #[test]
    fn every_pattern_compiles() {
        for rule in 0..RULES.len() {
            pattern(rule);
        }
    }
}
