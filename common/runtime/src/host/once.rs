//! One unit of work: one JSON in, one JSON out.
//!
//! The input is a queue's message (`doctown.unit/1`), which runs a unit of a job in the store, or a
//! direct request (`doctown.stage/1`), which brings its input along and leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use docpack::Digest;
use pipeline::attempt::VISIBILITY;
use pipeline::error::PipelineError;
use pipeline::message::MESSAGE_SCHEMA;
use pipeline::port::{PutMode, QueueName, Receipt, Received, StoreError};
use pipeline::state::{Marker, Outcome};
use pipeline::{
    ArtifactKey, ArtifactRef, ArtifactStore, AttemptEnd, AttemptLimits, BuildRequest, DocpackRef, JobFamily,
    JobId, Message, NewJob, Ports, Queue, StageName, Stages, StateDocument, Tenant, UnitId, Worker,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tracing::Instrument;

use crate::clock::SystemClock;
use crate::host::Watch;
use crate::host::local::stage_versions;
use crate::ports::{LocalPorts, Observer};
use crate::queue::MemoryQueue;
use crate::store::MemoryStore;
use crate::telemetry::message_span;

/// Version of [`DirectRequest`].
pub const REQUEST_SCHEMA: &str = "doctown.stage/1";
/// Version of [`OnceAnswer`].
pub const ANSWER_SCHEMA: &str = "doctown.stage-answer/1";
/// Longest output that an answer repeats; longer ones are named only.
const MAX_INLINE_BYTES: usize = 4_000_000;
/// A request that takes longer belongs into a job.
const TIME_LIMIT: Duration = Duration::from_secs(24 * 3_600);

/// Runs one stage on what is given here.
///
/// Anywhere in `input` and `earlier`, `{"$digest": {"json": …}}` or `{"$digest": {"hex": "…"}}` stores
/// an artifact and stands for its digest, so that outputs that name others can be written inline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectRequest {
    /// Always `doctown.stage/1`.
    pub schema: String,
    pub stage: StageName,
    pub request: BuildRequest,
    /// What the unit is named after, for a stage with many units.
    #[serde(default)]
    pub input: Option<Value>,
    /// Outputs of the stages before, one for each unit.
    #[serde(default)]
    pub earlier: BTreeMap<StageName, Vec<Value>>,
}

/// What became of one unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OnceAnswer {
    /// Always `doctown.stage-answer/1`.
    pub schema: String,
    pub status: OnceStatus,
    pub stage: StageName,
    pub unit: UnitId,
    /// How the attempt ended, in a word: `done`, `already_done`, `postponed` and so forth.
    pub end: String,
    pub output: Option<ArtifactRef>,
    /// The output itself, for a direct request, where it is JSON and not too long.
    pub output_json: Option<Value>,
    pub docpack: Option<DocpackRef>,
    /// Units that this one hands on.
    pub n_sealed_units: u32,
    pub stats: BTreeMap<String, u64>,
    pub error: Option<OnceFailure>,
}

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnceStatus {
    Success,
    Failed,
    /// The unit could not run now.
    Skipped,
}

/// Why a unit failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OnceFailure {
    /// Stable snake_case word.
    pub code: String,
    pub message: String,
    pub retryable: bool,
}

/// The input cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    #[error("input is neither `{MESSAGE_SCHEMA}` nor `{REQUEST_SCHEMA}`: {reason}")]
    Malformed { reason: String },
    #[error("stage `{stage}` needs `{field}`: {reason}")]
    Incomplete { stage: StageName, field: &'static str, reason: &'static str },
    #[error("this process is not ready yet")]
    NotReady,
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
}

impl OnceError {
    /// Returns the stable word for the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::Incomplete { .. } => "incomplete",
            Self::NotReady => "not_ready",
            Self::Pipeline(PipelineError::Damaged { .. }) => "artifact_damaged",
            Self::Pipeline(PipelineError::StateDamaged { .. }) => "state_damaged",
            Self::Pipeline(PipelineError::OtherSchema { .. }) => "state_of_other_version",
            Self::Pipeline(_) => "store_unavailable",
        }
    }
}

impl From<StoreError> for OnceError {
    fn from(error: StoreError) -> Self {
        Self::Pipeline(error.into())
    }
}

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
pub enum OnceRequest {
    Unit(Message),
    Direct(Box<DirectRequest>),
}

impl OnceRequest {
    /// Reads the input, which says by its `schema` what it is.
    pub fn parse(text: &str) -> Result<Self, OnceError> {
        let malformed = |reason: String| OnceError::Malformed { reason };
        let value: Value = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        let schema = value.get("schema").and_then(Value::as_str).unwrap_or_default().to_owned();
        match schema.as_str() {
            MESSAGE_SCHEMA => serde_json::from_value(value).map(Self::Unit),
            REQUEST_SCHEMA => serde_json::from_value(value).map(Self::Direct),
            _ => return Err(malformed(format!("`schema` is `{schema}`"))),
        }
        .map_err(|error| malformed(error.to_string()))
    }
}

