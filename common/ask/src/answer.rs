//! What an answer is made of.

use docpack::records::{FlowStep, Quote};
use docpack::{Open, SymbolId, SymbolKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Evidence for an answer, ranked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    pub question: String,
    pub outcome: Outcome,
    /// Words of the question that stand nowhere in the pack, as they were typed.
    pub unknown_words: Vec<String>,
    /// Items of one kind stand together, the best first; the kind whose best item fits best comes first, statements last.
    pub items: Vec<Item>,
    /// What the pack was built without, where it could have held an answer.
    pub lacks: Vec<Lack>,
}

/// Whether the evidence carries an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AskOutcome")]
pub enum Outcome {
    /// The items speak of most of what was asked.
    Evidence,
    /// No item speaks of enough of the question; the items are the nearest there are.
    Unknown,
}

/// Something that a pack can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AskLack")]
pub enum Lack {
    /// `bodies.json`: conditions, errors and effects are not known.
    Bodies,
    /// `tour.json`: there are no flows and statements.
    Tour,
    /// The source text: documents are known by their headings only.
    Source,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AskItem")]
pub struct Item {
    pub kind: ItemKind,
    /// A symbol's name, the headings above a passage, or the topic of a statement.
    pub title: String,
    pub symbol_id: Option<SymbolId>,
    pub symbol_kind: Option<Open<SymbolKind>>,
    pub file_path: String,
    /// 1-based.
    pub line: u32,
    /// The authors' own words.
    pub quote: Option<Quote>,
    /// What was computed: a statement of the tour, or a symbol's signature where there is nothing else to say.
    pub text: Option<String>,
    /// Of a flow or a body, in the order in which they run; those that fit the question best.
    pub steps: Vec<FlowStep>,
    /// Steps that are left out.
    pub left_out: u32,
    /// Words of the question that it holds.
    pub words: Vec<String>,
    /// Comparable within one answer.
    pub score: f64,
}

/// What a piece of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AskItemKind")]
pub enum ItemKind {
    /// A passage of the documentation.
    Passage,
    /// What happens behind a callable, step by step.
    Flow,
    /// A symbol with its comment and what its body does.
    Symbol,
    /// A statement of the tour.
    Statement,
}
