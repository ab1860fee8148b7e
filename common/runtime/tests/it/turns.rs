//! Nobody waits behind all that somebody else sent: queues serve accounts in turn.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pipeline::attempt::VISIBILITY;
use pipeline::port::QueueName;
use pipeline::{Coordinator, JobId, Message, NewJob, Queue, QueueGroup, StageName, Tenant, UnitId, Worker};
use runtime::{LocalPorts, LocalQueue, MemoryQueue, MemoryStore};

use crate::manual_clock::ManualClock;
use crate::toy::{Toy, new_job};

const WORK: QueueName = QueueName { stage: StageName::Ingest, dead: false };

type MemoryPorts = LocalPorts<MemoryStore, MemoryQueue<ManualClock>, ManualClock>;

fn job(name: &str) -> JobId {
    name.parse().unwrap()
}

fn group(account: &str, shares: u8, job: &JobId) -> QueueGroup {
    QueueGroup::of(&account.parse::<Tenant>().unwrap(), shares, job)
}

/// Makes a job of an account whose plan has so many shares.
fn job_of(account: &str, shares: u8, name: &str) -> NewJob {
    let new = new_job(name);
    NewJob { queue_group: group(account, shares, &new.job), ..new }
}

fn worker() -> Worker<MemoryPorts, Toy> {
    let clock = ManualClock::default();
    let queue = MemoryQueue::new(clock.clone());
    let ports = LocalPorts { store: MemoryStore::default(), queue, clock, observer: None };
    Worker::new(Arc::new(ports), Toy::of(1), "test")
}

async fn submit_all(worker: &Worker<MemoryPorts, Toy>, jobs: impl IntoIterator<Item = NewJob>) {
    for job in jobs {
        worker.coordinator().submit(job).await.unwrap();
    }
}

/// Sends the ingest messages of these jobs to a queue, and tells whose job each receipt was for.
async fn order_of(queue: &impl Queue, jobs: &[NewJob], n: usize) -> Vec<String> {
    let ports = LocalPorts {
        store: MemoryStore::default(),
        queue: MemoryQueue::new(ManualClock::default()),
        clock: ManualClock::default(),
        observer: None,
    };
    let coordinator = Coordinator::new(Arc::new(ports), "test");
    for new in jobs {
        let state = coordinator.submit(new.clone()).await.unwrap();
        let body = Message::new(&state, StageName::Ingest, &UnitId::whole(), None).to_body();
        queue.send(WORK, &body, Duration::ZERO).await.unwrap();
    }
    let mut order = Vec::new();
    for _ in 0..n {
        let Some(received) = queue.receive(WORK, VISIBILITY).await.unwrap() else { break };
        order.push(Message::parse(&received.body).unwrap().job.to_string());
        queue.acknowledge(WORK, &received.receipt).await.unwrap();
    }
    order
}

#[tokio::test]
async fn a_queue_serves_accounts_in_turn_and_each_in_its_own_order() {
    let jobs: Vec<NewJob> = ["large-1", "large-2", "large-3", "large-4"]
        .map(|name| job_of("a-1", 1, name))
        .into_iter()
        .chain([job_of("a-2", 1, "small-1"), job_of("a-2", 1, "small-2")])
        .collect();
    let expected = ["large-1", "small-1", "large-2", "small-2", "large-3", "large-4"];
    let folder = tempfile::tempdir().unwrap();
    let local = LocalQueue::open(folder.path(), ManualClock::default()).unwrap();
    assert_eq!(order_of(&local, &jobs, 10).await, expected);
    assert_eq!(order_of(&MemoryQueue::new(ManualClock::default()), &jobs, 10).await, expected);
}

#[tokio::test]
async fn jobs_without_an_account_keep_the_order_of_their_messages() {
    let jobs = ["one", "two", "three"].map(new_job);
    let queue = MemoryQueue::new(ManualClock::default());
    assert_eq!(order_of(&queue, &jobs, 10).await, ["one", "two", "three"]);
}

#[tokio::test]
async fn turns_survive_a_restart_of_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = [job_of("a-1", 1, "large-1"), job_of("a-1", 1, "large-2"), job_of("a-2", 1, "small-1")];
    let queue = LocalQueue::open(folder.path(), ManualClock::default()).unwrap();
    assert_eq!(order_of(&queue, &jobs, 0).await, Vec::<String>::new());
    drop(queue);
    let reopened = LocalQueue::open(folder.path(), ManualClock::default()).unwrap();
    assert_eq!(order_of(&reopened, &[], 10).await, ["large-1", "small-1", "large-2"]);
}

#[tokio::test]
async fn an_account_has_as_many_turns_as_its_plan_has_shares() {
    let mut jobs: Vec<_> = (0..400).map(|n| job_of("a-1", 4, &format!("team-{n}"))).collect();
    jobs.extend((0..400).map(|n| job_of("a-2", 1, &format!("free-{n}"))));
    let order = order_of(&MemoryQueue::new(ManualClock::default()), &jobs, 100).await;
    let n_team = order.iter().filter(|job| job.starts_with("team")).count();
    assert_eq!(n_team, 80, "four of five turns while both wait");
}

#[test]
fn a_group_tells_the_shares_apart_and_not_the_account() {
    let names: std::collections::BTreeSet<_> =
        (0..100).map(|n| group("a-4711", 4, &job(&format!("job-{n}"))).as_str().to_owned()).collect();
    assert_eq!(names.len(), 4);
    assert!(names.iter().all(|name| name.len() <= 20 && !name.contains("4711")), "{names:?}");
    assert_eq!(QueueGroup::of_body("no message"), QueueGroup::default());
}

/// Each stage has one worker, and a round is one unit of each: with units of six seconds, ten rounds are a minute.
#[tokio::test]
async fn a_thousand_jobs_of_one_account_delay_anothers_first_by_a_minute_of_capacity_at_most() {
    const MAX_ROUNDS: u32 = 10;
    let worker = worker();
    submit_all(&worker, (0..1_000).map(|n| job_of("a-1", 1, &format!("many-{n}")))).await;
    for _ in 0..50 {
        round(&worker).await;
    }
    let alone = {
        let alone = self::worker();
        submit_all(&alone, [job_of("a-2", 1, "first")]).await;
        rounds_until_over(&alone, &job("first")).await
    };
    submit_all(&worker, [job_of("a-2", 1, "first")]).await;
    let behind = rounds_until_over(&worker, &job("first")).await;
    assert!(behind <= alone + MAX_ROUNDS, "{behind} rounds behind a thousand jobs, {alone} alone");
    let n_left = worker.coordinator().active_jobs(&Tenant::local()).await.unwrap().len();
    assert!(n_left > 900, "the others still wait: {n_left}");
}

async fn rounds_until_over(worker: &Worker<MemoryPorts, Toy>, job: &JobId) -> u32 {
    for n in 1.. {
        round(worker).await;
        if worker.coordinator().state(&Tenant::local(), job).await.unwrap().phase.is_terminal() {
            return n;
        }
        assert!(n < 2_000, "it never ends");
    }
    unreachable!("the loop ends by itself")
}

async fn round(worker: &Worker<MemoryPorts, Toy>) {
    let queue = &worker.coordinator().ports().queue;
    let mut received = BTreeMap::new();
    for stage in StageName::ALL {
        if let Some(message) = queue.receive(QueueName::work(stage), VISIBILITY).await.unwrap() {
            received.insert(stage, message);
        }
    }
    for (stage, message) in received {
        worker.attempt(QueueName::work(stage), &message).await.unwrap();
    }
}