/// Runs a unit of a job that is in the store; the job then moves on as far as it can.
pub async fn run_unit<P: Ports, S: Stages>(
    worker: &Worker<P, S>,
    message: &Message,
    limits: &AttemptLimits,
    watch: &dyn Watch,
) -> Result<OnceAnswer, OnceError> {
    let received =
        Received { body: message.to_body(), receipt: Receipt::none(), receive_count: 1, sent_at: None };
    let queue = QueueName::work(message.stage);
    let span = message_span(queue, &received);
    let end = worker.attempt_within(queue, &received, limits).instrument(span).await?;
    watch.ended(queue, &end);
    answer(worker, message, &end).await
}

/// Runs a stage on a request's own input, in memory.
pub async fn run_direct<S: Stages>(
    stages: S,
    direct: DirectRequest,
    observer: Option<Observer>,
) -> Result<OnceAnswer, OnceError> {
    run_direct_in(MemoryStore::default(), stages, direct, observer).await
}

/// Runs a stage on a request's own input, with its artifacts in a store; each call is a run of its own.
pub async fn run_direct_in<T: ArtifactStore, S: Stages>(
    store: T,
    stages: S,
    direct: DirectRequest,
    observer: Option<Observer>,
) -> Result<OnceAnswer, OnceError> {
    check(&direct)?;
    let ports = LocalPorts { store, queue: MemoryQueue::new(SystemClock), clock: SystemClock, observer };
    let worker = Worker::new(Arc::new(ports), stages, "once");
    let (state, unit) = place(&worker, &direct).await?;
    let message = Message::new(&state, direct.stage, &unit, None);
    let queue = QueueName::work(direct.stage);
    let port = worker.coordinator().ports().queue();
    port.send(queue, &message.to_body(), Duration::ZERO).await.map_err(PipelineError::from)?;
    let received = port.receive(queue, VISIBILITY).await.map_err(PipelineError::from)?;
    let end = match received {
        Some(received) => worker.attempt(queue, &received).await?,
        None => AttemptEnd::UnknownJob,
    };
    let mut answer = answer(&worker, &message, &end).await?;
    answer.output_json = output_json(&worker, &state, answer.output.as_ref()).await;
    Ok(answer)
}

fn check(direct: &DirectRequest) -> Result<(), OnceError> {
    let plan = direct.stage.plan();
    let stage = direct.stage;
    if plan.fan_out_from.is_some() != direct.input.is_some() {
        let reason =
            if direct.input.is_none() { "the stage has many units" } else { "the stage is one unit" };
        return Err(OnceError::Incomplete { stage, field: "input", reason });
    }
    let is_one = |input: &StageName| input.plan().fan_out_from.is_none();
    let lacks = |input: &&StageName| direct.earlier.get(input).is_none_or(|outputs| outputs.len() != 1);
    // A fan-out reads its own input only, and of the stages before only what it asks for.
    if plan.fan_out_from.is_none()
        && plan.inputs.iter().filter(|input| is_one(input)).any(|input| lacks(&input))
    {
        let reason = "one output of every stage before that is one unit";
        return Err(OnceError::Incomplete { stage, field: "earlier", reason });
    }
    Ok(())
}

/// Puts the request's artifacts where a job would have them.
async fn place<P: Ports, S: Stages>(
    worker: &Worker<P, S>,
    direct: &DirectRequest,
) -> Result<(StateDocument, UnitId), OnceError> {
    let stages = worker.stages();
    let family = JobFamily::derive(&Tenant::local(), &direct.request.source, &direct.request.options, "once");
    let newest = worker.coordinator().newest_run(&Tenant::local(), &family).await?;
    let job = family.run(newest.map_or(1, |(number, _)| number + 1));
    let new = NewJob {
        tenant: Tenant::local(),
        trace_id: job.trace_id(),
        job,
        owner: "local".to_owned(),
        queue_group: pipeline::QueueGroup::default(),
        request: direct.request.clone(),
        source_fingerprint: None,
        parent: None,
        stage_versions: stage_versions(stages),
        embedder: stages.embedder(),
        time_limit: TIME_LIMIT,
    };
    let place = Place { store: worker.coordinator().ports().store(), job: &new.job };
    let mut earlier = BTreeMap::new();
    for (stage, outputs) in &direct.earlier {
        let mut artifacts = Vec::with_capacity(outputs.len());
        for output in outputs {
            artifacts.push(place.put(*stage, output).await?);
        }
        earlier.insert(*stage, artifacts);
    }
    let input = match (&direct.input, direct.stage.plan().fan_out_from) {
        (Some(input), Some(writer)) => Some(place.put(writer, input).await?),
        _ => None,
    };
    Ok(worker.coordinator().submit_at(new.clone(), direct.stage, &earlier, input.as_ref()).await?)
}

/// Where inline artifacts go.
struct Place<'a, S> {
    store: &'a S,
    job: &'a JobId,
}

