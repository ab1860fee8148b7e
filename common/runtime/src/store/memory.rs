//! A store in memory, for tests and for a stage that is run alone.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pipeline::ArtifactStore;
use pipeline::key::{KeyPrefix, ObjectKey};
use pipeline::port::{Object, PutMode, StoreError, Version};

/// Keeps objects as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Objects>);

#[derive(Debug, Default)]
struct Objects {
    by_key: BTreeMap<ObjectKey, Object>,
    n_writes: u64,
}

impl MemoryStore {
    fn lock(&self) -> MutexGuard<'_, Objects> {
        // Every change is one insertion, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ArtifactStore for MemoryStore {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        self.lock().by_key.get(key).cloned().ok_or_else(|| StoreError::NotFound { key: key.clone() })
    }

    async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let object = self.get(key).await?;
        let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(object.bytes.len());
        Ok(object.bytes.get(at(range.start)..at(range.end)).unwrap_or_default().to_vec())
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        let mut objects = self.lock();
        check_mode(key, &mode, objects.by_key.get(key).map(|object| &object.version))?;
        objects.n_writes += 1;
        let version = Version(objects.n_writes.to_string());
        objects.by_key.insert(key.clone(), Object { bytes, version: version.clone() });
        Ok(version)
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        let objects = self.lock();
        Ok(objects.by_key.keys().filter(|key| key.as_str().starts_with(prefix.as_str())).cloned().collect())
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        self.lock().by_key.remove(key);
        Ok(())
    }
}

/// Decides whether a write may take place over what is there.
pub(crate) fn check_mode(
    key: &ObjectKey,
    mode: &PutMode,
    present: Option<&Version>,
) -> Result<(), StoreError> {
    match mode {
        PutMode::Create if present.is_some() => Err(StoreError::AlreadyExists { key: key.clone() }),
        PutMode::Update(version) if present != Some(version) => {
            Err(StoreError::Precondition { key: key.clone() })
        }
        PutMode::Overwrite | PutMode::Create | PutMode::Update(_) => Ok(()),
    }
}
