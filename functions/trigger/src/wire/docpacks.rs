//! Docpacks that jobs made.

use docpack::records::{Manifest, Statistics};
use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::VisibilityWord;

/// A docpack in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocpackSummary {
    /// `sha256:` and 64 hex digits.
    pub docpack_id: String,
    /// The job that made it; null where the job was forgotten.
    pub job_id: Option<String>,
    pub owner: String,
    /// The repository's own name.
    pub name: String,
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    pub commit_hash: Option<String>,
    pub status: DocpackStatus,
    /// Of the archive.
    pub size_bytes: u64,
    /// When it was made; the commit's time where the job was forgotten.
    pub created_at: Timestamp,
    /// Who besides the caller may read it, in lists of what an account ordered; null elsewhere.
    pub visibility: Option<VisibilityWord>,
    pub statistics: Statistics,
    pub links: DocpackLinks,
}

/// Whether a docpack holds all that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocpackStatus {
    Completed,
    /// The manifest's `missing` says what is not there.
    Partial,
}

/// Paths of what belongs to a docpack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocpackLinks {
    #[serde(rename = "self")]
    pub this: String,
    pub download: String,
    /// Followed by an entry's path, such as `nodes.json`.
    pub entries: String,
    pub search: String,
    /// The picture that links to the docpack show.
    pub preview: String,
    /// Followed by a symbol's id.
    pub symbols: String,
    pub job: Option<String>,
}

/// A docpack with its manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Docpack {
    #[serde(flatten)]
    pub summary: DocpackSummary,
    pub manifest: Manifest,
}
