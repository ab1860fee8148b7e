//! The whole pipeline in one process, and one stage alone.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pipeline::attempt::VISIBILITY;
use pipeline::port::{PutMode, QueueError, QueueName, Receipt, Received};
use pipeline::{
    ArtifactKey, ArtifactStore, Clock, Phase, Ports, Queue, StageName, StateDocument, Timestamp, Worker,
};
use runtime::host::Unwatched;
use runtime::host::local::{LocalBuild, LocalFolders, NewBuild, OpenBuildError};
use runtime::host::once::{
    DirectRequest, OnceAnswer, OnceError, OnceRequest, OnceStatus, run_direct, run_unit,
};
use runtime::host::serve::{LONG_POLL, ServeParams, serve};
use runtime::{LocalPorts, MemoryQueue, MemoryStore, SystemClock};

use crate::toy::{Toy, new_job};

fn open(folder: &std::path::Path, toy: &Toy) -> Result<LocalBuild<Toy>, OpenBuildError> {
    let new =
        NewBuild { request: new_job("job-1").request, source_fingerprint: None, tool: "toy".to_owned() };
    LocalBuild::open(&LocalFolders::of_store(folder), toy.clone(), new, None)
}

async fn run(build: &LocalBuild<Toy>) -> (StateDocument, bool) {
    let resumed = Mutex::new(None);
    let state = build.run(2, |_, is_resumed| *resumed.lock().unwrap() = Some(is_resumed)).await.unwrap();
    (state, resumed.into_inner().unwrap().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn builds_again_and_again_with_equal_bytes() {
    let (folder, toy) = (tempfile::tempdir().unwrap(), Toy::of(5));
    let build = open(folder.path(), &toy).unwrap();
    assert!(matches!(open(folder.path(), &toy), Err(OpenBuildError::Queue(_))), "one process at a time");
    let (first, resumed) = run(&build).await;
    assert_eq!((first.phase, resumed, first.job.as_str().ends_with("-1")), (Phase::Completed, false, true));
    drop(build);
    let build = open(folder.path(), &toy).unwrap();
    let (second, resumed) = run(&build).await;
    assert_eq!((second.phase, resumed, second.job.as_str().ends_with("-2")), (Phase::Completed, false, true));
    assert_eq!(first.result, second.result);
    let docpack = build.read_docpack(&second.result.unwrap()).await.unwrap();
    insta::assert_snapshot!(String::from_utf8(docpack).unwrap(), @r#"shard of https://example.org/a/b|vector of shard 0,vector of shard 1,vector of shard 2,vector of shard 3,vector of shard 4|words on 104,words on 104,words on 104,words on 104,words on 104|[]"#);
    let earlier = build.worker().coordinator().state(&first.tenant, &first.job).await;
    assert!(earlier.is_err(), "only the newest run is kept");
    drop(build);
    for end in ["-3", "-4"] {
        let (state, resumed) = run(&open(folder.path(), &toy).unwrap()).await;
        assert_eq!((state.phase, resumed), (Phase::Completed, false));
        assert!(state.job.as_str().ends_with(end), "{} is a run of its own", state.job);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serves_jobs_until_told_to_stop() {
    let (store, queue) = (MemoryStore::default(), MemoryQueue::new(SystemClock));
    let ports = LocalPorts { store, queue, clock: SystemClock, observer: None };
    let worker = Arc::new(Worker::new(Arc::new(ports), Toy::of(7), "server"));
    let jobs = [new_job("job-1"), new_job("job-2")];
    for job in &jobs {
        worker.coordinator().submit(job.clone()).await.unwrap();
    }
    let params = ServeParams {
        n_concurrent: 3,
        look: Duration::ZERO,
        idle: Duration::from_millis(5),
        reap_every: Some(Duration::from_millis(20)),
        drain: pipeline::CancelFlag::default(),
        grace: Duration::from_secs(60),
        watch: Arc::new(Unwatched),
    };
    let drain = params.drain.clone();
    let server = Arc::clone(&worker);
    let serving = tokio::spawn(async move { serve(&server, &params).await });
    for job in &jobs {
        loop {
            let state = worker.coordinator().state(&job.tenant, &job.job).await.unwrap();
            if state.phase.is_terminal() {
                assert_eq!(state.phase, Phase::Completed);
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert!(!serving.is_finished(), "a server without work waits for more");
    drain.set();
    serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_cannot_be_read_keeps_no_other_from_its_end() {
    let (store, queue) = (MemoryStore::default(), MemoryQueue::new(SystemClock));
    let ports = LocalPorts { store, queue, clock: SystemClock, observer: None };
    let worker = Arc::new(Worker::new(Arc::new(ports), Toy::of(1), "server"));
    let (unreadable, other) = (new_job("job-1"), new_job("job-2"));
    for job in [&unreadable, &other] {
        worker.coordinator().submit(job.clone()).await.unwrap();
        // Its message is lost, so that only a reaper brings the job to its end.
        let work = QueueName::work(StageName::Ingest);
        let queue = worker.coordinator().ports().queue();
        let lost = queue.receive(work, VISIBILITY).await.unwrap().unwrap();
        queue.acknowledge(work, &lost.receipt).await.unwrap();
    }
    let key = ArtifactKey::State { job: &unreadable.job }.of(&unreadable.tenant);
    let store = worker.coordinator().ports().store();
    store.put(&key, b"{}".to_vec(), PutMode::Overwrite).await.unwrap();
    let (idle, reap) = (Duration::from_millis(5), Duration::from_millis(20));
    let params = ServeParams {
        n_concurrent: 1,
        look: Duration::ZERO,
        idle,
        reap_every: Some(reap),
        drain: pipeline::CancelFlag::default(),
        grace: Duration::ZERO,
        watch: Arc::new(Unwatched),
    };
    let server = Arc::clone(&worker);
    let serving = tokio::spawn(async move { serve(&server, &params).await });
    while !worker.coordinator().state(&other.tenant, &other.job).await.unwrap().phase.is_terminal() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    worker.stop_flag().set();
    serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_build_is_resumed() {
    let (folder, toy) = (tempfile::tempdir().unwrap(), Toy::of(3));
    let build = open(folder.path(), &toy).unwrap();
    build.stop_flag().set();
    let (stopped, _) = run(&build).await;
    assert_eq!((stopped.phase, toy.n_runs()), (Phase::Ingest, 0));
    drop(build);
    let (state, resumed) = run(&open(folder.path(), &toy).unwrap()).await;
    assert_eq!((state.phase, resumed, &state.job), (Phase::Completed, true, &stopped.job));
}

fn direct(text: &str) -> DirectRequest {
    match OnceRequest::parse(text).unwrap() {
        OnceRequest::Direct(direct) => *direct,
        OnceRequest::Unit(_) => panic!("a direct request was written"),
    }
}

async fn answer(text: &str) -> OnceAnswer {
    run_direct(Toy::of(2), direct(text), None).await.unwrap()
}

#[tokio::test]
async fn runs_a_stage_on_what_it_is_given() {
    let request = r#""request":{"source":"https://example.org/a/b"}"#;
    let ingest = answer(&format!(r#"{{"schema":"doctown.stage/1","stage":"ingest",{request}}}"#)).await;
    assert_eq!((ingest.status, ingest.n_sealed_units), (OnceStatus::Success, 2));
    let embed =
        answer(&format!(r#"{{"schema":"doctown.stage/1","stage":"embed",{request},"input":"shard 7"}}"#))
            .await;
    insta::assert_json_snapshot!(embed, @r#"
    {
      "schema": "doctown.stage-answer/1",
      "status": "success",
      "stage": "embed",
      "unit": "63dc95f69d01ee15aee60347abefb5176223be5cdd80b0e4c095d7cfce0747fe",
      "end": "done",
      "output": {
        "stage": "embed",
        "digest": "sha256:2f0ff27d3227cd443bd5cd23de2da0fae24acfcb54fc5cf0229009d7671454c1",
        "size_bytes": 19
      },
      "output_json": "vector of shard 7",
      "docpack": null,
      "n_sealed_units": 0,
      "stats": {},
      "error": null
    }
    "#);
    let earlier =
        r#""earlier":{"ingest":["facts"],"embed":["v1","v2"],"assemble":["graph"],"generate":["w"]}"#;
    let pack = answer(&format!(r#"{{"schema":"doctown.stage/1","stage":"pack",{request},{earlier}}}"#)).await;
    assert_eq!(pack.output_json.unwrap(), "facts|v1,v2|w|[]");
}

#[tokio::test]
async fn inline_artifacts_stand_for_their_digests() {
    let text = r#"{"schema":"doctown.stage/1","stage":"assemble","request":{"source":"x"},
        "earlier":{"ingest":[{"segments":[{"$digest":{"json":{"files":[]}}},{"$digest":{"hex":"00ff"}}]}]}}"#;
    let answer = answer(text).await;
    assert_eq!(answer.status, OnceStatus::Success, "{:?}", answer.error);
}

#[tokio::test]
async fn refuses_what_it_cannot_run() {
    for text in ["", "{}", r#"{"schema":"doctown.stage/2"}"#, r#"{"schema":"doctown.stage/1","stage":"x"}"#] {
        assert!(matches!(OnceRequest::parse(text), Err(OnceError::Malformed { .. })), "{text}");
    }
    for (stage, extra) in [("embed", ""), ("pack", ""), ("ingest", r#","input":1"#)] {
        let text =
            format!(r#"{{"schema":"doctown.stage/1","stage":"{stage}","request":{{"source":"x"}}{extra}}}"#);
        let refused = run_direct(Toy::of(1), direct(&text), None).await;
        assert!(matches!(refused, Err(OnceError::Incomplete { .. })), "{stage}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_a_unit_of_a_job_in_a_store() {
    let (folder, toy) = (tempfile::tempdir().unwrap(), Toy::of(2));
    let build = open(folder.path(), &toy).unwrap();
    let state = build.worker().coordinator().submit(new_job("job-1")).await.unwrap();
    let message = pipeline::Message::new(&state, StageName::Ingest, &pipeline::UnitId::whole(), None);
    let first =
        run_unit(build.worker(), &message, &pipeline::AttemptLimits::default(), &Unwatched).await.unwrap();
    let again =
        run_unit(build.worker(), &message, &pipeline::AttemptLimits::default(), &Unwatched).await.unwrap();
    assert_eq!((first.end.as_str(), again.end.as_str()), ("done", "already_done"));
    assert_eq!((&first.output, first.status), (&again.output, OnceStatus::Success));
    assert_eq!(toy.n_runs(), 1);
}

/// The test's own time, which passes only when everybody waits.
#[derive(Clone)]
struct PausedClock(tokio::time::Instant);

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_700_000_000_000 + self.0.elapsed().as_millis() as u64)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Queues that stay empty; a look at one waits as long as it is told to, as SQS has it.
struct EmptyQueues(Arc<AtomicU32>);

impl Queue for EmptyQueues {
    async fn send(&self, _queue: QueueName, _body: &str, _delay: Duration) -> Result<(), QueueError> {
        Ok(())
    }

    async fn receive(&self, queue: QueueName, visibility: Duration) -> Result<Option<Received>, QueueError> {
        self.receive_within(queue, visibility, Duration::ZERO).await
    }

    async fn receive_within(
        &self,
        _queue: QueueName,
        _visibility: Duration,
        wait: Duration,
    ) -> Result<Option<Received>, QueueError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(wait.max(Duration::from_millis(5))).await;
        Ok(None)
    }

    async fn acknowledge(&self, _queue: QueueName, _receipt: &Receipt) -> Result<(), QueueError> {
        Ok(())
    }

    async fn extend(
        &self,
        _queue: QueueName,
        _receipt: &Receipt,
        _visibility: Duration,
    ) -> Result<(), QueueError> {
        Ok(())
    }

    async fn depth(&self, _queue: QueueName) -> Result<u64, QueueError> {
        Ok(0)
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_asks_each_queue_three_times_a_minute() {
    let n_requests = Arc::new(AtomicU32::new(0));
    let ports = LocalPorts {
        store: MemoryStore::default(),
        queue: EmptyQueues(Arc::clone(&n_requests)),
        clock: PausedClock(tokio::time::Instant::now()),
        observer: None,
    };
    let worker = Arc::new(Worker::new(Arc::new(ports), Toy::of(1), "idle"));
    let params = ServeParams {
        n_concurrent: 4,
        look: LONG_POLL,
        idle: Duration::from_millis(50),
        reap_every: None,
        drain: pipeline::CancelFlag::default(),
        grace: Duration::ZERO,
        watch: Arc::new(Unwatched),
    };
    let server = Arc::clone(&worker);
    let serving = tokio::spawn(async move { serve(&server, &params).await });
    tokio::time::sleep(Duration::from_secs(600)).await;
    worker.stop_flag().set();
    serving.await.unwrap();
    // Of five stages: long polls of 20 s at the work, and a look a minute at the dead letters.
    let n_requests = n_requests.load(Ordering::Relaxed);
    assert!(n_requests <= 5 * (30 + 10) + 20, "{n_requests} requests in ten minutes");
}
