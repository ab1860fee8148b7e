//! The docpack format: its vocabulary, its records, and the bytes they become.
//!
//! In: records. Out: an archive whose equal contents are equal bytes, and back.
//! This crate knows nothing of how the records were computed: no parser, no model, no network,
//! no file system. It reads and writes through [`std::io`] traits only.

pub mod digest;
pub mod ids;
pub mod records;
pub mod vocabulary;

pub use digest::Digest;
pub use ids::{ChunkId, ClusterId, SymbolId};
pub use vocabulary::{ByteRange, EdgeKind, Evidence, Language, LineRange, SymbolKind, Visibility};
