//! Jobs as they are shown.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use ledger::JobRow;
use pipeline::job::{SeenMarkers, StageStanding, standing};
use pipeline::receipt::{JobReceipt, receipt};
use pipeline::state::JobError;
use pipeline::{Estimate, JobId, Phase, StageName, StateDocument, Tenant, Timestamp};
use tokio::sync::Mutex;
use writing::SizeEstimate;

use crate::app::App;
use crate::errors;
use crate::failure::Answered;
use crate::http::door;
use crate::sync;
use crate::wire::{
    EstimateBasis, Job, JobCost, JobEstimate, JobFailure, JobLinks, JobStatistics, JobSummary,
    LanguageCounts, PhaseTime, StageProgress, StageState,
};

/// A job that many watch is read this often.
const FRESH: Duration = Duration::from_millis(300);
/// A job that is over does not change; it may be forgotten.
const FRESH_WHEN_OVER: Duration = Duration::from_secs(30);
const MAX_KEPT: usize = 500;

/// What was shown a moment ago, and what need not be read again.
#[derive(Default)]
pub(crate) struct JobViews(std::sync::Mutex<HashMap<JobId, Arc<Mutex<Kept>>>>);

#[derive(Default)]
struct Kept {
    seen: SeenMarkers,
    shown: Option<(Instant, Arc<Job>)>,
}

impl JobViews {
    fn of(&self, job: &JobId) -> Arc<Mutex<Kept>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_KEPT && !all.contains_key(job) {
            all.clear();
        }
        Arc::clone(all.entry(job.clone()).or_default())
    }

    /// Shows a job as it was at most a moment ago.
    pub(crate) async fn recent(&self, app: &App, owner: &Tenant, job: &JobId) -> Answered<Arc<Job>> {
        let kept = self.of(job);
        let mut kept = kept.lock().await;
        if let Some((at, shown)) = &kept.shown {
            let fresh = if shown.summary.is_over { FRESH_WHEN_OVER } else { FRESH };
            if at.elapsed() < fresh {
                return Ok(Arc::clone(shown));
            }
        }
        let state = app.coordinator().state(owner, job).await?;
        let shown = Arc::new(shown(app, &state, &mut kept.seen).await?);
        kept.shown = Some((Instant::now(), Arc::clone(&shown)));
        Ok(shown)
    }

    /// Shows a job as this state has it.
    pub(crate) async fn of_state(&self, app: &App, state: &StateDocument) -> Answered<Arc<Job>> {
        let kept = self.of(&state.job);
        let mut kept = kept.lock().await;
        let shown = Arc::new(shown(app, state, &mut kept.seen).await?);
        kept.shown = Some((Instant::now(), Arc::clone(&shown)));
        Ok(shown)
    }
}

async fn shown(app: &App, state: &StateDocument, seen: &mut SeenMarkers) -> Answered<Job> {
    let standings = standing(app.ports(), state, seen).await?;
    if state.phase.is_terminal() {
        // Whoever sees the end must find the docpack in the lists.
        sync::put(app, state).await?;
    }
    let cost = match state.phase.is_terminal() {
        true => Some(cost(app, &receipt(app.ports(), &state.tenant, &state.job).await?)),
        false => None,
    };
    let now = door::now(app);
    Ok(Job {
        summary: summary(&JobRow::of(state, &sync::name_of(app, &state.request.source))),
        parent_job_id: state.parent.as_ref().map(ToString::to_string),
        options: state.request.options.clone(),
        deadline: state.deadline,
        phases: state.phases.iter().map(|entry| PhaseTime { phase: entry.phase, at: entry.at }).collect(),
        statistics: statistics(&standings),
        stages: standings.into_iter().map(|standing| progress(state, standing, now)).collect(),
        estimate: state.estimate.as_ref().map(estimate),
        approval_expires_at: state.approval_expires_at.filter(|_| state.phase == Phase::AwaitingApproval),
        cost,
        missing: state.missing.clone(),
        error: state.error.as_ref().map(failure),
    })
}

/// What a list shows of a job.
pub(crate) fn summary(row: &JobRow) -> JobSummary {
    let phase = row.phase().unwrap_or(Phase::Queued);
    JobSummary {
        job_id: row.id.clone(),
        owner: row.owner.clone(),
        name: row.name.clone(),
        repo_url: row.repo_url.clone(),
        git_ref: row.git_ref.clone(),
        has_default_options: row.has_default_options,
        commit_hash: row.commit_hash.clone(),
        phase,
        is_over: row.is_over,
        created_at: Timestamp(row.created_at),
        completed_at: row.completed_at.map(Timestamp),
        duration_ms: row.duration_ms,
        docpack_id: row.docpack_id.clone(),
        error_code: row.error_code.clone(),
        cost_micro_usd: row.cost_micro_usd,
        links: links(row, phase),
    }
}

pub(crate) fn links(row: &JobRow, phase: Phase) -> JobLinks {
    let this = format!("/v1/jobs/{}", row.id);
    let docpack = row.docpack_id.as_ref().map(|id| format!("/v1/docpacks/{id}"));
    JobLinks {
        events: format!("{this}/events"),
        approve: (phase == Phase::AwaitingApproval).then(|| format!("{this}/approve")),
        cancel: (!row.is_over).then(|| format!("{this}/cancel")),
        retry: row.is_over.then(|| format!("{this}/retry")),
        download: docpack.as_ref().map(|docpack| format!("{docpack}/download")),
        docpack,
        this,
    }
}

/// What a stage counts first.
fn counted(stage: StageName) -> &'static str {
    match stage {
        StageName::Ingest => "files",
        StageName::Embed => "chunks",
        StageName::Assemble => "contexts",
        StageName::Generate => "symbols",
        StageName::Pack => "bytes",
    }
}

