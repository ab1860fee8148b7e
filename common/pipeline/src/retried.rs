//! Port calls that are repeated while the answer is unclear.

use std::future::Future;
use std::ops::Range;
use std::time::Duration;

use docpack::Digest;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::key::{ArtifactKey, KeyPrefix, ObjectKey};
use crate::port::{
    ArtifactStore, Clock, Object, Ports, PutMode, Queue, QueueError, QueueName, StoreError, Version,
};
use crate::state::{STATE_SCHEMA_VERSION, StateDocument};

/// Calls made before an unclear answer is passed on; with the waits below some 6 seconds in all.
const MAX_CALLS: u32 = 7;
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Returns how long to wait before call or try `n + 1`: doubling, with half of it jitter.
///
/// The jitter comes from `salt`, so that the same schedule can be replayed.
pub(crate) fn backoff(first: Duration, n: u32, salt: &str) -> Duration {
    let whole = first.saturating_mul(1 << n.min(16)).min(LONGEST_WAIT);
    let [high, low, ..] = Digest::of(format!("{salt}/{n}").as_bytes()).0;
    whole / 2 + whole / 2 * u32::from(u16::from_be_bytes([high, low])) / u32::from(u16::MAX)
}

/// What a state document of any version begins with.
#[derive(Deserialize)]
struct Versioned {
    schema_version: u32,
}

/// The ports, repeating what gave no clear answer. Only calls that may be repeated are here.
pub(crate) struct Retried<'a, P>(pub(crate) &'a P);

impl<P: Ports> Retried<'_, P> {
    pub(crate) async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        self.store(key.as_str(), || self.0.store().get(key)).await
    }

    pub(crate) async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.store(key.as_str(), || self.0.store().get_range(key, range.clone())).await
    }

    /// Reads an object that may not exist.
    pub(crate) async fn find(&self, key: &ObjectKey) -> Result<Option<Object>, StoreError> {
        match self.get(key).await {
            Ok(object) => Ok(Some(object)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads an object as JSON.
    pub(crate) async fn json<T: DeserializeOwned>(&self, key: &ObjectKey) -> Result<T, PipelineError> {
        let bytes = self.get(key).await?.bytes;
        serde_json::from_slice(&bytes)
            .map_err(|error| PipelineError::Damaged { key: key.clone(), reason: error.to_string() })
    }

    /// Reads an object that may not exist as JSON.
    pub(crate) async fn find_json<T: DeserializeOwned>(
        &self,
        key: &ObjectKey,
    ) -> Result<Option<T>, PipelineError> {
        match self.json(key).await {
            Err(PipelineError::Store(StoreError::NotFound { .. })) => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// Reads a job's state document with the version to update it by.
    pub(crate) async fn state(
        &self,
        tenant: &Tenant,
        job: &JobId,
    ) -> Result<Option<(StateDocument, Version)>, PipelineError> {
        let key = ArtifactKey::State { job }.of(tenant);
        let damaged = |reason: String| PipelineError::StateDamaged { job: job.clone(), reason };
        let object = match self.find(&key).await {
            Ok(Some(object)) => object,
            Ok(None) => return Ok(None),
            Err(StoreError::Damaged { reason, .. }) => return Err(damaged(reason)),
            Err(error) => return Err(error.into()),
        };
        let versioned = serde_json::from_slice::<Versioned>(&object.bytes);
        let found = versioned.map_err(|error| damaged(error.to_string()))?.schema_version;
        if found != STATE_SCHEMA_VERSION {
            return Err(PipelineError::OtherSchema { job: job.clone(), found, known: STATE_SCHEMA_VERSION });
        }
        let state = serde_json::from_slice(&object.bytes).map_err(|error| damaged(error.to_string()))?;
        Ok(Some((state, object.version)))
    }

    /// Creates an object unless there is one; tells whether the store's answer was that it is new.
    ///
    /// `false` may also mean that an earlier call of this very writer was applied unseen.
    pub(crate) async fn create(&self, key: &ObjectKey, bytes: &[u8]) -> Result<bool, StoreError> {
        let put = || self.0.store().put(key, bytes.to_vec(), PutMode::Create);
        match self.store(key.as_str(), put).await {
            Ok(_) => Ok(true),
            Err(StoreError::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn overwrite(&self, key: &ObjectKey, bytes: &[u8]) -> Result<(), StoreError> {
        let put = || self.0.store().put(key, bytes.to_vec(), PutMode::Overwrite);
        self.store(key.as_str(), put).await.map(drop)
    }

    pub(crate) async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        self.store(prefix.as_str(), || self.0.store().list(prefix)).await
    }

    pub(crate) async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        self.store(key.as_str(), || self.0.store().delete(key)).await
    }

    pub(crate) async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
        let mut n_calls = 1;
        loop {
            match self.0.queue().send(queue, body, delay).await {
                Err(QueueError::Unknown { .. }) if n_calls < MAX_CALLS => self.wait(&mut n_calls, body).await,
                answer => return answer,
            }
        }
    }

    async fn store<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        salt: &str,
        call: impl Fn() -> F,
    ) -> Result<T, StoreError> {
        let mut n_calls = 1;
        loop {
            match call().await {
                Err(StoreError::Unknown { .. }) if n_calls < MAX_CALLS => self.wait(&mut n_calls, salt).await,
                answer => return answer,
            }
        }
    }

    async fn wait(&self, n_calls: &mut u32, salt: &str) {
        self.0.clock().sleep(backoff(FIRST_WAIT, *n_calls - 1, salt)).await;
        *n_calls += 1;
    }
}
