//! `graph.json`: edges, and references that are none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::SymbolId;
use crate::open::Open;
use crate::vocabulary::{EdgeKind, Evidence};

/// `graph.json`: how symbols stand to each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Graph {
    /// Nothing below it is an edge.
    pub confidence_floor: f64,
    /// By source, target and kind; one edge for each of these.
    pub edges: Vec<Edge>,
    /// References with several possible targets, by source, line and name.
    pub ambiguous: Vec<Ambiguous>,
    /// References that lead out of the repository or nowhere, by source, name, reason and package.
    pub unresolved: Vec<Unresolved>,
    /// Of the graph as a whole.
    pub metrics: GraphMetrics,
}

/// One relation from symbol to symbol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Where it starts.
    pub source: SymbolId,
    /// Where it leads.
    pub target: SymbolId,
    /// How the two stand to each other.
    pub kind: Open<EdgeKind>,
    /// How sure it is: of edges at 0.9, nine in ten are right.
    pub confidence: f64,
    /// How it was found.
    pub evidence: Open<Evidence>,
    /// How strong, for `related` and `co_changed`; 0..1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Where it is written, sorted.
    pub sites: Vec<Site>,
}

/// Where in the source symbol's file the relation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    /// 1-based.
    pub line: u32,
    /// 0-based.
    pub byte_start: u32,
}

/// A reference with several possible targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ambiguous {
    /// The symbol that refers.
    pub source: SymbolId,
    /// The name as written.
    pub name: String,
    /// 1-based.
    pub line: u32,
    /// The possible targets.
    pub candidates: Vec<Candidate>,
}

/// One possible target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// The possible target.
    pub id: SymbolId,
    /// How sure it is, below the floor.
    pub confidence: f64,
}

/// References of one name from one symbol that lead to no symbol of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unresolved {
    /// The symbol that refers.
    pub source: SymbolId,
    /// The name as written.
    pub name: String,
    /// 1-based, sorted.
    pub lines: Vec<u32>,
    /// `external`, `dynamic` or `unknown`.
    pub reason: String,
    /// The package or built-in namespace that an import names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}

/// Numbers about the graph as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GraphMetrics {
    /// Edges there are, of those that could be.
    pub density: f64,
    /// How well the clusters part the graph.
    pub modularity: f64,
    /// Between folders, heaviest first.
    pub coupling: Vec<Coupling>,
}

/// References that cross from one folder to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coupling {
    /// The folder that refers.
    pub from: String,
    /// The folder that is referred to.
    pub to: String,
    /// How many references.
    pub weight: u32,
}
