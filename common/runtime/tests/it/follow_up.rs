//! What is done with a job beside working on it: approval, repetition, receipts, checks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use docpack::Digest;
use pipeline::event::{job_events, read_events};
use pipeline::fsck::check_job;
use pipeline::port::PutMode;
use pipeline::receipt::{PriceTable, RequestPrices, receipt};
use pipeline::{
    ArtifactKey, ArtifactStore, BuildOptions, EmbedderName, Envelope, Event, Makers, NewJob, Phase,
    PinnedEmbedder, PipelineError, Precision, Queue, StageName, StateDocument, Tags, Timestamp, UnitId,
    Worker,
};
use runtime::host::local::run_job;
use runtime::queue::redrive;
use runtime::{LocalPorts, MemoryQueue, MemoryStore};

use crate::manual_clock::ManualClock;
use crate::toy::{Toy, new_job};

type MemoryWorker = Arc<Worker<LocalPorts<MemoryStore, MemoryQueue<ManualClock>, ManualClock>, Toy>>;

fn worker(toy: Toy) -> (MemoryWorker, ManualClock) {
    let clock = ManualClock::default();
    let queue = MemoryQueue::new(clock.clone());
    let ports = LocalPorts { store: MemoryStore::default(), queue, clock: clock.clone(), observer: None };
    (Arc::new(Worker::new(Arc::new(ports), toy, "test")), clock)
}

async fn run(worker: &MemoryWorker, new: &NewJob) -> StateDocument {
    worker.coordinator().submit(new.clone()).await.unwrap();
    run_job(worker, &new.tenant, &new.job, 3).await.unwrap()
}

/// Works until the job waits for an answer.
async fn run_to_approval(worker: &MemoryWorker) -> (NewJob, StateDocument) {
    let mut new = new_job("job-1");
    new.request.options.approve = true;
    worker.coordinator().submit(new.clone()).await.unwrap();
    for stage in StageName::ALL.into_iter().cycle().take(50) {
        let queue = pipeline::port::QueueName::work(stage);
        let port = &worker.coordinator().ports().queue;
        while let Some(received) = port.receive(queue, Duration::from_secs(60)).await.unwrap() {
            worker.attempt(queue, &received).await.unwrap();
        }
    }
    let state = worker.coordinator().state(&new.tenant, &new.job).await.unwrap();
    (new, state)
}

#[tokio::test]
async fn waits_for_the_approval_of_its_own_estimate() {
    let (worker, _) = worker(Toy::of(2));
    let (new, state) = run_to_approval(&worker).await;
    assert_eq!(state.phase, Phase::AwaitingApproval);
    let estimate = state.estimate.unwrap();
    assert_eq!(estimate.n_units, 2);
    let coordinator = worker.coordinator();
    let refused =
        coordinator.approve(&new.tenant, &new.job, &Digest::of(b"another"), None).await.unwrap_err();
    assert_eq!(refused, PipelineError::OtherEstimate { job: new.job.clone(), estimate: estimate.digest() });
    let approved = coordinator.approve(&new.tenant, &new.job, &estimate.digest(), None).await.unwrap();
    assert_eq!((approved.phase, approved.approval.as_ref().unwrap().granted), (Phase::Generate, true));
    let again = coordinator.approve(&new.tenant, &new.job, &estimate.digest(), None).await.unwrap();
    assert_eq!(again.rev, approved.rev, "approving twice is approving once");
    let ended = run_job(&worker, &new.tenant, &new.job, 3).await.unwrap();
    assert_eq!(ended.phase, Phase::Completed);
    let without = run(&self::worker(Toy::of(2)).0, &new_job("job-1")).await;
    assert_eq!(ended.result, without.result, "an answer changes no output");
}

#[tokio::test]
async fn goes_on_without_an_answer_when_its_time_is_over() {
    let (worker, clock) = worker(Toy::of(1));
    let (new, state) = run_to_approval(&worker).await;
    let early = worker.coordinator().reap(&new.tenant, &new.job).await.unwrap();
    assert_eq!(early, pipeline::job::ReapEnd::Waiting);
    clock.advance(state.approval_expires_at.unwrap().since(pipeline::Clock::now(&clock)));
    worker.coordinator().reap(&new.tenant, &new.job).await.unwrap();
    let ended = run_job(&worker, &new.tenant, &new.job, 3).await.unwrap();
    assert_eq!((ended.phase, ended.approval.unwrap().granted), (Phase::Completed, false));
}

