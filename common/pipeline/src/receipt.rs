//! What a job took: worker time by stage, counts, and what that costs by a table of prices.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attempt::{TryEnd, TryStart};
use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::job::to_json;
use crate::key::{ArtifactKey, ArtifactPrefix, ObjectKey};
use crate::plan::{Phase, StageName};
use crate::port::Ports;
use crate::retried::Retried;
use crate::state::{Marker, Outcome, StateDocument};
use crate::time::{Timestamp, millis};

/// Version of [`JobReceipt`].
pub const RECEIPT_SCHEMA: &str = "doctown.receipt/1";
const NANO_PER_MICRO: u64 = 1_000;
/// Requests of one unit, its tries, markers, events, artifacts, cached vectors and messages included, as
/// counted at a server for jobs of 5 and of 13 units.
const OF_A_UNIT: Requests = Requests { n_writes: 10, n_reads: 12, n_messages: 12 };
/// Requests of a job beside those of its units: its index, its state, its sealed lists.
const OF_A_JOB: Requests = Requests { n_writes: 5, n_reads: 0, n_messages: 0 };

/// What a job asks of store and queues.
struct Requests {
    /// Writes and lists, which cost the same.
    n_writes: u64,
    n_reads: u64,
    n_messages: u64,
}

/// What a job took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobReceipt {
    /// Always `doctown.receipt/1`.
    pub schema: String,
    pub job: JobId,
    pub owner: String,
    pub source: String,
    pub phase: Phase,
    /// A job that gave nothing costs its owner nothing.
    pub billable: bool,
    /// From submission to the end, or to the last phase change of a job that is not over; at least so long,
    /// where clocks disagree.
    pub duration_ms: u64,
    /// By how much the workers' clocks disagree, at least; 0 where nothing shows it.
    #[serde(default)]
    pub clock_skew_ms: u64,
    pub stages: Vec<StageUse>,
}

/// What one stage took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageUse {
    pub stage: StageName,
    pub n_units: u64,
    /// Tries that began, those that failed or were interrupted included.
    pub n_tries: u64,
    /// Of tries whose end was told; one whose worker was killed is counted, not timed.
    pub worker_ms: u64,
    /// The units' own counts, added up.
    pub counts: BTreeMap<String, u64>,
}

impl StageUse {
    fn none(stage: StageName) -> Self {
        Self { stage, n_units: 0, n_tries: 0, worker_ms: 0, counts: BTreeMap::new() }
    }
}

/// Reads what a job took; for a job that is over, the first reading is kept as its receipt.
pub async fn receipt<P: Ports>(ports: &P, tenant: &Tenant, job: &JobId) -> Result<JobReceipt, PipelineError> {
    let io = Retried(ports);
    let key = ArtifactKey::Receipt { job }.of(tenant);
    if let Some(kept) = io.find_json(&key).await? {
        return Ok(kept);
    }
    let (state, _) =
        io.state(tenant, job).await?.ok_or_else(|| PipelineError::NoSuchJob { job: job.clone() })?;
    let receipt = JobReceipt {
        schema: RECEIPT_SCHEMA.to_owned(),
        job: job.clone(),
        owner: state.owner.clone(),
        source: state.request.source.clone(),
        phase: state.phase,
        billable: matches!(state.phase, Phase::Completed | Phase::Partial),
        duration_ms: millis(state.duration()),
        clock_skew_ms: millis(state.clock_skew()),
        stages: stage_uses(&io, &state).await?,
    };
    if state.phase.is_terminal() {
        io.create(&key, &to_json(&receipt)).await?;
    }
    Ok(receipt)
}

