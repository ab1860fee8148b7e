//! The docpack format: its vocabulary, its records, and their bytes.
//!
//! In: [`Contents`]. Out: an archive, where equal contents give equal bytes ([`write()`]), and back
//! ([`read()`]); [`verify()`] recomputes everything that a pack states about itself.
//! This crate does not know how the records were computed: no parser, no model, no network,
//! no file system. It reads and writes through [`std::io`] traits only.

#![warn(missing_docs)]

mod archive;
pub mod canonical;
mod contents;
pub mod digest;
pub mod embeddings;
pub mod entries;
pub mod ids;
mod layers;
pub mod lookup;
pub mod open;
pub mod partial;
mod places;
pub mod read;
pub mod records;
mod scan;
pub mod schema;
pub mod source_texts;
pub mod vectors;
pub mod verify;
pub mod vocabulary;
mod words;
pub mod write;

pub use contents::{About, Contents, Docpack};
pub use digest::Digest;
pub use embeddings::{Embeddings, EmbeddingsReader};
pub use ids::{BodyDigest, ChunkId, ClusterId, SymbolId};
pub use open::{Open, Word};
pub use read::{ReadError, ReadLimits, Records, read, read_entries, read_manifest, read_member, read_text};
pub use source_texts::{SourceTexts, SourceTextsError};
pub use vectors::{Vectors, VectorsError};
pub use verify::{Violation, read_verified, verify};
pub use vocabulary::{
    ByteRange, ConditionKind, EdgeKind, Effect, Evidence, FlowStepKind, InsightFamily, Language, LineRange,
    LiteralKind, Role, StepKind, SymbolKind, Topic, Visibility,
};
pub use write::{PackIndex, WriteError, Written, write};
