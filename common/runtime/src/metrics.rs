//! What a process counts, in the text that Prometheus reads and, where wanted, in CloudWatch's own form.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use pipeline::event::{CompletionStatus, Envelope, Event};
use pipeline::port::{QueueName, Received};
use pipeline::{AttemptEnd, Clock};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use serde_json::json;

use crate::clock::SystemClock;
use crate::host::Watch;

/// Chunks of a full batch.
const FULL_BATCH_CHUNKS: f64 = 256.0;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueueLabel {
    queue: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct UnitLabels {
    stage: String,
    end: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ErrorLabels {
    stage: String,
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: &'static str,
}

/// Counts of one process. Fed by events and by the host; shared by reference.
pub struct Metrics {
    registry: Registry,
    units: Family<UnitLabels, Counter>,
    errors: Family<ErrorLabels, Counter>,
    retries: Family<ErrorLabels, Counter>,
    stage_seconds: Family<StageLabel, Histogram>,
    jobs: Family<StatusLabel, Counter>,
    job_seconds: Histogram,
    batch_fill: Histogram,
    chunks: Counter,
    cached_chunks: Counter,
    embedded_tokens: Counter,
    model_tokens: Counter,
    model_cost_usd: Counter<f64, AtomicU64>,
    model_requests: Counter,
    model_errors: Counter,
    model_cached: Counter,
    queue_depth: Family<QueueLabel, Gauge>,
    message_age_seconds: Family<QueueLabel, Gauge>,
    unhealthy_workers: Gauge,
    /// Names the environment in CloudWatch; `None` where nothing is written there.
    embedded_for: Option<String>,
}

impl Metrics {
    /// Makes the metrics of a process; `embedded_for` is the environment that CloudWatch is to know them by.
    pub fn new(embedded_for: Option<String>) -> Arc<Self> {
        let seconds = || Histogram::new(exponential_buckets(0.01, 4.0, 10));
        let stage_seconds: Family<StageLabel, Histogram> = Family::new_with_constructor(seconds);
        let mut metrics = Self {
            registry: Registry::with_prefix("doctown"),
            units: Family::default(),
            errors: Family::default(),
            retries: Family::default(),
            stage_seconds,
            jobs: Family::default(),
            job_seconds: seconds(),
            batch_fill: Histogram::new([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]),
            chunks: Counter::default(),
            cached_chunks: Counter::default(),
            embedded_tokens: Counter::default(),
            model_tokens: Counter::default(),
            model_cost_usd: Counter::default(),
            model_requests: Counter::default(),
            model_errors: Counter::default(),
            model_cached: Counter::default(),
            queue_depth: Family::default(),
            message_age_seconds: Family::default(),
            unhealthy_workers: Gauge::default(),
            embedded_for,
        };
        metrics.register();
        Arc::new(metrics)
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("units", "Attempts at units, by how they ended", self.units.clone());
        registry.register("errors", "Units whose outcome is an error, by code", self.errors.clone());
        registry.register("retries", "Tries that failed and will be repeated, by code", self.retries.clone());
        registry.register("stage_seconds", "Duration of units that were done", self.stage_seconds.clone());
        registry.register("jobs", "Jobs that this process saw end", self.jobs.clone());
        registry.register("job_seconds", "From submission to the end", self.job_seconds.clone());
        registry.register(
            "batch_fill",
            "Share of 256 chunks in a batch for the model",
            self.batch_fill.clone(),
        );
        registry.register("chunks", "Chunks embedded or found in the cache", self.chunks.clone());
        registry.register(
            "cached_chunks",
            "Chunks whose vector was in the cache",
            self.cached_chunks.clone(),
        );
        registry.register("embedded_tokens", "Tokens embedded", self.embedded_tokens.clone());
        registry.register("model_tokens", "Tokens of the language model", self.model_tokens.clone());
        registry.register(
            "model_cost_usd",
            "Price of the language model's tokens",
            self.model_cost_usd.clone(),
        );
        registry.register("model_requests", "Requests to the language model", self.model_requests.clone());
        registry.register(
            "model_errors",
            "Requests to the language model that brought no answer",
            self.model_errors.clone(),
        );
        registry.register(
            "model_cached",
            "Replies of the language model that were kept from before",
            self.model_cached.clone(),
        );
        registry.register(
            "queue_depth",
            "Messages, hidden and delayed ones included",
            self.queue_depth.clone(),
        );
        registry.register(
            "unhealthy_workers",
            "Workers at endpoints that say they are unfit",
            self.unhealthy_workers.clone(),
        );
        registry.register(
            "message_age_seconds",
            "Age of the message that was received last",
            self.message_age_seconds.clone(),
        );
    }

    /// Writes all of it in the OpenMetrics text format.
    pub fn text(&self) -> String {
        let mut written = String::new();
        // Writing to a string cannot fail.
        let _ = text::encode(&mut written, &self.registry);
        written
    }

    /// Notes how many messages a queue holds.
    pub fn set_depth(&self, queue: QueueName, n_messages: u64) {
        let label = QueueLabel { queue: queue.to_string() };
        self.queue_depth.get_or_create(&label).set(i64::try_from(n_messages).unwrap_or(i64::MAX));
    }

    /// Notes how many workers elsewhere are unfit.
    pub fn set_unhealthy_workers(&self, n_workers: u64) {
        self.unhealthy_workers.set(i64::try_from(n_workers).unwrap_or(i64::MAX));
        self.embedded("WorkersUnhealthy", "Count", n_workers as f64);
    }

    /// Notes how many chunks a batch for the model held.
    pub fn batch_fill(&self, n_chunks: f64) {
        let fill = n_chunks / FULL_BATCH_CHUNKS;
        self.batch_fill.observe(fill);
        self.embedded("BatchFillPercent", "Percent", fill * 100.0);
    }

    /// Counts what an event tells.
    pub fn observe(&self, envelope: &Envelope) {
        match &envelope.event {
            Event::IngestCompleted(done) => self.stage("ingest", done.duration_ms),
            Event::EmbeddingBatchCompleted(batch) => {
                self.batch_fill(batch.n_chunks as f64);
            }
            Event::EmbeddingCompleted(done) => {
                self.stage("embed", done.duration_ms);
                self.chunks.inc_by(done.n_chunks);
                self.cached_chunks.inc_by(done.n_cached);
                self.embedded_tokens.inc_by(done.n_tokens);
            }
            Event::AssemblyCompleted(done) => self.stage("assemble", done.duration_ms),
            Event::GenerationCompleted(done) => {
                self.stage("generate", done.duration_ms);
                self.model_tokens.inc_by(done.n_tokens);
                self.model_cost_usd.inc_by(done.cost_micro_usd as f64 / 1e6);
                self.model_requests.inc_by(done.n_requests);
                self.model_errors.inc_by(done.n_errors);
                self.model_cached.inc_by(done.n_cached);
                if done.n_requests + done.n_errors > 0 {
                    self.embedded("ModelRequests", "Count", done.n_requests as f64);
                    self.embedded("ModelErrors", "Count", done.n_errors as f64);
                }
            }
            Event::PackCompleted(done) => self.stage("pack", done.duration_ms),
            Event::JobCompleted(done) => {
                let status = match done.status {
                    CompletionStatus::Success => "success",
                    CompletionStatus::Partial => "partial",
                    CompletionStatus::Failed => "failed",
                };
                self.jobs.get_or_create(&StatusLabel { status }).inc();
                self.job_seconds.observe(done.duration_ms as f64 / 1e3);
                // A rate is made of all three, and one that is never told cannot be divided by.
                for (name, counted) in [
                    ("JobsSucceeded", CompletionStatus::Success),
                    ("JobsPartial", CompletionStatus::Partial),
                    ("JobsFailed", CompletionStatus::Failed),
                ] {
                    self.embedded(name, "Count", f64::from(done.status == counted));
                }
                self.embedded("JobDurationMs", "Milliseconds", done.duration_ms as f64);
            }
            _ => {}
        }
    }

    fn stage(&self, stage: &'static str, duration_ms: u64) {
        self.stage_seconds.get_or_create(&StageLabel { stage }).observe(duration_ms as f64 / 1e3);
    }

    /// Writes one value as CloudWatch reads it from a log.
    pub fn embedded(&self, name: &str, unit: &str, value: f64) {
        let Some(environment) = &self.embedded_for else { return };
        let metric = json!({
            "Namespace": "Doctown",
            "Dimensions": [["Environment"]],
            "Metrics": [{"Name": name, "Unit": unit}],
        });
        let line = json!({
            "_aws": {"Timestamp": SystemClock.now().0, "CloudWatchMetrics": [metric]},
            "Environment": environment,
            name: value,
        });
        // A log that cannot be written to is no reason to fail.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

impl Watch for Metrics {
    fn received(&self, queue: QueueName, received: &Received) {
        if let Some(sent_at) = received.sent_at {
            let age = SystemClock.now().since(sent_at).as_secs();
            let label = QueueLabel { queue: queue.to_string() };
            self.message_age_seconds.get_or_create(&label).set(i64::try_from(age).unwrap_or(i64::MAX));
        }
    }

    fn ended(&self, queue: QueueName, end: &AttemptEnd) {
        let stage = queue.stage.to_string();
        match end {
            AttemptEnd::Failed { code, .. } => {
                self.errors.get_or_create(&ErrorLabels { stage: stage.clone(), code: code.clone() }).inc();
            }
            AttemptEnd::Retrying { code, .. } => {
                self.retries.get_or_create(&ErrorLabels { stage: stage.clone(), code: code.clone() }).inc();
            }
            _ => {}
        }
        self.units.get_or_create(&UnitLabels { stage, end: end.word() }).inc();
    }
}
