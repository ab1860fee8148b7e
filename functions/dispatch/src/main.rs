//! The process that sends units to RunPod: it holds their messages, or checks once for each invocation by Lambda.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use docpack::Digest;
use doctown_dispatch::{Dispatcher, Endpoint, JobPolicy, Runpod, Step};
use pipeline::attempt::VISIBILITY;
use pipeline::port::{QueueName, Received};
use pipeline::{Clock, Coordinator, Message, Ports, Queue, StageName, Tenant, Timestamp};
use runtime::cloud::{self, CloudPorts};
use runtime::config::{Config, Mode};
use runtime::host::process::CANARY_SCHEMA;
use runtime::host::serve::LONG_POLL;
use runtime::host::task::{self, Task};
use runtime::host::{StartError, lambda};
use runtime::metrics::Metrics;
use runtime::{SystemClock, runpod_api};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tracing::{info, warn};

/// Between looks at endpoints' health.
const HEALTH: Duration = Duration::from_secs(60);
/// Between looks whether to stop.
const LOOK: Duration = Duration::from_millis(500);
/// Messages held at once for one endpoint; each costs a request every few seconds.
const MAX_HELD: usize = 64;

type CloudDispatcher = Dispatcher<CloudPorts, Runpod>;

/// Everything that one process hands on, by stage.
struct Desk {
    task: Arc<Task>,
    dispatchers: BTreeMap<StageName, Arc<CloudDispatcher>>,
    endpoints: BTreeMap<StageName, runpod_api::Endpoint>,
    coordinator: Coordinator<CloudPorts>,
}

fn main() -> ExitCode {
    task::main(work)
}

async fn work(task: Arc<Task>) -> Result<(), StartError> {
    let mode = task.config.host.mode;
    let ports = Arc::new(cloud::open(&task.config, None).await?);
    let endpoints = endpoints(&task.config)?;
    let name = format!("dispatch-{}-{}", std::process::id(), SystemClock.now());
    let budget = task.config.dispatch.queue_budget;
    let dispatchers = endpoints.iter().map(|(stage, endpoint)| {
        let name = format!("{name}-{stage}");
        let dispatcher = Dispatcher::new(Arc::clone(&ports), Runpod(endpoint.clone()), budget, name);
        let metrics = Arc::clone(&task.metrics);
        (*stage, Arc::new(dispatcher.telling(Box::new(move |_, counts| tell_fill(&metrics, counts)))))
    });
    let dispatchers = dispatchers.collect();
    let coordinator = Coordinator::new(Arc::clone(&ports), name);
    let desk = Arc::new(Desk { task: Arc::clone(&task), dispatchers, endpoints, coordinator });
    task.is_ready();
    if mode == Some(Mode::Lambda) {
        return lambda::serve_events(|payload, _| desk.on_event(payload)).await;
    }
    let mut desks = JoinSet::new();
    for (stage, dispatcher) in &desk.dispatchers {
        desks.spawn(hold(Arc::clone(&desk.task), *stage, Arc::clone(dispatcher)));
    }
    let watching = tokio::spawn(watch(Arc::clone(&desk)));
    while desks.join_next().await.is_some() {}
    watching.abort();
    Ok(())
}

fn endpoints(config: &Config) -> Result<BTreeMap<StageName, runpod_api::Endpoint>, StartError> {
    let settings = config.runpod_api.as_ref().ok_or_else(|| {
        StartError::new("no_endpoint_key", "no key for RunPod's endpoints").with_help("set RUNPOD_API_KEY")
    })?;
    if config.dispatch.endpoints.is_empty() {
        return Err(StartError::new("no_endpoint", "no stage is handed to any endpoint")
            .with_help("set DOCTOWN_ENDPOINTS to `embed=ENDPOINT_ID`"));
    }
    let open = |(stage, id): (&StageName, &String)| {
        let endpoint = runpod_api::Endpoint::new(settings, id);
        let endpoint = endpoint.map_err(|error| StartError::new("endpoint_unusable", error.to_string()))?;
        Ok((*stage, endpoint))
    };
    config.dispatch.endpoints.iter().map(open).collect()
}

/// Takes messages of one stage and holds each until its unit is done, or until the process is to stop:
/// what it held then comes back to another.
async fn hold(task: Arc<Task>, stage: StageName, dispatcher: Arc<CloudDispatcher>) {
    // Dead letters are rare, and waiting for one would keep work waiting.
    let queues = [(QueueName::work(stage), LONG_POLL), (QueueName::dead(stage), Duration::ZERO)];
    let mut held = JoinSet::new();
    while !task.drain.is_set() {
        while held.try_join_next().is_some() {}
        if held.len() >= MAX_HELD {
            SystemClock.sleep(LOOK).await;
            continue;
        }
        for (queue, wait) in queues {
            match dispatcher.ports().queue().receive_within(queue, VISIBILITY, wait).await {
                Ok(Some(received)) => {
                    held.spawn(follow(Arc::clone(&task), Arc::clone(&dispatcher), queue, received));
                }
                Ok(None) => {}
                Err(error) => {
                    warn!("queues gave no answer: {error}");
                    SystemClock.sleep(HEALTH / 12).await;
                }
            }
        }
    }
    held.shutdown().await;
}

