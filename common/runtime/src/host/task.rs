//! A process that works on no stage: it watches over others.

use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::StatusCode;
use axum::response::Response;
use pipeline::CancelFlag;

use crate::config::Config;
use crate::host::http::{self, Door, Readiness};
use crate::host::process::{EXIT_FAILED, EXIT_USAGE, refuse};
use crate::host::{Signals, StartError, health};
use crate::metrics::Metrics;
use crate::telemetry;

/// What such a process is made of.
pub struct Task {
    pub config: Config,
    pub metrics: Arc<Metrics>,
    /// Set when the process is told to stop.
    pub drain: CancelFlag,
    /// Set when it is told so a second time.
    pub stop: CancelFlag,
    is_ready: AtomicBool,
}

impl Task {
    /// Says that the process can work now.
    pub fn is_ready(&self) {
        self.is_ready.store(true, Ordering::Relaxed);
    }
}

impl Door for Task {
    fn readiness(&self) -> Readiness {
        match (self.is_ready.load(Ordering::Relaxed), self.drain.is_set()) {
            (_, true) => Readiness::Draining,
            (true, false) => Readiness::Ready,
            (false, false) => Readiness::Starting,
        }
    }

    async fn metrics(&self) -> String {
        self.metrics.text()
    }

    async fn run(&self, _body: &str) -> Response {
        http::problem(StatusCode::NOT_FOUND, "no_stage", "this process runs no stage")
    }
}

/// Runs the process: configuration, logs, traces, the port if one is set, then `work` until it returns.
/// `--health` only asks the process that listens at `PORT`.
pub fn main<F>(work: impl FnOnce(Arc<Task>) -> F + Send + 'static) -> ExitCode
where
    F: Future<Output = Result<(), StartError>>,
{
    start(true, work)
}

/// As [`main`], for a process that opens the port itself and answers `/health` there.
pub fn main_at_own_port<F>(work: impl FnOnce(Arc<Task>) -> F + Send + 'static) -> ExitCode
where
    F: Future<Output = Result<(), StartError>>,
{
    start(false, work)
}

fn start<F>(opens_port: bool, work: impl FnOnce(Arc<Task>) -> F + Send + 'static) -> ExitCode
where
    F: Future<Output = Result<(), StartError>>,
{
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(error) => return refuse(&StartError::new("config_invalid", error.to_string()), EXIT_USAGE),
    };
    if let Some(ended) = health::asked(&config.host) {
        return ended;
    }
    let config = match Config::from_env_with_secrets() {
        Ok(config) => config,
        Err(error) => return refuse(&error, EXIT_FAILED),
    };
    let telemetry = telemetry::start(&config.log, &config.telemetry);
    let made = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let ended = match made {
        Ok(runtime) => runtime.block_on(run(config, opens_port, work)),
        Err(error) => Err(StartError::new("no_runtime", error.to_string())),
    };
    drop(telemetry);
    ended.map_or_else(|error| refuse(&error, EXIT_FAILED), |()| ExitCode::SUCCESS)
}

async fn run<F>(config: Config, opens_port: bool, work: impl FnOnce(Arc<Task>) -> F) -> Result<(), StartError>
where
    F: Future<Output = Result<(), StartError>>,
{
    let embedded_for = config.telemetry.embedded_metrics.then(|| config.environment.clone());
    let task = Arc::new(Task {
        metrics: Metrics::new(embedded_for),
        drain: CancelFlag::default(),
        stop: CancelFlag::default(),
        is_ready: AtomicBool::new(false),
        config,
    });
    let server = match task.config.host.listen.filter(|_| opens_port) {
        Some(address) => Some(http::listen(Arc::clone(&task), address).await?),
        None => None,
    };
    let listening = tokio::spawn(Signals::listen().set(task.drain.clone(), task.stop.clone()));
    let ended = work(task).await;
    listening.abort();
    if let Some(server) = server {
        server.stop().await;
    }
    ended
}
