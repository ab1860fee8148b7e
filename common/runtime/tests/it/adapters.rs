//! Every adapter against its port's contract, and what is particular to the ones on disk.

use std::fs;
use std::time::Duration;

use pipeline::key::ArtifactPrefix;
use pipeline::port::{PutMode, QueueName, StoreError};
use pipeline::{ArtifactKey, ArtifactStore, JobId, Queue, StageName, Tenant, contract};
use runtime::queue::OpenQueueError;
use runtime::{DirectoryStore, LocalQueue, MemoryQueue, MemoryStore};

use crate::manual_clock::ManualClock;

const WORK: QueueName = QueueName { stage: StageName::Embed, dead: false };

fn job() -> JobId {
    "job-contract-1".parse().unwrap()
}

#[tokio::test]
async fn memory_store_keeps_the_contract() {
    contract::store(&MemoryStore::default(), &job()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn directory_store_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract::store(&DirectoryStore::open(folder.path()).unwrap(), &job()).await;
    assert_eq!(
        fs::read_dir(folder.path().join("temporary")).unwrap().count(),
        0,
        "no temporary file is left"
    );
    assert_eq!(fs::read_dir(folder.path().join("objects/jobs/local")).map_or(0, Iterator::count), 0);
}

#[tokio::test]
async fn memory_queue_keeps_the_contract() {
    let clock = ManualClock::default();
    contract::queue(&MemoryQueue::new(clock.clone()), &clock).await;
}

#[tokio::test]
async fn local_queue_keeps_the_contract() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    contract::queue(&LocalQueue::open(folder.path(), clock.clone()).unwrap(), &clock).await;
}

/// Stores of their own on threads of their own share nothing but the folder, as processes do.
#[test]
fn directory_stores_count_together() {
    const N_STORES: u64 = 8;
    const N_INCREMENTS: u64 = 20;
    let folder = tempfile::tempdir().unwrap();
    let job = job();
    let key = ArtifactKey::State { job: &job }.of(&Tenant::local());
    let increment_all = || {
        let store = DirectoryStore::open(folder.path()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut n_done = 0;
            while n_done < N_INCREMENTS {
                let (number, mode) = match store.get(&key).await {
                    Ok(object) => (
                        String::from_utf8(object.bytes).unwrap().parse().unwrap(),
                        PutMode::Update(object.version),
                    ),
                    Err(StoreError::NotFound { .. }) => (0_u64, PutMode::Create),
                    Err(error) => panic!("{error}"),
                };
                n_done +=
                    u64::from(store.put(&key, (number + 1).to_string().into_bytes(), mode).await.is_ok());
            }
            String::from_utf8(store.get(&key).await.unwrap().bytes).unwrap().parse::<u64>().unwrap()
        })
    };
    let last = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..N_STORES).map(|_| scope.spawn(increment_all)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).max().unwrap()
    });
    assert_eq!(last, N_STORES * N_INCREMENTS);
}

#[tokio::test]
async fn directory_store_reads_no_half_written_object() {
    let folder = tempfile::tempdir().unwrap();
    let store = DirectoryStore::open(folder.path()).unwrap();
    let job = job();
    let key = ArtifactKey::Active { job: &job }.of(&Tenant::local());
    store.put(&key, b"whole".to_vec(), PutMode::Overwrite).await.unwrap();
    let path = folder.path().join("objects").join(key.as_str());
    let whole = fs::read(&path).unwrap();
    for n_bytes in [0, 7, 40, 71, 72, whole.len() - 1] {
        fs::write(&path, &whole[..n_bytes]).unwrap();
        assert!(matches!(store.get(&key).await, Err(StoreError::NotFound { .. })), "cut to {n_bytes} bytes");
    }
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    fs::write(&path, &flipped).unwrap();
    assert!(
        matches!(store.get(&key).await, Err(StoreError::Damaged { .. })),
        "another content is no content"
    );
    fs::write(folder.path().join("temporary/left-behind"), b"half").unwrap();
    let listed = store.list(&ArtifactPrefix::Active.of(&Tenant::local())).await.unwrap();
    assert_eq!(listed, [key], "temporary files are not objects");
}

#[tokio::test]
async fn local_queue_hands_out_again_after_a_crash() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    let queue = LocalQueue::open(folder.path(), clock.clone()).unwrap();
    for (body, delay) in [("running", 0), ("done", 0), ("delayed", 3_600)] {
        queue.send(WORK, body, Duration::from_secs(delay)).await.unwrap();
    }
    let hour = Duration::from_secs(3_600);
    assert_eq!(queue.receive(WORK, hour).await.unwrap().unwrap().body, "running");
    let done = queue.receive(WORK, hour).await.unwrap().unwrap();
    queue.acknowledge(WORK, &done.receipt).await.unwrap();
    let second = LocalQueue::open(folder.path(), clock.clone());
    assert!(matches!(second, Err(OpenQueueError::InUse { .. })), "one process at a time");
    drop(queue);
    fs::write(folder.path().join("embed/0000000000000099.part"), b"half a mess").unwrap();
    let reopened = LocalQueue::open(folder.path(), clock).unwrap();
    let mut bodies = Vec::new();
    while let Some(received) = reopened.receive(WORK, hour).await.unwrap() {
        bodies.push(received.body);
    }
    assert_eq!(bodies, ["running", "delayed"]);
}
