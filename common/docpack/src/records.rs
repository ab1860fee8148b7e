//! The archive's entries as typed records; field names here are the public format.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Digest;
use crate::ids::{ChunkId, ClusterId, SymbolId};
use crate::vocabulary::{ByteRange, EdgeKind, Evidence, Language, LineRange, SymbolKind, Visibility};

// ---- manifest.json ----

/// What the pack is, of what, made by which tools; the digests of everything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The format and its version, `docpack/1.0`.
    pub schema_version: String,
    /// Over this manifest in canonical form without `docpack_id` and `checksum.value`.
    pub docpack_id: Digest,
    /// Over what every machine computes equally.
    pub facts_digest: Digest,
    /// Over what vectors, clusters and positions say.
    pub semantics_digest: Digest,
    /// Over what is told in sentences.
    pub prose_digest: Digest,
    /// The commit's time in UTC, `2024-05-01T12:00:00Z`; the epoch without a commit.
    pub created_at: String,
    /// What the pack is made from.
    pub source: Source,
    /// What made the pack.
    pub generator: Generator,
    /// The options that shape the output, by name; an object.
    pub options: Value,
    /// How much the pack holds.
    pub statistics: Statistics,
    /// Which optional entries there are.
    pub optional: Optional,
    /// The pack id once more, with its algorithm.
    pub checksum: Checksum,
    /// Every entry but this one, in archive order.
    pub entries: Vec<EntryDigest>,
    /// What made the vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding_model: Option<EmbeddingModel>,
    /// What was wanted and is not there, sorted.
    pub missing: Vec<Missing>,
}

/// What the pack is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The normalised remote; never a local path.
    pub repo_url: Option<String>,
    /// The branch or tag that was asked for.
    pub git_ref: Option<String>,
    /// The commit that was read; null for a folder or archive without one.
    pub commit_hash: Option<String>,
    /// Over path, size and digest of every file read, in path order.
    pub tree_digest: Digest,
    /// The checkout had changes that are in no commit.
    pub dirty: bool,
}

/// The program that made the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Generator {
    /// The program.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// How much the pack holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statistics {
    /// Files in `source_map.json`, without those skipped.
    pub file_count: u64,
    /// Symbols in `nodes.json`.
    pub symbol_count: u64,
    /// Edges in `graph.json`.
    pub edge_count: u64,
    /// Chunks in `source_map.json`.
    pub chunk_count: u64,
    /// Clusters in `clusters.json`.
    pub cluster_count: u64,
    /// Numbers per vector; 0 without embeddings.
    pub embedding_dimensions: u64,
}

/// Which optional entries there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Optional {
    /// `embeddings.bin` and `embeddings_index.json`.
    pub has_embeddings: bool,
    /// `symbol_contexts.json`.
    pub has_symbol_contexts: bool,
    /// Any entry under `history/`.
    pub has_history: bool,
    /// `insights.json`.
    pub has_insights: bool,
}

/// The pack id as a checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checksum {
    /// `sha256`.
    pub algorithm: String,
    /// Equal to `docpack_id`.
    pub value: Digest,
}

/// One entry as the manifest knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntryDigest {
    /// The entry's path in the archive.
    pub path: String,
    /// Uncompressed size.
    pub bytes: u64,
    /// Over the uncompressed bytes, 64 hex digits.
    pub sha256: String,
}

/// The model that made the vectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmbeddingModel {
    /// The model.
    pub name: String,
    /// Over the model's weights.
    pub digest: Digest,
    /// How token vectors become one: `mean`.
    pub pooling: String,
    /// Vectors have length 1.
    pub normalized: bool,
    /// `fp32` or `int8`.
    pub precision: String,
    /// What computed: `cpu` or `cuda`.
    pub provider: String,
    /// Longer texts are cut here.
    pub max_tokens: u32,
    /// The version of the library that computed.
    pub runtime_version: String,
}

/// Something the request wanted and the pack lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// The entry or feature.
    pub what: String,
    /// Why, as a stable word.
    pub code: String,
}

// ---- nodes.json ----

/// `nodes.json`: the symbols.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Nodes {
    /// In ascending id order.
    pub symbols: Vec<Symbol>,
}

