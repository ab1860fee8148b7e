//! What the insights state, against the records.

use std::collections::BTreeSet;

use super::known::Known;
use super::tour::Cited;
use super::{Code, Findings};
use crate::contents::Contents;
use crate::entries::INSIGHTS;
use crate::records::{Insight, InsightClaim, InsightGroup, InsightValue, InsightWords, Symbol};

/// Checks that everything cited exists, and that each value which is a field of a record equals it.
pub(super) fn check(contents: &Contents, known: &Known<'_>, findings: &mut Findings) {
    let Some(insights) = &contents.insights else { return };
    let cited = Cited::new(contents, known, INSIGHTS);
    let mut ids = BTreeSet::new();
    for insight in &insights.families {
        for group in &insight.groups {
            of_group(group, &cited, known, findings);
        }
        for claim in insight.claims().filter(|claim| !ids.insert(claim.id.as_str())) {
            findings.add(Code::DuplicateId, INSIGHTS, || format!("`{}` occurs twice", claim.id));
        }
    }
    for words in &insights.words {
        of_words(words, insights.family(words.family.as_str()), findings);
    }
}

fn of_group(group: &InsightGroup, cited: &Cited<'_, '_>, known: &Known<'_>, findings: &mut Findings) {
    for claim in &group.claims {
        let is_stated = claim.quote.is_some() || !claim.evidence.is_empty();
        if !is_stated {
            findings.add(Code::ValueOutOfRange, INSIGHTS, || format!("`{}` has no evidence", claim.id));
        }
        cited.quote(claim.quote.as_ref(), findings);
        claim.evidence.iter().for_each(|evidence| cited.evidence(evidence, findings));
        if group.measure.is_some() != claim.value.is_some() {
            findings.add(Code::InsightMismatch, INSIGHTS, || {
                format!("`{}` has a value without a measure, or none with one", claim.id)
            });
        }
        if let Some(measure) = &group.measure {
            of_value(claim, &measure.fact, known, findings);
        }
    }
}

/// Compares a value with the field that it comes from; what is computed from several cannot be.
fn of_value(claim: &InsightClaim, fact: &str, known: &Known<'_>, findings: &mut Findings) {
    let evidence = claim.evidence.first();
    let symbol = evidence.and_then(|it| known.symbol(it.symbol_id?));
    let file = evidence.and_then(|it| known.file(it.file_path.as_deref()?));
    if symbol.is_none() && evidence.is_some_and(|it| it.symbol_id.is_some()) {
        // A symbol that is not there is reported as such.
        return;
    }
    let expected = match (fact, symbol) {
        ("source_map.lines", _) => file.map(|file| InsightValue::Number(file.lines.into())),
        (_, Some(symbol)) => field(symbol, fact),
        _ => None,
    };
    let is_field = fact.starts_with("nodes.") || fact.starts_with("source_map.");
    if is_field && expected != claim.value {
        findings.add(Code::InsightMismatch, INSIGHTS, || {
            format!("`{}` does not give the `{fact}` of its evidence", claim.id)
        });
    }
}

fn field(symbol: &Symbol, fact: &str) -> Option<InsightValue> {
    let number = |it: u32| InsightValue::Number(it.into());
    match fact {
        "nodes.complexity.cyclomatic" => symbol.complexity.map(|it| number(it.cyclomatic)),
        "nodes.complexity.cognitive" => symbol.complexity.map(|it| number(it.cognitive)),
        "nodes.kind" => Some(InsightValue::Text(symbol.kind.as_str().to_owned())),
        "nodes.return_type" => symbol.return_type.clone().map(InsightValue::Text),
        _ => None,
    }
}

fn of_words(words: &InsightWords, insight: Option<&Insight>, findings: &mut Findings) {
    let is_there = |id: &String| insight.is_some_and(|insight| insight.claims().any(|it| it.id == *id));
    for id in words.claims.iter().filter(|id| !is_there(id)) {
        findings.add(Code::DanglingClaim, INSIGHTS, || format!("`{id}` is no claim of its family"));
    }
}
