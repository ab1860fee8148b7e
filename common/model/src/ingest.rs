//! What ingest leaves for the stages after it.

use docpack::{ChunkId, Digest, Language, LineRange};
use serde::{Deserialize, Serialize};

use crate::facts::{Finding, Import, Symbol};
use crate::resolution::Resolution;
use crate::role::FoundRole;

/// What was read, in words that name no local path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRevision {
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    pub commit_hash: Option<String>,
    /// RFC 3339 in UTC; the epoch without a commit.
    pub commit_time: String,
    /// Over path, size and digest of every file read, in path order.
    pub tree_digest: Digest,
    pub dirty: bool,
}

/// A file that was not parsed, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    pub file_path: String,
    pub reason: String,
}

/// Chunks that are embedded together: at most 256, in file order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkShard {
    pub chunks: Vec<ShardChunk>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardChunk {
    pub chunk_id: ChunkId,
    pub text_sha256: Digest,
    pub text: String,
}

/// The facts of consecutive files, without what only linking needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FactsSegment {
    pub files: Vec<FileRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentRecord>,
}

/// A text about the code: Markdown, reStructuredText or plain text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    pub file_path: String,
    pub size_bytes: u64,
    pub sha256: Digest,
    pub role: FoundRole,
    /// In file order.
    pub sections: Vec<Section>,
    /// The sentence that introduces it; of a README, what its folder is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    pub findings: Vec<Finding>,
    /// The text with secrets masked: of a README cut at [`MAX_README_CHARS`], of a page of documentation at
    /// [`MAX_PAGE_CHARS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beginning: Option<String>,
}

/// A heading of a document and the text under it, to the next heading of its level or above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    /// 1 for the highest.
    pub level: u32,
    pub line: u32,
    pub byte_range: docpack::ByteRange,
    /// The code that its text names, as written, up to the next heading of any level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// The texts of consecutive files, secrets masked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSegment {
    pub files: Vec<SourceText>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceText {
    pub file_path: String,
    pub text: String,
    /// In file order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redactions: Vec<Redaction>,
}

/// Where a secret stood, and the rule that found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    pub byte_range: docpack::ByteRange,
    pub rule: String,
}

/// One parsed file as assemble and pack read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileRecord {
    pub file_path: String,
    pub language: Language,
    pub size_bytes: u64,
    pub sha256: Digest,
    pub n_lines: u32,
    pub role: FoundRole,
    pub n_error_nodes: u32,
    pub symbols: Vec<Symbol>,
    pub imports: Vec<Import>,
    pub chunks: Vec<ChunkRecord>,
    pub findings: Vec<Finding>,
}

/// A chunk without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkRecord {
    pub chunk_id: ChunkId,
    pub byte_range: docpack::ByteRange,
    pub line_range: LineRange,
    /// Indices into the file's symbols, the owner first.
    pub symbols: Vec<u32>,
    pub text_sha256: Digest,
}

/// Ingest's own output: where everything else of it lies, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngestOutput {
    pub source: SourceRevision,
    /// [`FactsSegment`]s in the order of the files.
    pub segments: Vec<Digest>,
    /// Parts of the [`Resolution`], in order.
    pub resolution: Vec<Digest>,
    /// [`ChunkShard`]s, where anything is to be read out of their texts: vectors, or a model's prompts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<Digest>,
    /// [`SourceSegment`]s, where the pack is to hold the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Digest>,
    /// By path.
    pub skipped: Vec<Skipped>,
    /// Text of the README at the root, cut at [`MAX_README_CHARS`].
    pub readme: Option<String>,
    /// What the manifest at the root says the package is, cut at [`MAX_DESCRIPTION_CHARS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Files that manifests or other files give another role than their record, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<(String, FoundRole)>,
    pub n_files: u32,
    pub n_symbols: u32,
    pub n_chunks: u32,
}

/// All that ingest left but the texts, as the stages after it read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub ingest: IngestOutput,
    /// By path, with their final roles.
    pub files: Vec<FileRecord>,
    /// By path.
    pub documents: Vec<DocumentRecord>,
    pub resolution: Resolution,
}

impl Facts {
    /// Joins the parts that an output names.
    pub fn new(ingest: IngestOutput, segments: Vec<FactsSegment>, resolution: Vec<Resolution>) -> Self {
        let mut files = Vec::with_capacity(ingest.n_files as usize);
        let (mut documents, mut whole) = (Vec::new(), Resolution::default());
        for segment in segments {
            files.extend(segment.files);
            documents.extend(segment.documents);
        }
        resolution.into_iter().for_each(|part| whole.append(part));
        ingest.settle_roles(&mut files);
        files.sort_by(|a, b| a.file_path.cmp(&b.file_path));
        documents.sort_by(|a, b| a.file_path.cmp(&b.file_path));
        Self { ingest, files, documents, resolution: whole }
    }

    /// Bytes of the source that they were read from.
    pub fn n_source_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }
}

impl IngestOutput {
    /// Gives files the roles that were known only once every file had been read.
    fn settle_roles(&self, files: &mut [FileRecord]) {
        for file in files {
            let found = self.roles.binary_search_by(|(path, _)| path.as_str().cmp(&file.file_path));
            if let Ok(found) = found {
                file.role = self.roles[found].1.clone();
            }
        }
    }
}

/// More of a manifest's description is never told.
pub const MAX_DESCRIPTION_CHARS: usize = 1_000;
/// More of a README is never told.
pub const MAX_README_CHARS: usize = 16_000;
/// Further down, a page of documentation explains details.
pub const MAX_PAGE_CHARS: usize = 40_000;
