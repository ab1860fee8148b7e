//! A stage's own process: reads its configuration, makes the stage, and works the way it is told to.

use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use pipeline::{AttemptLimits, CancelFlag, Clock, Only, Stage, Stages, Worker};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tracing::{info, warn};

use crate::clock::SystemClock;
use crate::cloud::{self, CloudPorts};
use crate::config::{Config, Mode};
use crate::host::once::{self, OnceAnswer, OnceError, OnceRequest, OnceStatus};
use crate::host::runpod::{self, HandlerError, JobContext, RunpodHandler, RunpodJob};
use crate::host::serve::{LONG_POLL, ServeParams, serve};
use crate::host::{Signals, StartError, Unwatched, health, http, lambda};
use crate::metrics::Metrics;
use crate::telemetry;

/// Between looks at an empty queue; the look itself waits.
const IDLE: Duration = Duration::from_millis(50);
/// Names a job that is only to show that a worker lives.
pub const CANARY_SCHEMA: &str = "doctown.canary/1";
/// Of a process that could not begin, or whose unit failed.
pub(super) const EXIT_FAILED: u8 = 1;
pub(super) const EXIT_USAGE: u8 = 2;

/// One stage's process, ready to work.
pub(super) struct Ready<S> {
    pub(super) worker: Worker<CloudPorts, Arc<S>>,
}

/// What a process is made of, from its start on.
pub(super) struct Process<S> {
    pub(super) config: Config,
    pub(super) metrics: Arc<Metrics>,
    /// Empty until the stage is made and bucket and queues are found usable.
    pub(super) ready: OnceCell<Ready<S>>,
    /// Once set, nothing new is begun.
    pub(super) drain: CancelFlag,
}

/// Runs the process of one stage; `make` may take long, as loading a model does.
///
/// The mode is that of `DOCTOWN_MODE`, or what the surroundings tell; `--once [FILE]` goes before both.
/// `--health` only asks the process that listens at `PORT`, and ends with 0 when that is ready to work.
pub fn main<T: Stage>(make: impl FnOnce(&Config) -> Result<T, StartError> + Send + 'static) -> ExitCode {
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
    let mode = match once_input() {
        Some(_) => Mode::Once,
        None => match config.host.mode {
            Some(mode) => mode,
            None => return refuse(&no_mode(), EXIT_USAGE),
        },
    };
    let made = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let ended = match made {
        Ok(runtime) => runtime.block_on(run(config, mode, make)),
        Err(error) => Err(StartError::new("no_runtime", error.to_string())),
    };
    drop(telemetry);
    ended.unwrap_or_else(|error| refuse(&error, EXIT_FAILED))
}

fn no_mode() -> StartError {
    StartError::new("no_mode", "neither DOCTOWN_MODE nor the surroundings say how to work")
        .with_help("set DOCTOWN_MODE to `once`, `http`, `lambda`, `sqs` or `runpod`, or give `--once FILE`")
}

/// Says why the process ends, in the same JSON as its logs where machines read those.
pub(super) fn refuse(error: &StartError, code: u8) -> ExitCode {
    let help = error.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    // Without standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "error[{}]: {}{help}", error.code, error.message);
    ExitCode::from(code)
}

async fn run<T: Stage>(
    config: Config,
    mode: Mode,
    make: impl FnOnce(&Config) -> Result<T, StartError> + Send + 'static,
) -> Result<ExitCode, StartError> {
    if mode == Mode::Once {
        return once(&config, make).await;
    }
    let embedded_for = config.telemetry.embedded_metrics.then(|| config.environment.clone());
    let process = Arc::new(Process {
        metrics: Metrics::new(embedded_for),
        ready: OnceCell::new(),
        drain: CancelFlag::default(),
        config,
    });
    // The port is open before the stage is made, so that a platform can tell a slow start from none.
    let server = match process.config.host.listen {
        Some(address) => Some(http::listen(Arc::clone(&process), address).await?),
        None => None,
    };
    begin::<T>(&process, make).await?;
    let code = match mode {
        Mode::Lambda => lambda::run(Arc::clone(&process)).await?,
        Mode::Sqs => serve_queues(&process).await?,
        Mode::Http => serve_requests(&process, server.is_some()).await?,
        Mode::Runpod => work_for_runpod(&process).await?,
        Mode::Once => ExitCode::SUCCESS,
    };
    if let Some(server) = server {
        server.stop().await;
    }
    Ok(code)
}

/// Makes the stage and opens what it works with, side by side.
async fn begin<T: Stage>(
    process: &Arc<Process<Only<T>>>,
    make: impl FnOnce(&Config) -> Result<T, StartError> + Send + 'static,
) -> Result<(), StartError> {
    let config = process.config.clone();
    let making = tokio::task::spawn_blocking(move || make(&config));
    let metrics = Arc::clone(&process.metrics);
    let opening = cloud::open(&process.config, Some(Box::new(move |event| metrics.observe(event))));
    let (made, ports) = tokio::join!(making, opening);
    let stage = made.map_err(|error| StartError::new("start_panicked", error.to_string()))??;
    let name = format!("{}-{}-{}", T::NAME, std::process::id(), SystemClock.now());
    let worker =
        Worker::new(Arc::new(ports?), Arc::new(Only(stage)), name).with_lease(process.config.host.lease);
    if let Some(embedder) = worker.stages().embedder() {
        let announced = worker.coordinator().announce(&embedder).await;
        announced.map_err(|error| StartError::new("store_unavailable", error.to_string()))?;
    }
    info!(stage.name = T::NAME.as_str(), "ready");
    let _ = process.ready.set(Ready { worker });
    Ok(())
}

