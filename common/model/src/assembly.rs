//! What assemble computed from facts and vectors.

use std::collections::BTreeMap;

use docpack::{ClusterId, Digest, SymbolId};
use serde::{Deserialize, Serialize};

use crate::resolution::Edge;

/// The computed understanding of the whole repository, without the facts it came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Assembly {
    /// One per symbol, in ascending id order.
    pub metrics: Vec<SymbolMetrics>,
    /// `related` edges, by source, then weight, then target.
    pub related: Vec<Edge>,
    /// Largest first, then by id.
    pub clusters: Vec<Cluster>,
    pub layout: Layout,
    pub density: f64,
    pub modularity: f64,
    /// Between folders: those of the product first, then heaviest first.
    pub coupling: Vec<Coupling>,
    pub neighbour_search: NeighbourSearch,
    /// Sections of documents that name symbols, by file and place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named_in: Vec<SectionSymbols>,
}

/// The symbols that one section of a document names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionSymbols {
    pub file_path: String,
    /// Its place in [`crate::ingest::DocumentRecord::sections`].
    pub section: u32,
    /// In the order in which the section names them.
    pub symbols: Vec<SymbolId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SymbolMetrics {
    pub id: SymbolId,
    pub cluster_id: Option<ClusterId>,
    /// PageRank scaled to 0..1.
    pub centrality: f64,
    pub in_degree: u32,
    pub out_degree: u32,
    /// No open call of the repository could mean this symbol.
    pub callers_complete: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    pub cluster_id: ClusterId,
    pub label: String,
    /// In ascending order.
    pub members: Vec<SymbolId>,
    pub cohesion: f64,
}

/// Positions within the unit square.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    pub clusters: Vec<ClusterPosition>,
    pub symbols: Vec<SymbolPosition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClusterPosition {
    pub cluster_id: ClusterId,
    pub x: f64,
    pub y: f64,
    pub radius: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SymbolPosition {
    pub id: SymbolId,
    pub x: f64,
    pub y: f64,
}

/// References that cross from one folder to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupling {
    pub from: String,
    pub to: String,
    pub weight: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeighbourSearch {
    #[default]
    None,
    Exact,
    /// Within seeded cells; above 20,000 vectors.
    Cells,
}

/// What a unit's questions can cost at most, in millionths of a US dollar; what the cache holds costs nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCost {
    /// Of all of them together.
    pub worst_micro_usd: u64,
    /// Of the dearest one, asked once: with less, it cannot be asked at all.
    pub dearest_micro_usd: u64,
}

/// Assemble's own output: where everything else of it lies, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssembleOutput {
    /// What each generate unit can cost at most, by the unit's name; empty without a model.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unit_costs: BTreeMap<String, UnitCost>,
    /// The [`Assembly`].
    pub assembly: Digest,
    pub n_clusters: u32,
    pub n_contexts: u32,
}
