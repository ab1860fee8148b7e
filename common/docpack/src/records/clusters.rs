//! `clusters.json` and `layout.json`: what belongs together, and where it lies on the map.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ClusterId, SymbolId};

/// `clusters.json`: symbols that belong together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clusters {
    /// Largest first, then by id.
    pub clusters: Vec<Cluster>,
}

/// Symbols that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cluster {
    /// Derived from the members.
    pub cluster_id: ClusterId,
    /// One or two words.
    pub label: String,
    /// How many members.
    pub member_count: u32,
    /// In ascending order.
    pub members: Vec<SymbolId>,
    /// Mean cosine of the members to the cluster's centre.
    pub cohesion: f64,
}

/// A position for everything on the map, within the unit square.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Layout {
    /// In ascending id order.
    pub clusters: Vec<ClusterPosition>,
    /// In ascending id order.
    pub symbols: Vec<SymbolPosition>,
}

/// Where a cluster lies on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterPosition {
    /// Which cluster.
    pub cluster_id: ClusterId,
    /// From the left, 0..1.
    pub x: f64,
    /// From the top, 0..1.
    pub y: f64,
    /// Of the disk that holds its symbols.
    pub radius: f64,
}

/// Where a symbol lies on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SymbolPosition {
    /// Which symbol.
    pub id: SymbolId,
    /// From the left, 0..1.
    pub x: f64,
    /// From the top, 0..1.
    pub y: f64,
}
