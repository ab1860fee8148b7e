//! Looks at repositories before a job is made: bounded in number and time, and remembered for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pipeline::BuildOptions;
use source::config::SourceConfig;
use source::limits::SourceLimits;
use source::spec::SourceSpec;
use source::{Look, look};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::codes;
use crate::failure::{Answered, Failure};

/// Long enough for a burst of the same request, short enough for a push.
const KEPT: Duration = Duration::from_secs(5);
const MAX_KEPT: usize = 1_000;

/// How many looks run at once, and how long each may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookLimits {
    /// Each holds a thread, and one more for its connection.
    pub max_at_once: usize,
    /// Fewer than `max_at_once`, so that one slow host leaves room for the others.
    pub max_per_host: usize,
    /// How long a look waits for its place.
    pub wait: Duration,
    /// For everything that the host answers together.
    pub timeout: Duration,
}

impl Default for LookLimits {
    /// GitHub answers a look in about a second; a client waits for an answer for a minute.
    fn default() -> Self {
        Self {
            max_at_once: 48,
            max_per_host: 16,
            wait: Duration::from_secs(10),
            timeout: Duration::from_secs(20),
        }
    }
}

impl LookLimits {
    fn of_source(&self, options: &BuildOptions) -> SourceLimits {
        let limits = stage_ingest::source_limits(options);
        SourceLimits {
            connect_timeout: limits.connect_timeout.min(self.timeout),
            read_timeout: limits.read_timeout.min(self.timeout),
            answers_timeout: limits.answers_timeout.min(self.timeout),
            ..limits
        }
    }
}

/// Recent results, and the slots of look-ups in progress.
#[derive(Debug)]
pub(crate) struct Looks {
    limits: LookLimits,
    kept: Mutex<HashMap<String, (Instant, Look)>>,
    places: Arc<Semaphore>,
    /// Of hosts that are being asked.
    per_host: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place among all looks and among those at one host; the thread that looks holds it to its end.
struct Place {
    _of_host: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Looks {
    pub(crate) fn new(limits: LookLimits) -> Self {
        Self {
            limits,
            kept: Mutex::default(),
            places: Arc::new(Semaphore::new(limits.max_at_once)),
            per_host: Mutex::default(),
        }
    }

    /// Asks for commit and size of a repository; refuses what a job could not read.
    ///
    /// `reader` names whose right the configuration has; it is empty for what everybody may read.
    pub(crate) async fn at(
        &self,
        spec: &SourceSpec,
        options: &BuildOptions,
        config: &SourceConfig,
        reader: &str,
    ) -> Answered<Look> {
        let canonical = spec.canonical(config);
        let name = format!("{reader} {canonical} {:?} {:?}", options.git_ref, options.limits);
        if let Some(found) = self.kept(&name) {
            return Ok(found);
        }
        let place = tokio::time::timeout(self.limits.wait, self.place(host_of(&canonical)));
        let place = place.await.map_err(|_| {
            Failure::new(codes::TOO_MANY_LOOKUPS, "no place became free in time")
                .retry_after(self.limits.timeout.as_secs().max(1))
        })?;
        let limits = self.limits.of_source(options);
        let (spec, git_ref, config) = (spec.clone(), options.git_ref.clone(), config.clone());
        let looking = tokio::task::spawn_blocking(move || {
            let _place = place;
            look(&spec, git_ref.as_deref(), &limits, &config)
        });
        // The reader keeps to the limit by itself, as long as the system's calls return: names that do
        // not resolve and folders on a slow disk may not.
        let looked = tokio::time::timeout(self.limits.timeout + GRACE, looking).await;
        let looked = looked.map_err(|_| {
            Failure::new(codes::LOOKUP_TIMEOUT, "the repository could not be looked at in time")
        })?;
        let found = looked.map_err(Failure::internal)??;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        if kept.len() < MAX_KEPT {
            kept.insert(name, (Instant::now(), found.clone()));
        }
        Ok(found)
    }

    /// Waits for a place at the host first: who waits there takes no place from others.
    async fn place(&self, host: String) -> Place {
        let of_host = {
            let mut per_host = self.per_host.lock().unwrap_or_else(PoisonError::into_inner);
            per_host.retain(|_, places| Arc::strong_count(places) > 1);
            let places = || Arc::new(Semaphore::new(self.limits.max_per_host));
            Arc::clone(per_host.entry(host).or_insert_with(places))
        };
        // Neither semaphore is ever closed.
        let of_host = of_host.acquire_owned().await.expect("the semaphore stays open");
        let of_all = Arc::clone(&self.places).acquire_owned().await.expect("the semaphore stays open");
        Place { _of_host: of_host, _of_all: of_all }
    }

    fn kept(&self, name: &str) -> Option<Look> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(name).filter(|(at, _)| at.elapsed() < KEPT).map(|(_, found)| found.clone())
    }
}

/// Between the reader's own limit and ours.
const GRACE: Duration = Duration::from_secs(5);

/// Names who is asked; all folders of this machine count as one host.
fn host_of(canonical: &str) -> String {
    match canonical.split_once("://") {
        Some((_, rest)) => rest.split('/').next().unwrap_or_default().to_owned(),
        None if canonical.starts_with('/') => "folders".to_owned(),
        None => "github".to_owned(),
    }
}
