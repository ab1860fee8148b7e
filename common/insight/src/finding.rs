//! What is wrong with words that a model wrote.

use serde::Serialize;

/// A fault with a stable code and a sentence that can be shown to the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: &'static str,
    pub message: String,
}

impl Finding {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Findings beyond this are not repeated to the model.
const MAX_TOLD: usize = 20;

/// Writes the text that asks for the same answers once more, naming what was wrong.
///
/// Messages quote at most a few words of the reply and nothing of the repository.
pub fn ask_again<'a>(findings: impl IntoIterator<Item = (&'a str, &'a Finding)>) -> String {
    let lines: Vec<String> = findings
        .into_iter()
        .take(MAX_TOLD)
        .map(|(handle, finding)| match handle {
            "" => format!("- {}", finding.message),
            handle => format!("- {handle}: {}", finding.message),
        })
        .collect();
    format!(
        "These answers cannot be used:\n{}\nAnswer again in the same JSON form, with exactly these ids and nothing else.",
        lines.join("\n")
    )
}
