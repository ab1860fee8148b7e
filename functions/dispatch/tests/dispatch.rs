//! Units by way of an endpoint that answers as it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use docpack::Digest;
use doctown_dispatch::{Dispatcher, Endpoint, EndpointFailure, JobPolicy, RemoteJob, RemoteState, Step};
use pipeline::attempt::VISIBILITY;
use pipeline::port::{QueueName, Received};
use pipeline::{
    AttemptEnd, BuildOptions, BuildRequest, Clock, JobId, NewJob, PinnedEmbedder, Ports, Queue, StageError,
    StageName, Stages, Tenant, Timestamp, UnitOutput, UnitRun, Worker,
};
use runtime::{LocalPorts, MemoryQueue, MemoryStore};
use serde_json::{Value, json};

/// A clock that moves only when it is told to.
#[derive(Debug, Clone, Default)]
struct HandClock(Arc<Mutex<u64>>);

impl HandClock {
    fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by.as_millis() as u64;
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_700_000_000_000 + *self.0.lock().unwrap())
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
        tokio::task::yield_now().await;
    }
}

type TestPorts = LocalPorts<MemoryStore, MemoryQueue<HandClock>, HandClock>;

/// A stage that leaves one word behind.
struct OneWord;

impl Stages for OneWord {
    fn version(&self, _stage: StageName) -> Option<String> {
        Some("1".to_owned())
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        None
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let mut output = UnitOutput::new(unit.put_json(&stage.as_str()).await?);
        if stage == StageName::Pack {
            output.docpack = Some(unit.put_docpack(Digest::of(b"pack"), b"pack").await?);
        }
        Ok(output)
    }
}

/// What the endpoint was asked, and what it will say of the jobs it was given.
#[derive(Default)]
struct Script {
    sent: Vec<(Value, JobPolicy)>,
    runs: VecDeque<Result<String, EndpointFailure>>,
    answers: VecDeque<Result<Option<RemoteJob>, EndpointFailure>>,
    asked: u32,
}

#[derive(Clone, Default)]
struct Scripted(Arc<Mutex<Script>>);

impl Endpoint for Scripted {
    async fn run(&self, input: Value, policy: JobPolicy) -> Result<String, EndpointFailure> {
        let mut script = self.0.lock().unwrap();
        script.sent.push((input, policy));
        let name = format!("remote-{}", script.sent.len());
        script.runs.pop_front().unwrap_or(Ok(name))
    }

    async fn status(&self, _id: &str) -> Result<Option<RemoteJob>, EndpointFailure> {
        let mut script = self.0.lock().unwrap();
        script.asked += 1;
        script.answers.pop_front().unwrap_or(Ok(Some(pending())))
    }
}

fn pending() -> RemoteJob {
    RemoteJob { state: RemoteState::Pending, output: None, error: None }
}

fn answered(end: &str) -> RemoteJob {
    RemoteJob { state: RemoteState::Answered, output: Some(json!({"end": end})), error: None }
}

fn over() -> RemoteJob {
    RemoteJob { state: RemoteState::Over, output: None, error: Some("out of memory".to_owned()) }
}

struct Scene {
    ports: Arc<TestPorts>,
    clock: HandClock,
    endpoint: Scripted,
    worker: Worker<TestPorts, OneWord>,
    job: JobId,
}

const INGEST: QueueName = QueueName { stage: StageName::Ingest, dead: false };

impl Scene {
    /// A job whose ingest message waits in its queue.
    async fn new() -> Self {
        let clock = HandClock::default();
        let queue = MemoryQueue::new(clock.clone());
        let store = MemoryStore::default();
        let ports = Arc::new(LocalPorts { store, queue, clock: clock.clone(), observer: None });
        let worker = Worker::new(Arc::clone(&ports), OneWord, "worker");
        let job: JobId = "job-1".parse().unwrap();
        let new = NewJob {
            tenant: Tenant::local(),
            owner: "someone".to_owned(),
            queue_group: pipeline::QueueGroup::default(),
            trace_id: job.trace_id(),
            job: job.clone(),
            request: BuildRequest::new(
                "https://example.org/a/b",
                BuildOptions { embeddings: false, ..BuildOptions::default() },
            ),
            source_fingerprint: None,
            parent: None,
            stage_versions: StageName::ALL.map(|stage| (stage, "1".to_owned())).into(),
            embedder: None,
            time_limit: Duration::from_secs(86_400),
        };
        worker.coordinator().submit(new).await.unwrap();
        Self { ports, clock, endpoint: Scripted::default(), worker, job }
    }

    fn dispatcher(&self) -> Dispatcher<TestPorts, Scripted> {
        let budget = Duration::from_secs(600);
        Dispatcher::new(Arc::clone(&self.ports), self.endpoint.clone(), budget, "dispatcher")
    }

    async fn receive(&self) -> Received {
        self.ports.queue.receive(INGEST, VISIBILITY).await.unwrap().expect("a message waits")
    }

    fn n_sent(&self) -> usize {
        self.endpoint.0.lock().unwrap().sent.len()
    }

    fn say(&self, answer: Result<Option<RemoteJob>, EndpointFailure>) {
        self.endpoint.0.lock().unwrap().answers.push_back(answer);
    }

