//! The state document of a job, and the small objects around it.

use std::collections::BTreeMap;

use docpack::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{JobId, Tenant, TraceId, UnitId};
use crate::key::{ArtifactKey, ArtifactRef, ObjectKey};
use crate::options::BuildRequest;
use crate::plan::{Phase, StageName};
use crate::time::Timestamp;

/// Version of [`StateDocument`]; a document of another version is left alone.
pub const STATE_SCHEMA_VERSION: u32 = 1;

/// Progress of one job; the only mutable truth, changed by compare-and-swap at phase changes only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateDocument {
    pub schema_version: u32,
    /// Grows by one with each write.
    pub rev: u64,
    /// Who wrote this revision, so that a writer whose answer was lost knows its own write.
    pub write_id: String,
    pub tenant: Tenant,
    pub job: JobId,
    /// Who asked for the job.
    pub owner: String,
    pub trace_id: TraceId,
    /// The job that this one repeats.
    pub parent: Option<JobId>,
    pub request: BuildRequest,
    /// How a local source looked when the job was created.
    #[schemars(with = "Option<String>")]
    pub source_fingerprint: Option<Digest>,
    /// The commit that ingest read.
    pub resolved_commit: Option<String>,
    pub phase: Phase,
    /// The versions of the stages that make this job, fixed when it was created.
    pub stage_versions: BTreeMap<StageName, String>,
    /// What decides a vector's bits, fixed when the job was created; `None` without embeddings.
    #[schemars(with = "Option<String>")]
    pub embedder_class: Option<Digest>,
    /// The lists of units, by the stage that runs them.
    pub sealed: BTreeMap<StageName, SealedList>,
    /// Optional units that were lost.
    pub missing: Vec<Missing>,
    pub result: Option<DocpackRef>,
    pub error: Option<JobError>,
    pub created_at: Timestamp,
    /// When the job fails if it is not over.
    pub deadline: Timestamp,
    /// Every phase entered, in order.
    pub phases: Vec<PhaseEntry>,
}

/// A list of units that will not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealedList {
    /// Of the list as it is stored.
    #[schemars(with = "String")]
    pub digest: Digest,
    pub n_units: u32,
}

/// Optional units of one stage that were lost for one reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    pub stage: StageName,
    pub code: String,
    pub n_units: u32,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobError {
    /// Stable snake_case word.
    pub code: String,
    pub message: String,
    pub stage: Option<StageName>,
    pub unit: Option<UnitId>,
}

/// A docpack in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocpackRef {
    #[schemars(with = "String")]
    pub docpack_id: Digest,
    /// Of the archive's bytes.
    #[schemars(with = "String")]
    pub archive_sha256: Digest,
    pub size_bytes: u64,
}

impl DocpackRef {
    /// Names the archive's object.
    pub fn key(&self, tenant: &Tenant) -> ObjectKey {
        let Self { docpack_id, archive_sha256, .. } = self;
        ArtifactKey::Docpack { docpack_id, archive_sha256 }.of(tenant)
    }
}

/// A phase's beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseEntry {
    pub phase: Phase,
    pub at: Timestamp,
}

/// A unit's completion; written once, first writer wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The try that wrote it.
    pub try_number: u32,
    pub outcome: Outcome,
}

/// How a unit ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    Done {
        output: ArtifactRef,
        /// The list of units of the stage that this one feeds, where it feeds one.
        seals: Option<SealedList>,
        resolved_commit: Option<String>,
        docpack: Option<DocpackRef>,
        /// Counts for people; nothing is decided by them.
        stats: BTreeMap<String, u64>,
    },
    Failed {
        code: String,
        message: String,
    },
}

/// One unit of a finished list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitResult {
    pub unit: UnitId,
    /// The output, or the code of the error that took its place.
    pub output: Result<ArtifactRef, String>,
}
