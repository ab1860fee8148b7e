//! The generate stage: turns contexts into texts.
//!
//! In: a shard of symbol contexts, or the repository's. Out: checked summaries or overviews. A model
//! writes them if the job asks for one and this process has an endpoint; otherwise they are extracted
//! from the authors' words and computed facts, and from nothing else.

use std::sync::Arc;

use docpack::SymbolId;
use model::context::{GenerateInput, SummarySource, Words};
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{GenerationCompleted, GenerationStarted, GenerationSymbolDocumented};
use pipeline::port::Ports;
use pipeline::{Stage, StageError, StageName, UnitOutput, UnitRun};
use writing::Writer;

/// Symbols told by one event.
const SYMBOLS_PER_EVENT: usize = 256;

/// Puts contexts into words.
#[derive(Clone, Default)]
pub struct GenerateStage {
    writer: Option<Arc<Writer>>,
}

impl GenerateStage {
    /// Asks this writer where a job wants a model; without one every word is extractive.
    pub fn new(writer: Option<Arc<Writer>>) -> Self {
        Self { writer }
    }
}

impl Stage for GenerateStage {
    const NAME: StageName = StageName::Generate;

    fn version(&self) -> String {
        pipeline::release()
    }

    async fn run<P: Ports>(&self, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let started = unit.now();
        let input: GenerateInput = unit.input_json().await?;
        let n_symbols = match &input {
            GenerateInput::Symbols(contexts) => contexts.len() as u64,
            GenerateInput::Repository(_) | GenerateInput::Insights(_) => 0,
        };
        unit.emit(GenerationStarted { n_symbols });
        let written = writing::write(unit, self.writer.as_deref(), input).await?;
        for extracted in extracted(&written.output.words).chunks(SYMBOLS_PER_EVENT) {
            unit.emit(GenerationSymbolDocumented {
                n_symbols: extracted.len() as u64,
                symbol_ids: extracted.to_vec(),
                n_tokens: written.n_tokens,
                cost_micro_usd: written.cost_micro_usd,
            });
        }
        let mut finished = UnitOutput::new(unit.hand_over(written.output).await?);
        let is_partial = written.shortfall.is_some();
        let count = |name: &str| written.stats.get(name).copied().unwrap_or(0);
        let (n_requests, n_cached, n_errors) =
            (count("requests"), count("cache_hits"), count("model_errors"));
        finished.stats = written.stats;
        finished.stats.insert("symbols".to_owned(), n_symbols);
        finished.shortfall = written.shortfall;
        unit.emit(GenerationCompleted {
            status: if is_partial { CompletionStatus::Partial } else { CompletionStatus::Success },
            n_symbols,
            n_tokens: written.n_tokens,
            cost_micro_usd: written.cost_micro_usd,
            duration_ms: unit.now().since(started).as_millis() as u64,
            n_requests,
            n_cached,
            n_errors,
        });
        Ok(finished)
    }

    async fn let_go<P: Ports>(&self, unit: &UnitRun<P>) -> Result<(), StageError> {
        match self.writer.as_deref() {
            Some(writer) => writing::cancel_batch(unit, writer).await,
            None => Ok(()),
        }
    }
}

/// What a model wrote was told as it came.
fn extracted(words: &Words) -> Vec<SymbolId> {
    match words {
        Words::Symbols(summaries) => summaries
            .iter()
            .filter(|summary| summary.source == SummarySource::Extractive)
            .map(|summary| summary.id)
            .collect(),
        Words::Repository(_) | Words::Insights(_) => Vec::new(),
    }
}
