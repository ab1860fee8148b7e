//! The generate stage: contexts to words.
//!
//! In: a shard of symbol contexts, or the repository's. Out: checked summaries or overviews. Words are
//! extractive: what an author wrote and what was computed, nothing else.

use std::collections::BTreeMap;

use docpack::SymbolId;
use model::context::{GenerateInput, GenerateOutput};
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{GenerationCompleted, GenerationStarted, GenerationSymbolDocumented};
use pipeline::port::Ports;
use pipeline::{Stage, StageError, StageName, UnitOutput, UnitRun};

/// Symbols told by one event.
const SYMBOLS_PER_EVENT: usize = 256;

/// Puts contexts into words.
#[derive(Debug, Clone, Copy, Default)]
pub struct GenerateStage;

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
            GenerateInput::Repository(_) => 0,
        };
        unit.emit(GenerationStarted { n_symbols });
        let writing = tokio::task::spawn_blocking(move || write(&input));
        let output =
            writing.await.map_err(|error| StageError::retry("generate_panicked", error.to_string()))?;
        for documented in documented(&output).chunks(SYMBOLS_PER_EVENT) {
            let (n_symbols, symbol_ids) = (documented.len() as u64, documented.to_vec());
            unit.emit(GenerationSymbolDocumented { n_symbols, symbol_ids });
        }
        let mut finished = UnitOutput::new(unit.put_json(&output).await?);
        finished.stats = BTreeMap::from([("symbols".to_owned(), n_symbols)]);
        unit.emit(GenerationCompleted {
            status: CompletionStatus::Success,
            n_symbols,
            n_tokens: 0,
            cost_micro_usd: 0,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        Ok(finished)
    }
}

fn write(input: &GenerateInput) -> GenerateOutput {
    match input {
        GenerateInput::Symbols(contexts) => {
            GenerateOutput::Symbols(contexts.iter().map(insight::summarise).collect())
        }
        GenerateInput::Repository(context) => {
            GenerateOutput::Repository(Box::new(insight::overviews(context)))
        }
    }
}

fn documented(output: &GenerateOutput) -> Vec<SymbolId> {
    match output {
        GenerateOutput::Symbols(summaries) => summaries.iter().map(|summary| summary.id).collect(),
        GenerateOutput::Repository(_) => Vec::new(),
    }
}