impl<S: ArtifactStore> Place<'_, S> {
    /// Stores a value, whatever it holds inline included.
    async fn put(&self, stage: StageName, value: &Value) -> Result<ArtifactRef, OnceError> {
        let mut found = Vec::new();
        let bytes = content(value, &mut found)?;
        for inline in found.iter().chain([&bytes]) {
            let digest = Digest::of(inline);
            let key = ArtifactKey::Artifact { job: self.job, stage, digest: &digest }.of(&Tenant::local());
            self.store.put(&key, inline.clone(), PutMode::Overwrite).await?;
        }
        Ok(ArtifactRef { stage, digest: Digest::of(&bytes), size_bytes: bytes.len() as u64 })
    }
}

/// Returns the bytes that a value stands for: those of `{"hex": …}`, or its JSON.
fn content(value: &Value, found: &mut Vec<Vec<u8>>) -> Result<Vec<u8>, OnceError> {
    if let Some(hex) = only_field(value, "hex").and_then(Value::as_str) {
        return parse_hex(hex);
    }
    let value = replace(value, found)?;
    serde_json::to_vec(&value).map_err(|error| OnceError::Malformed { reason: error.to_string() })
}

/// Replaces what stands for a digest, innermost first. As deep as the JSON reader allows, 128 levels.
fn replace(value: &Value, found: &mut Vec<Vec<u8>>) -> Result<Value, OnceError> {
    if let Some(inline) = only_field(value, "$digest") {
        let inline = only_field(inline, "json").unwrap_or(inline);
        let bytes = content(inline, found)?;
        let digest = Digest::of(&bytes);
        found.push(bytes);
        return Ok(Value::String(digest.to_string()));
    }
    Ok(match value {
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| replace(item, found)).collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => {
            let replaced = fields.iter().map(|(name, field)| Ok((name.clone(), replace(field, found)?)));
            Value::Object(replaced.collect::<Result<Map<_, _>, OnceError>>()?)
        }
        plain => plain.clone(),
    })
}

fn only_field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object().filter(|fields| fields.len() == 1)?.get(name)
}

fn parse_hex(hex: &str) -> Result<Vec<u8>, OnceError> {
    let malformed = || OnceError::Malformed { reason: "`hex` is not pairs of hex digits".to_owned() };
    let digits: Vec<u8> = hex
        .chars()
        .map(|digit| digit.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()
        .ok_or_else(malformed)?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(malformed());
    }
    Ok(pairs.map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

async fn answer<P: Ports, S: Stages>(
    worker: &Worker<P, S>,
    message: &Message,
    end: &AttemptEnd,
) -> Result<OnceAnswer, OnceError> {
    let failure = failure_of(end);
    let mut answer = OnceAnswer {
        schema: ANSWER_SCHEMA.to_owned(),
        status: if failure.is_some() { OnceStatus::Failed } else { OnceStatus::Skipped },
        stage: message.stage,
        unit: message.unit.clone(),
        end: end.word().to_owned(),
        output: None,
        output_json: None,
        docpack: None,
        n_sealed_units: 0,
        stats: BTreeMap::new(),
        error: failure,
    };
    let Message { tenant, job, stage, unit, .. } = message;
    let key = ArtifactKey::Marker { job, stage: *stage, unit }.of(tenant);
    let bytes = match worker.coordinator().ports().store().get(&key).await {
        Ok(object) => object.bytes,
        Err(StoreError::NotFound { .. }) => return Ok(answer),
        Err(error) => return Err(error.into()),
    };
    let marker: Marker =
        serde_json::from_slice(&bytes).map_err(|error| OnceError::Malformed { reason: error.to_string() })?;
    match marker.outcome {
        Outcome::Done { output, seals, docpack, stats, .. } => {
            answer.status = OnceStatus::Success;
            answer.output = Some(output);
            answer.docpack = docpack;
            answer.n_sealed_units = seals.map_or(0, |list| list.n_units);
            answer.stats = stats;
        }
        Outcome::Failed { code, message } => {
            answer.status = OnceStatus::Failed;
            answer.error = Some(OnceFailure { code, message, retryable: false });
        }
    }
    Ok(answer)
}

/// Says why the unit failed, if that is how the attempt ended.
fn failure_of(end: &AttemptEnd) -> Option<OnceFailure> {
    let failure = |code: &str, message: &str, retryable| {
        Some(OnceFailure { code: code.to_owned(), message: message.to_owned(), retryable })
    };
    match end {
        AttemptEnd::Malformed { reason } => failure("malformed", reason, false),
        AttemptEnd::UnknownJob => failure("no_such_job", "the store has no such job", false),
        AttemptEnd::Retrying { code, message, .. } => failure(code, message, true),
        AttemptEnd::Failed { code, message } => failure(code, message, false),
        _ => None,
    }
}

/// Reads an output to repeat it in the answer, where it is JSON.
async fn output_json<P: Ports, S: Stages>(
    worker: &Worker<P, S>,
    state: &StateDocument,
    output: Option<&ArtifactRef>,
) -> Option<Value> {
    let output = output.filter(|output| output.size_bytes <= MAX_INLINE_BYTES as u64)?;
    let key = ArtifactKey::Artifact { job: &state.job, stage: output.stage, digest: &output.digest };
    let object = worker.coordinator().ports().store().get(&key.of(&state.tenant)).await.ok()?;
    serde_json::from_slice(&object.bytes).ok()
}
