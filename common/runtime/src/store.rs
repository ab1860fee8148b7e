//! Artifact stores.

mod any;
mod directory;
mod memory;
#[cfg(feature = "aws")]
mod s3;
mod sealed_file;

pub use any::AnyStore;
pub use directory::{DirectoryStore, OpenStoreError};
pub use memory::MemoryStore;
#[cfg(feature = "aws")]
pub use s3::{DEFAULT_PRESIGN, S3Store, UnfitStoreError};
