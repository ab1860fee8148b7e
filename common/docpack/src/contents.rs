//! What goes into a pack and what comes out of one, as records.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::embeddings::Embeddings;
use crate::entries;
use crate::ids::SymbolId;
use crate::open::Open;
use crate::records::{
    Bodies, Clusters, Edge, EmbeddingModel, Generator, Graph, Insights, Layout, Manifest, Missing, Nodes,
    Optional, Overviews, Quality, Source, SourceMap, Statistics, Tour, Unresolved,
};
use crate::source_texts::SourceTexts;
use crate::vectors::Vectors;
use crate::vocabulary::EdgeKind;

/// A pack's contents; the writer computes the rest of the manifest from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// What the manifest says beyond the entries.
    pub about: About,
    /// `layout.json`.
    pub layout: Layout,
    /// `quality.json`.
    pub quality: Quality,
    /// `clusters.json`.
    pub clusters: Clusters,
    /// `overviews.json`.
    pub overviews: Overviews,
    /// `source_map.json`.
    pub source_map: SourceMap,
    /// `nodes.json`.
    pub nodes: Nodes,
    /// `graph.json`.
    pub graph: Graph,
    /// `bodies.json`.
    pub bodies: Option<Bodies>,
    /// `insights.json`.
    pub insights: Option<Insights>,
    /// The exact prompts, for replay; an object.
    pub symbol_contexts: Option<Value>,
    /// `embeddings.bin` and `embeddings_index.json`.
    pub embeddings: Option<Embeddings>,
    /// `vectors.bin`; a row for each chunk, in the order that [`Contents::sort`] gives the files.
    pub vectors: Option<Vectors>,
    /// `tour.json`.
    pub tour: Option<Tour>,
    /// `source_index.json` and the texts under `source/`.
    pub source: Option<SourceTexts>,
    /// Entries without records here, by path, as the bytes they are: history, and what later
    /// versions bring. Those that end in `.json` must be canonical JSON.
    pub others: BTreeMap<String, Vec<u8>>,
}

/// The manifest's part that does not follow from the entries.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The commit's time in UTC, `2024-05-01T12:00:00Z`; the epoch without a commit.
    pub created_at: String,
    /// What the pack is made from.
    pub source: Source,
    /// What makes the pack.
    pub generator: Generator,
    /// The options that shape the output, by name; an object.
    pub options: Value,
    /// What made the vectors; set whenever there are any.
    pub embedding_model: Option<EmbeddingModel>,
    /// What was wanted and is not there.
    pub missing: Vec<Missing>,
}

/// A pack that was read: its manifest as it stands there, and everything else.
#[derive(Debug, Clone, PartialEq)]
pub struct Docpack {
    /// As it stands in the pack.
    pub manifest: Manifest,
    /// The records.
    pub contents: Contents,
}

impl Contents {
    /// Puts every list into the order that the format gives it; [`crate::verify()`] asks for no other.
    pub fn sort(&mut self) {
        self.nodes.symbols.sort_by_key(|symbol| symbol.id);
        self.source_map.files.sort_by(|a, b| a.file_path.cmp(&b.file_path));
        self.source_map.skipped.sort();
        self.source_map.documents.sort_by(|a, b| a.file_path.cmp(&b.file_path));
        let graph = &mut self.graph;
        graph.edges.sort_by(|a, b| edge_key(a).cmp(&edge_key(b)));
        graph.edges.iter_mut().for_each(|edge| edge.sites.sort());
        graph.ambiguous.sort_by(|a, b| (a.source, a.line, &a.name).cmp(&(b.source, b.line, &b.name)));
        graph.unresolved.sort_by(|a, b| unresolved_key(a).cmp(&unresolved_key(b)));
        if let Some(bodies) = &mut self.bodies {
            bodies.bodies.sort_by_key(|body| body.symbol_id);
        }
        self.clusters.clusters.sort_by_key(|cluster| (Reverse(cluster.member_count), cluster.cluster_id));
        self.layout.clusters.sort_by_key(|position| position.cluster_id);
        self.layout.symbols.sort_by_key(|position| position.id);
        self.overviews.modules.sort_by(|a, b| a.path.cmp(&b.path));
        self.about.missing.sort();
    }

    /// Tells which optional entries there are.
    pub fn optional(&self) -> Optional {
        Optional {
            has_embeddings: self.embeddings.is_some(),
            has_symbol_contexts: self.symbol_contexts.is_some(),
            has_history: self.others.keys().any(|path| path.starts_with(entries::HISTORY_FOLDER)),
            has_insights: self.insights.is_some(),
            has_vectors: self.vectors.is_some(),
            has_tour: self.tour.is_some(),
            has_source: self.source.is_some(),
            has_bodies: self.bodies.is_some(),
        }
    }

    /// Counts what the manifest states.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            file_count: self.source_map.files.len() as u64,
            symbol_count: self.nodes.symbols.len() as u64,
            edge_count: self.graph.edges.len() as u64,
            chunk_count: self.n_chunks() as u64,
            cluster_count: self.clusters.clusters.len() as u64,
            embedding_dimensions: self.dimensions().unwrap_or_default().into(),
        }
    }

    /// Counts the chunks of all files.
    pub(crate) fn n_chunks(&self) -> usize {
        self.source_map.files.iter().map(|file| file.chunks.len()).sum()
    }

    /// Returns how many numbers a vector has.
    fn dimensions(&self) -> Option<u32> {
        let floats = self.embeddings.as_ref().map(Embeddings::dimensions);
        floats.or(self.vectors.as_ref().map(Vectors::dimensions))
    }
}

/// Orders edges: by source, then target and kind.
pub(crate) fn edge_key(edge: &Edge) -> (SymbolId, SymbolId, &Open<EdgeKind>) {
    (edge.source, edge.target, &edge.kind)
}

/// Orders unresolved references: by source, then name, reason and package.
pub(crate) fn unresolved_key(found: &Unresolved) -> (SymbolId, &str, &str, Option<&str>) {
    (found.source, &found.name, &found.reason, found.package.as_deref())
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
