//! Whichever store is configured.

use std::ops::Range;

use pipeline::ArtifactStore;
use pipeline::key::{KeyPrefix, ObjectKey};
use pipeline::port::{Object, PutMode, StoreError, Version};

use crate::store::DirectoryStore;
#[cfg(feature = "aws")]
use crate::store::S3Store;

/// A folder or a bucket, for what works on both alike.
pub enum AnyStore {
    Directory(DirectoryStore),
    #[cfg(feature = "aws")]
    S3(S3Store),
}

macro_rules! of_either {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            AnyStore::Directory($store) => $call,
            #[cfg(feature = "aws")]
            AnyStore::S3($store) => $call,
        }
    };
}

impl AnyStore {
    /// Makes an address under which the object can be read for a while, saved by browsers as `_file_name`;
    /// `None` where the store has none.
    #[cfg_attr(
        not(feature = "aws"),
        expect(clippy::unused_async, reason = "only a bucket has such addresses")
    )]
    pub async fn presign_get(
        &self,
        _key: &ObjectKey,
        _file_name: &str,
    ) -> Result<Option<String>, StoreError> {
        match self {
            Self::Directory(_) => Ok(None),
            #[cfg(feature = "aws")]
            Self::S3(store) => {
                store.presign_get(_key, _file_name, crate::store::DEFAULT_PRESIGN).await.map(Some)
            }
        }
    }
}

impl ArtifactStore for AnyStore {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        of_either!(self, store => store.get(key).await)
    }

    async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        of_either!(self, store => store.get_range(key, range).await)
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        of_either!(self, store => store.put(key, bytes, mode).await)
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        of_either!(self, store => store.list(prefix).await)
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        of_either!(self, store => store.delete(key).await)
    }
}
