//! What a search finds.

use ::search::{Field, Tier};
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
    /// Symbols, files, folders and sections that match, of which `hits` are the best.
    pub n_matches: u64,
    pub hits: Vec<SearchHit>,
}

/// Which parts of the ranking took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// Names in tiers, then BM25 over names, paths, signatures, documentation, summaries and source words.
    pub lexical: bool,
    /// Similarity of the query's vector to the symbols'.
    pub semantic: bool,
    /// Why the vectors took no part: `identifier`, `pack_without_vectors`, `no_embedder`, `other_model`,
    /// `model_missing`, `embedding_failed`.
    pub semantic_absent: Option<String>,
    /// The embedding model compared the best hits with the query once more.
    pub reranked: bool,
    /// Why it did not: `identifier`, `no_embedder`, `same_model` where it made the pack's vectors, `model_missing`,
    /// `nothing_to_compare`, `embedding_failed`.
    pub rerank_absent: Option<String>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchHit {
    pub kind: SearchKind,
    pub name: String,
    /// Of the file that holds it, or of the folder.
    pub path: String,
    /// Where a symbol was found.
    pub symbol: Option<SymbolSummary>,
    /// Where a section was found: the line of its heading.
    pub line: Option<u32>,
    /// How it was found; an earlier tier always comes before a later one.
    pub tier: SearchTier,
    /// Comparable within one tier of one answer only.
    pub score: f64,
    /// The parts that hold words of the query; empty where only the vectors are near.
    pub fields: Vec<SearchField>,
    /// Cosine of the query's vector to the symbol's.
    pub similarity: Option<f64>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    Symbol,
    File,
    Folder,
    Section,
}

/// How it was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchTier {
    /// The name, or the end of the qualified name, as typed.
    Exact,
    ExactIgnoringCase,
    /// The same letters in another notation, or with scopes left out.
    SameLetters,
    Prefix,
    /// By words and meaning.
    Words,
    /// Within a name, or by its initials.
    Within,
}

/// A part of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchField {
    Name,
    QualifiedName,
    Path,
    Signature,
    Documentation,
    Summary,
    /// The source text, or the names that it refers to.
    Body,
}

impl From<Tier> for SearchTier {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Exact => Self::Exact,
            Tier::ExactIgnoringCase => Self::ExactIgnoringCase,
            Tier::SameLetters => Self::SameLetters,
            Tier::Prefix => Self::Prefix,
            Tier::Words => Self::Words,
            Tier::Within => Self::Within,
        }
    }
}

impl From<Field> for SearchField {
    fn from(field: Field) -> Self {
        match field {
            Field::Name => Self::Name,
            Field::QualifiedName => Self::QualifiedName,
            Field::Path => Self::Path,
            Field::Signature => Self::Signature,
            Field::Documentation => Self::Documentation,
            Field::Summary => Self::Summary,
            Field::Body => Self::Body,
        }
    }
}
