//! All five stages in one process.

use std::sync::Arc;

use docpack::Digest;
use embed::Embedder;
use pipeline::port::Ports;
use pipeline::{Stage, StageError, StageName, Stages, UnitOutput, UnitRun};
use source::config::SourceConfig;
use stage_assemble::AssembleStage;
use stage_embed::EmbedStage;
use stage_generate::GenerateStage;
use stage_ingest::IngestStage;
use stage_pack::{EmbeddingModel, PackStage};

use crate::memory;

/// Runs every stage; embedding only where a model was loaded.
pub(crate) struct LocalStages {
    ingest: IngestStage,
    embed: Option<EmbedStage>,
    assemble: AssembleStage,
    generate: GenerateStage,
    pack: PackStage,
}

impl LocalStages {
    pub(crate) fn new(source: SourceConfig, embedder: Option<Arc<Embedder>>, n_threads: usize) -> Self {
        let model = embedder.as_ref().map(|embedder| embedding_model(embedder));
        Self {
            ingest: IngestStage::new(source, n_threads),
            embed: embedder.map(EmbedStage::new),
            assemble: AssembleStage,
            generate: GenerateStage,
            pack: PackStage::new(model),
        }
    }
}

fn embedding_model(embedder: &Embedder) -> EmbeddingModel {
    let class = embedder.class();
    EmbeddingModel {
        name: class.model.clone(),
        digest: class.model_digest,
        precision: class.precision.to_string(),
        provider: class.provider.to_string(),
        max_tokens: class.max_tokens,
        runtime_version: class.runtime.clone(),
    }
}

impl Stages for LocalStages {
    fn version(&self, stage: StageName) -> Option<String> {
        match stage {
            StageName::Ingest => Some(self.ingest.version()),
            StageName::Embed => self.embed.as_ref().map(Stage::version),
            StageName::Assemble => Some(self.assemble.version()),
            StageName::Generate => Some(self.generate.version()),
            StageName::Pack => Some(self.pack.version()),
        }
    }

    fn embedder_class(&self) -> Option<Digest> {
        self.embed.as_ref().and_then(Stage::embedder_class)
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        if matches!(stage, StageName::Assemble | StageName::Pack) {
            memory::give_back_now();
        }
        match (stage, &self.embed) {
            (StageName::Ingest, _) => self.ingest.run(unit).await,
            (StageName::Embed, Some(embed)) => embed.run(unit).await,
            (StageName::Embed, None) => {
                Err(StageError::reject("model_missing", "this process has no embedding model"))
            }
            (StageName::Assemble, _) => self.assemble.run(unit).await,
            (StageName::Generate, _) => self.generate.run(unit).await,
            (StageName::Pack, _) => self.pack.run(unit).await,
        }
    }
}
