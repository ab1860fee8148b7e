//! Ticks over a store in memory: each window once, no commit twice, and lost messages sent again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use docpack::Digest;
use doctown_schedule::{Builder, ScheduleList, Submitted, Tick};
use pipeline::attempt::VISIBILITY;
use pipeline::key::{KeyPrefix, ObjectKey};
use pipeline::port::{Object, PutMode, QueueName, StoreError, Version};
use pipeline::{
    ArtifactStore, BuildRequest, Clock, Coordinator, Makers, NewJob, Phase, PinnedEmbedder, Ports, Queue,
    StageError, StageName, Stages, Tenant, Timestamp, UnitOutput, UnitRun, Worker,
};
use runtime::{LocalPorts, MemoryQueue, MemoryStore};

#[derive(Debug, Clone)]
struct HandClock(Arc<Mutex<Timestamp>>);

impl HandClock {
    fn set(&self, text: &str) {
        *self.0.lock().unwrap() = text.parse().unwrap();
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(duration);
    }
}

type TestPorts = LocalPorts<MemoryStore, MemoryQueue<HandClock>, HandClock>;

/// A stage that leaves one word behind; ingest says which commit it read.
struct OneWord(Arc<Mutex<String>>);

impl Stages for OneWord {
    fn version(&self, _stage: StageName) -> Option<String> {
        Some("1".to_owned())
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        None
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let mut output = UnitOutput::new(unit.put_json(&stage.as_str()).await?);
        match stage {
            StageName::Ingest => output.resolved_commit = Some(self.0.lock().unwrap().clone()),
            StageName::Pack => output.docpack = Some(unit.put_docpack(Digest::of(b"pack"), b"pack").await?),
            _ => {}
        }
        Ok(output)
    }
}

/// The outside world: one commit, or none to be had.
struct World {
    head: Arc<Mutex<String>>,
    is_down: Mutex<bool>,
}

impl Builder for World {
    fn canonical(&self, repo: &str) -> Result<String, String> {
        if repo.contains(' ') {
            Err("no address".to_owned())
        } else {
            Ok(format!("https://example.org/{repo}"))
        }
    }

    async fn head(&self, _request: &BuildRequest) -> Result<Option<String>, String> {
        if *self.is_down.lock().unwrap() {
            return Err("the host is down".to_owned());
        }
        Ok(Some(self.head.lock().unwrap().clone()))
    }

    async fn makers(&self, _request: &BuildRequest) -> Result<Makers, String> {
        let stage_versions = StageName::ALL.map(|stage| (stage, "1".to_owned())).into();
        Ok(Makers { stage_versions, embedder: None, time_limit: Duration::from_secs(36_000) })
    }
}

struct Scene {
    worker: Worker<TestPorts, OneWord>,
    world: World,
    clock: HandClock,
}

impl Scene {
    async fn new(repos: &str) -> Self {
        let clock = HandClock(Arc::new(Mutex::new("2026-03-01T12:00:00.000Z".parse().unwrap())));
        let queue = MemoryQueue::new(clock.clone());
        let ports = LocalPorts { store: MemoryStore::default(), queue, clock: clock.clone(), observer: None };
        let head = Arc::new(Mutex::new("aaaa".to_owned()));
        let worker = Worker::new(Arc::new(ports), OneWord(Arc::clone(&head)), "worker");
        let text = format!(
            r#"{{"schema":"doctown.schedules/1","schedules":[{{"name":"nightly","cron":"0 3 * * *","repos":{repos},"owner":"team","options":{{"embeddings":false}}}}]}}"#
        );
        let list = ScheduleList::parse(&text).unwrap().beginning(clock.now(), &ScheduleList::empty());
        worker.coordinator().put_schedules(&Tenant::local(), &list).await.unwrap();
        Self { worker, world: World { head, is_down: Mutex::new(false) }, clock }
    }

    async fn tick(&self) -> Tick {
        Tick::run(self.worker.coordinator(), &self.world).await.unwrap()
    }

