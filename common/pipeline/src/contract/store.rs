//! The contract of an artifact store.

use docpack::Digest;
use futures_util::future::join_all;

use crate::id::{JobId, Tenant, UnitId};
use crate::key::{ArtifactKey, ArtifactPrefix, ObjectKey};
use crate::plan::StageName;
use crate::port::{ArtifactStore, PutMode, StoreError, Version};

/// Writers that race in each test; more than any job has workers on one key.
const N_WRITERS: u64 = 16;
/// Increments per writer; enough that a store without compare-and-swap loses some.
const N_INCREMENTS: u64 = 8;

/// Checks a store. `job` names a job that has no objects yet; its objects are removed at the end.
pub async fn store<S: ArtifactStore>(store: &S, job: &JobId) {
    let tenant = Tenant::local();
    reads_what_was_written(store, &state_key(&tenant, job)).await;
    creates_once(store, &tenant, job).await;
    updates_by_version(store, &tenant, job).await;
    counts_by_swap(store, &tenant, job).await;
    lists_in_order(store, &tenant, job).await;
    removes(store, &tenant, job).await;
}

async fn reads_what_was_written<S: ArtifactStore>(store: &S, key: &ObjectKey) {
    assert!(
        matches!(store.get(key).await, Err(StoreError::NotFound { .. })),
        "an absent object is not found"
    );
    let range = store.get_range(key, 0..1).await;
    assert!(matches!(range, Err(StoreError::NotFound { .. })), "a range of an absent object is not found");
    for bytes in [Vec::new(), b"second".to_vec(), vec![0; 300_000], (0..=255).collect()] {
        let version = store.put(key, bytes.clone(), PutMode::Overwrite).await.expect("overwriting");
        let object = store.get(key).await.expect("reading back");
        assert_eq!(
            (object.bytes, object.version),
            (bytes, version),
            "the last write is read, with its version"
        );
    }
    assert_eq!(store.get_range(key, 2..5).await.expect("a range"), [2, 3, 4]);
    assert_eq!(store.get_range(key, 254..900).await.expect("a range past the end"), [254, 255]);
    assert_eq!(store.get_range(key, 256..900).await.expect("a range at the end"), [0_u8; 0]);
    store.delete(key).await.expect("deleting");
}

async fn creates_once<S: ArtifactStore>(store: &S, tenant: &Tenant, job: &JobId) {
    let key = ArtifactKey::Marker { job, stage: StageName::Ingest, unit: &UnitId::whole() }.of(tenant);
    let writers = (0..N_WRITERS).map(|writer| {
        let key = &key;
        async move { (writer, store.put(key, writer.to_string().into_bytes(), PutMode::Create).await) }
    });
    let answers = join_all(writers).await;
    let created: Vec<u64> =
        answers.iter().filter(|(_, answer)| answer.is_ok()).map(|(writer, _)| *writer).collect();
    assert_eq!(created.len(), 1, "exactly one of racing creations succeeds: {answers:?}");
    for (_, answer) in answers.iter().filter(|(_, answer)| answer.is_err()) {
        assert!(
            matches!(answer, Err(StoreError::AlreadyExists { .. } | StoreError::Unknown { .. })),
            "{answer:?}"
        );
    }
    let object = store.get(&key).await.expect("the created object");
    assert_eq!(object.bytes, created[0].to_string().into_bytes(), "the object is the one that was confirmed");
    let late = store.put(&key, b"late".to_vec(), PutMode::Create).await;
    assert!(matches!(late, Err(StoreError::AlreadyExists { .. })), "a late creation is refused: {late:?}");
}

async fn updates_by_version<S: ArtifactStore>(store: &S, tenant: &Tenant, job: &JobId) {
    let key = ArtifactKey::Active { job }.of(tenant);
    let absent = store.put(&key, b"x".to_vec(), PutMode::Update(Version("none".to_owned()))).await;
    assert!(
        matches!(absent, Err(StoreError::Precondition { .. } | StoreError::NotFound { .. })),
        "an update of an absent object is refused: {absent:?}"
    );
    let first = store.put(&key, b"1".to_vec(), PutMode::Create).await.expect("creating");
    let second = store.put(&key, b"2".to_vec(), PutMode::Update(first.clone())).await.expect("updating");
    assert_ne!(first, second, "another content has another version");
    let stale = store.put(&key, b"3".to_vec(), PutMode::Update(first)).await;
    assert!(matches!(stale, Err(StoreError::Precondition { .. })), "a stale update is refused: {stale:?}");
    assert_eq!(store.get(&key).await.expect("reading").bytes, b"2");
    store.delete(&key).await.expect("deleting");
    let gone = store.put(&key, b"4".to_vec(), PutMode::Update(second)).await;
    assert!(
        matches!(gone, Err(StoreError::Precondition { .. } | StoreError::NotFound { .. })),
        "an update of a deleted object is refused: {gone:?}"
    );
}

