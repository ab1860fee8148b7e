//! What computes vectors just now: embed workers say so when they start, submitters choose.

use serde::{Deserialize, Serialize};

use crate::error::PipelineError;
use crate::id::Tenant;
use crate::job::{Coordinator, to_json};
use crate::key::{ArtifactKey, ArtifactPrefix};
use crate::options::{BuildOptions, EmbedderName};
use crate::port::{Clock, Ports};
use crate::state::PinnedEmbedder;
use crate::time::Timestamp;

/// An embedder that a worker has started with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    pub embedder: PinnedEmbedder,
    pub at: Timestamp,
}

impl<P: Ports> Coordinator<P> {
    /// Tells submitters of all tenants what this process computes vectors with.
    pub async fn announce(&self, embedder: &PinnedEmbedder) -> Result<(), PipelineError> {
        let key = ArtifactKey::Embedder { class: &embedder.class }.of(&Tenant::local());
        let announced = Announced { embedder: embedder.clone(), at: self.ports.clock().now() };
        Ok(self.io().overwrite(&key, &to_json(&announced)).await?)
    }

    /// Finds the embedder that was announced last: only the one that the options name, where they name one,
    /// and one of their precision before any other.
    pub async fn announced(&self, options: &BuildOptions) -> Result<Option<Announced>, PipelineError> {
        let mut newest: Option<Announced> = None;
        for key in self.io().list(&ArtifactPrefix::Embedders.of(&Tenant::local())).await? {
            let found = self.io().find_json::<Announced>(&key).await?;
            let is_wanted = |announced: &Announced| {
                options.embedder.is_none_or(|name| name == EmbedderName::of_model(&announced.embedder.model))
            };
            newest = newest
                .into_iter()
                .chain(found.filter(is_wanted))
                .max_by_key(|announced| (announced.embedder.precision == options.precision, announced.at));
        }
        Ok(newest)
    }
}