async fn stage_uses<P: Ports>(
    io: &Retried<'_, P>,
    state: &StateDocument,
) -> Result<Vec<StageUse>, PipelineError> {
    let (tenant, job) = (&state.tenant, &state.job);
    let mut ends: BTreeMap<TryName, Timestamp> = BTreeMap::new();
    for key in io.list(&ArtifactPrefix::JobTryEnds { job }.of(tenant)).await? {
        if let Some(name) = TryName::of(&key) {
            ends.insert(name, io.json::<TryEnd>(&key).await?.at);
        }
    }
    let mut uses: BTreeMap<StageName, StageUse> = BTreeMap::new();
    for key in io.list(&ArtifactPrefix::AllMarkers { job }.of(tenant)).await? {
        let Some((stage, unit)) = stage_and_unit(&key) else { continue };
        let marker: Marker = io.json(&key).await?;
        let used = uses.entry(stage).or_insert_with(|| StageUse::none(stage));
        used.n_units += 1;
        ends.insert(TryName { stage, unit, number: marker.try_number }, marker.at);
        if let Outcome::Done { stats, .. } = marker.outcome {
            for (name, count) in stats {
                *used.counts.entry(name).or_insert(0) += count;
            }
        }
    }
    for key in io.list(&ArtifactPrefix::JobTries { job }.of(tenant)).await? {
        let Some(name) = TryName::of(&key) else { continue };
        let used = uses.entry(name.stage).or_insert_with(|| StageUse::none(name.stage));
        used.n_tries += 1;
        if let Some(end) = ends.get(&name) {
            let start: TryStart = io.json(&key).await?;
            used.worker_ms += millis(end.since(start.started_at));
        }
    }
    Ok(uses.into_values().collect())
}

/// Which try of which unit an object tells of.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TryName {
    stage: StageName,
    unit: String,
    number: u32,
}

impl TryName {
    fn of(key: &ObjectKey) -> Option<Self> {
        let mut parts = key.as_str().rsplit('/');
        let (number, unit, stage) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            stage: StageName::from_word(stage)?,
            unit: unit.to_owned(),
            number: number.parse().ok()?,
        })
    }
}

fn stage_and_unit(key: &ObjectKey) -> Option<(StageName, String)> {
    let mut parts = key.as_str().rsplit('/');
    let (unit, stage) = (parts.next()?, parts.next()?);
    Some((StageName::from_word(stage)?, unit.to_owned()))
}

/// Prices as data, with their date: what a second of each kind of worker costs, and a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceTable {
    /// Day that the prices were looked up, `YYYY-MM-DD`.
    pub as_of: String,
    /// Where they stood.
    pub sources: Vec<String>,
    /// Billionths of a US dollar for a second of a worker, by the worker's kind.
    pub workers: BTreeMap<String, u64>,
    /// The kind of worker that runs a stage.
    pub stages: BTreeMap<StageName, String>,
    pub requests: RequestPrices,
}

/// Billionths of a US dollar for one request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPrices {
    /// A write to the store, or a list.
    pub write: u64,
    pub read: u64,
    /// Any request to a queue.
    pub message: u64,
}

impl RequestPrices {
    fn of(&self, requests: &Requests) -> u64 {
        let Requests { n_writes, n_reads, n_messages } = requests;
        n_writes * self.write + n_reads * self.read + n_messages * self.message
    }
}

/// What a job costs by a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobPrice {
    /// In millionths of a US dollar, as all of these.
    pub total_micro_usd: u64,
    pub compute_micro_usd: u64,
    pub requests_micro_usd: u64,
    /// Of a language model's tokens.
    pub tokens_micro_usd: u64,
    /// What a model's provider may charge beyond it, at most: for answers that never came, or were not counted.
    pub uncertain_micro_usd: u64,
    pub prices_as_of: String,
}

impl PriceTable {
    /// Prices a job; every part is rounded up.
    ///
    /// # Errors
    /// Names the stage or the kind of worker that the table lacks.
    pub fn price(&self, receipt: &JobReceipt) -> Result<JobPrice, String> {
        let (mut compute, mut tokens, mut uncertain) = (0, 0, 0);
        let mut requests = self.requests.of(&OF_A_JOB);
        for used in &receipt.stages {
            let kind = self
                .stages
                .get(&used.stage)
                .ok_or_else(|| format!("no worker for stage `{}`", used.stage))?;
            let per_second = self.workers.get(kind).ok_or_else(|| format!("no price of worker `{kind}`"))?;
            compute += used.worker_ms * per_second / 1_000;
            requests += used.n_units.max(used.n_tries) * self.requests.of(&OF_A_UNIT);
            tokens += used.counts.get("cost_micro_usd").copied().unwrap_or(0);
            uncertain += used.counts.get("uncertain_micro_usd").copied().unwrap_or(0);
        }
        let (compute, requests) = (compute.div_ceil(NANO_PER_MICRO), requests.div_ceil(NANO_PER_MICRO));
        Ok(JobPrice {
            total_micro_usd: compute + requests + tokens,
            compute_micro_usd: compute,
            requests_micro_usd: requests,
            tokens_micro_usd: tokens,
            uncertain_micro_usd: uncertain,
            prices_as_of: self.as_of.clone(),
        })
    }
}
