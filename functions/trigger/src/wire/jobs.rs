//! Jobs: what is asked for, how far it is, what became of it.

use std::collections::BTreeMap;

use pipeline::state::Missing;
use pipeline::{BuildOptions, Envelope, Phase, StageName, Tags, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to make a docpack of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobRequest {
    /// Address of a git repository in any of its forms, or `owner/repo[@ref]` on GitHub.
    #[schemars(length(min = 1, max = 2048))]
    pub repo_url: String,
    /// Branch, tag or commit; the default branch without it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 255))]
    pub git_ref: Option<String>,
    #[serde(default)]
    pub options: BuildOptions,
    /// What every event of the job carries as `meta.tags`; a job that is already under way keeps its own.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// Where to post the end of this job, signed with the account's secret for webhooks; `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub callback_url: Option<String>,
}

/// A job that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubmittedJob {
    pub job: JobSummary,
    pub links: JobLinks,
    /// By the repository's size alone; `GET /v1/jobs/{job_id}` has a better one once the graph is there.
    pub estimate: JobEstimate,
}

/// A job in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobSummary {
    pub job_id: String,
    pub owner: String,
    /// The repository's own name.
    pub name: String,
    /// The normalised address; null for a local folder or archive.
    pub repo_url: Option<String>,
    /// The ref that was asked for beside the address; null for the one that the address names, or the default branch.
    pub git_ref: Option<String>,
    /// Whether nothing was asked for but the repository and its ref: all that the pack depends on is at its default.
    pub has_default_options: bool,
    /// The commit that is read; null until it is known, and for what has none.
    pub commit_hash: Option<String>,
    pub phase: Phase,
    /// Whether the phase is a last one.
    pub is_over: bool,
    pub created_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    /// From submission to the end; null until then.
    pub duration_ms: Option<u64>,
    pub docpack_id: Option<String>,
    /// Why the job failed.
    pub error_code: Option<String>,
    /// What the job cost, in millionths of a US dollar; null until it is over.
    pub cost_micro_usd: Option<u64>,
    pub links: JobLinks,
}

/// Paths of what belongs to a job; null for what cannot be asked for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobLinks {
    #[serde(rename = "self")]
    pub this: String,
    pub events: String,
    /// While the job waits for approval.
    pub approve: Option<String>,
    /// While the job is not over.
    pub cancel: Option<String>,
    /// Once the job is over.
    pub retry: Option<String>,
    /// Once the job has a docpack.
    pub docpack: Option<String>,
    pub download: Option<String>,
}

/// How far a job is, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    #[serde(flatten)]
    pub summary: JobSummary,
    /// The job that this one repeats.
    pub parent_job_id: Option<String>,
    pub options: BuildOptions,
    /// When the job fails if it is not over.
    pub deadline: Timestamp,
    /// Every phase that was entered, in order.
    pub phases: Vec<PhaseTime>,
    /// One for each stage, in order.
    pub stages: Vec<StageProgress>,
    pub statistics: JobStatistics,
    /// What a language model will take; null until the graph is there.
    pub estimate: Option<JobEstimate>,
    /// When waiting for approval ends by itself, and summaries are taken from the source.
    pub approval_expires_at: Option<Timestamp>,
    /// What the job took; null until it is over.
    pub cost: Option<JobCost>,
    /// Optional work that was lost.
    pub missing: Vec<Missing>,
    pub error: Option<JobFailure>,
}

/// When a phase began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseTime {
    pub phase: Phase,
    pub at: Timestamp,
}

