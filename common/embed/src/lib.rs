//! Turns chunk texts into vectors, with a table inside the program or with all-MiniLM-L6-v2 through ONNX Runtime.
//!
//! In: texts and, for the model, its files. Out: one vector of length one per text, in the order of the texts,
//! and the [`EmbedderClass`] that states under which conditions the same bytes come out again.
//! On the CPU every text runs alone, so its vector depends on nothing else: padding and neighbours
//! in a batch would change the last bits. On a GPU texts run in batches under a token budget.
//!
//! This crate knows no chunk, no job, no store and no cache; it gives the digest under which vectors may be
//! cached ([`EmbedderClass::digest`]). It never makes up a vector: without the pinned files it returns an
//! error that names the command to get them. It is the only crate that uses ONNX Runtime.
//!
//! ```no_run
//! use doctown_embed::{EmbedParams, Embedder, ModelFiles, Precision, ProviderChoice};
//!
//! let files = ModelFiles::in_folder("model");
//! let params = EmbedParams { precision: Precision::Fp32, n_sessions: 2, provider: ProviderChoice::Auto, max_tokens: 64 };
//! let embedder = Embedder::load(&files, params)?;
//! let embedded = embedder.embed(&["fn main() {}", "def main(): pass"], &|| false)?;
//! assert_eq!(embedded.vectors.len(), 2);
//! # Ok::<(), doctown_embed::EmbedError>(())
//! ```

mod batches;
mod class;
mod copying;
mod embedder;
mod installed;
mod limit;
mod model;
mod network;
mod session;
mod table;
mod tokens;
mod transport;
mod words;

pub use class::{BatchMode, EmbedderClass, Precision, Provider};
pub use copying::{CopyError, copy_model};
pub use embedder::{
    EmbedError, EmbedParams, Embedded, Embedder, MAX_TEXTS_PER_CALL, ProviderChoice, Vectors,
};
pub use installed::{folders_near, mend_help};
pub use model::{
    ModelFiles, NeededFile, SETUP_COMMAND, dimensions, max_tokens, model_digest, model_name, network_tokens,
};
pub use tokens::MAX_TEXT_BYTES;
pub use transport::{Batcher, FLUSH_AFTER_MS, MAX_BATCH_CHUNKS, MIN_BATCH_CHUNKS};
