//! What is told about one symbol to whoever puts it into words, and the words that come back.

use std::collections::BTreeMap;

use docpack::records::{Insight, InsightWords};
use docpack::{Digest, Language, Role, SymbolId, SymbolKind, Visibility};
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::facts::{Complexity, Parameter};

/// Lists of neighbours are cut at this length; the totals beside them are not.
pub const MAX_LISTED: usize = 10;
/// Related symbols told.
pub const MAX_RELATED: usize = 3;

/// The computed facts about one symbol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SymbolContext {
    pub id: SymbolId,
    pub name: String,
    pub qualified_name: String,
    pub kind: SymbolKind,
    pub language: Language,
    pub file_path: String,
    pub role: Role,
    pub n_lines: u32,
    pub signature: String,
    pub parameters: Vec<Parameter>,
    pub return_type: Option<String>,
    pub modifiers: Vec<String>,
    pub attributes: Vec<String>,
    pub visibility: Visibility,
    pub exported: bool,
    pub bases: Vec<String>,
    pub implements: Vec<String>,
    pub doc_comment: Option<String>,
    /// The enclosing symbol, the file's module symbol left out.
    pub parent: Option<Neighbour>,
    /// Direct members of a type, impl or module, most central first.
    pub members: Vec<Neighbour>,
    pub n_members: u32,
    /// Most called first.
    pub calls: Vec<Neighbour>,
    pub n_calls: u32,
    pub called_by: Vec<Neighbour>,
    pub n_called_by: u32,
    /// How many of these are in tests, benchmarks or examples; they come last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_called_by_support: u32,
    /// No unresolved or ambiguous call of the repository could mean this symbol.
    pub callers_complete: bool,
    /// Third-party packages its calls lead to.
    pub external: Vec<String>,
    /// Modules its file imports, as normalised paths.
    pub imports: Vec<String>,
    pub related: Vec<Neighbour>,
    pub cluster_label: Option<String>,
    pub centrality: f64,
    pub complexity: Option<Complexity>,
    /// What it does, of callables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Box<Body>>,
    /// How other symbols stand to it, beside calls.
    #[serde(default, skip_serializing_if = "Standing::is_empty")]
    pub standing: Standing,
    /// The symbol's own text, for the prompt and the check; extractive words need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How other symbols stand to one, beside calls: what it overrides, who uses it, which of them is set or read where.
///
/// Lists hold at most [`MAX_LISTED`] symbols of the product, most central first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// The member of a base type, interface or trait that it overrides or implements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Neighbour>,
    /// What the author says of that member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited_doc: Option<String>,
    /// Types that extend or implement it.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub subtypes: Listed,
    /// Callables that return a type, by their signatures.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub returned_by: Listed,
    /// Callables that take a type as an argument.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub taken_by: Listed,
    /// Symbols that it decorates.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub decorates: Listed,
    /// Symbols that hand it over as a value, such as a handler.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub handed_over_by: Listed,
    /// Callables that set a field or variable.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub set_by: Listed,
    /// Callables that name a field, variable or constant in what they call, return or decide by.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub read_by: Listed,
    /// What a constant or variable is set to where it is declared, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The most central of a file's own symbols whose author says what it is, with that comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_member: Option<(Neighbour, String)>,
}

impl Standing {
    /// Tells whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Symbols in the order in which they are told, with the number of all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub first: Vec<Neighbour>,
    pub n_all: u32,
}

impl Listed {
    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}

/// A symbol named from another one's context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    pub id: SymbolId,
    pub name: String,
    /// `Type.method` or `module.name`, short enough to read.
    pub display_name: String,
    pub kind: SymbolKind,
    pub file_path: String,
}

/// What one generate unit puts into words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GenerateInput {
    Symbols(Vec<SymbolContext>),
    Repository(Box<RepositoryContext>),
    /// What the facts answer to standing questions; only where a model is to choose among it.
    Insights(Vec<Insight>),
}

