//! Jobs of real repositories, as the settings of this process allow.

use std::sync::Arc;
use std::time::Duration;

use pipeline::{BuildRequest, Coordinator, Makers, PinnedEmbedder, Ports};
use runtime::config::Config;
use runtime::host::StartError;
use source::config::SourceConfig;
use source::limits::SourceLimits;
use source::spec::SourceSpec;

use crate::Builder;

/// How long a job may take before it fails.
const TIME_LIMIT: Duration = Duration::from_secs(6 * 3_600);

/// Makes jobs for the workers of one store.
pub struct SourceBuilder<P> {
    coordinator: Arc<Coordinator<P>>,
    source: SourceConfig,
    embedders: Embedders,
}

/// Who computes the vectors of scheduled jobs.
enum Embedders {
    /// The embed worker that announced itself last.
    Announced,
    /// The process itself; `None` without a model.
    Own(Option<PinnedEmbedder>),
}

impl<P: Ports> SourceBuilder<P> {
    /// Makes a builder of a process's settings.
    pub fn new(coordinator: Arc<Coordinator<P>>, config: &Config) -> Result<Self, StartError> {
        let source = stage_ingest::source_config(&config.source)?;
        Ok(Self { coordinator, source, embedders: Embedders::Announced })
    }

    /// Makes a builder for a process that does its own jobs, and reads sources as it does.
    pub fn for_itself(
        coordinator: Arc<Coordinator<P>>,
        source: SourceConfig,
        embedder: Option<PinnedEmbedder>,
    ) -> Self {
        Self { coordinator, source, embedders: Embedders::Own(embedder) }
    }

    async fn embedder(&self, request: &BuildRequest) -> Result<PinnedEmbedder, String> {
        match &self.embedders {
            Embedders::Own(embedder) => {
                embedder.clone().ok_or_else(|| "no embedding model is loaded".to_owned())
            }
            Embedders::Announced => {
                let announced = self.coordinator.announced(&request.options).await;
                let found = announced.map_err(|error| error.to_string())?;
                Ok(found.ok_or("no embed worker was ever started on this store")?.embedder)
            }
        }
    }
}

impl<P: Ports> Builder for SourceBuilder<P> {
    fn canonical(&self, repo: &str) -> Result<String, String> {
        let spec = SourceSpec::parse(repo, &self.source).map_err(|error| error.to_string())?;
        Ok(spec.canonical(&self.source))
    }

    async fn head(&self, request: &BuildRequest) -> Result<Option<String>, String> {
        let (source, config) = (request.source.clone(), self.source.clone());
        let git_ref = request.options.git_ref.clone();
        let looking = tokio::task::spawn_blocking(move || {
            let spec = SourceSpec::parse(&source, &config)?;
            source::head(&spec, git_ref.as_deref(), &SourceLimits::default(), &config)
        });
        looking.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }

    async fn makers(&self, request: &BuildRequest) -> Result<Makers, String> {
        let embedder = match request.options.embeddings {
            true => Some(self.embedder(request).await?),
            false => None,
        };
        Ok(Makers { stage_versions: pipeline::release_versions(), embedder, time_limit: TIME_LIMIT })
    }
}
