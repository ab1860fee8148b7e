//! Words of a model against what was computed: nothing is believed that cannot be looked up.
//!
//! The check is mechanical and knows no model. It finds names that do not exist, relations that are
//! no edges, numbers that were not counted, kinds and modifiers that are not so, and everything that
//! has no place in a summary. What it cannot see is stated in the README: a wrong purpose in right
//! words passes.

mod facts;
mod form;
mod grounding;
mod kinds;
mod names;
mod negated;
mod numbers;
mod numerals;
mod overview;
mod phrases;
mod relations;
mod substance;
mod tokens;
mod verify;

use model::context::SymbolContext;
use serde::Serialize;

use crate::finding::Finding;
use facts::Facts;
use substance::Labels;

pub use overview::{check_architecture, check_module};

/// Sentences of a summary.
pub const MAX_SENTENCES: usize = 2;
/// Evidence named in a record; the rest would repeat it.
const MAX_EVIDENCE: usize = 12;

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Nothing in it is contradicted or unfounded; `evidence` says what it rests on.
    Verified {
        evidence: Vec<String>,
    },
    Rejected {
        findings: Vec<Finding>,
    },
}

impl Checked {
    pub fn is_verified(&self) -> bool {
        matches!(self, Self::Verified { .. })
    }

    /// Returns the findings, none where the text is verified.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Verified { .. } => &[],
            Self::Rejected { findings } => findings,
        }
    }
}

/// Checks a summary against its symbol's context.
pub fn check_summary(text: &str, context: &SymbolContext) -> Checked {
    let limits = form::Limits { max_chars: crate::MAX_SUMMARY_CHARS, max_sentences: MAX_SENTENCES };
    let mut report = Report::default();
    let Some(tokens) = form::read(text, &limits, &mut report) else { return report.finish() };
    let facts = Facts::new(context);
    names::check(&tokens, &facts, &mut report);
    let telling = relations::check(&tokens, &facts, &mut report);
    negated::check(&tokens, &facts, &mut report);
    kinds::check(&tokens, &facts, &mut report);
    numbers::check(&tokens, &facts, &mut report);
    grounding::check(&tokens, &facts, &mut report);
    substance::check(&tokens, &Labels::of_symbol(&facts), &telling, &mut report);
    report.finish()
}

/// What the rules have to say, collected.
#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
    evidence: Vec<String>,
    /// Too far from prose for the other rules to make sense of it.
    is_unreadable: bool,
}

impl Report {
    fn fault(&mut self, code: &'static str, message: impl Into<String>) {
        let finding = Finding::new(code, message);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn rests_on(&mut self, evidence: impl Into<String>) {
        let evidence = evidence.into();
        if self.evidence.len() < MAX_EVIDENCE && !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
    }

    fn finish(self) -> Checked {
        if self.findings.is_empty() {
            Checked::Verified { evidence: self.evidence }
        } else {
            Checked::Rejected { findings: self.findings }
        }
    }
}

/// A few words of a text for a message, without marks that could break it.
fn shown(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '`').take(60).collect();
    format!("`{plain}`")
}