    /// Works until every queue is empty.
    async fn work(&self) {
        let queue = &self.worker.coordinator().ports().queue;
        for stage in StageName::ALL {
            while let Some(received) = queue.receive(QueueName::work(stage), VISIBILITY).await.unwrap() {
                self.worker.attempt(QueueName::work(stage), &received).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn each_window_is_built_once_and_no_commit_twice() {
    let scene = Scene::new(r#"["a/b"]"#).await;
    assert_eq!(scene.tick().await.scheduled, [], "no window has begun yet");
    scene.clock.set("2026-03-02T03:00:20.000Z");
    let tick = scene.tick().await;
    let [due] = &tick.scheduled[..] else { panic!("{tick:?}") };
    let Submitted::Job(job) = &due.submitted else { panic!("{due:?}") };
    let state = scene.worker.coordinator().state(&Tenant::local(), job).await.unwrap();
    assert_eq!((state.owner.as_str(), state.request.source.as_str()), ("team", "https://example.org/a/b"));
    assert_eq!(scene.tick().await.scheduled, [], "a second tick in the same window does nothing");
    scene.work().await;
    scene.clock.set("2026-03-03T03:00:00.000Z");
    let tick = scene.tick().await;
    let unchanged = Submitted::Unchanged { job: job.clone(), commit: "aaaa".to_owned() };
    assert_eq!(tick.scheduled[0].submitted, unchanged);
    *scene.world.head.lock().unwrap() = "bbbb".to_owned();
    assert_eq!(scene.tick().await.scheduled, [], "a window that was seen to stays so");
    scene.clock.set("2026-03-04T03:00:00.000Z");
    let tick = scene.tick().await;
    assert!(matches!(&tick.scheduled[0].submitted, Submitted::Job(next) if next != job), "{tick:?}");
}

#[tokio::test]
async fn what_cannot_be_submitted_is_tried_again_and_keeps_nothing_else_waiting() {
    let scene = Scene::new(r#"["no address", "a/b"]"#).await;
    scene.clock.set("2026-03-02T03:00:00.000Z");
    let first = scene.tick().await;
    assert!(matches!(first.scheduled[0].submitted, Submitted::NotYet { .. }));
    assert!(matches!(first.scheduled[1].submitted, Submitted::Job(_)));
    let second = scene.tick().await;
    assert_eq!(second.scheduled.len(), 1, "only the first is still due");
    scene.work().await;
    scene.clock.set("2026-03-03T03:00:00.000Z");
    *scene.world.is_down.lock().unwrap() = true;
    assert!(scene.tick().await.scheduled.iter().all(|due| matches!(due.submitted, Submitted::NotYet { .. })));
    *scene.world.is_down.lock().unwrap() = false;
    let tick = scene.tick().await;
    assert!(matches!(tick.scheduled[1].submitted, Submitted::Unchanged { .. }), "{tick:?}");
}

#[tokio::test]
async fn a_lost_message_is_sent_again_by_a_tick() {
    let scene = Scene::new(r#"["a/b"]"#).await;
    scene.clock.set("2026-03-02T03:00:00.000Z");
    let tick = scene.tick().await;
    let Submitted::Job(job) = &tick.scheduled[0].submitted else { panic!("{tick:?}") };
    let queue = &scene.worker.coordinator().ports().queue;
    let ingest = QueueName::work(StageName::Ingest);
    let lost = queue.receive(ingest, VISIBILITY).await.unwrap().unwrap();
    queue.acknowledge(ingest, &lost.receipt).await.unwrap();
    let reaping = scene.tick().await;
    assert_eq!((reaping.n_jobs, reaping.n_resent), (1, 1));
    scene.work().await;
    let state = scene.worker.coordinator().state(&Tenant::local(), job).await.unwrap();
    assert_eq!(state.phase, Phase::Completed);
    assert_eq!(scene.tick().await.n_jobs, 0);
}

/// A store in which each listing and each read takes a second, and that may refuse to list what is active.
struct SlowStore {
    inner: MemoryStore,
    clock: HandClock,
    is_index_down: bool,
}

impl ArtifactStore for SlowStore {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        self.clock.sleep(Duration::from_secs(1)).await;
        self.inner.get(key).await
    }

    async fn get_range(&self, key: &ObjectKey, range: std::ops::Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.inner.get_range(key, range).await
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        self.inner.put(key, bytes, mode).await
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        self.clock.sleep(Duration::from_secs(1)).await;
        if self.is_index_down && prefix.as_str().contains("index/active") {
            let reason = "the index is down".to_owned();
            return Err(StoreError::Refused { key: prefix.as_str().to_owned(), reason });
        }
        self.inner.list(prefix).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        self.inner.delete(key).await
    }
}

type SlowCoordinator = Coordinator<LocalPorts<SlowStore, MemoryQueue<HandClock>, HandClock>>;

/// A coordinator with one nightly schedule that is due, and the world beside it.
async fn slow(is_index_down: bool) -> (SlowCoordinator, World) {
    let clock = HandClock(Arc::new(Mutex::new("2026-03-01T12:00:00.000Z".parse().unwrap())));
    let queue = MemoryQueue::new(clock.clone());
    let store = SlowStore { inner: MemoryStore::default(), clock: clock.clone(), is_index_down };
    let ports = LocalPorts { store, queue, clock: clock.clone(), observer: None };
    let coordinator = Coordinator::new(Arc::new(ports), "slow");
    let text = r#"{"schema":"doctown.schedules/1","schedules":[{"name":"nightly","cron":"0 3 * * *","repos":["a/b"],"options":{"embeddings":false}}]}"#;
    let list = ScheduleList::parse(text).unwrap().beginning(clock.now(), &ScheduleList::empty());
    coordinator.put_schedules(&Tenant::local(), &list).await.unwrap();
    clock.set("2026-03-02T03:00:00.000Z");
    (coordinator, World { head: Arc::default(), is_down: Mutex::new(false) })
}

#[tokio::test]
async fn jobs_that_cannot_be_listed_keep_no_schedule_waiting() {
    let (coordinator, world) = slow(true).await;
    Tick::run(&coordinator, &world).await.unwrap_err();
    let jobs = coordinator.all_jobs(&Tenant::local()).await.unwrap();
    assert_eq!(jobs.len(), 1, "the schedule's job was submitted");
}

#[tokio::test]
async fn a_tick_ends_in_time_and_the_next_ones_look_at_the_rest() {
    let (coordinator, world) = slow(false).await;
    let clock = coordinator.ports().clock.clone();
    let request = BuildRequest::new("https://example.org/a/b", pipeline::BuildOptions::default());
    let Makers { stage_versions, embedder, time_limit } = world.makers(&request).await.unwrap();
    for n in 0..200 {
        let job: pipeline::JobId = format!("job-{n}").parse().unwrap();
        let new = NewJob {
            tenant: Tenant::local(),
            owner: "someone".to_owned(),
            queue_group: pipeline::QueueGroup::default(),
            trace_id: job.trace_id(),
            job,
            request: request.clone(),
            source_fingerprint: None,
            parent: None,
            stage_versions: stage_versions.clone(),
            embedder: embedder.clone(),
            time_limit: time_limit * 10,
        };
        coordinator.submit(new).await.unwrap();
    }
    let begun_at = clock.now();
    let first = Tick::run(&coordinator, &world).await.unwrap();
    let took = clock.now().since(begun_at);
    assert!(took < Duration::from_secs(300), "{} s", took.as_secs());
    assert!(first.n_left > 0 && first.n_jobs > 0, "{first:?}");
}

#[tokio::test]
async fn schedules_of_every_tenant_are_seen_to() {
    let scene = Scene::new(r#"["a/b"]"#).await;
    let (coordinator, other) = (scene.worker.coordinator(), "a-1".parse::<Tenant>().unwrap());
    let list: Option<ScheduleList> = coordinator.schedules(&Tenant::local()).await.unwrap();
    coordinator.put_schedules(&other, &list.unwrap()).await.unwrap();
    scene.clock.set("2026-03-02T03:00:20.000Z");
    let tick = scene.tick().await;
    let jobs: Vec<_> = tick.scheduled.iter().map(|due| &due.submitted).collect();
    let [Submitted::Job(first), Submitted::Job(second)] = &jobs[..] else { panic!("{jobs:?}") };
    assert_ne!(first, second, "the same repository is another job of another tenant");
    assert_eq!((tick.n_jobs, scene.tick().await.scheduled.len()), (2, 0));
    assert_eq!(coordinator.all_jobs(&other).await.unwrap(), std::slice::from_ref(second));
}