    /// Does what the endpoint's worker would do with what it was sent.
    async fn work(&self, received: &Received) {
        let direct = Received { receipt: pipeline::port::Receipt::none(), ..received.clone() };
        assert_eq!(self.worker.attempt(INGEST, &direct).await, Ok(AttemptEnd::Done));
    }
}

#[tokio::test]
async fn a_unit_is_sent_once_and_let_go_when_its_marker_is_there() {
    let scene = Scene::new().await;
    let (dispatcher, received) = (scene.dispatcher(), scene.receive().await);
    for _ in 0..3 {
        assert!(matches!(dispatcher.step(INGEST, &received).await, Ok(Step::Again(_))));
    }
    let another = scene.dispatcher();
    assert!(matches!(another.step(INGEST, &received).await, Ok(Step::Again(_))));
    assert_eq!(scene.n_sent(), 1, "whoever comes later asks before it sends");
    let (input, policy) = scene.endpoint.0.lock().unwrap().sent[0].clone();
    assert_eq!((input["job"].as_str(), input["stage"].as_str()), (Some("job-1"), Some("ingest")));
    assert_eq!(policy.execution, StageName::Ingest.plan().time_limit);
    assert_eq!(policy.ttl, policy.execution + Duration::from_secs(600));
    scene.work(&received).await;
    assert_eq!(dispatcher.step(INGEST, &received).await, Ok(Step::Done));
    assert_eq!(scene.ports.queue.depth(INGEST).await, Ok(0), "the message is gone");
}

#[tokio::test]
async fn a_lost_job_is_sent_again_after_a_while() {
    for lost in [Some(over()), None, Some(answered("done"))] {
        let scene = Scene::new().await;
        let (dispatcher, received) = (scene.dispatcher(), scene.receive().await);
        dispatcher.step(INGEST, &received).await.unwrap();
        scene.say(Ok(lost.clone()));
        assert!(matches!(dispatcher.step(INGEST, &received).await, Ok(Step::Again(_))));
        assert_eq!(scene.n_sent(), 1, "not at once: a worker that crashes would be started without end");
        scene.clock.advance(Duration::from_secs(20));
        scene.say(Ok(lost));
        dispatcher.step(INGEST, &received).await.unwrap();
        assert_eq!(scene.n_sent(), 2);
    }
}

#[tokio::test]
async fn what_a_worker_put_off_is_let_go_because_it_sent_the_message_again() {
    for end in ["postponed", "interrupted", "retrying"] {
        let scene = Scene::new().await;
        let (dispatcher, received) = (scene.dispatcher(), scene.receive().await);
        dispatcher.step(INGEST, &received).await.unwrap();
        scene.say(Ok(Some(answered(end))));
        assert_eq!(dispatcher.step(INGEST, &received).await, Ok(Step::Done));
        assert_eq!((scene.n_sent(), scene.ports.queue.depth(INGEST).await), (1, Ok(0)));
    }
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_is_left_alone_for_a_while() {
    let scene = Scene::new().await;
    let (dispatcher, received) = (scene.dispatcher(), scene.receive().await);
    dispatcher.step(INGEST, &received).await.unwrap();
    for _ in 0..20 {
        scene.say(Err(EndpointFailure::Unavailable { reason: "reset".to_owned() }));
        dispatcher.step(INGEST, &received).await.unwrap();
    }
    let asked = scene.endpoint.0.lock().unwrap().asked;
    assert!(asked < 20, "the breaker opened after {asked} calls");
    let throttled = Scene::new().await;
    let failure = EndpointFailure::Throttled { after: Duration::from_secs(7) };
    throttled.endpoint.0.lock().unwrap().runs.push_back(Err(failure));
    let received = throttled.receive().await;
    let step = throttled.dispatcher().step(INGEST, &received).await;
    assert_eq!(step, Ok(Step::Again(Duration::from_secs(7))));
}

#[tokio::test]
async fn a_claim_whose_dispatcher_died_is_given_up() {
    let scene = Scene::new().await;
    let (dispatcher, received) = (scene.dispatcher(), scene.receive().await);
    scene
        .endpoint
        .0
        .lock()
        .unwrap()
        .runs
        .push_back(Err(EndpointFailure::Unavailable { reason: "cut".to_owned() }));
    dispatcher.step(INGEST, &received).await.unwrap();
    dispatcher.step(INGEST, &received).await.unwrap();
    assert_eq!(scene.n_sent(), 1, "it may have arrived");
    scene.clock.advance(Duration::from_secs(60));
    dispatcher.step(INGEST, &received).await.unwrap();
    assert_eq!(scene.n_sent(), 2);
}

#[tokio::test]
async fn a_job_that_is_over_sends_nothing() {
    let scene = Scene::new().await;
    let (dispatcher, received) = (scene.dispatcher(), scene.receive().await);
    scene.worker.coordinator().cancel(&Tenant::local(), &scene.job).await.unwrap();
    assert_eq!(dispatcher.step(INGEST, &received).await, Ok(Step::Done));
    assert_eq!((scene.n_sent(), scene.ports.queue.depth(INGEST).await), (0, Ok(0)));
}
