//! Secrets are taken out of what a file says before anything of it is kept under a name or shown.

use insight::secrets::{SecretCounts, redact};
use model::facts::{FileFacts, Finding};

/// No rule finds anything in a shorter text.
const MIN_BYTES: usize = 12;

/// Replaces secrets in comments, signatures, types, attributes and imports; each rule that found one is a finding.
pub(crate) fn redact_facts(facts: &mut FileFacts) {
    let mut counts = SecretCounts::new();
    let mut renamed = false;
    for symbol in &mut facts.symbols {
        renamed |= wash(&mut symbol.signature, &mut counts);
        let types = symbol.return_type.iter_mut().chain(&mut symbol.generics).chain(&mut symbol.bases);
        let texts = symbol.doc_comment.iter_mut().chain(&mut symbol.attributes).chain(&mut symbol.implements);
        for text in types.chain(texts) {
            wash(text, &mut counts);
        }
        for parameter in &mut symbol.parameters {
            wash(&mut parameter.name, &mut counts);
            if let Some(type_name) = &mut parameter.type_name {
                wash(type_name, &mut counts);
            }
        }
    }
    for import in &mut facts.imports {
        // The parts hold what the whole does, and it counts once.
        wash(&mut import.raw, &mut counts);
        for part in [&mut import.path, &mut import.module] {
            wash(part, &mut SecretCounts::new());
        }
    }
    if renamed {
        // A signature is part of the symbol's name, and a reader recomputes it from what it sees.
        parse::name_symbols(facts);
    }
    let file_path = facts.file_path.clone();
    facts.findings.extend(counts.into_iter().map(|(rule, n)| Finding {
        code: "secret_redacted".to_owned(),
        file_path: file_path.clone(),
        line: None,
        message: format!("{n} of rule `{rule}`"),
    }));
}

/// Tells whether anything was replaced.
fn wash(text: &mut String, counts: &mut SecretCounts) -> bool {
    if text.len() < MIN_BYTES {
        return false;
    }
    let clean = match redact(text, counts) {
        std::borrow::Cow::Borrowed(_) => return false,
        std::borrow::Cow::Owned(clean) => clean,
    };
    *text = clean;
    true
}