fn makers() -> Makers {
    Makers {
        stage_versions: new_job("job-1").stage_versions,
        embedder: None,
        time_limit: Duration::from_secs(24 * 3_600),
    }
}

#[tokio::test]
async fn a_job_that_is_over_is_made_again_with_a_parent() {
    let (worker, _) = worker(Toy::of(2));
    let new = new_job("job-1");
    let coordinator = worker.coordinator();
    coordinator.submit(new.clone()).await.unwrap();
    let running = coordinator.retry(&new.tenant, &new.job, makers()).await.unwrap_err();
    assert!(matches!(running, PipelineError::NotOver { .. }));
    let first = run(&worker, &new).await;
    let second = coordinator.retry(&new.tenant, &new.job, makers()).await.unwrap();
    assert_eq!((second.job.as_str(), second.parent.as_ref()), ("job-2", Some(&new.job)));
    let same = coordinator.retry(&new.tenant, &new.job, makers()).await.unwrap();
    assert_eq!(same.job, second.job, "what is not over is not made a third time");
    // A worker that has worked on a job to its end is stopped.
    let next = Arc::new(Worker::new(Arc::clone(coordinator.ports()), Toy::of(2), "next"));
    let ended = run_job(&next, &new.tenant, &second.job, 3).await.unwrap();
    assert_eq!((ended.phase, &ended.error, &ended.result), (Phase::Completed, &None, &first.result));
    let mut jobs = coordinator.jobs_of_source(&new.tenant, &new.request.source).await.unwrap();
    jobs.sort();
    assert_eq!(jobs, [first.job, second.job]);
    assert_eq!(coordinator.jobs_of_source(&new.tenant, "elsewhere").await.unwrap(), []);
}

#[tokio::test]
async fn a_receipt_counts_units_and_tries_and_is_kept() {
    let (worker, _) = worker(Toy { n_flaky_tries: 1, ..Toy::of(3) });
    let new = new_job("job-1");
    let state = run(&worker, &new).await;
    let ports = worker.coordinator().ports();
    let taken = receipt(&**ports, &new.tenant, &new.job).await.unwrap();
    assert!(taken.billable && taken.phase == state.phase);
    let counts: Vec<_> = taken.stages.iter().map(|used| (used.stage, used.n_units, used.n_tries)).collect();
    assert_eq!(
        counts,
        [
            (StageName::Ingest, 1, 1),
            (StageName::Embed, 3, 6),
            (StageName::Assemble, 1, 1),
            (StageName::Generate, 3, 3),
            (StageName::Pack, 1, 1)
        ]
    );
    let prices = PriceTable {
        as_of: "2026-01-01".to_owned(),
        sources: Vec::new(),
        workers: [("one".to_owned(), 2_000_000)].into(),
        stages: StageName::ALL.map(|stage| (stage, "one".to_owned())).into(),
        requests: RequestPrices { write: 80, read: 10, message: 10 },
    };
    let worker_ms: u64 = taken.stages.iter().map(|used| used.worker_ms).sum();
    let price = prices.price(&taken).unwrap();
    assert_eq!((price.compute_micro_usd, price.requests_micro_usd), ((worker_ms * 2).div_ceil(1), 13));
    assert_eq!(price.total_micro_usd, price.compute_micro_usd + 13);
    ports
        .store
        .delete(
            &ArtifactKey::Marker { job: &new.job, stage: StageName::Pack, unit: &UnitId::whole() }
                .of(&new.tenant),
        )
        .await
        .unwrap();
    assert_eq!(receipt(&**ports, &new.tenant, &new.job).await.unwrap(), taken, "the first reading is kept");
}

