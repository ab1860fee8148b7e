//! What goes into a pack and what comes out of one, as records.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::embeddings::Embeddings;
use crate::records::{
    Clusters, EmbeddingModel, Generator, Graph, Layout, Manifest, Missing, Nodes, Overviews, Quality, Source,
    SourceMap, Statistics,
};

/// A pack's contents; the writer computes the rest of the manifest from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    pub about: About,
    pub layout: Layout,
    pub quality: Quality,
    pub clusters: Clusters,
    pub overviews: Overviews,
    pub source_map: SourceMap,
    pub nodes: Nodes,
    pub graph: Graph,
    /// The exact prompts, for replay; an object.
    pub symbol_contexts: Option<Value>,
    pub embeddings: Option<Embeddings>,
    /// Entries without records here, by path, as the bytes they are: history, insights, and what later
    /// versions bring. Those that end in `.json` must be canonical JSON.
    pub others: BTreeMap<String, Vec<u8>>,
}

/// The manifest's part that does not follow from the entries.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The commit's time in UTC, `2024-05-01T12:00:00Z`; the epoch without a commit.
    pub created_at: String,
    pub source: Source,
    pub generator: Generator,
    /// The options that shape the output, by name; an object.
    pub options: Value,
    pub embedding_model: Option<EmbeddingModel>,
    pub missing: Vec<Missing>,
}

/// A pack that was read: its manifest as it stands there, and everything else.
#[derive(Debug, Clone, PartialEq)]
pub struct Docpack {
    pub manifest: Manifest,
    pub contents: Contents,
}

impl Contents {
    /// Counts what the manifest states.
    pub fn statistics(&self) -> Statistics {
        let n_chunks: usize = self.source_map.files.iter().map(|file| file.chunks.len()).sum();
        Statistics {
            file_count: self.source_map.files.len() as u64,
            symbol_count: self.nodes.symbols.len() as u64,
            edge_count: self.graph.edges.len() as u64,
            chunk_count: n_chunks as u64,
            cluster_count: self.clusters.clusters.len() as u64,
            embedding_dimensions: self.embeddings.as_ref().map_or(0, |vectors| vectors.dimensions().into()),
        }
    }
}

impl About {
    /// Takes back what a manifest was written from.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        Self {
            created_at: manifest.created_at.clone(),
            source: manifest.source.clone(),
            generator: manifest.generator.clone(),
            options: manifest.options.clone(),
            embedding_model: manifest.embedding_model.clone(),
            missing: manifest.missing.clone(),
        }
    }
}
