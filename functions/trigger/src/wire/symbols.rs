//! One symbol with its surroundings.

use docpack::records::{Site, Symbol, Unresolved};
use docpack::{EdgeKind, Evidence, Open};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::SymbolSummary;

/// A symbol and how it stands to others; each list is cut at `limit`, the surest and most central first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SymbolDetail {
    pub symbol: Symbol,
    pub cluster: Option<ClusterName>,
    /// Address of its lines at the commit, where the host is known.
    pub source_url: Option<String>,
    /// Symbols that call it.
    pub callers: Vec<Neighbour>,
    /// Symbols that it calls.
    pub callees: Vec<Neighbour>,
    /// Symbols of like meaning, in either direction.
    pub related: Vec<Neighbour>,
    /// Symbols that it holds.
    pub members: Vec<SymbolSummary>,
    /// All other relations that leave it.
    pub outgoing: Vec<Neighbour>,
    /// All other relations that lead to it.
    pub incoming: Vec<Neighbour>,
    /// What it refers to without it being sure to what.
    pub ambiguous: Vec<AmbiguousCall>,
    /// What it refers to outside the repository, or nowhere.
    pub unresolved: Vec<Unresolved>,
    /// Symbols whose vectors are nearest; empty without vectors.
    pub similar: Vec<Similar>,
    /// Whether a list was cut.
    pub is_cut: bool,
}

/// The cluster of a symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterName {
    pub cluster_id: String,
    pub label: String,
}

/// A symbol at the other end of an edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    pub symbol: SymbolSummary,
    pub kind: Open<EdgeKind>,
    pub confidence: f64,
    pub evidence: Open<Evidence>,
    pub weight: Option<f64>,
    /// Where the relation is written, in the file of the symbol that it leaves.
    pub sites: Vec<Site>,
}

/// A reference with several possible targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AmbiguousCall {
    pub name: String,
    /// 1-based.
    pub line: u32,
    pub candidates: Vec<PossibleTarget>,
}

/// One of several possible targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PossibleTarget {
    pub symbol: SymbolSummary,
    pub confidence: f64,
}

/// A symbol and how near its vector is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Similar {
    pub symbol: SymbolSummary,
    /// Cosine, rounded to 6 decimals.
    pub similarity: f64,
}
