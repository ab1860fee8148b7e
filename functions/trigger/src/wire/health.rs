//! How the process does, and the table of codes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The process lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
    pub version: String,
}

/// Whether the process can work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Readiness {
    pub ready: bool,
    pub checks: Vec<Check>,
}

/// One thing that the process needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// `store`, `ledger` or `intake`.
    pub name: String,
    pub ok: bool,
    /// What is wrong with it.
    pub detail: Option<String>,
}

/// Every stable code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorCodes {
    /// By code.
    pub items: Vec<ErrorCode>,
}

/// A code and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorCode {
    pub code: String,
    /// The answer's status where a request is refused with this code; null for what only jobs end with.
    pub status: Option<u16>,
    /// What it means, in a few words.
    pub title: String,
    /// What to do about it.
    pub help: String,
    pub origin: Origin,
}

/// Who says a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The API, about a request.
    Api,
    /// Whatever reads repositories, about a request or a job.
    Source,
    /// A stage, about a job.
    Job,
    /// The reader of docpacks, about a pack.
    Docpack,
}
