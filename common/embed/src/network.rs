//! The network: sessions of ONNX Runtime over all-MiniLM-L6-v2.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ort::session::Session;

use crate::batches;
use crate::class::{EmbedderClass, Precision, Provider};
use crate::embedder::{EmbedError, EmbedParams, ProviderChoice, Vectors};
use crate::limit::multiply_adds;
use crate::model::{ModelFiles, PINNED};
use crate::session;
use crate::tokens::Tokens;

/// Each session keeps its own working memory, 130 MB in fp32.
const MAX_SESSIONS: usize = 64;
/// The two special tokens and one of the text.
const MIN_TOKENS: usize = 3;

/// The loaded network; several threads may use it at once.
pub(crate) struct Network {
    tokens: Tokens,
    sessions: Vec<Mutex<Session>>,
    token_budget: Option<usize>,
}

/// What the network made of texts.
pub(crate) struct Computed {
    pub(crate) vectors: Vectors,
    pub(crate) n_tokens: usize,
    pub(crate) n_multiply_adds: f64,
    pub(crate) n_batches: usize,
}

impl Network {
    /// Loads the files that `params` needs, and says under which conditions they compute.
    pub(crate) fn load(files: &ModelFiles, params: EmbedParams) -> Result<(EmbedderClass, Self), EmbedError> {
        let Opened { precision, provider, sessions } = open(files, params)?;
        let max_tokens = params.max_tokens.clamp(MIN_TOKENS, PINNED.network_tokens);
        let tokens = Tokens::load(&files.tokenizer()?, max_tokens)?;
        let class = EmbedderClass::of_network(precision, provider, max_tokens);
        let token_budget = class.batch_mode.token_budget();
        let sessions = sessions.into_iter().map(Mutex::new).collect();
        Ok((class, Self { tokens, sessions, token_budget }))
    }

    /// Counts a text's tokens, past the limit too.
    pub(crate) fn count(&self, text: &str) -> Result<usize, EmbedError> {
        self.tokens.count(text)
    }

    /// Returns how many texts, on a GPU batches, are computed at the same time.
    pub(crate) fn n_sessions(&self) -> usize {
        self.sessions.len()
    }

    pub(crate) fn embed(
        &self,
        texts: &[&str],
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Computed, EmbedError> {
        let ids = texts.iter().map(|text| self.tokens.encode(text)).collect::<Result<Vec<_>, _>>()?;
        let batches = self.batches(&ids);
        let vectors = self.compute(&ids, &batches, is_cancelled)?;
        let n_tokens = ids.iter().map(Vec::len).sum();
        let n_multiply_adds = multiply_adds(ids.iter().map(Vec::len));
        Ok(Computed { vectors, n_tokens, n_multiply_adds, n_batches: batches.len() })
    }

    fn batches(&self, ids: &[Vec<u32>]) -> Vec<Vec<usize>> {
        match self.token_budget {
            None => batches::one_by_one(ids.len()),
            Some(budget) => batches::by_token_budget(&ids.iter().map(Vec::len).collect::<Vec<_>>(), budget),
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
