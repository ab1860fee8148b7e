//! The embedder: loads once, then turns texts into vectors.

use std::collections::BTreeMap;
use std::path::PathBuf;

use docpack::Digest;

use crate::class::{EmbedderClass, Precision};
use crate::model::{GPU_SETUP_COMMAND, ModelFiles, PINNED, SETUP_COMMAND};
use crate::network::{Computed, Network};
use crate::table::Table;

/// One call holds the vectors of all its texts: 100 MB at this many, twice that while equal texts are
/// being told apart.
pub const MAX_TEXTS_PER_CALL: usize = 1 << 16;

/// How an embedder over the network is made.
#[derive(Debug, Clone, Copy)]
pub struct EmbedParams {
    /// On the CPU; a GPU computes in fp32.
    pub precision: Precision,
    /// Texts computed at the same time on the CPU, one thread each; brought within 1 and 64. No result
    /// depends on it.
    pub n_sessions: usize,
    pub provider: ProviderChoice,
    /// Tokens read of a text, the two special ones included; brought within 3 and what the network was made
    /// for. [`crate::max_tokens`] is what builds read.
    pub max_tokens: usize,
}

/// What shall compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderChoice {
    /// A GPU where its library and the device are there, else the CPU.
    Auto,
    Cpu,
    /// A GPU or an error.
    Cuda,
}

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    #[error("model file `{}` is missing; run `{SETUP_COMMAND}`", path.display())]
    ModelMissing { path: PathBuf },
    #[error("model file `{}` is {found}, expected {expected}; run `{SETUP_COMMAND}`", path.display())]
    ModelHashMismatch { path: PathBuf, expected: Digest, found: Digest },
    #[error("ONNX Runtime {} is not published for {platform}; build without embeddings", PINNED.runtime.version)]
    RuntimeNotPublished { platform: String },
    #[error("the tokenizer cannot be used: {reason}")]
    TokenizerUnusable { reason: String },
    #[error("ONNX Runtime `{}` cannot be used: {reason}", path.display())]
    RuntimeUnusable { path: PathBuf, reason: String },
    #[error("no GPU can be used: {reason}; choose the CPU, or run `{GPU_SETUP_COMMAND}`")]
    GpuUnavailable { reason: String },
    #[error("{n_texts} texts in one call, the limit is {MAX_TEXTS_PER_CALL}")]
    TooManyTexts { n_texts: usize },
    #[error("embedding failed: {reason}")]
    InferenceFailed { reason: String },
    #[error("embedding was cancelled")]
    Cancelled,
}

impl EmbedError {
    /// Tells whether the error is of the one file that no package holds.
    pub(crate) fn is_of_fp32_weights(&self) -> bool {
        match self {
            Self::ModelMissing { path } | Self::ModelHashMismatch { path, .. } => {
                path.ends_with(&PINNED.weights.of(Precision::Fp32).file)
            }
            _ => false,
        }
    }

    /// Returns the stable word for the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ModelMissing { .. } => "model_missing",
            Self::ModelHashMismatch { .. } => "model_hash_mismatch",
            Self::RuntimeNotPublished { .. } => "runtime_not_published",
            Self::TokenizerUnusable { .. } => "tokenizer_unusable",
            Self::RuntimeUnusable { .. } => "runtime_unusable",
            Self::GpuUnavailable { .. } => "gpu_unavailable",
            Self::TooManyTexts { .. } => "too_many_texts",
            Self::InferenceFailed { .. } => "embedding_failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What one call made of its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// One per text, in the order of the texts.
    pub vectors: Vectors,
    /// Different texts; only these were computed.
    pub n_distinct: usize,
    /// Tokens computed, padding left out.
    pub n_tokens: usize,
    /// Multiply-adds that they take, in round numbers.
    pub n_multiply_adds: f64,
    /// Runs of the network.
    pub n_batches: usize,
}

/// Vectors of length one, one after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    dimensions: usize,
    values: Vec<f32>,
}

impl Vectors {
    pub(crate) fn zeroed(n_vectors: usize, dimensions: usize) -> Self {
        Self { dimensions, values: vec![0.0; n_vectors * dimensions] }
    }

    /// Returns the number of vectors.
    pub fn len(&self) -> usize {
        self.values.len() / self.dimensions
    }

    /// Tells whether there is no vector.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Gives each vector, in order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &[f32]> + ExactSizeIterator {
        self.values.chunks_exact(self.dimensions)
    }

    /// Returns all components, vector after vector.
    pub fn as_slice(&self) -> &[f32] {
        &self.values
    }

    /// Repeats rows: the vector at each place of `row_of` is the row that it names.
    fn spread(&self, row_of: &[usize]) -> Self {
        let mut spread = Self::zeroed(row_of.len(), self.dimensions);
        for (place, &row) in row_of.iter().enumerate() {
            spread.row_mut(place).copy_from_slice(self.row(row));
        }
        spread
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.dimensions..(row + 1) * self.dimensions]
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.dimensions..(row + 1) * self.dimensions]
    }
}

