//! Objects under names, with conditional writes.

use std::future::Future;
use std::ops::Range;

use crate::key::{KeyPrefix, ObjectKey};

/// Largest object: a docpack of the largest source stays below, and it must fit in memory.
pub const MAX_OBJECT_BYTES: u64 = 4_000_000_000;

/// What identifies one content of an object; a store may give equal contents one version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version(pub String);

/// An object as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub bytes: Vec<u8>,
    pub version: Version,
}

/// When a write takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutMode {
    /// Always.
    Overwrite,
    /// Only when no object has the name.
    Create,
    /// Only when the object still has this version.
    Update(Version),
}

/// Why a store did not do as asked; each variant is another decision for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("object `{key}` does not exist")]
    NotFound { key: ObjectKey },
    /// Answer to [`PutMode::Create`]; the object may be this writer's own earlier write.
    #[error("object `{key}` exists already")]
    AlreadyExists { key: ObjectKey },
    /// Answer to [`PutMode::Update`], also when the object is gone; the change may be this writer's own.
    #[error("object `{key}` changed meanwhile")]
    Precondition { key: ObjectKey },
    /// Conflict, timeout, throttle or lost reply: done or not done. Repeat it, or read and decide.
    #[error("store gave no clear answer for `{key}`: {reason}")]
    Unknown { key: String, reason: String },
    /// The object is there, and its content is not what was written.
    #[error("object `{key}` is damaged: {reason}")]
    Damaged { key: String, reason: String },
    /// Repeating will not help: permission, full disk, too large.
    #[error("store refused `{key}`: {reason}")]
    Refused { key: String, reason: String },
}

/// Keeps objects. Reads and lists see every write that was answered, from any process.
pub trait ArtifactStore: Send + Sync + 'static {
    /// Reads an object whole.
    fn get(&self, key: &ObjectKey) -> impl Future<Output = Result<Object, StoreError>> + Send;

    /// Reads bytes of an object, fewer where it ends earlier.
    fn get_range(
        &self,
        key: &ObjectKey,
        range: Range<u64>,
    ) -> impl Future<Output = Result<Vec<u8>, StoreError>> + Send;

    /// Writes an object whole or not at all; returns its new version.
    fn put(
        &self,
        key: &ObjectKey,
        bytes: Vec<u8>,
        mode: PutMode,
    ) -> impl Future<Output = Result<Version, StoreError>> + Send;

    /// Names all objects under a prefix, in ascending order.
    fn list(&self, prefix: &KeyPrefix) -> impl Future<Output = Result<Vec<ObjectKey>, StoreError>> + Send;

    /// Removes an object; one that is not there is no error.
    fn delete(&self, key: &ObjectKey) -> impl Future<Output = Result<(), StoreError>> + Send;
}
