//! `source_map.json`: the files, with their imports and chunks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ChunkId, SymbolId};
use crate::open::Open;
use crate::vocabulary::{ByteRange, Language, Role};

/// `source_map.json`: the files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceMap {
    /// In ascending path order.
    pub files: Vec<SourceFile>,
    /// In ascending path order.
    pub skipped: Vec<SkippedFile>,
    /// Texts about the code, in ascending path order; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// One file that was parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// From the root of the repository, with `/`.
    pub file_path: String,
    /// What it is written in.
    pub language: Open<Language>,
    /// Its size.
    pub bytes: u64,
    /// Over its bytes, 64 hex digits.
    pub sha256: String,
    /// How many lines it has.
    pub lines: u32,
    /// What it is for; left out in packs before 1.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Open<Role>>,
    /// Why it has its role: a code, then what was found, such as `path:tests/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_reason: Option<String>,
    /// In file order.
    pub imports: Vec<Import>,
    /// In file order.
    pub chunks: Vec<Chunk>,
    /// What was not read of it, in ascending order of code; left out where all was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// Something of a file that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Why, as a stable word: `syntax_error`, or a limit such as `too_many_symbols`.
    pub code: String,
    /// How many places; 1 for what concerns the file as a whole.
    pub places: u32,
    /// 1-based, of the first place, where a line can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// One import statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    /// As written.
    pub raw: String,
    /// In normal form.
    pub path: String,
    /// 1-based.
    pub line: u32,
}

/// One text that is embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chunk {
    /// Derived from path, text and ordinal.
    pub chunk_id: ChunkId,
    /// Where its text lies.
    pub byte_range: ByteRange,
    /// Over the chunk's text as embedded, 64 hex digits.
    pub sha256: String,
    /// The symbols whose text it holds.
    pub symbol_ids: Vec<SymbolId>,
}

/// A file that was seen and not parsed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SkippedFile {
    /// From the root of the repository, with `/`.
    pub file_path: String,
    /// Why, as a stable word.
    pub reason: String,
}

/// One text about the code that was read: Markdown, reStructuredText or plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// From the root of the repository, with `/`.
    pub file_path: String,
    /// Its size.
    pub bytes: u64,
    /// Over its bytes, 64 hex digits.
    pub sha256: String,
    /// What it is for: `documentation`, or what its path says.
    pub role: Open<Role>,
    /// In file order.
    pub sections: Vec<Section>,
}

/// A heading of a document and the text under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// The heading without its marks.
    pub title: String,
    /// How deep it is; 1 for the highest.
    pub level: u32,
    /// 1-based, of the heading.
    pub line: u32,
    /// From the heading to the next heading of its level or above.
    pub byte_range: ByteRange,
    /// The symbols that its text names, up to the next heading of any level, in the order in which it names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbol_ids: Vec<SymbolId>,
}