fn progress(state: &StateDocument, standing: StageStanding, now: Timestamp) -> StageProgress {
    let StageStanding { stage, n_units, n_done, last_done_at, counts } = standing;
    let begun =
        state.phases.iter().find(|entry| entry.phase >= stage.plan().may_run_from).map(|entry| entry.at);
    let has_begun = n_done > 0 || state.phase >= stage.plan().phase && !state.phase.is_terminal();
    let is_empty = n_units == Some(0);
    let has_failed =
        state.phase == Phase::Failed && state.error.as_ref().is_some_and(|error| error.stage == Some(stage));
    let stage_state = match n_units {
        _ if has_failed => StageState::Failed,
        Some(n_units) if n_units == n_done && !is_empty => StageState::Done,
        _ if state.phase.is_terminal() || (is_empty && state.phase > stage.plan().phase) => {
            StageState::Skipped
        }
        _ if has_begun => StageState::Running,
        _ => StageState::Waiting,
    };
    let started_at = begun.filter(|_| has_begun || stage_state == StageState::Done);
    let finished_at = last_done_at.filter(|_| stage_state == StageState::Done);
    let until = finished_at.unwrap_or(now);
    let rate = started_at.zip(counts.get(counted(stage))).map(|(from, count)| {
        let seconds = until.since(from).as_secs_f64().max(0.001);
        (*count as f64 / seconds * 10.0).round() / 10.0
    });
    StageProgress {
        stage,
        state: stage_state,
        units_total: n_units,
        units_done: n_done,
        started_at,
        finished_at,
        counts,
        rate_per_second: rate,
    }
}

fn statistics(stages: &[StageStanding]) -> JobStatistics {
    let counts =
        |stage| stages.iter().find(|standing| standing.stage == stage).map(|standing| &standing.counts);
    let empty = BTreeMap::new();
    let ingest = counts(StageName::Ingest).unwrap_or(&empty);
    let embed = counts(StageName::Embed).unwrap_or(&empty);
    let of = |counts: &BTreeMap<String, u64>, name: &str| counts.get(name).copied().unwrap_or(0);
    let mut languages: BTreeMap<String, LanguageCounts> = BTreeMap::new();
    let mut skipped = BTreeMap::new();
    for (name, count) in ingest {
        match name.split('.').collect::<Vec<_>>().as_slice() {
            ["language", language, what] => {
                let counts = languages.entry((*language).to_owned()).or_default();
                match *what {
                    "files" => counts.files = *count,
                    "symbols" => counts.symbols = *count,
                    _ => counts.bytes = *count,
                }
            }
            ["skipped", reason] => {
                skipped.insert((*reason).to_owned(), *count);
            }
            _ => {}
        }
    }
    let computed = of(embed, "chunks").saturating_sub(of(embed, "cached"));
    JobStatistics {
        files: of(ingest, "files"),
        symbols: of(ingest, "symbols"),
        chunks: of(ingest, "chunks"),
        bytes: of(ingest, "bytes"),
        languages,
        skipped,
        files_with_errors: of(ingest, "files_with_errors"),
        parse_errors: of(ingest, "error_nodes"),
        files_partly_read: of(ingest, "files_partly_read"),
        chunks_embedded: of(embed, "chunks"),
        ms_per_chunk: (computed > 0)
            .then(|| (of(embed, "duration_ms") as f64 / computed as f64 * 100.0).round() / 100.0),
    }
}

/// What a model will take, once the graph is there.
fn estimate(estimate: &Estimate) -> JobEstimate {
    JobEstimate {
        basis: EstimateBasis::Graph,
        digest: Some(estimate.digest().to_string()),
        source_bytes: None,
        n_symbols: Some(estimate.n_symbols),
        ..of_estimate(estimate)
    }
}

impl From<SizeEstimate> for JobEstimate {
    fn from(sized: SizeEstimate) -> Self {
        Self { source_bytes: sized.source_bytes, n_symbols: sized.n_symbols, ..of_estimate(&sized.writing) }
    }
}

/// The numbers that both kinds of estimate have.
fn of_estimate(estimate: &Estimate) -> JobEstimate {
    JobEstimate {
        basis: EstimateBasis::Size,
        digest: None,
        source_bytes: None,
        n_symbols: None,
        model: estimate.model.clone(),
        n_requests: estimate.n_requests,
        input_tokens: estimate.input_tokens,
        max_output_tokens: estimate.max_output_tokens,
        expected_micro_usd: estimate.expected_micro_usd,
        error_micro_usd: estimate.error_micro_usd,
        cost_micro_usd: estimate.cost_micro_usd,
        expected_ms: estimate.expected_ms,
        prices_as_of: estimate.prices_as_of.clone(),
    }
}

fn cost(app: &App, receipt: &JobReceipt) -> JobCost {
    let price = app.prices().and_then(|prices| prices.price(receipt).ok());
    let count = |name: &str| receipt.stages.iter().filter_map(|used| used.counts.get(name)).sum::<u64>();
    JobCost {
        billable: receipt.billable,
        worker_ms: receipt.stages.iter().map(|used| used.worker_ms).sum(),
        tokens_micro_usd: count("cost_micro_usd"),
        n_tokens: count("input_tokens") + count("output_tokens"),
        stages: receipt.stages.iter().map(|used| (used.stage, used.worker_ms)).collect(),
        total_micro_usd: price.as_ref().map(|price| price.total_micro_usd),
        prices_as_of: price.map(|price| price.prices_as_of),
    }
}

fn failure(error: &JobError) -> JobFailure {
    JobFailure {
        code: error.code.clone(),
        message: error.message.clone(),
        help: errors::help(&error.code).browser.to_owned(),
        stage: error.stage,
        is_retryable: errors::is_retryable(&error.code),
    }
}
