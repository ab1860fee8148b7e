//! Looks at repositories before a job is made, remembered for a moment.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pipeline::BuildOptions;
use source::config::SourceConfig;
use source::spec::SourceSpec;
use source::{Look, look};

use crate::failure::{Answered, Failure};

/// Long enough for a burst of the same request, short enough for a push.
const KEPT: Duration = Duration::from_secs(5);
const MAX_KEPT: usize = 1_000;

/// What was found a moment ago.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<String, (Instant, Look)>>);

impl Looks {
    /// Asks for commit and size of a repository; refuses what a job could not read.
    pub(crate) async fn at(
        &self,
        spec: &SourceSpec,
        options: &BuildOptions,
        config: &SourceConfig,
    ) -> Answered<Look> {
        let name = format!("{} {:?} {:?}", spec.canonical(config), options.git_ref, options.limits);
        if let Some(found) = self.kept(&name) {
            return Ok(found);
        }
        let limits = stage_ingest::source_limits(options);
        let (spec, git_ref, config) = (spec.clone(), options.git_ref.clone(), config.clone());
        let looked =
            tokio::task::spawn_blocking(move || look(&spec, git_ref.as_deref(), &limits, &config)).await;
        let found = looked.map_err(Failure::internal)??;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        kept.insert(name, (Instant::now(), found.clone()));
        Ok(found)
    }

    fn kept(&self, name: &str) -> Option<Look> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(name).filter(|(at, _)| at.elapsed() < KEPT).map(|(_, found)| found.clone())
    }
}
