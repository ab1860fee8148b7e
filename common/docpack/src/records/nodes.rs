//! `nodes.json`: the symbols.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{BodyDigest, ClusterId, SymbolId};
use crate::open::Open;
use crate::vocabulary::{ByteRange, Language, LineRange, Role, SymbolKind, Visibility};

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
    pub kind: Open<SymbolKind>,
    /// What it is written in.
    pub language: Open<Language>,
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
    pub visibility: Open<Visibility>,
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
    /// What it is for; left out in packs before 1.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Open<Role>>,
    /// Why it has its role; left out where its file says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_reason: Option<String>,
    /// Changes with the code of the definition, and not with its place or layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_digest: Option<BodyDigest>,
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
    /// What it is where a call leaves it out, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
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
    /// `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked.
    pub verdict: String,
    /// What each sentence rests on: `doc_comment`, `signature`, `calls:<name>` and the like.
    pub evidence: Vec<String>,
}

/// The verdict on words of which a model wrote a part that nobody checked.
const UNCHECKED: &str = "unchecked";

/// Marks words for people where a part of them was checked by nobody.
pub fn shown_words<'t>(text: &'t str, verdict: &str) -> Cow<'t, str> {
    if verdict == UNCHECKED { Cow::Owned(format!("{text} (unchecked)")) } else { Cow::Borrowed(text) }
}

impl Documentation {
    /// Returns the summary as it is shown to people: marked where a part of it was checked by nobody.
    pub fn shown(&self) -> Cow<'_, str> {
        shown_words(&self.summary, &self.verdict)
    }
}