/// What turns texts into vectors; several threads may use it at once.
pub struct Embedder {
    class: EmbedderClass,
    engine: Engine,
}

enum Engine {
    Network(Box<Network>),
    Table(&'static Table),
}

impl Embedder {
    /// Loads the network after checking the digest of every file it reads.
    ///
    /// A process can load one library: after one embedder ran on a GPU, none can be made with the library
    /// that knows the CPU alone.
    ///
    /// # Errors
    /// `ModelMissing` and `ModelHashMismatch` name the file and the command that mends it; `GpuUnavailable`
    /// comes only when a GPU was demanded.
    pub fn load(files: &ModelFiles, params: EmbedParams) -> Result<Self, EmbedError> {
        let (class, network) = Network::load(files, params)?;
        let n_sessions = network.n_sessions();
        tracing::info!(
            provider = %class.provider, precision = %class.precision, n_sessions, cpu = %class.cpu,
            "embedding with {} on {} in {}, {n_sessions} at a time", class.model, class.provider, class.precision
        );
        Ok(Self { class, engine: Engine::Network(Box::new(network)) })
    }

    /// Takes the table of word vectors inside the program, which needs no file and has no limits of a device.
    pub fn built_in() -> Self {
        let table = Table::built_in();
        Self { class: EmbedderClass::of_table(table), engine: Engine::Table(table) }
    }

    /// Returns what the vectors depend on beside the texts.
    pub fn class(&self) -> &EmbedderClass {
        &self.class
    }

    /// Tells whether a kept vector is cheaper to read back than to compute again.
    ///
    /// The table computes a vector in the time that the digest of its bytes takes.
    pub fn is_worth_caching(&self) -> bool {
        matches!(self.engine, Engine::Network(_))
    }

    /// Counts a text's tokens, the two special ones included, past the limit too.
    ///
    /// Only the first [`crate::MAX_TEXT_BYTES`] bytes are read.
    pub fn count_tokens(&self, text: &str) -> Result<usize, EmbedError> {
        match &self.engine {
            Engine::Network(network) => network.count(text),
            Engine::Table(table) => table.count(text),
        }
    }

    /// Embeds the texts; equal ones are computed once.
    ///
    /// Of a text, the first tokens count, as many as the class says. `is_cancelled` is asked before each text
    /// (on a GPU: before each batch), from several threads.
    pub fn embed<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Embedded, EmbedError> {
        if texts.len() > MAX_TEXTS_PER_CALL {
            return Err(EmbedError::TooManyTexts { n_texts: texts.len() });
        }
        let (distinct, row_of) = distinct(texts);
        let Computed { vectors, n_tokens, n_multiply_adds, n_batches } = match &self.engine {
            Engine::Network(network) => network.embed(&distinct, is_cancelled)?,
            Engine::Table(table) => embed_by_table(table, &distinct, is_cancelled)?,
        };
        let n_distinct = distinct.len();
        let vectors = if n_distinct == texts.len() { vectors } else { vectors.spread(&row_of) };
        Ok(Embedded { vectors, n_distinct, n_tokens, n_multiply_adds, n_batches })
    }

    /// Returns how many runs of a network can go on at the same time; none without a network.
    pub(crate) fn n_sessions(&self) -> usize {
        match &self.engine {
            Engine::Network(network) => network.n_sessions(),
            Engine::Table(_) => 0,
        }
    }
}

fn embed_by_table(
    table: &Table,
    texts: &[&str],
    is_cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Computed, EmbedError> {
    let mut vectors = Vectors::zeroed(texts.len(), table.dimensions);
    let mut n_tokens = 0;
    for (row, text) in texts.iter().enumerate() {
        if is_cancelled() {
            return Err(EmbedError::Cancelled);
        }
        n_tokens += table.embed(text, vectors.row_mut(row))?;
    }
    let n_multiply_adds = (n_tokens * table.dimensions) as f64;
    Ok(Computed { vectors, n_tokens, n_multiply_adds, n_batches: texts.len() })
}

/// Returns the different texts in order of first appearance, and for each text its place among them.
fn distinct<T: AsRef<str>>(texts: &[T]) -> (Vec<&str>, Vec<usize>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut distinct = Vec::new();
    let row_of = texts
        .iter()
        .map(|text| {
            *seen.entry(text.as_ref()).or_insert_with(|| {
                distinct.push(text.as_ref());
                distinct.len() - 1
            })
        })
        .collect();
    (distinct, row_of)
}
