//! What is counted of the API, for Prometheus.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

const BUCKETS_SECONDS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 2.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InPhase {
    phase: String,
}

/// Counters of one process.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Histogram,
    streams: Gauge,
    jobs: Family<InPhase, Gauge<i64, std::sync::atomic::AtomicI64>>,
    events_told: Counter<u64, AtomicU64>,
    steps_read: Counter<u64, AtomicU64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("doctown_api");
        let requests = Family::<Answered, Counter>::default();
        let durations = Histogram::new(BUCKETS_SECONDS);
        let (streams, jobs) = (Gauge::default(), Family::default());
        let (events_told, steps_read) = (Counter::default(), Counter::default());
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register("request_duration_seconds", "Time until an answer began", durations.clone());
        registry.register("event_streams", "Event streams that are open", streams.clone());
        registry.register("jobs", "Jobs in the ledger, by phase", jobs.clone());
        registry.register("events_told", "Events that streams were sent", events_told.clone());
        registry.register(
            "event_steps_read",
            "Steps of events that were read from the store",
            steps_read.clone(),
        );
        Self { registry, requests, durations, streams, jobs, events_told, steps_read }
    }

    pub(crate) fn answered(&self, method: &Method, path: &str, status: u16, elapsed: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::HEAD => "HEAD",
            Method::DELETE => "DELETE",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        };
        self.requests.get_or_create(&Answered { method, route: route(path), status }).inc();
        self.durations.observe(elapsed.as_secs_f64());
    }

    pub(crate) fn streams(&self, n_open: usize) {
        self.streams.set(n_open as i64);
    }

    pub(crate) fn event_told(&self) {
        self.events_told.inc();
    }

    pub(crate) fn step_read(&self) {
        self.steps_read.inc();
    }

    /// Writes everything; `jobs` are the ledger's counts by phase.
    pub(crate) fn text(&self, jobs: Vec<(String, u64)>) -> String {
        self.jobs.clear();
        for (phase, n_jobs) in jobs {
            self.jobs.get_or_create(&InPhase { phase }).set(n_jobs as i64);
        }
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// The kind of path, so that there are few: ids are no labels.
fn route(path: &str) -> &'static str {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["v1", "jobs"] => "/v1/jobs",
        ["v1", "jobs", _] => "/v1/jobs/{job_id}",
        ["v1", "jobs", _, "events"] => "/v1/jobs/{job_id}/events",
        ["v1", "jobs", _, _] => "/v1/jobs/{job_id}/{action}",
        ["v1", "docpacks"] => "/v1/docpacks",
        ["v1", "docpacks", _] => "/v1/docpacks/{docpack_id}",
        ["v1", "docpacks", _, "download"] => "/v1/docpacks/{docpack_id}/download",
        ["v1", "docpacks", _, "search"] => "/v1/docpacks/{docpack_id}/search",
        ["v1", "docpacks", _, "ask"] => "/v1/docpacks/{docpack_id}/ask",
        ["v1", "docpacks", _, "entries", ..] => "/v1/docpacks/{docpack_id}/entries/{entry_path}",
        ["v1", "docpacks", _, "symbols", _] => "/v1/docpacks/{docpack_id}/symbols/{symbol_id}",
        ["v1", ..] => "/v1",
        ["livez" | "readyz" | "metrics"] => "health",
        _ => "site",
    }
}
