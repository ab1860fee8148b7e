//! The embedder: loads once, then turns texts into vectors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use docpack::Digest;
use ort::session::Session;

use crate::batches::{self, GPU_TOKEN_BUDGET};
use crate::class::{BatchMode, EmbedderClass, Precision, Provider};
use crate::limit::multiply_adds;
use crate::model::{GPU_SETUP_COMMAND, ModelFiles, PINNED, SETUP_COMMAND};
use crate::session;
use crate::tokens::Tokens;

/// One call holds the vectors of all its texts: 100 MB at this many, twice that while equal texts are
/// being told apart.
pub const MAX_TEXTS_PER_CALL: usize = 1 << 16;

/// Each session keeps its own working memory, 130 MB in fp32.
const MAX_SESSIONS: usize = 64;

/// How an embedder is made.
#[derive(Debug, Clone, Copy)]
pub struct EmbedParams {
    /// On the CPU; a GPU computes in fp32.
    pub precision: Precision,
    /// Texts computed at the same time on the CPU, one thread each; brought within 1 and 64. No result
    /// depends on it.
    pub n_sessions: usize,
    pub provider: ProviderChoice,
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
    fn zeroed(n_vectors: usize, dimensions: usize) -> Self {
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

    fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.dimensions..(row + 1) * self.dimensions]
    }
}

/// A loaded model; several threads may use it at once.
pub struct Embedder {
    class: EmbedderClass,
    tokens: Tokens,
    sessions: Vec<Mutex<Session>>,
}

impl Embedder {
    /// Loads the model after checking the digest of every file it reads.
    ///
    /// A process can load one library: after one embedder ran on a GPU, none can be made with the library
    /// that knows the CPU alone.
    ///
    /// # Errors
    /// `ModelMissing` and `ModelHashMismatch` name the file and the command that mends it; `GpuUnavailable`
    /// comes only when a GPU was demanded.
    pub fn load(files: &ModelFiles, params: EmbedParams) -> Result<Self, EmbedError> {
        let Opened { precision, provider, sessions } = open(files, params)?;
        let tokens = Tokens::load(&files.tokenizer()?, PINNED.max_tokens)?;
        let class = EmbedderClass::new(precision, provider);
        let n_sessions = sessions.len();
        tracing::info!(
            provider = %class.provider, precision = %class.precision, n_sessions, cpu = %class.cpu,
            "embedding with {} on {} in {}, {n_sessions} at a time", class.model, class.provider, class.precision
        );
        Ok(Self { class, tokens, sessions: sessions.into_iter().map(Mutex::new).collect() })
    }

    /// Returns what the vectors depend on beside the texts.
    pub fn class(&self) -> &EmbedderClass {
        &self.class
    }

    /// Counts a text's tokens, the two special ones included, past the model's limit too.
    ///
    /// Only the first [`crate::MAX_TEXT_BYTES`] bytes are read.
    pub fn count_tokens(&self, text: &str) -> Result<usize, EmbedError> {
        self.tokens.count(text)
    }

