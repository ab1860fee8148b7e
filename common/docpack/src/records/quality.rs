//! `quality.json`: how far the pack can be relied on.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::open::Open;
use crate::vocabulary::Language;

/// `quality.json`: how far the pack can be relied on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// One per language, in the order of the vocabulary.
    pub languages: Vec<LanguageQuality>,
    /// Edges by confidence, ascending.
    pub confidence_histogram: Vec<HistogramBucket>,
    /// Where summaries came from.
    pub summaries: SummaryCounts,
    /// How neighbours were searched: `exact`, `cells` or `none`.
    pub neighbour_search: String,
    /// Secrets that were replaced by `[REDACTED:rule]` in comments, signatures and imports, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets_redacted: BTreeMap<String, u32>,
}

/// How parsing and resolution went in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageQuality {
    /// Which language.
    pub language: Open<Language>,
    /// Files parsed.
    pub files: u32,
    /// Files of which a part could not be parsed.
    pub files_with_errors: u32,
    /// Places that could not be parsed.
    pub error_nodes: u32,
    /// What became of the calls.
    pub calls: CallCounts,
}

/// What became of the calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallCounts {
    /// They are edges.
    pub resolved: u32,
    /// They have several possible targets.
    pub ambiguous: u32,
    /// They lead out of the repository.
    pub external: u32,
    /// What is called is a value, such as a parameter, or depends on one.
    pub dynamic: u32,
    /// Nothing of that name was found.
    pub unknown: u32,
}

/// Edges whose confidence is in `[from, to)`; the last bucket includes its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistogramBucket {
    /// Least confidence.
    pub from: f64,
    /// Confidence that is past the bucket.
    pub to: f64,
    /// How many edges.
    pub edges: u32,
}

/// Where summaries came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SummaryCounts {
    /// Written by a model.
    pub model: u32,
    /// Of these, those with a part that nobody checked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unchecked: u32,
    /// Put together from comments, names and facts.
    pub extractive: u32,
    /// Asked of a model, and nothing of the answer could be used.
    pub rejected: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
