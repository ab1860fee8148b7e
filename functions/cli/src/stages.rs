//! All five stages in one process.

use std::sync::{Arc, PoisonError, RwLock};

use embed::Embedder;
use pipeline::port::Ports;
use pipeline::{PinnedEmbedder, Stage, StageError, StageName, Stages, UnitOutput, UnitRun};
use stage_assemble::AssembleStage;
use stage_embed::EmbedStage;
use stage_generate::GenerateStage;
use stage_ingest::{Access, IngestStage};
use stage_pack::PackStage;
use writing::Writer;

/// Runs every stage; embedding only where a model was loaded.
pub(crate) struct LocalStages {
    ingest: IngestStage,
    /// Dropped when assembling begins: by then every embed unit is over, and the model's memory is wanted.
    embed: RwLock<Option<EmbedStage>>,
    embed_version: Option<String>,
    embedder: Option<PinnedEmbedder>,
    assemble: AssembleStage,
    generate: GenerateStage,
    pack: PackStage,
    /// Whether this process makes one build and then ends.
    one_build: bool,
}

impl LocalStages {
    pub(crate) fn new(
        access: Access,
        embedder: Option<Arc<Embedder>>,
        writer: Option<Arc<Writer>>,
        n_threads: usize,
    ) -> Self {
        let embed = embedder.map(EmbedStage::new);
        Self {
            ingest: IngestStage::new(access, n_threads),
            embed_version: embed.as_ref().map(Stage::version),
            embedder: embed.as_ref().and_then(Stage::embedder),
            embed: RwLock::new(embed),
            assemble: AssembleStage::new(writer.clone()),
            generate: GenerateStage::new(writer),
            pack: PackStage,
            one_build: true,
        }
    }

    /// For a process that goes from job to job: the model stays loaded.
    pub(crate) fn for_many_jobs(self) -> Self {
        Self { one_build: false, ..self }
    }
}

impl LocalStages {
    fn embed_stage(&self) -> Option<EmbedStage> {
        self.embed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn forget_embedder(&self) {
        *self.embed.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Stages for LocalStages {
    fn version(&self, stage: StageName) -> Option<String> {
        match stage {
            StageName::Ingest => Some(self.ingest.version()),
            StageName::Embed => self.embed_version.clone(),
            StageName::Assemble => Some(self.assemble.version()),
            StageName::Generate => Some(self.generate.version()),
            StageName::Pack => Some(self.pack.version()),
        }
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        self.embedder.clone()
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        if self.one_build && stage == StageName::Assemble {
            self.forget_embedder();
        }
        match stage {
            StageName::Ingest => self.ingest.run(unit).await,
            StageName::Embed => match self.embed_stage() {
                Some(embed) => embed.run(unit).await,
                None => Err(StageError::reject("model_missing", "this process has no embedding model")),
            },
            StageName::Assemble => self.assemble.run(unit).await,
            StageName::Generate => self.generate.run(unit).await,
            StageName::Pack => self.pack.run(unit).await,
        }
    }

    async fn let_go<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<(), StageError> {
        match stage {
            StageName::Generate => self.generate.let_go(unit).await,
            StageName::Ingest | StageName::Embed | StageName::Assemble | StageName::Pack => Ok(()),
        }
    }
}