    /// Embeds the texts; equal ones are computed once.
    ///
    /// Of a text, the first [`crate::max_tokens`] tokens count. `is_cancelled` is asked before each text
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
        let ids = distinct.iter().map(|text| self.tokens.encode(text)).collect::<Result<Vec<_>, _>>()?;
        let batches = self.batches(&ids);
        let computed = self.compute(&ids, &batches, is_cancelled)?;
        let vectors = if distinct.len() == texts.len() { computed } else { computed.spread(&row_of) };
        let n_tokens = ids.iter().map(Vec::len).sum();
        let n_multiply_adds = multiply_adds(ids.iter().map(Vec::len));
        let n_batches = batches.len();
        Ok(Embedded { vectors, n_distinct: distinct.len(), n_tokens, n_multiply_adds, n_batches })
    }

    /// Returns how many texts, on a GPU batches, are computed at the same time.
    pub(crate) fn n_sessions(&self) -> usize {
        self.sessions.len()
    }

    fn batches(&self, ids: &[Vec<u32>]) -> Vec<Vec<usize>> {
        match self.class.batch_mode {
            BatchMode::Single => batches::one_by_one(ids.len()),
            BatchMode::TokenBudget => {
                batches::by_token_budget(&ids.iter().map(Vec::len).collect::<Vec<_>>(), GPU_TOKEN_BUDGET)
            }
        }
    }

    fn compute(
        &self,
        ids: &[Vec<u32>],
        batches: &[Vec<usize>],
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vectors, EmbedError> {
        let work = Work { ids, batches, next: AtomicUsize::new(0), is_cancelled };
        let vectors = Mutex::new(Vectors::zeroed(ids.len(), PINNED.dimensions));
        std::thread::scope(|scope| {
            let n_workers = self.sessions.len().min(batches.len());
            let workers: Vec<_> = self.sessions[..n_workers]
                .iter()
                .map(|session| scope.spawn(|| work.drain(session, &vectors)))
                .collect();
            workers.into_iter().try_for_each(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        Ok(vectors.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The batches of one call, taken by whichever session is free.
struct Work<'a> {
    ids: &'a [Vec<u32>],
    batches: &'a [Vec<usize>],
    next: AtomicUsize,
    is_cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl Work<'_> {
    /// Takes batches until there is none; the first failure ends the work of all.
    fn drain(&self, session: &Mutex<Session>, vectors: &Mutex<Vectors>) -> Result<(), EmbedError> {
        let result = self.run_batches(session, vectors);
        if result.is_err() {
            self.next.store(self.batches.len(), Ordering::Relaxed);
        }
        result
    }

    fn run_batches(&self, session: &Mutex<Session>, vectors: &Mutex<Vectors>) -> Result<(), EmbedError> {
        while let Some(batch) = self.batches.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            if (self.is_cancelled)() {
                return Err(EmbedError::Cancelled);
            }
            let rows: Vec<&[u32]> = batch.iter().map(|&text| self.ids[text].as_slice()).collect();
            // Locked per batch, so that two callers take turns.
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            session::run(&mut session, &rows, PINNED.dimensions, |row, vector| {
                let mut vectors = vectors.lock().unwrap_or_else(PoisonError::into_inner);
                vectors.row_mut(batch[row]).copy_from_slice(vector);
            })?;
        }
        Ok(())
    }
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

/// Sessions over one network, and what they compute with.
struct Opened {
    precision: Precision,
    provider: Provider,
    sessions: Vec<Session>,
}

fn open(files: &ModelFiles, params: EmbedParams) -> Result<Opened, EmbedError> {
    if params.provider == ProviderChoice::Cpu {
        return open_on_cpu(files, &files.cpu_library()?, params);
    }
    match open_on_gpu(files) {
        Err(EmbedError::GpuUnavailable { reason }) if params.provider == ProviderChoice::Auto => {
            tracing::debug!("no GPU: {reason}");
            // Where the library for GPUs is there, it was loaded by now; it computes on the CPU as well.
            let library = files.gpu_library().transpose().unwrap_or_else(|| files.cpu_library())?;
            open_on_cpu(files, &library, params)
        }
        opened => opened,
    }
}

fn open_on_cpu(files: &ModelFiles, library: &Path, params: EmbedParams) -> Result<Opened, EmbedError> {
    let weights = files.weights(params.precision)?;
    let environment = session::environment(library)?;
    let open = |_| {
        session::open(&environment, &weights, Provider::Cpu).map_err(|error| EmbedError::RuntimeUnusable {
            path: library.to_owned(),
            reason: error.to_string(),
        })
    };
    let sessions = (0..params.n_sessions.clamp(1, MAX_SESSIONS)).map(open).collect::<Result<_, _>>()?;
    Ok(Opened { precision: params.precision, provider: Provider::Cpu, sessions })
}

/// One session, since a GPU runs one batch at a time; in fp32, since it has no kernels for the other form.
fn open_on_gpu(files: &ModelFiles) -> Result<Opened, EmbedError> {
    let unavailable = |reason: String| EmbedError::GpuUnavailable { reason };
    let Some(library) = files.gpu_library()? else {
        return Err(unavailable("its library is not set up".to_owned()));
    };
    let weights = files.weights(Precision::Fp32)?;
    let environment = session::environment(&library)?;
    let session = session::open(&environment, &weights, Provider::Cuda)
        .map_err(|error| unavailable(error.message().trim_end().to_owned()))?;
    Ok(Opened { precision: Precision::Fp32, provider: Provider::Cuda, sessions: vec![session] })
}