/// How far one stage is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageProgress {
    pub stage: StageName,
    pub state: StageState,
    /// Null until the list of units is sealed.
    pub units_total: Option<u32>,
    pub units_done: u32,
    /// From when its units could be worked on; they may have waited for a worker since, which the event
    /// `…started.v1` tells.
    pub started_at: Option<Timestamp>,
    /// When the last unit was done, once all are.
    pub finished_at: Option<Timestamp>,
    /// The stage's own counts over the units that are done, such as `files` and `symbols` of ingest,
    /// `chunks` and `tokens` of embed.
    pub counts: BTreeMap<String, u64>,
    /// Of what the stage counts first (files, chunks, symbols), for each second since `started_at`.
    pub rate_per_second: Option<f64>,
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    Waiting,
    Running,
    Done,
    /// It ended the job; `error` says why.
    Failed,
    /// The job has no work for it, or ended before it.
    Skipped,
}

/// What ingest and embed found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobStatistics {
    pub files: u64,
    pub symbols: u64,
    pub chunks: u64,
    /// Bytes of source that were read.
    pub bytes: u64,
    /// By language, as in `nodes.json`.
    pub languages: BTreeMap<String, LanguageCounts>,
    /// Files left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Files of which a part could not be parsed.
    pub files_with_errors: u64,
    /// Places that could not be parsed.
    pub parse_errors: u64,
    /// Files of which something was not read, those with syntax errors among them; `ingest.file_partly_read.v1`
    /// names the first 500.
    pub files_partly_read: u64,
    /// Chunks with vectors so far.
    pub chunks_embedded: u64,
    /// Worker time that one chunk took to embed, those from the cache left out.
    pub ms_per_chunk: Option<f64>,
}

/// What was found of one language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageCounts {
    pub files: u64,
    pub symbols: u64,
    pub bytes: u64,
}

/// What a job will take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobEstimate {
    pub basis: EstimateBasis,
    /// Of these very numbers; approving names them. Null by size, where there is nothing to approve.
    pub digest: Option<String>,
    /// Bytes of source; null where the host does not tell.
    pub source_bytes: Option<u64>,
    pub n_symbols: Option<u64>,
    /// The model that would write; null where summaries are taken from the source.
    pub model: Option<String>,
    pub n_requests: u64,
    pub input_tokens: u64,
    pub max_output_tokens: u64,
    /// What a model will cost by experience, in millionths of a US dollar.
    pub expected_micro_usd: u64,
    /// How far that may be off.
    pub error_micro_usd: u64,
    /// Most that it can cost.
    pub cost_micro_usd: u64,
    /// How long the model's answers take.
    pub expected_ms: u64,
    /// Day of the prices; null where the model has no price, or none is asked.
    pub prices_as_of: Option<String>,
}

/// What an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EstimateBasis {
    /// The repository's size; half or twice as much is usual.
    Size,
    /// The questions that will be asked.
    Graph,
}

/// What a job took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobCost {
    /// A job that gave nothing costs its owner nothing.
    pub billable: bool,
    /// Worker time of all stages.
    pub worker_ms: u64,
    /// Of a language model, in millionths of a US dollar.
    pub tokens_micro_usd: u64,
    /// Tokens of questions and answers.
    pub n_tokens: u64,
    /// Worker time by stage.
    pub stages: BTreeMap<StageName, u64>,
    /// What it costs in a cloud by the table of prices, in millionths of a US dollar; null without a table.
    pub total_micro_usd: Option<u64>,
    pub prices_as_of: Option<String>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobFailure {
    pub code: String,
    pub message: String,
    /// What to do about it.
    pub help: String,
    pub stage: Option<StageName>,
    /// Whether making the job once more may help.
    pub is_retryable: bool,
}

/// Agrees to an estimate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApproveRequest {
    /// Most that may be spent; without it what the estimate says at most.
    pub limit_micro_usd: Option<u64>,
    /// Digest of the estimate that was read; refused where the job has another.
    pub estimate_digest: Option<String>,
}

/// Events that follow each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventPage {
    pub events: Vec<StreamedEvent>,
    /// To be given as `after` next time; null before the first event.
    pub next: Option<String>,
    /// The last event was `job.completed.v1`: nothing will follow.
    pub is_over: bool,
}

/// An event and its place in the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StreamedEvent {
    /// Opaque; what a stream has as `id`.
    pub cursor: String,
    pub event: Envelope,
}
