//! `source_index.json`: where the text of each file lies under `source/`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the text of each file lies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceIndex {
    /// In ascending path order.
    pub files: Vec<SourceText>,
}

/// Where the text of one file lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceText {
    /// A file or a document of `source_map.json`.
    pub file_path: String,
    /// The number in the name of the entry: 3 for `source/0003.txt`.
    pub part: u32,
    /// Where the text begins in that entry.
    pub offset: u32,
    /// The size of the text, and of the file.
    pub bytes: u32,
    /// What was made unreadable, in file order.
    pub redactions: Vec<Redaction>,
}

/// A secret, each of whose bytes but line feeds was replaced by `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Redaction {
    /// The first byte in the file.
    pub start: u32,
    /// The byte past the last.
    pub end: u32,
    /// Which rule found it.
    pub rule: String,
}