/// Words about one symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub id: SymbolId,
    pub text: String,
    pub source: SummarySource,
    pub verdict: Verdict,
    /// What each sentence rests on: `doc_comment`, `signature`, `calls:<name>` and the like.
    pub evidence: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummarySource {
    Model,
    Extractive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Each part of it is shown by the code or was written by its author.
    Verified,
    /// A model wrote a part of it that nothing shows.
    Unchecked,
    Extractive,
}

impl Verdict {
    /// Returns the word that the format uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unchecked => "unchecked",
            Self::Extractive => "extractive",
        }
    }
}

/// What generate made of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerateOutput {
    pub words: Words,
    /// Answers that the check refused for good; the extractive form stands in.
    pub n_rejected: u32,
    /// What was asked, where the pack is to hold it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    Symbols(Vec<Summary>),
    Repository(Box<OverviewSet>),
    /// Of the questions to which a model gave a usable answer.
    Insights(Vec<InsightWords>),
}

/// One question to a model, exactly as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub model: String,
    pub system: String,
    pub user: String,
    /// JSON Schema of the answer.
    pub schema: String,
    pub max_output_tokens: u32,
    /// By which the audit and the cache of replies know it. No reply as it came is in a pack: nobody checked it.
    pub digest: Digest,
}

/// What is told about the repository as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RepositoryContext {
    /// The last part of the repository's URL, where there is one.
    pub name: Option<String>,
    /// Text of the README at the root.
    pub readme_lead: Option<String>,
    /// What the manifest at the root says the package is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Largest first.
    pub languages: Vec<LanguageShare>,
    pub n_files: u32,
    pub n_symbols: u32,
    pub n_edges: u32,
    /// One per folder that holds parsed files, in path order.
    pub modules: Vec<ModuleContext>,
    pub clusters: Vec<ClusterContext>,
    /// Most central symbols of the whole, most central first.
    pub central: Vec<Neighbour>,
    /// Callables that run first: `main` functions, command-line entries.
    pub entry_points: Vec<Neighbour>,
    /// Third-party packages by number of call sites, most used first.
    pub external: Vec<ExternalUse>,
    pub coupling: Vec<crate::assembly::Coupling>,
    /// What is said of the symbols that are named above, where a model is to tell of the whole.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub summaries: BTreeMap<SymbolId, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageShare {
    pub language: Language,
    pub n_files: u32,
    pub n_lines: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModuleContext {
    /// The folder, `.` for the root.
    pub path: String,
    pub languages: Vec<Language>,
    pub n_files: u32,
    pub n_symbols: u32,
    /// Doc comment of the folder's own module file (`mod.rs`, `lib.rs`, `__init__.py`, `doc.go`, `index.ts`).
    pub doc_comment: Option<String>,
    pub doc_file: Option<String>,
    /// What the folder's README says that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readme_lead: Option<String>,
    /// Most central exported symbols, at most ten.
    pub central: Vec<Neighbour>,
    /// Those of them whose author says what they are, with that comment; first what is named as the folder is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub described: Vec<(Neighbour, String)>,
    /// What all its code is for, unless that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Labels of the clusters that most of its symbols belong to, at most three.
    pub cluster_labels: Vec<String>,
    /// Folders it refers to and that refer to it, heaviest first, at most ten.
    pub depends_on: Vec<String>,
    pub used_by: Vec<String>,
    pub n_functions: u32,
    pub n_types: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterContext {
    pub label: String,
    pub n_members: u32,
    pub central: Vec<Neighbour>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalUse {
    pub package: String,
    pub n_sites: u32,
}

/// Words about the repository and its folders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewSet {
    pub architecture: Overview,
    /// In path order.
    pub modules: Vec<Overview>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The folder; empty for the architecture.
    pub path: String,
    pub text: String,
    pub source: SummarySource,
    pub verdict: Verdict,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
