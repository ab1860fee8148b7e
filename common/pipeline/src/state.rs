//! The state document of a job, and the small objects around it.

use std::collections::BTreeMap;
use std::time::Duration;

use docpack::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{JobId, Tenant, TraceId, UnitId};
use crate::key::{ArtifactKey, ArtifactRef, ObjectKey};
use crate::message::QueueGroup;
use crate::options::{BuildRequest, Precision};
use crate::plan::{Phase, StageName};
use crate::time::Timestamp;

/// Version of [`StateDocument`]; a document of another version is left alone.
pub const STATE_SCHEMA_VERSION: u32 = 2;

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
    /// Whose turn its messages take.
    #[serde(default, skip_serializing_if = "QueueGroup::is_shared")]
    pub queue_group: QueueGroup,
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
    /// What computes the vectors, fixed when the job was created; `None` without embeddings.
    pub embedder: Option<PinnedEmbedder>,
    /// The lists of units, by the stage that runs them.
    pub sealed: BTreeMap<StageName, SealedList>,
    /// Optional units that were lost.
    pub missing: Vec<Missing>,
    /// What generating will take at most; known once the graph is assembled.
    pub estimate: Option<Estimate>,
    /// When waiting for approval ends by itself.
    pub approval_expires_at: Option<Timestamp>,
    pub approval: Option<Approval>,
    pub result: Option<DocpackRef>,
    pub error: Option<JobError>,
    pub created_at: Timestamp,
    /// When the job fails if it is not over.
    pub deadline: Timestamp,
    /// Every phase entered, in order.
    pub phases: Vec<PhaseEntry>,
}

/// What computes a job's vectors, and what the manifest tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PinnedEmbedder {
    /// Of everything that decides a vector's bits; a worker of another class leaves the job alone.
    #[schemars(with = "String")]
    pub class: Digest,
    pub model: String,
    #[schemars(with = "String")]
    pub model_digest: Digest,
    pub precision: Precision,
    pub provider: String,
    pub max_tokens: u32,
    /// The runtime library and its version.
    pub runtime: String,
}

/// What the generate stage will take at most; all zero but the counts where no model writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    pub n_units: u32,
    pub n_symbols: u64,
    /// The model that would write; `None` when summaries are taken from the source.
    pub model: Option<String>,
    pub input_tokens: u64,
    pub max_output_tokens: u64,
    /// Most that it can cost, each question asked twice; in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// What it will cost by what answers took so far, and how far that may be off.
    #[serde(default)]
    pub expected_micro_usd: u64,
    #[serde(default)]
    pub error_micro_usd: u64,
    #[serde(default)]
    pub expected_output_tokens: u64,
    #[serde(default)]
    pub n_requests: u64,
    /// Requests whose reply is kept from before; they cost nothing.
    #[serde(default)]
    pub n_cached: u64,
    /// Time that the answers take at a usual speed.
    #[serde(default)]
    pub expected_ms: u64,
    /// First questions go through the batch endpoint: they cost half, and take up to a day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_batch: bool,
    /// The model's own way of counting is not known: tokens are those of another.
    #[serde(default)]
    pub tokens_are_estimated: bool,
    /// Day of the prices; `None` where the model has no price.
    #[serde(default)]
    pub prices_as_of: Option<String>,
}

impl StateDocument {
    /// Returns by how much, at least, the clocks of those who changed the phase disagree.
    ///
    /// Phases are entered one after the other, so a time before that of an earlier phase is another clock's.
    pub fn clock_skew(&self) -> Duration {
        let times = self.phases.iter().map(|entry| entry.at);
        let (_, skew) = times.fold((Timestamp::default(), Duration::ZERO), |(latest, skew), at| {
            (latest.max(at), skew.max(latest.since(at)))
        });
        skew
    }

    /// Returns how long the job took until its last phase change; at least so long, where clocks disagree.
    pub fn duration(&self) -> Duration {
        let last = self.phases.last().map_or(self.created_at, |last| last.at);
        last.since(self.created_at).saturating_sub(self.clock_skew())
    }

    /// Returns what may be spent on a model; `None` where none may be asked.
    pub fn spending_limit_micro_usd(&self) -> Option<u64> {
        let prose = self.request.options.prose.as_ref()?;
        if self.approval.as_ref().is_some_and(|approval| !approval.granted) {
            return None;
        }
        let approved = self.approval.as_ref().and_then(|approval| approval.limit_micro_usd);
        let estimated = self.estimate.as_ref().map_or(0, |estimate| estimate.cost_micro_usd);
        Some(approved.or(prose.budget_micro_usd).unwrap_or(estimated))
    }
}

impl Estimate {
    /// Names these very numbers: what is approved is an estimate, not a job.
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).expect("an estimate is numbers and a word"))
    }
}

/// Whether the estimate was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// Of the estimate.
    #[schemars(with = "String")]
    pub estimate: Digest,
    /// `false` when nobody answered in time: then nothing is spent.
    pub granted: bool,
    /// Most that may be spent, in millionths of a US dollar, where less or more than the estimate says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_micro_usd: Option<u64>,
    pub at: Timestamp,
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
#[schemars(rename = "MissingUnits")]
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
    /// When the unit was done.
    pub at: Timestamp,
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
        /// What the stage that this one feeds will take; assemble only.
        estimate: Option<Box<Estimate>>,
        /// Counts for people; nothing is decided by them.
        stats: BTreeMap<String, u64>,
        /// Why a part of the output is less than was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shortfall: Option<String>,
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
    /// Why a part of the output is less than was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
}
