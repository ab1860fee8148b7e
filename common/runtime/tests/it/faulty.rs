//! A store and a queue that fail in every way that real ones do, by a seed, and check what is written.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use pipeline::key::{ArtifactPrefix, KeyPrefix, ObjectKey};
use pipeline::port::{Object, PutMode, QueueError, QueueName, Receipt, Received, StoreError, Version};
use pipeline::state::Marker;
use pipeline::{ArtifactKey, ArtifactStore, Queue, StateDocument, UnitId};
use runtime::{MemoryQueue, MemoryStore};

use crate::manual_clock::{PatientClock, yield_once};

/// Numbers from a seed, by SplitMix64.
#[derive(Debug)]
pub(crate) struct Dice(Mutex<u64>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    pub(crate) fn below(&self, end: u64) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    /// True in one of `n` cases.
    pub(crate) fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }

    async fn hesitate(&self) {
        for _ in 0..self.below(3) {
            yield_once().await;
        }
    }
}

/// What may go wrong, each in one of so many calls; 0 for never.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    pub(crate) store: u64,
    pub(crate) queue: u64,
    pub(crate) lost_messages: u64,
}

pub(crate) struct FaultyStore {
    pub(crate) inner: MemoryStore,
    dice: Dice,
    faults: Faults,
    late: Mutex<Vec<(ObjectKey, Vec<u8>, PutMode)>>,
    confirmed: Mutex<BTreeMap<ObjectKey, Vec<u8>>>,
}

impl FaultyStore {
    pub(crate) fn new(seed: u64, faults: Faults) -> Self {
        Self {
            inner: MemoryStore::default(),
            dice: Dice::new(seed),
            faults,
            late: Mutex::default(),
            confirmed: Mutex::default(),
        }
    }

    /// Checks that everything that was confirmed as created is there as it was written.
    pub(crate) async fn check_confirmed(&self) {
        let confirmed: Vec<_> =
            self.confirmed().iter().map(|(key, bytes)| (key.clone(), bytes.clone())).collect();
        for (key, bytes) in confirmed {
            assert_eq!(self.inner.get(&key).await.expect("a confirmed write stays").bytes, bytes, "{key}");
        }
    }

    /// Applies a write that was on its way.
    async fn apply_late(&self) {
        let late = self.late.lock().unwrap().pop();
        if let Some((key, bytes, mode)) = late {
            // Whether it takes place is the condition's to say.
            let _ = self.write(&key, bytes, mode).await;
        }
    }

    async fn write(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        let is_state = key.last_part() == "state.json";
        let before = if is_state { self.inner.get(key).await.ok() } else { None };
        let once =
            ["/done/", "/group/", "/try/", "/try-end/", "/sealed/", "/artifacts/", "/resend/", "/events/"];
        if once.iter().any(|part| key.as_str().contains(part)) {
            assert_eq!(mode, PutMode::Create, "{key} is written once");
        }
        let version = self.inner.put(key, bytes.clone(), mode).await?;
        if is_state {
            self.check_state(before, &bytes).await;
        }
        Ok(version)
    }

    /// Checks a state document that was just written against the one before.
    async fn check_state(&self, before: Option<Object>, bytes: &[u8]) {
        let next: StateDocument = serde_json::from_slice(bytes).unwrap();
        let Some(before) = before else { return };
        let before: StateDocument = serde_json::from_slice(&before.bytes).unwrap();
        assert!(!before.phase.is_terminal(), "terminal is final");
        assert_eq!(next.rev, before.rev + 1, "revisions grow by one");
        assert!(next.phase > before.phase, "phases go forward");
        let Some(stage) = before.phase.stage().filter(|_| !next.phase.is_terminal()) else { return };
        for unit in self.sealed_units(&before, stage).await {
            let key = ArtifactKey::Marker { job: &before.job, stage, unit: &unit }.of(&before.tenant);
            let marker =
                self.inner.get(&key).await.expect("a phase ends when every sealed unit has its marker");
            serde_json::from_slice::<Marker>(&marker.bytes).unwrap();
        }
    }

    async fn sealed_units(&self, state: &StateDocument, stage: pipeline::StageName) -> Vec<UnitId> {
        if stage.plan().fan_out_from.is_none() {
            return vec![UnitId::whole()];
        }
        let list = state.sealed.get(&stage).expect("a fan-out's phase has a sealed list");
        if list.n_units == 0 {
            return Vec::new();
        }
        let key = ArtifactKey::SealedList { job: &state.job, stage, digest: &list.digest }.of(&state.tenant);
        serde_json::from_slice(&self.inner.get(&key).await.expect("a sealed list is stored").bytes).unwrap()
    }