impl<S: Stages> Process<S> {
    /// Does what one JSON asks for.
    pub(super) async fn handle(&self, body: &str, limits: &AttemptLimits) -> Result<OnceAnswer, OnceError> {
        let Some(Ready { worker }) = self.ready.get() else { return Err(OnceError::NotReady) };
        match OnceRequest::parse(body)? {
            OnceRequest::Unit(message) => once::run_unit(worker, &message, limits, &*self.metrics).await,
            OnceRequest::Direct(direct) => once::run_direct(Arc::clone(worker.stages()), *direct, None).await,
        }
    }
}

async fn serve_queues<S: Stages>(process: &Arc<Process<S>>) -> Result<ExitCode, StartError> {
    let Some(Ready { worker }) = process.ready.get() else { return Err(never_ready()) };
    let host = &process.config.host;
    let ports = Arc::clone(worker.coordinator().ports());
    let name = format!("{}-{}", std::process::id(), SystemClock.now());
    let serving = Arc::new(Worker::new(ports, Arc::clone(worker.stages()), name).with_lease(host.lease));
    let listening = tokio::spawn(Signals::listen().set(process.drain.clone(), serving.stop_flag().clone()));
    let watch: Arc<Metrics> = Arc::clone(&process.metrics);
    let params = ServeParams {
        n_concurrent: host.n_concurrent,
        look: LONG_POLL,
        idle: IDLE,
        reap_every: host.reap_every,
        drain: process.drain.clone(),
        grace: host.grace,
        watch,
    };
    serve(&serving, &params).await;
    listening.abort();
    Ok(ExitCode::SUCCESS)
}

async fn work_for_runpod<S: Stages>(process: &Arc<Process<S>>) -> Result<ExitCode, StartError> {
    let Some(settings) = &process.config.runpod else {
        return Err(StartError::new("no_runpod", "the mode `runpod` needs what RunPod sets for its workers")
            .with_help("RUNPOD_WEBHOOK_GET_JOB names where jobs are taken"));
    };
    let listening = tokio::spawn(Signals::listen().set(process.drain.clone(), CancelFlag::default()));
    let ended = runpod::work(settings, Arc::clone(process), process.drain.clone()).await;
    listening.abort();
    ended.map_err(|error| StartError::new("runpod_unusable", error.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

impl<S: Stages> RunpodHandler for Process<S> {
    /// Runs a unit; that it failed is an answer too, since its marker says so and nobody is to send it again.
    async fn run(&self, job: RunpodJob, context: JobContext) -> Result<Value, HandlerError> {
        if job.input["schema"] == CANARY_SCHEMA {
            return Ok(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}));
        }
        let limits = AttemptLimits { stop: context.cancel_flag().clone(), ..AttemptLimits::default() };
        let answer = self.handle(&job.input.to_string(), &limits).await.map_err(|error| HandlerError {
            code: error.code().to_owned(),
            message: error.to_string(),
            retryable: matches!(error, OnceError::NotReady | OnceError::Pipeline(_)),
        })?;
        Ok(serde_json::to_value(answer).unwrap_or_default())
    }
}

/// Requests come by the port; this waits for the end and for what still runs.
async fn serve_requests<S: Stages>(process: &Arc<Process<S>>, listens: bool) -> Result<ExitCode, StartError> {
    let Some(Ready { worker }) = process.ready.get().filter(|_| listens) else {
        return Err(StartError::new("no_port", "the mode `http` needs a port").with_help("set PORT"));
    };
    let mut signals = Signals::listen();
    signals.next().await;
    process.drain.set();
    let stop = worker.stop_flag().clone();
    let grace = process.config.host.grace;
    tokio::spawn(async move {
        tokio::select! { () = signals.next() => {} () = tokio::time::sleep(grace) => {} }
        warn!("what still runs is interrupted");
        stop.set();
    });
    Ok(ExitCode::SUCCESS)
}

pub(super) fn never_ready() -> StartError {
    StartError::new("not_ready", "the stage was never made")
}

/// Returns the file that `--once` names, or `-`.
fn once_input() -> Option<String> {
    let mut arguments = std::env::args().skip(1);
    (arguments.next()? == "--once").then(|| arguments.next().unwrap_or_else(|| "-".to_owned()))
}

async fn once<T: Stage>(
    config: &Config,
    make: impl FnOnce(&Config) -> Result<T, StartError>,
) -> Result<ExitCode, StartError> {
    let unreadable = |error: std::io::Error| StartError::new("input_unreadable", error.to_string());
    let text = match once_input().as_deref() {
        None | Some("-") if std::io::stdin().is_terminal() => {
            return Err(StartError::new("no_input", "standard input is a terminal")
                .with_help("pipe a JSON in, or give `--once FILE`"));
        }
        None | Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
            text
        }
        Some(path) => std::fs::read_to_string(path).map_err(unreadable)?,
    };
    let failed = |error: &OnceError| StartError::new(error.code(), error.to_string());
    let request = OnceRequest::parse(&text).map_err(|error| failed(&error))?;
    let stages = Only(make(config)?);
    let answer = match request {
        OnceRequest::Direct(direct) => once::run_direct(stages, *direct, None).await,
        OnceRequest::Unit(message) => {
            let ports = cloud::open(config, None).await?;
            let worker = Worker::new(Arc::new(ports), stages, format!("once-{}", SystemClock.now()));
            once::run_unit(&worker, &message, &AttemptLimits::default(), &Unwatched).await
        }
    }
    .map_err(|error| failed(&error))?;
    let text = serde_json::to_string(&answer).unwrap_or_default();
    writeln!(std::io::stdout(), "{text}").map_err(unreadable)?;
    Ok(if answer.status == OnceStatus::Failed { ExitCode::from(EXIT_FAILED) } else { ExitCode::SUCCESS })
}