async fn counts_by_swap<S: ArtifactStore>(store: &S, tenant: &Tenant, job: &JobId) {
    let key = state_key(tenant, job);
    store.put(&key, b"0".to_vec(), PutMode::Create).await.expect("creating the counter");
    let confirmed = join_all((0..N_WRITERS).map(|_| increment(store, &key))).await;
    let n_confirmed: u64 = confirmed.iter().sum();
    let counted = read_number(store, &key).await.0;
    // A write whose answer was unclear may have been applied, so the counter may be ahead, never behind.
    assert!(counted >= n_confirmed, "{n_confirmed} increments were confirmed, {counted} are there");
    assert_eq!(n_confirmed, N_WRITERS * N_INCREMENTS, "every writer came through");
}

async fn increment<S: ArtifactStore>(store: &S, key: &ObjectKey) -> u64 {
    let mut n_confirmed = 0;
    while n_confirmed < N_INCREMENTS {
        let (number, version) = read_number(store, key).await;
        match store.put(key, (number + 1).to_string().into_bytes(), PutMode::Update(version)).await {
            Ok(_) => n_confirmed += 1,
            Err(StoreError::Precondition { .. } | StoreError::Unknown { .. }) => {}
            Err(error) => panic!("an update answers with success, precondition or unknown: {error}"),
        }
    }
    n_confirmed
}

async fn read_number<S: ArtifactStore>(store: &S, key: &ObjectKey) -> (u64, Version) {
    let object = store.get(key).await.expect("reading the counter");
    let text = String::from_utf8(object.bytes).expect("the counter is text");
    (text.parse().expect("the counter is whole, never half-written"), object.version)
}

async fn lists_in_order<S: ArtifactStore>(store: &S, tenant: &Tenant, job: &JobId) {
    let stage = StageName::Embed;
    let prefix = ArtifactPrefix::Markers { job, stage }.of(tenant);
    assert_eq!(store.list(&prefix).await.expect("listing nothing"), []);
    let mut units: Vec<UnitId> = (0..40_u8).map(|n| UnitId::of_input(&Digest::of(&[n]))).collect();
    let keys: Vec<ObjectKey> =
        units.iter().map(|unit| ArtifactKey::Marker { job, stage, unit }.of(tenant)).collect();
    let neighbour = ArtifactKey::GroupMarker { job, stage, group_idx: 0 }.of(tenant);
    store.put(&neighbour, Vec::new(), PutMode::Create).await.expect("creating beside");
    for (n, key) in keys.iter().enumerate() {
        store.put(key, Vec::new(), PutMode::Create).await.expect("creating");
        let listed = store.list(&prefix).await.expect("listing");
        assert_eq!(listed.len(), n + 1, "a list sees every confirmed write");
        assert!(listed.contains(key), "a list sees the newest write");
    }
    units.sort();
    let expected: Vec<ObjectKey> =
        units.iter().map(|unit| ArtifactKey::Marker { job, stage, unit }.of(tenant)).collect();
    assert_eq!(
        store.list(&prefix).await.expect("listing"),
        expected,
        "in ascending order, nothing from beside"
    );
}

async fn removes<S: ArtifactStore>(store: &S, tenant: &Tenant, job: &JobId) {
    let prefix = ArtifactPrefix::Job { job }.of(tenant);
    for key in store.list(&prefix).await.expect("listing") {
        store.delete(&key).await.expect("deleting");
        store.delete(&key).await.expect("deleting again is no error");
        assert!(
            matches!(store.get(&key).await, Err(StoreError::NotFound { .. })),
            "a deleted object is gone"
        );
    }
    assert_eq!(store.list(&prefix).await.expect("listing"), [], "a list does not show what was deleted");
}

fn state_key(tenant: &Tenant, job: &JobId) -> ObjectKey {
    ArtifactKey::State { job }.of(tenant)
}