/// Looks at one message again and again, and keeps it hidden meanwhile.
async fn follow(task: Arc<Task>, dispatcher: Arc<CloudDispatcher>, queue: QueueName, received: Received) {
    while !task.drain.is_set() {
        let wait = match dispatcher.step(queue, &received).await {
            Ok(Step::Done) => return,
            Ok(Step::Again(wait)) => wait,
            Err(error) => {
                warn!("the store gave no answer: {error}");
                VISIBILITY / 4
            }
        };
        SystemClock.sleep(wait.min(VISIBILITY / 3)).await;
        // One that reappears is looked at by two, which is harmless.
        let _ = dispatcher.ports().queue().extend(queue, &received.receipt, VISIBILITY).await;
    }
}

impl Desk {
    /// Looks once at each message of a batch; any other event has the endpoints looked after.
    async fn on_event(&self, payload: Value) -> Result<Value, StartError> {
        let Some(records) = lambda::sqs_records(&payload) else {
            self.look_after().await;
            return Ok(json!({"status": "ok"}));
        };
        let mut failed = Vec::new();
        for (id, received) in records {
            if let Err(reason) = self.once(&received).await {
                warn!("a message comes back: {reason}");
                failed.push(json!({"itemIdentifier": id}));
            }
        }
        Ok(json!({"batchItemFailures": failed}))
    }

    /// Looks at a message; one that has to be held is sent again with a delay, which uses up no receipt of it.
    async fn once(&self, received: &Received) -> Result<(), String> {
        let message = Message::parse(&received.body).map_err(|error| error.to_string())?;
        let dispatcher = self.dispatchers.get(&message.stage).ok_or("no endpoint runs this stage")?;
        let queue = QueueName::work(message.stage);
        if let Step::Again(wait) =
            dispatcher.step(queue, received).await.map_err(|error| error.to_string())?
        {
            let sent = dispatcher.ports().queue().send(queue, &received.body, wait).await;
            sent.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Asks every endpoint how it is, and sends it a canary when one is due.
    async fn look_after(&self) {
        let mut n_unhealthy = 0;
        for (stage, endpoint) in &self.endpoints {
            match endpoint.health().await {
                Ok(health) => {
                    let count =
                        |counts: &BTreeMap<String, u64>, word: &str| counts.get(word).copied().unwrap_or(0);
                    n_unhealthy += count(&health.workers, "unhealthy");
                    let n_workers: u64 = health.workers.values().sum();
                    let n_waiting = count(&health.jobs, "inQueue");
                    if n_workers == 0 && n_waiting > 0 {
                        n_unhealthy += 1;
                        warn!(stage.name = %stage, n_waiting, "{n_waiting} jobs wait, and the endpoint has no worker");
                    }
                }
                Err(error) => warn!(stage.name = %stage, "the endpoint's health is not known: {error}"),
            }
            if let Err(reason) = self.canary(*stage).await {
                warn!(stage.name = %stage, "no canary was sent: {reason}");
            }
        }
        let metrics: &Metrics = &self.task.metrics;
        metrics.set_unhealthy_workers(n_unhealthy);
    }

    /// Sends a job of no consequence once for each window: an endpoint without requests is shut after days.
    async fn canary(&self, stage: StageName) -> Result<(), String> {
        let Some(every) = self.task.config.dispatch.canary_every else { return Ok(()) };
        let (Some(id), Some(endpoint)) =
            (self.task.config.dispatch.endpoints.get(&stage), self.endpoints.get(&stage))
        else {
            return Ok(());
        };
        let every_ms = every.as_millis() as u64;
        let window = Timestamp(SystemClock.now().0 / every_ms * every_ms);
        let (tenant, name) = (Tenant::local(), Digest::of(format!("canary/{id}").as_bytes()));
        let seen = self.coordinator.window_is_done(&tenant, &name, window).await;
        if seen.map_err(|error| error.to_string())? {
            return Ok(());
        }
        let policy = JobPolicy { execution: VISIBILITY, ttl: self.task.config.dispatch.queue_budget };
        let sent = Runpod(endpoint.clone()).run(json!({"schema": CANARY_SCHEMA}), policy).await;
        let job = sent.map_err(|failure| format!("{failure:?}"))?;
        info!(stage.name = %stage, "canary {job} was sent");
        let noted = job.to_lowercase().parse().map_err(|_| "the job's name cannot be noted".to_owned())?;
        self.coordinator.window_done(&tenant, &name, window, &noted).await.map_err(|error| error.to_string())
    }
}

/// An endpoint's own log is not read by whoever watches; how full its batches were stands in the markers.
fn tell_fill(metrics: &Metrics, counts: &BTreeMap<String, u64>) {
    let count = |name: &str| counts.get(name).copied().unwrap_or(0);
    if let (n_batches @ 1.., n_chunks) = (count("batches"), count("batched_chunks")) {
        metrics.batch_fill(n_chunks as f64 / n_batches as f64);
    }
}

async fn watch(desk: Arc<Desk>) {
    loop {
        desk.look_after().await;
        SystemClock.sleep(HEALTH).await;
    }
}
