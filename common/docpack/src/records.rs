//! The archive's entries as typed records; field names here are the public format.

mod bodies;
mod clusters;
mod embeddings_index;
mod graph;
mod insights;
mod manifest;
mod nodes;
mod overviews;
mod quality;
mod source_index;
mod source_map;
mod tour;

pub use bodies::{
    Bodies, Body, Condition, Literal, MAX_ARGUMENTS, MAX_CONDITIONS, MAX_LITERALS, MAX_STEPS, MAX_TEXT_BYTES,
    Step,
};
pub use clusters::{Cluster, ClusterPosition, Clusters, Layout, SymbolPosition};
pub use embeddings_index::EmbeddingsIndex;
pub use graph::{Ambiguous, Candidate, Coupling, Edge, Graph, GraphMetrics, Site, Unresolved};
pub use insights::{Insight, InsightClaim, InsightGroup, InsightValue, InsightWords, Insights, Measure};
pub use manifest::{
    Checksum, EmbeddingModel, EntryDigest, Generator, Manifest, Missing, Optional, Source, Statistics,
};
pub use nodes::{Complexity, Documentation, Nodes, Parameter, Symbol, shown_words};
pub use overviews::{ModuleOverview, OverviewText, Overviews};
pub use quality::{CallCounts, HistogramBucket, LanguageQuality, Quality, SummaryCounts};
pub use source_index::{Redaction, SourceIndex, SourceText};
pub use source_map::{Chunk, Document, Gap, Import, Section, SkippedFile, SourceFile, SourceMap};
pub use tour::{Flow, FlowStep, Quote, Tour, TourEvidence, TourItem, TourSection};