#[tokio::test]
async fn a_check_finds_nothing_in_a_store_that_was_left_alone() {
    for toy in [Toy::of(0), Toy::of(70), Toy { broken: Some(StageName::Embed), ..Toy::of(3) }] {
        let (worker, _) = worker(toy);
        let new = new_job("job-1");
        run(&worker, &new).await;
        let ports = worker.coordinator().ports();
        assert_eq!(check_job(&**ports, &new.tenant, &new.job, true).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_check_names_what_was_lost_or_damaged() {
    let (worker, _) = worker(Toy::of(3));
    let new = new_job("job-1");
    let state = run(&worker, &new).await;
    let (store, tenant, job) = (&worker.coordinator().ports().store, &new.tenant, &new.job);
    let prefix = pipeline::key::ArtifactPrefix::Markers { job, stage: StageName::Embed }.of(tenant);
    let marker = store.list(&prefix).await.unwrap().remove(0);
    store.delete(&marker).await.unwrap();
    let docpack = state.result.unwrap().key(tenant);
    store.put(&docpack, b"other".to_vec(), PutMode::Overwrite).await.unwrap();
    let active = ArtifactKey::Active { job }.of(tenant);
    store.put(&active, b"\"2026-01-01T00:00:00.000Z\"".to_vec(), PutMode::Create).await.unwrap();
    let found = check_job(&**worker.coordinator().ports(), tenant, job, true).await.unwrap();
    let codes: Vec<&str> = found.iter().map(|violation| violation.code.as_str()).collect();
    assert_eq!(codes, ["artifact_damaged", "group_differs", "left_in_index", "unit_without_marker"]);
}

#[tokio::test]
async fn dead_letters_are_sent_back() {
    let clock = ManualClock::default();
    let queue = MemoryQueue::new(clock.clone());
    let (work, dead) = (
        pipeline::port::QueueName::work(StageName::Embed),
        pipeline::port::QueueName::dead(StageName::Embed),
    );
    for body in ["a", "b"] {
        queue.send(work, body, Duration::ZERO).await.unwrap();
    }
    for _ in 0..20 {
        while queue.receive(work, Duration::from_secs(1)).await.unwrap().is_some() {}
        clock.advance(Duration::from_secs(2));
    }
    assert_eq!((queue.depth(work).await, queue.depth(dead).await), (Ok(0), Ok(2)));
    assert_eq!(redrive(&queue, StageName::Embed).await, Ok(2));
    assert_eq!((queue.depth(work).await, queue.depth(dead).await), (Ok(2), Ok(0)));
    assert_eq!(redrive(&queue, StageName::Embed).await, Ok(0));
}

#[tokio::test]
async fn the_newest_embedder_of_the_wanted_name_and_precision_is_chosen() {
    let (worker, clock) = worker(Toy::of(0));
    let embedder = |class: &str, model: &str, precision| PinnedEmbedder {
        class: Digest::of(class.as_bytes()),
        model: model.to_owned(),
        model_digest: Digest::of(b"model"),
        precision,
        provider: "cpu".to_owned(),
        max_tokens: 256,
        runtime: "runtime 1".to_owned(),
    };
    let coordinator = worker.coordinator();
    let any = BuildOptions::default();
    let wanted = |name| BuildOptions { embedder: Some(name), ..any.clone() };
    assert_eq!(coordinator.announced(&any).await.unwrap(), None);
    let started = [
        ("a", "all-MiniLM-L6-v2", Precision::Int8),
        ("b", "all-MiniLM-L6-v2", Precision::Int8),
        ("c", "all-MiniLM-L6-v2", Precision::Fp32),
    ];
    for (class, model, precision) in started {
        clock.advance(Duration::from_secs(1));
        coordinator.announce(&embedder(class, model, precision)).await.unwrap();
    }
    let chosen = async |options| {
        let announced = coordinator.announced(&options).await.unwrap();
        announced.map(|announced| announced.embedder.class)
    };
    assert_eq!(chosen(any.clone()).await, Some(Digest::of(b"b")));
    assert_eq!(chosen(wanted(EmbedderName::Static)).await, None, "no other stands in for it");
    clock.advance(Duration::from_secs(1));
    coordinator.announce(&embedder("d", "static", Precision::Int8)).await.unwrap();
    assert_eq!(chosen(wanted(EmbedderName::Static)).await, Some(Digest::of(b"d")));
    assert_eq!(chosen(wanted(EmbedderName::Minilm)).await, Some(Digest::of(b"b")));
}

/// A job whose state document holds these bytes.
async fn with_state(bytes: &[u8]) -> (MemoryWorker, NewJob) {
    let (worker, _) = worker(Toy::of(1));
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    let key = ArtifactKey::State { job: &new.job }.of(&new.tenant);
    let store = &worker.coordinator().ports().store;
    store.put(&key, bytes.to_vec(), PutMode::Overwrite).await.unwrap();
    (worker, new)
}

#[tokio::test]
async fn a_damaged_state_document_has_its_own_error_and_can_be_cancelled() {
    let (worker, new) = with_state(br#"{"schema_version":2,"rev":3,"wri"#).await;
    let coordinator = worker.coordinator();
    let error = coordinator.state(&new.tenant, &new.job).await.unwrap_err();
    assert!(matches!(&error, PipelineError::StateDamaged { job, .. } if *job == new.job), "{error}");
    let found = check_job(&**coordinator.ports(), &new.tenant, &new.job, false).await.unwrap();
    let codes: Vec<&str> = found.iter().map(|violation| violation.code.as_str()).collect();
    assert_eq!(codes, ["state_damaged"]);
    let cancelled = coordinator.cancel(&new.tenant, &new.job).await.unwrap();
    assert_eq!(cancelled.phase, Phase::Cancelled);
    assert_eq!(coordinator.state(&new.tenant, &new.job).await.unwrap(), cancelled);
    assert_eq!(coordinator.active_jobs(&new.tenant).await.unwrap(), []);
    assert_eq!(check_job(&**coordinator.ports(), &new.tenant, &new.job, false).await.unwrap(), []);
    let again = coordinator.retry(&new.tenant, &new.job, makers()).await.unwrap_err();
    assert!(matches!(again, PipelineError::StateDamaged { .. }), "what to build is lost: {again}");
}

#[tokio::test]
async fn a_state_document_of_another_version_is_left_alone() {
    let (worker, new) = with_state(br#"{"schema_version":99}"#).await;
    let error = worker.coordinator().cancel(&new.tenant, &new.job).await.unwrap_err();
    assert!(matches!(error, PipelineError::OtherSchema { found: 99, .. }), "{error}");
}

#[tokio::test]
async fn clocks_that_disagree_neither_lengthen_a_job_nor_go_unnoticed() {
    let (worker, _) = worker(Toy::of(1));
    let new = new_job("job-1");
    let mut state = run(&worker, &new).await;
    let begun_at = state.created_at;
    // Every second phase is entered by a clock that is ten minutes behind, the others by one ten minutes ahead.
    for (n, entry) in (0..).zip(&mut state.phases).skip(1) {
        let at = Timestamp(begun_at.0 + 1_000 * n);
        let shift = 600_000;
        entry.at = if n % 2 == 1 { Timestamp(at.0 + shift) } else { Timestamp(at.0 - shift) };
    }
    assert!(state.clock_skew() >= Duration::from_secs(1_195), "{:?}", state.clock_skew());
    assert!(state.duration() <= Duration::from_secs(6), "{:?}", state.duration());
    let events = job_events(&state);
    let Some(Event::JobCompleted(completed)) = events.last().map(|envelope| &envelope.event) else {
        panic!("a job that is over says so last")
    };
    assert!(completed.duration_ms <= 6_000 && completed.clock_skew_ms > 0, "{completed:?}");
}

#[tokio::test]
async fn events_carry_the_request_s_tags_and_the_parent_job() {
    let (worker, _) = worker(Toy::of(1));
    let mut new = new_job("job-0123456789abcdef0123456789abcdef-1");
    new.request.tags = BTreeMap::from([("team".to_owned(), "docs".to_owned())]).try_into().unwrap();
    run(&worker, &new).await;
    let ports = Arc::clone(worker.coordinator().ports());
    let first = read_events(&*ports, &new.tenant, &new.job).await.unwrap();
    let next = worker.coordinator().retry(&new.tenant, &new.job, makers()).await.unwrap();
    let second = read_events(&*ports, &next.tenant, &next.job).await.unwrap();
    assert!(first.len() > 4 && !second.is_empty());
    for (events, parent) in [(first, None), (second, Some(new.job.as_str()))] {
        for Envelope { meta, .. } in events {
            assert_eq!((meta.parent_id.as_deref(), meta.tags["team"].as_str()), (parent, "docs"));
        }
    }
}

#[test]
fn tags_have_limits() {
    let many: BTreeMap<String, String> = (0..17).map(|n| (n.to_string(), String::new())).collect();
    for tags in [
        many,
        BTreeMap::from([(String::new(), "x".to_owned())]),
        BTreeMap::from([("x".to_owned(), "y".repeat(257))]),
    ] {
        assert!(Tags::try_from(tags).is_err());
    }
}
