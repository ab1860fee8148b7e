//! Jobs in S3 and SQS: `worker`, `submit`, `status`, `jobs`, `cancel`.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use docpack::Digest;
use pipeline::port::Ports;
use pipeline::{
    ArtifactStore, BuildOptions, BuildRequest, CancelFlag, Clock, Coordinator, JobFamily, JobId, NewJob,
    Phase, StageError, StageName, Stages, StateDocument, Tenant, UnitOutput, UnitRun, Worker,
};
use runtime::config::{Config, StoreConfig};
use runtime::host::local::{Run, choose_run, stage_versions};
use runtime::host::serve::{ServeParams, serve};
use runtime::queue::SqsQueue;
use runtime::store::S3Store;
use runtime::{LocalPorts, SystemClock, aws};
use source::spec::SourceSpec;

use crate::args::{StatusArgs, SubmitArgs, WorkerArgs};
use crate::build::{tool_version, write_file};
use crate::events::parse_job;
use crate::failure::{self, Exit, Failure};
use crate::output::{data, json, talk};
use crate::setting;
use crate::stage::parse_stage;
use crate::stages::LocalStages;

/// How long a job may take before it fails.
const TIME_LIMIT: Duration = Duration::from_secs(6 * 3_600);
/// Between looks at a job that is waited for.
const POLL: Duration = Duration::from_millis(500);
/// A worker of one stage waits this long at its queue.
const LONG_POLL: Duration = Duration::from_secs(10);
/// A worker of several stages goes from queue to queue, and waits between rounds.
const IDLE: Duration = Duration::from_millis(250);

type CloudPorts = LocalPorts<S3Store, SqsQueue>;

/// Works on units until interrupted; what then runs goes back to its queue.
pub(crate) fn worker(args: &WorkerArgs, config: &Config) -> Result<(), Failure> {
    let chosen = chosen_stages(&args.stages)?;
    let precision = args.precision.map(crate::args::PrecisionArg::to_precision).unwrap_or_default();
    let needs_model =
        !args.no_embeddings && [StageName::Embed, StageName::Pack].iter().any(|stage| chosen.contains(stage));
    let embedder = match needs_model {
        true => Some(setting::embedder(config, precision, config.embed.n_threads)?),
        false => None,
    };
    let stages = LocalStages::new(setting::source_config(&config.source)?, embedder, config.embed.n_threads);
    let stages = Chosen { chosen, stages: stages.for_many_jobs() };
    let wait = if stages.chosen.len() == 1 { LONG_POLL } else { Duration::ZERO };
    let params = ServeParams {
        n_concurrent: args.concurrency,
        idle: IDLE,
        reap_every: (args.reap_every > 0).then(|| Duration::from_secs(args.reap_every)),
    };
    block_on(async {
        let ports = ports(config, wait).await?;
        let name = format!("worker-{}-{}", std::process::id(), SystemClock.now());
        let worker = Arc::new(Worker::new(Arc::new(ports), stages, name));
        let stopping = tokio::spawn(stop_on_signal(worker.stop_flag().clone()));
        talk("working; Ctrl-C stops");
        serve(&worker, &params).await;
        stopping.abort();
        Ok(())
    })
}

/// Makes a job, or finds the one of the same build that is not over.
pub(crate) fn submit(args: &SubmitArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let source_config = setting::source_config(&config.source)?;
    let spec = SourceSpec::parse(&args.source, &source_config).map_err(|error| failure::of_source(&error))?;
    let options = args.options.to_options();
    let embedder = match options.embeddings {
        true => Some(setting::embedder(config, options.precision, 1)?),
        false => None,
    };
    let tool = tool_version(embedder.as_deref());
    let request = BuildRequest { source: spec.canonical(&source_config), options };
    let stages = LocalStages::new(source_config, embedder, 1);
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        let family = JobFamily::derive(&request.source, &request.options, &tool);
        let fingerprint = spec.fingerprint();
        let run = choose_run(&coordinator, &Tenant::local(), &family, fingerprint).await;
        let Run { job, is_resumed, .. } = run.map_err(|error| unavailable(&error))?;
        if is_resumed {
            return read_state(&coordinator, &job).await;
        }
        let new = NewJob {
            tenant: Tenant::local(),
            owner: "local".to_owned(),
            trace_id: job.trace_id(),
            job,
            source_fingerprint: fingerprint,
            parent: None,
            stage_versions: stage_versions(&stages),
            embedder_class: stages.embedder_class().filter(|_| request.options.embeddings),
            request,
            time_limit: TIME_LIMIT,
        };
        coordinator.submit(new).await.map_err(|error| unavailable(&error))
    })?;
    match as_json {
        true => json("submit", &state),
        false => data(state.job.as_str()),
    }
    Ok(())
}