/// One named thing defined in code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Symbol {
    /// Derived from language, path, qualified name, kind, signature and ordinal.
    pub id: SymbolId,
    /// As written.
    pub name: String,
    /// Through the scopes that hold it, in the language's own notation.
    pub qualified_name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// What it is written in.
    pub language: Language,
    /// The file in `source_map.json`.
    pub file_path: String,
    /// The whole definition.
    pub byte_range: ByteRange,
    /// The lines of the whole definition.
    pub line_range: LineRange,
    /// Its head without the body, in normal spacing.
    pub signature: String,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_type: Option<String>,
    /// Type parameters and lifetimes, as written.
    pub generics: Vec<String>,
    /// `async`, `const`, `static` and the like, sorted.
    pub modifiers: Vec<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// It is reachable from outside its package or module.
    pub exported: bool,
    /// Base classes, supertraits or embedded types, as written.
    pub bases: Vec<String>,
    /// For an impl block: the trait or interface as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implements: Option<String>,
    /// Without its comment marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_comment: Option<String>,
    /// Decorators and attributes as written, in order.
    pub attributes: Vec<String>,
    /// The symbol that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<SymbolId>,
    /// Of callables with a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// The cluster it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<ClusterId>,
    /// PageRank scaled to 0..1.
    pub centrality: f64,
    /// Edges that lead to it.
    pub in_degree: u32,
    /// Edges that leave it.
    pub out_degree: u32,
    /// No call of the repository that is ambiguous, unresolved or made through a value could mean it.
    #[serde(default)]
    pub callers_complete: bool,
    /// A summary in one or two sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<Documentation>,
}

/// One parameter of a callable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// As written, with its pattern or star.
    pub name: String,
    /// As written.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

/// How hard a callable is to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Complexity {
    /// Paths through the body: decisions and one.
    pub cyclomatic: u32,
    /// Decisions weighted by how deep they nest.
    pub cognitive: u32,
}

/// A summary and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Documentation {
    /// The sentences.
    pub summary: String,
    /// `model` or `extractive`.
    pub source: String,
    /// `verified` or `extractive`.
    pub verdict: String,
    /// What each sentence rests on: `doc_comment`, `signature`, `calls:<name>` and the like.
    pub evidence: Vec<String>,
}

// ---- graph.json ----

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
    pub kind: EdgeKind,
    /// How sure it is: of edges at 0.9, nine in ten are right.
    pub confidence: f64,
    /// How it was found.
    pub evidence: Evidence,
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

// ---- source_map.json ----

/// `source_map.json`: the files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceMap {
    /// In ascending path order.
    pub files: Vec<SourceFile>,
    /// In ascending path order.
    pub skipped: Vec<SkippedFile>,
}

/// One file that was parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// From the root of the repository, with `/`.
    pub file_path: String,
    /// What it is written in.
    pub language: Language,
    /// Its size.
    pub bytes: u64,
    /// Over its bytes, 64 hex digits.
    pub sha256: String,
    /// How many lines it has.
    pub lines: u32,
    /// In file order.
    pub imports: Vec<Import>,
    /// In file order.
    pub chunks: Vec<Chunk>,
}

/// One import statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    /// As written.
    pub raw: String,
    /// In normal form.
    pub path: String,
    /// 1-based.
    pub line: u32,
}

/// One text that is embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chunk {
    /// Derived from path, text and ordinal.
    pub chunk_id: ChunkId,
    /// Where its text lies.
    pub byte_range: ByteRange,
    /// Over the chunk's text as embedded, 64 hex digits.
    pub sha256: String,
    /// The symbols whose text it holds.
    pub symbol_ids: Vec<SymbolId>,
}

/// A file that was seen and not parsed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SkippedFile {
    /// From the root of the repository, with `/`.
    pub file_path: String,
    /// Why, as a stable word.
    pub reason: String,
}

// ---- quality.json ----

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
    pub language: Language,
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
    /// Written by a model and verified.
    pub model: u32,
    /// Put together from comments, names and facts.
    pub extractive: u32,
    /// Written by a model and found wrong.
    pub rejected: u32,
}

// ---- clusters.json, layout.json ----

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

// ---- overviews.json ----

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
    /// `verified` or `extractive`.
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
    /// `verified` or `extractive`.
    pub verdict: String,
}

// ---- embeddings_index.json, symbol_contexts.json ----

/// Where each chunk's row starts in `embeddings.bin`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmbeddingsIndex {
    /// Byte offset in `embeddings.bin` by chunk id.
    pub chunks: BTreeMap<ChunkId, u64>,
}
