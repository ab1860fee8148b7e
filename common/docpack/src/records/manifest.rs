//! `manifest.json`: what the pack is, of what, made by which tools.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Digest;

/// What the pack is, of what, made by which tools; the digests of everything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The format and its version, `docpack/1.1`.
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
    /// `vectors.bin`; left out where there is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_vectors: bool,
    /// `tour.json`; left out where there is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_tour: bool,
    /// `source_index.json` and the texts under `source/`; left out where there are none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_source: bool,
    /// `bodies.json`; left out where there is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_bodies: bool,
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
