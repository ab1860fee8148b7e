//! One job over memory adapters, step by step.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pipeline::attempt::{AttemptEnd, Postponed, VISIBILITY};
use pipeline::event::read_events;
use pipeline::job::ReapEnd;
use pipeline::port::{PutMode, QueueName, Received};
use pipeline::{
    ArtifactKey, ArtifactStore, Clock, Event, Message, NewJob, Phase, PipelineError, Queue, StageName,
    StateDocument, Tenant, UnitId, Worker,
};
use runtime::host::local::run_job;
use runtime::{LocalPorts, MemoryQueue, MemoryStore};

use crate::manual_clock::ManualClock;
use crate::toy::{Toy, new_job};

type MemoryPorts = LocalPorts<MemoryStore, MemoryQueue<ManualClock>, ManualClock>;
type MemoryWorker = Arc<Worker<MemoryPorts, Toy>>;

fn worker(toy: Toy) -> MemoryWorker {
    let clock = ManualClock::default();
    let queue = MemoryQueue::new(clock.clone());
    let ports = LocalPorts { store: MemoryStore::default(), queue, clock, observer: None };
    Arc::new(Worker::new(Arc::new(ports), toy, "test"))
}

async fn run(worker: &MemoryWorker) -> StateDocument {
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    run_job(worker, &new.tenant, &new.job, 3).await.unwrap()
}

async fn receive(worker: &MemoryWorker, stage: StageName) -> Option<Received> {
    let queue = &worker.coordinator().ports().queue;
    queue.receive(QueueName::work(stage), Duration::from_secs(60)).await.unwrap()
}

#[tokio::test]
async fn passes_every_phase_and_leaves_nothing_behind() {
    let worker = worker(Toy::of(130));
    let state = run(&worker).await;
    let phases: Vec<Phase> = state.phases.iter().map(|entry| entry.phase).collect();
    assert_eq!(
        phases,
        [
            Phase::Queued,
            Phase::Ingest,
            Phase::Embed,
            Phase::Assemble,
            Phase::Generate,
            Phase::Pack,
            Phase::Completed
        ]
    );
    assert_eq!((state.rev, state.missing.len(), state.error.is_none()), (7, 0, true));
    assert!(state.result.is_some(), "the docpack is named");
    assert_eq!(worker.stages().n_runs(), 3 + 2 * 130, "each unit ran once");
    assert_eq!(worker.coordinator().active_jobs(&Tenant::local()).await.unwrap(), []);
}

#[tokio::test]
async fn jobs_of_every_tenant_are_listed_and_none_reads_those_of_another() {
    let worker = worker(Toy::of(1));
    let coordinator = worker.coordinator();
    let (local, other) = (Tenant::local(), "a-1".parse::<Tenant>().unwrap());
    assert_eq!(coordinator.tenants().await.unwrap(), std::slice::from_ref(&local));
    let (mine, yours) = (new_job("job-1"), NewJob { tenant: other.clone(), ..new_job("job-2") });
    for new in [&mine, &yours] {
        coordinator.submit(new.clone()).await.unwrap();
    }
    assert_eq!(coordinator.tenants().await.unwrap(), [local.clone(), other.clone()]);
    let active = coordinator.all_active_jobs().await.unwrap();
    assert_eq!(active, [(local.clone(), mine.job.clone()), (other.clone(), yours.job.clone())]);
    for (tenant, job) in [(&local, &yours.job), (&other, &mine.job)] {
        let unseen = coordinator.state(tenant, job).await.unwrap_err();
        assert!(matches!(unseen, PipelineError::NoSuchJob { .. }), "{unseen}");
    }
    for new in [mine, yours] {
        assert_eq!(run_job(&worker, &new.tenant, &new.job, 3).await.unwrap().phase, Phase::Completed);
    }
    assert_eq!(coordinator.all_active_jobs().await.unwrap(), []);
}

#[tokio::test]
async fn passes_over_fan_outs_without_units() {
    let state = run(&worker(Toy::of(0))).await;
    assert_eq!(state.phase, Phase::Completed);
}

#[tokio::test]
async fn tries_again_what_may_be_mended() {
    let worker = worker(Toy { n_flaky_tries: 2, ..Toy::of(3) });
    let state = run(&worker).await;
    assert_eq!((state.phase, worker.stages().n_runs()), (Phase::Completed, 3 + 3 * 3 + 3));
}

#[tokio::test]
async fn a_unit_may_wait_for_others_as_often_as_it_likes() {
    let worker = worker(Toy { n_waits: 120, ..Toy::of(2) });
    let state = run(&worker).await;
    assert_eq!((state.phase, worker.stages().n_runs()), (Phase::Completed, 3 + 2 + 2 * 121));
}

