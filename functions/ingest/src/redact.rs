//! Secrets are masked once in a file's text; everything that leaves this stage is made of the masked text.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use insight::secrets::{self, Secret, SecretCounts};
use model::facts::{FileFacts, Finding};

/// A shorter secret may be an ordinary word elsewhere; it is replaced where it stands in quotes.
const MIN_BYTES: usize = 12;
/// No rule finds anything in a shorter text.
const MIN_TEXT_BYTES: usize = 6;

/// Different secrets of one text that are looked for elsewhere in it; a file with more is a list of secrets.
const MAX_REPEATED: usize = 64;

/// Finds the secrets of a text, in its order, wherever they stand in it.
pub(crate) fn secrets_in(text: &[u8]) -> Vec<Secret> {
    let mut found = secrets_by_rule(text);
    let mut known: Vec<(&[u8], &'static str)> =
        found.iter().filter_map(|it| Some((text.get(it.range.clone())?, it.rule))).collect();
    known.retain(|(secret, _)| secret.len() >= MIN_BYTES);
    known.sort_unstable();
    known.dedup_by_key(|(secret, _)| *secret);
    for (secret, rule) in known.into_iter().take(MAX_REPEATED) {
        found.extend(repeated(text, secret, rule));
    }
    found.sort_by_key(|it| (it.range.start, Reverse(it.range.end)));
    found.dedup_by(|next, last| {
        let overlaps = next.range.start < last.range.end;
        last.range.end = if overlaps { last.range.end.max(next.range.end) } else { last.range.end };
        overlaps
    });
    found
}

/// Finds a secret where no rule tells it by what is around it: `if password == "…"`.
fn repeated<'t>(text: &'t [u8], secret: &'t [u8], rule: &'static str) -> impl Iterator<Item = Secret> + 't {
    memchr::memmem::find_iter(text, secret)
        .map(move |start| Secret { rule, range: start..start + secret.len() })
}

/// Finds what a rule calls a secret; between bytes that are not UTF-8, each stretch is searched alone.
fn secrets_by_rule(text: &[u8]) -> Vec<Secret> {
    // Checking a whole text is several times faster than looking for its stretches.
    if let Ok(text) = std::str::from_utf8(text) {
        return secrets::find(text);
    }
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        let here = secrets::find(chunk.valid()).into_iter();
        found.extend(here.map(|it| Secret { rule: it.rule, range: it.range.start + at..it.range.end + at }));
        at += chunk.valid().len() + chunk.invalid().len();
    }
    found
}

/// Masks the secrets in a text and returns where they stood.
pub(crate) fn mask(text: &mut [u8]) -> Vec<Secret> {
    let secrets = secrets_in(text);
    secrets::mask(text, &secrets);
    secrets
}

/// Copies a text with its secrets masked; it is as long as the text.
pub(crate) fn masked(text: &[u8], secrets: &[Secret]) -> Vec<u8> {
    let mut masked = text.to_vec();
    secrets::mask(&mut masked, secrets);
    masked
}

/// Replaces a file's secrets in its facts by the name of the rule.
///
/// Comments, signatures, types, attributes, imports and names say `[REDACTED:rule]`; bodies and default values
/// were read from the masked text. Each rule that found secrets is a finding with their number.
pub(crate) fn redact_facts(text: &[u8], secrets: &[Secret], facts: &mut FileFacts) {
    let washer = Washer::new(text, secrets);
    if washer.wash_facts(facts) {
        // Names and signatures are part of a symbol's id, and a reader recomputes it from what it sees.
        parse::name_symbols(facts);
    }
    facts.findings.extend(findings(&facts.file_path, secrets));
}

/// Counts a file's secrets by rule.
pub(crate) fn findings(file_path: &str, secrets: &[Secret]) -> Vec<Finding> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for secret in secrets {
        *counts.entry(secret.rule).or_default() += 1;
    }
    let finding = |(rule, n)| Finding {
        code: "secret_redacted".to_owned(),
        file_path: file_path.to_owned(),
        line: None,
        message: format!("{n} of rule `{rule}`"),
    };
    counts.into_iter().map(finding).collect()
}

/// Replaces a file's secrets in what was taken out of its text.
struct Washer {
    /// As they stand in the file: a part of it may lack what a rule needs to see around them.
    known: Vec<(String, &'static str)>,
}

impl Washer {
    fn new(text: &[u8], secrets: &[Secret]) -> Self {
        let known = secrets.iter().filter(|secret| secret.range.len() >= MIN_TEXT_BYTES);
        let known = known.flat_map(|secret| {
            let bytes = text.get(secret.range.clone()).unwrap_or_default();
            let secret = |text: &str| (text.to_owned(), secret.rule);
            match std::str::from_utf8(bytes) {
                Ok(text) if text.len() >= MIN_BYTES => vec![secret(text)],
                Ok(text) => ['"', '\'', '`'].map(|mark| secret(&format!("{mark}{text}{mark}"))).to_vec(),
                Err(_) => Vec::new(),
            }
        });
        Self { known: known.collect() }
    }

    /// Tells whether anything changed that a symbol's id is made of.
    fn wash_facts(&self, facts: &mut FileFacts) -> bool {
        let mut renamed = false;
        for symbol in &mut facts.symbols {
            for text in [&mut symbol.name, &mut symbol.qualified_name, &mut symbol.signature] {
                renamed |= self.wash(text);
            }
            let types = symbol.return_type.iter_mut().chain(&mut symbol.generics).chain(&mut symbol.bases);
            let texts =
                symbol.doc_comment.iter_mut().chain(&mut symbol.attributes).chain(&mut symbol.implements);
            for text in types.chain(texts) {
                self.wash(text);
            }
            for parameter in &mut symbol.parameters {
                for text in std::iter::once(&mut parameter.name).chain(&mut parameter.type_name) {
                    self.wash(text);
                }
            }
        }
        for import in &mut facts.imports {
            for text in [&mut import.raw, &mut import.path, &mut import.module] {
                self.wash(text);
            }
        }
        renamed
    }

    /// Tells whether anything was replaced.
    fn wash(&self, text: &mut String) -> bool {
        if text.len() < MIN_TEXT_BYTES {
            return false;
        }
        let mut is_changed = false;
        for (secret, rule) in &self.known {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), &replacement(secret, rule));
                is_changed = true;
            }
        }
        match secrets::redact(text, &mut SecretCounts::new()) {
            std::borrow::Cow::Borrowed(_) => is_changed,
            std::borrow::Cow::Owned(clean) => {
                *text = clean;
                true
            }
        }
    }
}

/// What stands for a secret: its rule, within the quotes that it stood in.
fn replacement(secret: &str, rule: &str) -> String {
    let mark = secret.chars().next().filter(|it| matches!(it, '"' | '\'' | '`'));
    let mark = mark.map(String::from).unwrap_or_default();
    format!("{mark}[REDACTED:{rule}]{mark}")
}