    fn fails(&self) -> bool {
        self.faults.store > 0 && self.dice.one_in(self.faults.store)
    }

    fn confirmed(&self) -> MutexGuard<'_, BTreeMap<ObjectKey, Vec<u8>>> {
        self.confirmed.lock().unwrap()
    }

    fn unclear(key: &str) -> StoreError {
        StoreError::Unknown { key: key.to_owned(), reason: "injected".to_owned() }
    }
}

impl ArtifactStore for FaultyStore {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        self.dice.hesitate().await;
        if self.fails() { Err(Self::unclear(key.as_str())) } else { self.inner.get(key).await }
    }

    async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.inner.get_range(key, range).await
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        self.dice.hesitate().await;
        if self.dice.one_in(4) {
            self.apply_late().await;
        }
        if !self.fails() {
            let answer = self.write(key, bytes.clone(), mode.clone()).await;
            if answer.is_ok() && mode == PutMode::Create {
                self.confirmed().insert(key.clone(), bytes);
                self.confirmed().retain(|key, _| {
                    !key.as_str().contains("/state.json") && !key.as_str().contains("/index/")
                });
            }
            return answer;
        }
        match self.dice.below(4) {
            // Not applied.
            0 => {}
            // On its way; it may be applied long after.
            1 => self.late.lock().unwrap().push((key.clone(), bytes, mode)),
            // Applied, and the answer is lost.
            2 => drop(self.write(key, bytes, mode).await),
            // Applied, and repeated below us: the answer speaks of our own earlier write.
            _ => {
                self.write(key, bytes.clone(), mode.clone()).await?;
                return match mode {
                    PutMode::Create => Err(StoreError::AlreadyExists { key: key.clone() }),
                    PutMode::Update(_) => Err(StoreError::Precondition { key: key.clone() }),
                    PutMode::Overwrite => self.inner.put(key, bytes, mode).await,
                };
            }
        }
        Err(Self::unclear(key.as_str()))
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        self.dice.hesitate().await;
        if self.fails() { Err(Self::unclear(prefix.as_str())) } else { self.inner.list(prefix).await }
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        self.dice.hesitate().await;
        self.inner.delete(key).await?;
        if self.fails() { Err(Self::unclear(key.as_str())) } else { Ok(()) }
    }
}

pub(crate) struct FaultyQueue {
    pub(crate) inner: MemoryQueue<PatientClock>,
    dice: Dice,
    faults: Faults,
}

impl FaultyQueue {
    pub(crate) fn new(seed: u64, faults: Faults, clock: PatientClock) -> Self {
        Self { inner: MemoryQueue::new(clock), dice: Dice::new(seed ^ 0xFACE), faults }
    }

    fn fails(&self) -> bool {
        self.faults.queue > 0 && self.dice.one_in(self.faults.queue)
    }
}

impl Queue for FaultyQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
        self.dice.hesitate().await;
        if self.faults.lost_messages > 0 && self.dice.one_in(self.faults.lost_messages) {
            return Ok(());
        }
        // Late by up to ten seconds: messages overtake each other.
        let late = Duration::from_millis(self.dice.below(10_000) * u64::from(self.fails()));
        self.inner.send(queue, body, delay + late).await?;
        if self.fails() {
            self.inner.send(queue, body, delay).await?;
            return Err(QueueError::Unknown { queue, reason: "injected".to_owned() });
        }
        Ok(())
    }

    async fn receive(&self, queue: QueueName, visibility: Duration) -> Result<Option<Received>, QueueError> {
        self.dice.hesitate().await;
        // Sometimes hidden for a moment only, so that another worker gets it too.
        let visibility = if self.fails() { Duration::from_millis(50) } else { visibility };
        self.inner.receive(queue, visibility).await
    }

    async fn acknowledge(&self, queue: QueueName, receipt: &Receipt) -> Result<(), QueueError> {
        self.dice.hesitate().await;
        if self.fails() {
            return Err(QueueError::Unknown { queue, reason: "injected".to_owned() });
        }
        self.inner.acknowledge(queue, receipt).await
    }

    async fn extend(
        &self,
        queue: QueueName,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        self.inner.extend(queue, receipt, visibility).await
    }

    async fn depth(&self, queue: QueueName) -> Result<u64, QueueError> {
        self.inner.depth(queue).await
    }
}

/// Lists the active jobs' index, past the faults.
pub(crate) async fn is_indexed(store: &FaultyStore, state: &StateDocument) -> bool {
    !store.inner.list(&ArtifactPrefix::Active.of(&state.tenant)).await.unwrap().is_empty()
}
