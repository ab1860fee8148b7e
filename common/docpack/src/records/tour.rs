//! `tour.json`: one page for a reader who sees the code for the first time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::SymbolId;
use crate::open::Open;
use crate::vocabulary::{FlowStepKind, Topic};

/// `tour.json`: one page for a reader who sees the code for the first time.
///
/// Every statement names the symbols, files and lines that it follows from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tour {
    /// In reading order; a topic that the code says nothing about is left out.
    pub sections: Vec<TourSection>,
    /// What happens from an entry point on, step by step; the most telling first.
    pub flows: Vec<Flow>,
}

/// What there is to say about one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TourSection {
    /// What it is about.
    pub topic: Open<Topic>,
    /// Its heading.
    pub title: String,
    /// The most important first; details follow what they belong to.
    pub items: Vec<TourItem>,
    /// How many more items of its first level there would be.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
    /// A diagram as Mermaid text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagram: Option<String>,
}

/// One statement; names of code stand between backticks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TourItem {
    /// 0 for a statement, 1 for a detail of the one before it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub depth: u32,
    /// The statement; empty where the quote says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The author's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// What it follows from, the quote aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<TourEvidence>,
}

/// Words that the authors wrote, without their markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// At most 400 characters, cut at a word.
    pub text: String,
    /// A file or a document of `source_map.json`.
    pub file_path: String,
    /// 1-based.
    pub line: u32,
}

/// What a statement follows from: a symbol, an edge, a place, a file or a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct TourEvidence {
    /// A symbol in `nodes.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol_id: Option<SymbolId>,
    /// The symbol that an edge leads to from `symbol_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<SymbolId>,
    /// A file or a document of `source_map.json`, or a folder that has some; the root is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_path: Option<String>,
    /// 1-based, of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What happens from one callable on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flow {
    /// Its heading.
    pub title: String,
    /// Where it starts.
    pub symbol_id: SymbolId,
    /// What the author says of that callable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// In the order of the code; what a called callable does follows the call, one deeper.
    pub steps: Vec<FlowStep>,
    /// What the walk did not follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<TourItem>,
    /// How many more steps there would be in the callables that were followed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
    /// A sequence diagram as Mermaid text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagram: Option<String>,
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FlowStep {
    /// 0 in the callable that the flow starts from.
    pub depth: u32,
    /// What sort of step it is.
    pub kind: Open<FlowStepKind>,
    /// What happens.
    pub text: String,
    /// Under which conditions, from the outermost to the innermost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What the author says of the called symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// The callable in which the step stands.
    pub symbol_id: SymbolId,
    /// The called symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<SymbolId>,
    /// Of that callable.
    pub file_path: String,
    /// 1-based.
    pub line: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
