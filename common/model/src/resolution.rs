//! References turned into edges.

use docpack::{EdgeKind, Evidence, Language, SymbolId};
use serde::{Deserialize, Serialize};

/// Finds that are less sure than this are candidates, not edges.
pub const CONFIDENCE_FLOOR: f64 = 0.8;

/// What linking all files gave; every list is sorted and free of duplicates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// By source, target, kind.
    pub edges: Vec<Edge>,
    pub ambiguous: Vec<Ambiguous>,
    pub unresolved: Vec<Unresolved>,
    pub calls: Vec<LanguageCalls>,
    /// Names of callables that are used as values where no certain symbol is meant (`register(app.handle)`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed_over: Vec<String>,
}

impl Resolution {
    /// Adds what comes behind.
    pub fn append(&mut self, mut part: Self) {
        self.edges.append(&mut part.edges);
        self.ambiguous.append(&mut part.ambiguous);
        self.unresolved.append(&mut part.unresolved);
        self.calls.append(&mut part.calls);
        self.handed_over.append(&mut part.handed_over);
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    pub source: SymbolId,
    pub target: SymbolId,
    pub kind: EdgeKind,
    pub confidence: f64,
    pub evidence: Evidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    pub sites: Vec<Site>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site {
    pub line: u32,
    pub byte_start: u32,
}

/// A call that may mean several symbols, or one that is not sure enough to be an edge.
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

/// Calls of one name from one symbol that lead to no symbol of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolved {
    pub source: SymbolId,
    pub name: String,
    pub lines: Vec<u32>,
    pub reason: UnresolvedReason,
    /// The package or built-in namespace an external name belongs to, where an import says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnresolvedReason {
    External,
    Dynamic,
    Unknown,
}

impl UnresolvedReason {
    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Dynamic => "dynamic",
            Self::Unknown => "unknown",
        }
    }
}

/// Call sites of one language by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageCalls {
    pub language: Language,
    pub resolved: u32,
    pub ambiguous: u32,
    pub external: u32,
    /// Without a target, by reason.
    pub dynamic: u32,
    pub unknown: u32,
}