#[tokio::test]
async fn a_lost_optional_unit_makes_the_job_partial() {
    let state = run(&worker(Toy { broken: Some(StageName::Embed), ..Toy::of(3) })).await;
    assert_eq!(state.phase, Phase::Partial);
    insta::assert_json_snapshot!(state.missing, @r#"
    [
      {
        "stage": "embed",
        "code": "toy_broken",
        "n_units": 1
      }
    ]
    "#);
}

#[tokio::test]
async fn a_lost_required_unit_fails_the_job() {
    for stage in [StageName::Ingest, StageName::Assemble, StageName::Pack] {
        let state = run(&worker(Toy { broken: Some(stage), ..Toy::of(2) })).await;
        let error = state.error.unwrap();
        assert_eq!(
            (state.phase, error.code.as_str(), error.stage),
            (Phase::Failed, "toy_broken", Some(stage))
        );
    }
}

#[tokio::test]
async fn a_unit_that_always_panics_is_given_up_after_three_tries() {
    let worker = worker(Toy { panics: Some(StageName::Assemble), ..Toy::of(1) });
    let state = run(&worker).await;
    let error = state.error.unwrap();
    assert_eq!((state.phase, error.code.as_str()), (Phase::Failed, "stage_panicked"));
    assert_eq!(worker.stages().n_runs(), 2 + 3);
}

#[tokio::test]
async fn submitting_again_changes_nothing() {
    let worker = worker(Toy::of(1));
    let first = worker.coordinator().submit(new_job("job-1")).await.unwrap();
    let mut other = new_job("job-1");
    other.owner = "somebody else".to_owned();
    let second = worker.coordinator().submit(other).await.unwrap();
    assert_eq!((first.rev, &second), (2, &first));
}

#[tokio::test]
async fn cancelling_ends_the_job_and_stays() {
    let worker = worker(Toy::of(1));
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    let cancelled = worker.coordinator().cancel(&new.tenant, &new.job).await.unwrap();
    assert_eq!(cancelled.phase, Phase::Cancelled);
    let message = receive(&worker, StageName::Ingest).await.unwrap();
    let end = worker.attempt(QueueName::work(StageName::Ingest), &message).await.unwrap();
    assert_eq!(end, AttemptEnd::JobOver);
    let again = worker.coordinator().cancel(&new.tenant, &new.job).await.unwrap();
    assert_eq!((again, worker.stages().n_runs()), (cancelled, 0));
    assert_eq!(worker.coordinator().active_jobs(&new.tenant).await.unwrap(), []);
}

#[tokio::test]
async fn what_a_cancelled_job_left_running_is_stopped_until_it_answers() {
    let worker = worker(Toy { n_out_of_reach: 2, ..Toy::of(1) });
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    let cancelled = worker.coordinator().cancel(&new.tenant, &new.job).await.unwrap();
    assert_eq!(cancelled.phase, Phase::Cancelled, "nobody is asked before");
    let queue = QueueName::work(StageName::Ingest);
    for _ in 0..2 {
        let message = receive(&worker, StageName::Ingest).await.expect("it was not acknowledged");
        let error = worker.attempt(queue, &message).await.unwrap_err();
        assert!(error.to_string().contains("nobody answers"), "{error}");
        worker.coordinator().ports().clock.advance(Duration::from_secs(61));
    }
    let message = receive(&worker, StageName::Ingest).await.expect("it was not acknowledged");
    assert_eq!(worker.attempt(queue, &message).await.unwrap(), AttemptEnd::JobOver);
    worker.coordinator().ports().clock.advance(Duration::from_secs(61));
    assert_eq!(receive(&worker, StageName::Ingest).await, None);
    assert_eq!(worker.stages().n_let_go.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_dead_letter_asks_once_more_and_goes() {
    let worker = worker(Toy { n_out_of_reach: u32::MAX, ..Toy::of(1) });
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    worker.coordinator().cancel(&new.tenant, &new.job).await.unwrap();
    let message = receive(&worker, StageName::Ingest).await.unwrap();
    assert_eq!(
        worker.attempt(QueueName::dead(StageName::Ingest), &message).await.unwrap(),
        AttemptEnd::JobOver
    );
    assert_eq!(worker.stages().n_let_go.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_cannot_run_now_comes_back_later() {
    let worker = worker(Toy::of(1));
    let state = worker.coordinator().submit(new_job("job-1")).await.unwrap();
    let attempt = async |stage, unit: &UnitId| {
        let body = Message::new(&state, stage, unit, None).to_body();
        worker.coordinator().ports().queue.send(QueueName::work(stage), &body, Duration::ZERO).await.unwrap();
        let received = receive(&worker, stage).await.unwrap();
        worker.attempt(QueueName::work(stage), &received).await.unwrap()
    };
    let whole = UnitId::whole();
    assert_eq!(attempt(StageName::Pack, &whole).await, AttemptEnd::Postponed(Postponed::TooEarly));
    assert_eq!(receive(&worker, StageName::Pack).await, None, "not before its time");
    worker.coordinator().ports().clock.sleep(Duration::from_secs(6)).await;
    assert!(receive(&worker, StageName::Pack).await.is_some(), "but then it does");
    let forged = UnitId::of_input(&docpack::Digest::of(b"forged"));
    assert_eq!(attempt(StageName::Pack, &forged).await, AttemptEnd::NotSealed);
}

#[tokio::test]
async fn another_version_is_left_to_its_own_workers() {
    let worker = worker(Toy::of(1));
    let mut new = new_job("job-1");
    new.stage_versions.insert(StageName::Ingest, "toy-2".to_owned());
    worker.coordinator().submit(new).await.unwrap();
    let received = receive(&worker, StageName::Ingest).await.unwrap();
    let end = worker.attempt(QueueName::work(StageName::Ingest), &received).await.unwrap();
    assert_eq!(end, AttemptEnd::Postponed(Postponed::OtherVersion));
}

#[tokio::test]
async fn messages_that_are_none_become_dead_letters_and_go() {
    let worker = worker(Toy::of(1));
    let work = QueueName::work(StageName::Ingest);
    let unknown = Message { job: "job-unknown".parse().unwrap(), ..message_of(&worker).await };
    for (body, expected) in
        [("{", "malformed"), (r#"{"schema":"doctown.unit/9"}"#, "malformed"), (&unknown.to_body(), "unknown")]
    {
        let received = received(body);
        let end = worker.attempt(work, &received).await.unwrap();
        let is_expected = match end {
            AttemptEnd::Malformed { .. } => expected == "malformed",
            AttemptEnd::UnknownJob => expected == "unknown",
            _ => false,
        };
        assert!(is_expected, "{body}: {end:?}");
    }
}

async fn message_of(worker: &MemoryWorker) -> Message {
    let state = worker.coordinator().submit(new_job("job-1")).await.unwrap();
    Message::new(&state, StageName::Ingest, &UnitId::whole(), None)
}

fn received(body: &str) -> Received {
    Received {
        body: body.to_owned(),
        receipt: pipeline::port::Receipt("1-1".to_owned()),
        receive_count: 1,
        sent_at: None,
    }
}

#[tokio::test]
async fn the_reaper_sends_what_was_lost_with_growing_patience() {
    let worker = worker(Toy::of(1));
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    let reap = async || worker.coordinator().reap(&new.tenant, &new.job).await.unwrap();
    assert_eq!(reap().await, ReapEnd::Waiting, "the message is in its queue");
    let lost = receive(&worker, StageName::Ingest).await.unwrap();
    worker
        .coordinator()
        .ports()
        .queue
        .acknowledge(QueueName::work(StageName::Ingest), &lost.receipt)
        .await
        .unwrap();
    assert_eq!(reap().await, ReapEnd::Resent { n_messages: 1 });
    assert_eq!(reap().await, ReapEnd::Waiting, "it was sent just now");
    worker.coordinator().ports().clock.sleep(Duration::from_secs(25 * 3_600)).await;
    assert_eq!(reap().await, ReapEnd::Closed);
    let state = worker.coordinator().state(&new.tenant, &new.job).await.unwrap();
    assert_eq!((state.phase, state.error.unwrap().code), (Phase::Failed, "deadline_exceeded".to_owned()));
}

#[tokio::test]
async fn a_killed_process_costs_no_try() {
    let worker = worker(Toy::of(2));
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    // Ten processes die in the middle of ingest: the future is dropped where it first waits.
    for _ in 0..10 {
        let received = receive(&worker, StageName::Ingest).await.unwrap();
        let attempt = worker.attempt(QueueName::work(StageName::Ingest), &received);
        crate::simulation::poll_times(attempt, 1).await;
        worker.coordinator().recover(&new.tenant, &new.job).await.unwrap();
        worker.coordinator().ports().clock.sleep(Duration::from_secs(61)).await;
        worker.coordinator().observe(&new.tenant, &new.job).await.unwrap();
    }
    let state = run_job(&worker, &new.tenant, &new.job, 1).await.unwrap();
    assert_eq!(state.phase, Phase::Completed);
}

#[tokio::test]
async fn the_reaper_misses_a_message_among_those_of_other_jobs() {
    let worker = worker(Toy::of(1));
    let queue = QueueName::work(StageName::Ingest);
    let new = new_job("job-1");
    worker.coordinator().submit(new.clone()).await.unwrap();
    let lost = receive(&worker, StageName::Ingest).await.unwrap();
    let ports = Arc::clone(worker.coordinator().ports());
    ports.queue.acknowledge(queue, &lost.receipt).await.unwrap();
    ports.queue.send(queue, "another job's", Duration::ZERO).await.unwrap();
    let reap = async || worker.coordinator().reap(&new.tenant, &new.job).await.unwrap();
    assert_eq!(reap().await, ReapEnd::Waiting, "the queue is as long as what is missing");
    ports.clock.sleep(Duration::from_secs(601)).await;
    assert_eq!(reap().await, ReapEnd::Resent { n_messages: 1 });
    ports.clock.sleep(Duration::from_secs(601)).await;
    assert_eq!(reap().await, ReapEnd::Waiting, "the second time takes twice as long");
    ports.clock.sleep(Duration::from_secs(601)).await;
    assert_eq!(reap().await, ReapEnd::Resent { n_messages: 1 });
}

#[tokio::test]
async fn a_try_that_has_only_just_begun_is_left_alone() {
    let worker = worker(Toy::of(1));
    let message = message_of(&worker).await;
    let work = QueueName::work(StageName::Ingest);
    let received = received(&message.to_body());
    crate::simulation::poll_times(worker.attempt(work, &received), 1).await;
    // No heartbeat has been heard yet, and a copy of the message may come just then.
    let end = worker.attempt(work, &received).await.unwrap();
    assert_eq!((end, worker.stages().n_runs()), (AttemptEnd::Postponed(Postponed::Leased), 1));
    worker.coordinator().ports().clock.sleep(Duration::from_secs(61)).await;
    assert_eq!(worker.attempt(work, &received).await.unwrap(), AttemptEnd::Done);
}

/// Three processes die at ingest, each with its message and its lease; returns the message's fourth copy.
async fn killed_three_times(worker: &MemoryWorker) -> Received {
    let work = QueueName::work(StageName::Ingest);
    worker.coordinator().submit(new_job("job-1")).await.unwrap();
    for _ in 0..3 {
        let received = receive(worker, StageName::Ingest).await.expect("the message comes again");
        crate::simulation::poll_times(worker.attempt(work, &received), 1).await;
        worker.coordinator().ports().clock.advance(VISIBILITY + Duration::from_secs(1));
    }
    receive(worker, StageName::Ingest).await.expect("the message comes again")
}

#[tokio::test]
async fn a_unit_that_kills_its_worker_is_given_up_after_the_lease() {
    let worker = worker(Toy::of(1));
    let begun_at = worker.coordinator().ports().clock.now();
    let fourth = killed_three_times(&worker).await;
    let end = worker.attempt(QueueName::work(StageName::Ingest), &fourth).await.unwrap();
    assert!(matches!(&end, AttemptEnd::Failed { code, .. } if code == "attempts_exhausted"), "{end:?}");
    let new = new_job("job-1");
    let state = worker.coordinator().state(&new.tenant, &new.job).await.unwrap();
    assert_eq!(state.phase, Phase::Failed);
    let took = worker.coordinator().ports().clock.now().since(begun_at);
    assert!(took < 5 * VISIBILITY, "{} s for three leases and a last look", took.as_secs());
}

#[tokio::test]
async fn each_lost_try_has_one_event() {
    let worker = worker(Toy::of(1));
    let fourth = killed_three_times(&worker).await;
    worker.attempt(QueueName::work(StageName::Ingest), &fourth).await.unwrap();
    let new = new_job("job-1");
    let events = read_events(worker.coordinator().ports().as_ref(), &new.tenant, &new.job).await.unwrap();
    let lost: Vec<(String, u32)> = events
        .iter()
        .filter_map(|envelope| match &envelope.event {
            Event::UnitTryLost(lost) => Some((envelope.id.clone(), lost.n_tries)),
            _ => None,
        })
        .collect();
    let expected = [1, 2, 3].map(|n| (format!("job-1/ingest/whole/{n}/20000"), n));
    assert_eq!(lost, expected);
}

#[tokio::test]
async fn a_try_that_outlives_its_unit_s_end_changes_nothing() {
    let worker = worker(Toy::of(1));
    let work = QueueName::work(StageName::Ingest);
    worker.coordinator().submit(new_job("job-1")).await.unwrap();
    let clock = &worker.coordinator().ports().clock;
    for _ in 0..2 {
        let received = receive(&worker, StageName::Ingest).await.unwrap();
        crate::simulation::poll_times(worker.attempt(work, &received), 1).await;
        clock.advance(VISIBILITY + Duration::from_secs(1));
    }
    let third = receive(&worker, StageName::Ingest).await.unwrap();
    let mut frozen = std::pin::pin!(worker.attempt(work, &third));
    assert!(futures_util::poll!(frozen.as_mut()).is_pending());
    clock.advance(VISIBILITY + Duration::from_secs(1));
    let fourth = receive(&worker, StageName::Ingest).await.unwrap();
    let end = worker.attempt(work, &fourth).await.unwrap();
    assert!(matches!(end, AttemptEnd::Failed { .. }), "{end:?}");
    let new = new_job("job-1");
    let given_up = worker.coordinator().state(&new.tenant, &new.job).await.unwrap();
    frozen.await.unwrap();
    let after = worker.coordinator().state(&new.tenant, &new.job).await.unwrap();
    assert_eq!((after.phase, &after), (Phase::Failed, &given_up));
}

#[tokio::test]
async fn a_try_stops_when_its_job_is_removed_with_its_account() {
    let worker = worker(Toy { endless: Some(StageName::Ingest), ..Toy::of(1) });
    let work = QueueName::work(StageName::Ingest);
    let new = NewJob { tenant: "a-1".parse().unwrap(), ..new_job("job-1") };
    let coordinator = worker.coordinator();
    coordinator.submit(new.clone()).await.unwrap();
    let received = receive(&worker, StageName::Ingest).await.unwrap();
    let mut attempt = std::pin::pin!(worker.attempt(work, &received));
    for _ in 0..20 {
        assert!(futures_util::poll!(attempt.as_mut()).is_pending());
    }
    coordinator.remove_tenant(&new.tenant).await.unwrap();
    let removed_at = coordinator.ports().clock.now();
    assert_eq!(attempt.await.unwrap(), AttemptEnd::Interrupted);
    assert!(coordinator.ports().clock.now().since(removed_at) <= VISIBILITY);
    // The message that the try sent again leads nowhere.
    let again = receive(&worker, StageName::Ingest).await.unwrap();
    assert_eq!(worker.attempt(work, &again).await.unwrap(), AttemptEnd::UnknownJob);
    assert!(receive(&worker, StageName::Ingest).await.is_none());
}

#[tokio::test]
async fn a_try_that_is_heard_is_not_given_up_whatever_its_clock_says() {
    let worker = worker(Toy::of(1));
    let fourth = killed_three_times(&worker).await;
    let new = new_job("job-1");
    let unit = UnitId::whole();
    let key = ArtifactKey::Lease { job: &new.job, stage: StageName::Ingest, unit: &unit }.of(&new.tenant);
    // The third worker's clock is an hour behind: its lease is over as soon as it is written.
    let lease = br#"{"number":3,"expires_at":"2023-11-14T21:14:20.000Z"}"#.to_vec();
    let heartbeat = async {
        crate::manual_clock::yield_once().await;
        worker.coordinator().ports().store.put(&key, lease, PutMode::Overwrite).await.unwrap();
    };
    let attempt = worker.attempt(QueueName::work(StageName::Ingest), &fourth);
    let (end, ()) = tokio::join!(attempt, heartbeat);
    assert_eq!(end.unwrap(), AttemptEnd::Postponed(Postponed::Leased));
}

#[tokio::test]
async fn events_tell_the_whole_story_in_order() {
    let worker = worker(Toy::of(1));
    let state = run(&worker).await;
    let events = read_events(worker.coordinator().ports().as_ref(), &state.tenant, &state.job).await.unwrap();
    let mut ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), events.len(), "each event has an id of its own");
    let mut lines: Vec<String> = events
        .iter()
        .map(|event| format!("{} {}", event.event.type_name(), event.meta.producer_version))
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"), @r"
    embedding.started.v1 toy-1
    ingest.chunk_created.v1 toy-1
    ingest.chunk_created.v1 toy-1
    job.completed.v1 
    job.created.v1 
    job.phase_changed.v1 
    job.phase_changed.v1 
    job.phase_changed.v1 
    job.phase_changed.v1 
    job.phase_changed.v1 
    job.phase_changed.v1 
    ");
}
