//! What a search finds.

use docpack::{Language, LineRange, Open, SymbolKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A symbol in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SymbolSummary {
    pub id: String,
    pub name: String,
    pub qualified_name: String,
    pub kind: Open<SymbolKind>,
    pub language: Open<Language>,
    pub file_path: String,
    pub line_range: LineRange,
    pub signature: String,
    pub cluster_id: Option<String>,
    pub centrality: f64,
    pub summary: Option<String>,
}

/// What a search finds, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchResults {
    pub query: String,
    pub ranking: Ranking,
    /// Symbols that match, of which `hits` are the best.
    pub n_matches: u64,
    pub hits: Vec<SearchHit>,
}

/// Which parts of the ranking took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// BM25 over names, identifiers split by case, signatures, documentation and summaries.
    pub lexical: bool,
    /// Similarity of the query's vector to the symbols'.
    pub semantic: bool,
    /// Why the vectors took no part: `pack_without_vectors`, `no_embedder`, `other_model`.
    pub semantic_absent: Option<String>,
}

/// One symbol that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchHit {
    pub symbol: SymbolSummary,
    /// Reciprocal ranks, added; comparable within one answer only.
    pub score: f64,
    /// Place by words, from 1.
    pub lexical_rank: Option<u32>,
    /// Place by vectors, from 1.
    pub semantic_rank: Option<u32>,
    /// Cosine of the query's vector to the symbol's.
    pub similarity: Option<f64>,
}
