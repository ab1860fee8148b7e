//! Artifact stores.

mod directory;
mod memory;
mod sealed_file;

pub use directory::{DirectoryStore, OpenStoreError};
pub use memory::MemoryStore;
