//! The embed stage: turns one chunk shard into vectors.
//!
//! In: a [`ChunkShard`]. Out: a [`VectorShard`] in the same order. If an embedder of the same class has
//! embedded a text before, its vector comes from the cache, unless computing is as cheap as reading; equal texts are
//! computed once.
//! The embedder arrives loaded and checked: this stage never makes up a vector.

mod cache;
mod config;
mod shared;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use embed::{BatchMode, EmbedError, Embedder, EmbedderClass};
use model::ingest::ChunkShard;
use model::vectors::VectorShard;
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{
    EmbeddingBatchCompleted, EmbeddingBatchStarted, EmbeddingChunkVector, EmbeddingCompleted,
    EmbeddingStarted,
};
use pipeline::port::Ports;
use pipeline::{PinnedEmbedder, Stage, StageError, StageName, UnitOutput, UnitRun};
use tokio::sync::mpsc;

use crate::cache::Kept;
use crate::shared::{BatchDone, Computed, SharedBatches};
pub use config::{load_embedder, local_embedder, mend_help, model_files, precision_of, start_error};

/// Turns chunk texts into vectors.
#[derive(Clone)]
pub struct EmbedStage {
    embedder: Arc<Embedder>,
    /// Where the model computes in batches anyway; made when the first unit comes.
    shared: Arc<OnceLock<SharedBatches>>,
}

impl EmbedStage {
    /// Makes the stage from a loaded embedder.
    pub fn new(embedder: Arc<Embedder>) -> Self {
        Self { embedder, shared: Arc::default() }
    }

