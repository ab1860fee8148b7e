//! The archive's entries as typed records; field names here are the public format.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Digest;
use crate::ids::{ChunkId, ClusterId, SymbolId};
use crate::vocabulary::{ByteRange, EdgeKind, Evidence, Language, LineRange, SymbolKind, Visibility};

// ---- manifest.json ----

/// What the pack is, of what, made by which tools; the digests of everything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema_version: String,
    pub docpack_id: Digest,
    pub facts_digest: Digest,
    pub semantics_digest: Digest,
    pub prose_digest: Digest,
    pub created_at: String,
    pub source: Source,
    pub generator: Generator,
    /// The options that shape the output, by name.
    pub options: Value,
    pub statistics: Statistics,
    pub optional: Optional,
    pub checksum: Checksum,
    pub entries: Vec<EntryDigest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding_model: Option<EmbeddingModel>,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The normalised remote; never a local path.
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    pub commit_hash: Option<String>,
    pub tree_digest: Digest,
    /// The checkout had changes that are in no commit.
    pub dirty: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generator {
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    pub file_count: u64,
    pub symbol_count: u64,
    pub edge_count: u64,
    pub chunk_count: u64,
    pub cluster_count: u64,
    pub embedding_dimensions: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Optional {
    pub has_embeddings: bool,
    pub has_symbol_contexts: bool,
    pub has_history: bool,
    pub has_insights: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    pub algorithm: String,
    /// Equal to `docpack_id`.
    pub value: Digest,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDigest {
    pub path: String,
    /// Uncompressed size.
    pub bytes: u64,
    /// Over the uncompressed bytes, 64 hex digits.
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddingModel {
    pub name: String,
    pub digest: Digest,
    pub pooling: String,
    pub normalized: bool,
    pub precision: String,
    pub provider: String,
    /// Longer texts are cut here.
    pub max_tokens: u32,
    pub runtime_version: String,
}

/// Something the request wanted and the pack lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Missing {
    pub what: String,
    pub code: String,
}

// ---- nodes.json ----

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Nodes {
    /// In ascending id order.
    pub symbols: Vec<Symbol>,
}

/// One named thing defined in code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Symbol {
    pub id: SymbolId,
    pub name: String,
    pub qualified_name: String,
    pub kind: SymbolKind,
    pub language: Language,
    pub file_path: String,
    pub byte_range: ByteRange,
    pub line_range: LineRange,
    pub signature: String,
    pub parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_type: Option<String>,
    pub generics: Vec<String>,
    pub modifiers: Vec<String>,
    pub visibility: Visibility,
    pub exported: bool,
    pub bases: Vec<String>,
    /// For an impl block: the trait or interface as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implements: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_comment: Option<String>,
    pub attributes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<SymbolId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<ClusterId>,
    pub centrality: f64,
    pub in_degree: u32,
    pub out_degree: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<Documentation>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complexity {
    pub cyclomatic: u32,
    pub cognitive: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documentation {
    pub summary: String,
    /// `model` or `extractive`.
    pub source: String,
    /// `verified` or `extractive`.
    pub verdict: String,
    /// What each sentence rests on: `doc_comment`, `signature`, `calls:<name>` and the like.
    pub evidence: Vec<String>,
}

// ---- graph.json ----

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// Nothing below it is an edge.
    pub confidence_floor: f64,
    pub edges: Vec<Edge>,
    pub ambiguous: Vec<Ambiguous>,
    pub unresolved: Vec<Unresolved>,
    pub metrics: GraphMetrics,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    pub source: SymbolId,
    pub target: SymbolId,
    pub kind: EdgeKind,
    pub confidence: f64,
    pub evidence: Evidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    pub sites: Vec<Site>,
}

/// Where in the source symbol's file the relation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site {
    pub line: u32,
    pub byte_start: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ambiguous {
    pub source: SymbolId,
    pub name: String,
    pub line: u32,
    pub candidates: Vec<Candidate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub id: SymbolId,
    pub confidence: f64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolved {
    pub source: SymbolId,
    pub name: String,
    pub lines: Vec<u32>,
    /// `external`, `dynamic` or `unknown`.
    pub reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GraphMetrics {
    pub density: f64,
    pub modularity: f64,
    pub coupling: Vec<Coupling>,
}

/// References that cross from one folder to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupling {
    pub from: String,
    pub to: String,
    pub weight: u32,
}

// ---- source_map.json ----

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceMap {
    /// In ascending path order.
    pub files: Vec<SourceFile>,
    /// In ascending path order.
    pub skipped: Vec<SkippedFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    pub file_path: String,
    pub language: Language,
    pub bytes: u64,
    pub sha256: String,
    pub lines: u32,
    pub imports: Vec<Import>,
    pub chunks: Vec<Chunk>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    pub raw: String,
    pub path: String,
    pub line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    pub chunk_id: ChunkId,
    pub byte_range: ByteRange,
    /// Over the chunk's text as embedded, 64 hex digits.
    pub sha256: String,
    pub symbol_ids: Vec<SymbolId>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkippedFile {
    pub file_path: String,
    pub reason: String,
}

// ---- quality.json ----

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    pub languages: Vec<LanguageQuality>,
    pub confidence_histogram: Vec<HistogramBucket>,
    pub summaries: SummaryCounts,
    /// How neighbours were searched: `exact`, `cells` or `none`.
    pub neighbour_search: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageQuality {
    pub language: Language,
    pub files: u32,
    pub files_with_errors: u32,
    pub error_nodes: u32,
    pub calls: CallCounts,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallCounts {
    pub resolved: u32,
    pub ambiguous: u32,
    pub external: u32,
    pub unresolved: u32,
}

/// Edges whose confidence is in `[from, to)`; the last bucket includes its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistogramBucket {
    pub from: f64,
    pub to: f64,
    pub edges: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryCounts {
    pub model: u32,
    pub extractive: u32,
    pub rejected: u32,
}

// ---- clusters.json, layout.json ----

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Clusters {
    /// Largest first, then by id.
    pub clusters: Vec<Cluster>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    pub cluster_id: ClusterId,
    pub label: String,
    pub member_count: u32,
    /// In ascending order.
    pub members: Vec<SymbolId>,
    pub cohesion: f64,
}

/// A position for everything on the map, within the unit square.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    pub clusters: Vec<ClusterPosition>,
    pub symbols: Vec<SymbolPosition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusterPosition {
    pub cluster_id: ClusterId,
    pub x: f64,
    pub y: f64,
    pub radius: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SymbolPosition {
    pub id: SymbolId,
    pub x: f64,
    pub y: f64,
}

// ---- overviews.json ----

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overviews {
    pub architecture: OverviewText,
    pub modules: Vec<ModuleOverview>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewText {
    pub text: String,
    pub source: String,
    pub verdict: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleOverview {
    pub path: String,
    pub text: String,
    pub source: String,
    pub verdict: String,
}

// ---- embeddings_index.json, symbol_contexts.json ----

/// Where each chunk's row starts in `embeddings.bin`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddingsIndex {
    pub chunks: std::collections::BTreeMap<ChunkId, u64>,
}
