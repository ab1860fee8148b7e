//! `overviews.json`: the whole and its folders in sentences.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `overviews.json`: the whole and its folders in sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overviews {
    /// Of the whole.
    pub architecture: OverviewText,
    /// Of each folder, in path order.
    pub modules: Vec<ModuleOverview>,
}

/// Sentences about the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OverviewText {
    /// A few sentences.
    pub text: String,
    /// `model` or `extractive`.
    pub source: String,
    /// `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked.
    pub verdict: String,
}

/// Sentences about one folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModuleOverview {
    /// The folder.
    pub path: String,
    /// A few sentences.
    pub text: String,
    /// `model` or `extractive`.
    pub source: String,
    /// `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked.
    pub verdict: String,
}
