//! Rules by which a comparison fails a check.

use crate::api::Verdict;
use crate::changes::{CallTotals, Comparison};
use crate::told::plural;

/// What a check does not accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// A breaking change of an exported symbol.
    Api,
    /// A call that became ambiguous, or a new call to an unknown target.
    Calls,
    /// A language of which a smaller share of calls is resolved than before.
    Quality,
}

/// Says why a comparison fails a gate; `None` if it passes.
pub fn failed(comparison: &Comparison, gate: Gate) -> Option<String> {
    let changes = &comparison.changes;
    match gate {
        Gate::Api => {
            let n = comparison.api.count(Verdict::Breaking);
            (n > 0).then(|| plural(n, "breaking change", "breaking changes"))
        }
        Gate::Calls => {
            let calls = &changes.calls;
            let (ambiguous, unresolved) = (calls.became_ambiguous.len(), calls.unresolved_added.len());
            let text = || {
                let new = plural(unresolved, "new unresolved call", "new unresolved calls");
                format!("{} became ambiguous, {new}", plural(ambiguous, "call", "calls"))
            };
            (ambiguous + unresolved > 0).then(text)
        }
        Gate::Quality => {
            let share =
                |it: &CallTotals| f64::from(it.n_resolved + it.n_external) / f64::from(it.n_calls.max(1));
            let has_calls =
                |it: &&crate::changes::LanguageCalls| it.before.n_calls > 0 && it.after.n_calls > 0;
            let worse =
                changes.languages.iter().filter(has_calls).find(|it| share(&it.after) < share(&it.before))?;
            Some(format!(
                "{:.1} % of the calls in {} are resolved or external, {:.1} % before",
                share(&worse.after) * 100.0,
                worse.language,
                share(&worse.before) * 100.0
            ))
        }
    }
}