pub(crate) fn status(args: &StatusArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(&args.job, "doctown submit")?;
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        let mut state = read_state(&coordinator, &job).await?;
        while args.wait && !state.phase.is_terminal() {
            tokio::time::sleep(POLL).await;
            state = read_state(&coordinator, &job).await?;
        }
        if let (Some(output), Some(docpack)) = (&args.output, &state.result) {
            let found = coordinator.ports().store().get(&docpack.key(&Tenant::local())).await;
            write_file(output, &found.map_err(|error| unavailable(&error))?.bytes)?;
        }
        Ok(state)
    })?;
    match as_json {
        true => json("status", &state),
        false => data(&line(&state)),
    }
    match (&state.error, state.phase) {
        (Some(error), Phase::Failed) => Err(failure::of_job(&error.code, &error.message)),
        _ => Ok(()),
    }
}

pub(crate) fn jobs(config: &Config, as_json: bool) -> Result<(), Failure> {
    let states = block_on(async {
        let coordinator = coordinator(config).await?;
        let mut states = Vec::new();
        let active = coordinator.active_jobs(&Tenant::local()).await.map_err(|error| unavailable(&error))?;
        for job in active {
            states.push(read_state(&coordinator, &job).await?);
        }
        Ok(states)
    })?;
    match as_json {
        true => json("jobs", &states),
        false => states.iter().for_each(|state| data(&line(state))),
    }
    Ok(())
}

pub(crate) fn cancel(job: &str, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(job, "doctown submit")?;
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        coordinator.cancel(&Tenant::local(), &job).await.map_err(|error| unavailable(&error))
    })?;
    match as_json {
        true => json("cancel", &state),
        false => data(&line(&state)),
    }
    Ok(())
}

fn line(state: &StateDocument) -> String {
    format!("{} {} {}", state.job, state.phase, state.request.source)
}

async fn read_state(coordinator: &Coordinator<CloudPorts>, job: &JobId) -> Result<StateDocument, Failure> {
    coordinator.state(&Tenant::local(), job).await.map_err(|error| {
        Failure::new(Exit::InputRefused, "no_such_job", error.to_string())
            .with_help("`doctown jobs` lists the jobs that are not over")
    })
}

async fn coordinator(config: &Config) -> Result<Coordinator<CloudPorts>, Failure> {
    let ports = ports(config, Duration::ZERO).await?;
    Ok(Coordinator::new(Arc::new(ports), format!("cli-{}-{}", std::process::id(), SystemClock.now())))
}

async fn ports(config: &Config, wait: Duration) -> Result<CloudPorts, Failure> {
    let StoreConfig::S3 { bucket, prefix, path_style } = &config.store else {
        let message = format!("`{}` is no bucket", config.store);
        return Err(Failure::new(Exit::Usage, "store_not_shared", message)
            .with_help("set DOCTOWN_STORE to `s3://BUCKET/PREFIX`"));
    };
    let sdk = aws::sdk_config().await;
    let store = S3Store::new(aws::s3_client(&sdk, *path_style), bucket, prefix);
    // A name of this moment, so that two probes do not meet.
    let moment = format!("{}-{}", std::process::id(), SystemClock.now());
    let probed = JobFamily::derive("probe", &BuildOptions::default(), &moment);
    store.probe(&probed.run(1)).await.map_err(|error| unavailable(&error))?;
    let queue = SqsQueue::open(aws::sqs_client(&sdk), &config.environment, wait).await;
    let queue = queue.map_err(|error| unavailable(&error))?;
    Ok(LocalPorts { store, queue, clock: SystemClock, observer: None })
}

fn unavailable(error: &dyn std::error::Error) -> Failure {
    Failure::new(Exit::UpstreamDown, "store_unavailable", error.to_string())
        .with_help("`doctown config show` tells which bucket and queues are meant")
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let host = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    host.map_err(|error| Failure::new(Exit::Failed, "no_runtime", error.to_string()))?.block_on(work)
}

/// SIGTERM is how a platform ends a worker, Ctrl-C how a person does.
async fn stop_on_signal(stop: CancelFlag) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! { _ = terminated.recv() => {} _ = tokio::signal::ctrl_c() => {} }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
    talk("stopping; what runs goes back to its queue");
    stop.set();
}

fn chosen_stages(names: &[String]) -> Result<BTreeSet<StageName>, Failure> {
    if names.is_empty() {
        return Ok(StageName::ALL.into_iter().collect());
    }
    names.iter().map(|name| parse_stage(name)).collect()
}

/// Some of the stages of this program.
struct Chosen {
    chosen: BTreeSet<StageName>,
    stages: LocalStages,
}

impl Stages for Chosen {
    fn version(&self, stage: StageName) -> Option<String> {
        self.stages.version(stage).filter(|_| self.chosen.contains(&stage))
    }

    fn embedder_class(&self) -> Option<Digest> {
        self.stages.embedder_class()
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        self.stages.run(stage, unit).await
    }
}
