//! Rules by which a comparison fails a check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Verdict;
use crate::changes::{CallTotals, Comparison, LanguageCalls};
use crate::markdown::{api_row, call_row, unresolved_row};
use crate::told::plural;

/// What a check does not accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// A breaking change of an exported symbol.
    Api,
    /// A call that became ambiguous, or a new call to an unknown target.
    Calls,
    /// A language of which a smaller share of calls is resolved than before.
    Quality,
}

impl Gate {
    pub const ALL: [Self; 3] = [Self::Api, Self::Calls, Self::Quality];

    /// Returns the word by which commands and settings name the rule.
    pub fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Calls => "calls",
            Self::Quality => "quality",
        }
    }

    /// Finds the rule that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gate| gate.word() == word)
    }

    /// Says in a few words what the rule forbids.
    pub fn title(self) -> &'static str {
        match self {
            Self::Api => "No breaking change of an exported symbol",
            Self::Calls => "No new unresolved or ambiguous call",
            Self::Quality => "No smaller share of resolved calls",
        }
    }
}

/// A rule that a comparison breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub gate: Gate,
    /// One clause, without a period.
    pub reason: String,
    /// Markdown, one symbol or language each, in the order of the comparison.
    pub rows: Vec<String>,
}

/// Says why a comparison fails a gate; `None` if it passes.
pub fn failed(comparison: &Comparison, gate: Gate) -> Option<String> {
    broken(comparison, gate).map(|it| it.reason)
}

/// Says why a comparison fails a gate, and which symbols are to blame; `None` if it passes.
pub fn broken(comparison: &Comparison, gate: Gate) -> Option<Broken> {
    let changes = &comparison.changes;
    let (reason, rows): (String, Vec<String>) = match gate {
        Gate::Api => {
            let breaking = comparison.api.changes.iter().filter(|it| it.verdict == Verdict::Breaking);
            let n = comparison.api.count(Verdict::Breaking);
            (plural(n, "breaking change", "breaking changes"), breaking.map(api_row).collect())
        }
        Gate::Calls => {
            let calls = &changes.calls;
            let (ambiguous, unresolved) = (calls.became_ambiguous.len(), calls.unresolved_added.len());
            let new = plural(unresolved, "new unresolved call", "new unresolved calls");
            let reason = format!("{} became ambiguous, {new}", plural(ambiguous, "call", "calls"));
            let ambiguous = calls.became_ambiguous.iter().map(call_row);
            (reason, ambiguous.chain(calls.unresolved_added.iter().map(unresolved_row)).collect())
        }
        Gate::Quality => {
            let worse = changes.languages.iter().filter(|it| is_worse(it));
            let rows: Vec<String> = worse.map(share_row).collect();
            (rows.first().cloned().unwrap_or_default(), rows)
        }
    };
    (!rows.is_empty()).then_some(Broken { gate, reason, rows })
}

fn share(calls: &CallTotals) -> f64 {
    f64::from(calls.n_resolved + calls.n_external) / f64::from(calls.n_calls.max(1))
}

fn is_worse(language: &LanguageCalls) -> bool {
    let has_calls = language.before.n_calls > 0 && language.after.n_calls > 0;
    has_calls && share(&language.after) < share(&language.before)
}

fn share_row(language: &LanguageCalls) -> String {
    format!(
        "{:.1} % of the calls in {} are resolved or external, {:.1} % before",
        share(&language.after) * 100.0,
        language.language,
        share(&language.before) * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_by_its_word_and_written_as_it() {
        for gate in Gate::ALL {
            assert_eq!(Gate::of_word(gate.word()), Some(gate));
            assert_eq!(serde_json::to_value(gate).unwrap(), gate.word());
        }
        assert_eq!(Gate::of_word("API"), None);
    }
}