    /// Computes what the cache lacks, on a thread that may block.
    async fn compute<P: Ports>(&self, unit: &UnitRun<P>, texts: Vec<String>) -> Result<Computed, StageError> {
        if texts.is_empty() {
            return Ok(Computed::default());
        }
        if self.embedder.class().batch_mode == BatchMode::TokenBudget {
            return self.compute_shared(unit, texts).await;
        }
        let (started, n_chunks) = (unit.now(), texts.len() as u64);
        unit.emit(EmbeddingBatchStarted { batch_idx: 0, n_chunks });
        let (embedder, cancel) = (Arc::clone(&self.embedder), unit.cancel_flag().clone());
        let computing = tokio::task::spawn_blocking(move || embedder.embed(&texts, &|| cancel.is_set()));
        let embedded = computing
            .await
            .map_err(|error| StageError::retry("embed_panicked", error.to_string()))?
            .map_err(|error| stage_error(&error))?;
        unit.emit(EmbeddingBatchCompleted {
            status: CompletionStatus::Success,
            batch_idx: 0,
            n_chunks,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        let duration_ms = unit.now().since(started).as_millis() as u64;
        Ok(Computed {
            vectors: embedded.vectors.rows().map(<[f32]>::to_vec).collect(),
            n_tokens: embedded.n_tokens as u64,
            batches: vec![BatchDone { n_chunks, duration_ms }],
        })
    }

    /// Computes in batches that texts of other units, also of other jobs, go into as well.
    async fn compute_shared<P: Ports>(
        &self,
        unit: &UnitRun<P>,
        texts: Vec<String>,
    ) -> Result<Computed, StageError> {
        let shared = self.shared.get_or_init(|| SharedBatches::start(Arc::clone(&self.embedder)));
        let (began, mut begun) = mpsc::unbounded_channel();
        let emit = |batch_idx, n_chunks| unit.emit(EmbeddingBatchStarted { batch_idx, n_chunks });
        let mut n_begun = 0;
        let mut computing = pin!(shared.embed(texts, unit.cancel_flag(), began));
        let computed = loop {
            tokio::select! {
                biased;
                Some(n_chunks) = begun.recv() => {
                    emit(n_begun, n_chunks);
                    n_begun += 1;
                }
                computed = &mut computing => break computed,
            }
        };
        while let Ok(n_chunks) = begun.try_recv() {
            emit(n_begun, n_chunks);
            n_begun += 1;
        }
        let computed = computed.map_err(|error| stage_error(&error))?;
        for (batch_idx, batch) in (0..).zip(&computed.batches) {
            unit.emit(EmbeddingBatchCompleted {
                status: CompletionStatus::Success,
                batch_idx,
                n_chunks: batch.n_chunks,
                duration_ms: batch.duration_ms,
            });
        }
        Ok(computed)
    }
}

impl Stage for EmbedStage {
    const NAME: StageName = StageName::Embed;

    fn version(&self) -> String {
        pipeline::release()
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        Some(pinned(self.embedder.class()))
    }

    async fn run<P: Ports>(&self, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let started = unit.now();
        let shard: ChunkShard = unit.input_json().await?;
        let n_chunks = shard.chunks.len() as u64;
        unit.emit(EmbeddingStarted { n_chunks });
        let digests: Vec<_> = shard.chunks.iter().map(|chunk| chunk.text_sha256).collect();
        let class = self.embedder.class();
        let kept = if self.embedder.is_worth_caching() {
            Some(Kept::read(unit, class.digest(), class.dimensions as usize, &digests).await?)
        } else {
            None
        };
        let mut vectors = kept.as_ref().map_or_else(|| vec![None; digests.len()], |kept| kept.of(&digests));
        let missing: Vec<usize> = (0..vectors.len()).filter(|idx| vectors[*idx].is_none()).collect();
        let texts = missing.iter().map(|idx| shard.chunks[*idx].text.clone()).collect();
        let Computed { vectors: computed, n_tokens, batches } = self.compute(unit, texts).await?;
        let batches: Vec<u64> = batches.iter().map(|batch| batch.n_chunks).collect();
        for (idx, vector) in missing.iter().zip(computed) {
            vectors[*idx] = Some(vector);
        }
        if let Some(kept) = kept.filter(|_| !missing.is_empty()) {
            let known = digests.iter().zip(&vectors);
            let known = known.filter_map(|(text, vector)| Some((*text, vector.as_deref()?))).collect();
            kept.add(unit, known).await?;
        }

        let output = VectorShard {
            n_dimensions: class.dimensions as usize,
            chunk_ids: shard.chunks.iter().map(|chunk| chunk.chunk_id).collect(),
            rows: vectors.into_iter().flatten().flatten().collect(),
        };
        unit.emit(EmbeddingChunkVector { n_chunks, chunk_ids: output.chunk_ids.clone() });
        let artifact = unit.put_bytes(output.to_bytes()).await?;
        unit.leave(&artifact, artifact.size_bytes, output);
        let mut finished = UnitOutput::new(artifact);
        let n_cached = n_chunks - missing.len() as u64;
        finished.stats = BTreeMap::from([
            ("chunks".to_owned(), n_chunks),
            ("cached".to_owned(), n_cached),
            ("tokens".to_owned(), n_tokens),
            ("duration_ms".to_owned(), unit.now().since(started).as_millis() as u64),
            ("batches".to_owned(), batches.len() as u64),
            ("batched_chunks".to_owned(), batches.iter().sum()),
        ]);
        unit.emit(EmbeddingCompleted {
            status: CompletionStatus::Success,
            n_chunks,
            n_cached,
            n_tokens,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        Ok(finished)
    }
}

/// Says what a job is to be told of the embedder that it was made for.
pub fn pinned(class: &EmbedderClass) -> PinnedEmbedder {
    PinnedEmbedder {
        class: class.digest(),
        model: class.model.clone(),
        model_digest: class.model_digest,
        precision: match class.precision {
            embed::Precision::Fp32 => pipeline::Precision::Fp32,
            embed::Precision::Int8 => pipeline::Precision::Int8,
        },
        provider: class.provider.to_string(),
        max_tokens: class.max_tokens,
        runtime: class.runtime.clone(),
    }
}

fn stage_error(error: &EmbedError) -> StageError {
    match error {
        EmbedError::Cancelled => StageError::Cancelled,
        EmbedError::InferenceFailed { .. } => StageError::retry(error.code(), error.to_string()),
        _ => StageError::reject(error.code(), error.to_string()),
    }
}
