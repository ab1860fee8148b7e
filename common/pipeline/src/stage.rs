//! What a stage is: a name, a version, and a function from one unit to one output.

mod unit;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

pub(crate) use unit::UnitParts;
pub use unit::{CancelFlag, UnitRun};

use crate::error::StageError;
use crate::id::UnitId;
use crate::key::ArtifactRef;
use crate::plan::StageName;
use crate::port::Ports;
use crate::state::{DocpackRef, Estimate, PinnedEmbedder};

/// One step of a build. Equal inputs must give equal outputs, whichever try and machine runs it.
pub trait Stage: Send + Sync + 'static {
    const NAME: StageName;

    /// Names the code that makes the output; raised whenever the output may change.
    fn version(&self) -> String;

    /// Returns what computes vectors; only the embed stage has one.
    fn embedder(&self) -> Option<PinnedEmbedder> {
        None
    }

    /// Runs one unit. Work that blocks longer than 0.5 ms belongs on a thread of its own.
    ///
    /// A unit may run more than once, also at the same time; the first to finish counts.
    fn run<P: Ports>(&self, unit: &UnitRun<P>)
    -> impl Future<Output = Result<UnitOutput, StageError>> + Send;

    /// Stops what a unit left running elsewhere, once its job is over without it.
    ///
    /// It is called at least once, also where nothing runs and for units that never began.
    ///
    /// # Errors
    /// [`StageError::Retry`] where it may still run; anything else ends the attempts.
    fn let_go<P: Ports>(&self, _unit: &UnitRun<P>) -> impl Future<Output = Result<(), StageError>> + Send {
        std::future::ready(Ok(()))
    }
}

/// The stages that one process runs.
pub trait Stages: Send + Sync + 'static {
    /// Returns the stage's version, `None` when this process does not run it.
    fn version(&self, stage: StageName) -> Option<String>;

    /// Returns what computes vectors, `None` when this process does not embed.
    fn embedder(&self) -> Option<PinnedEmbedder>;

    /// Runs one unit of a stage for which [`Stages::version`] answers.
    fn run<P: Ports>(
        &self,
        stage: StageName,
        unit: &UnitRun<P>,
    ) -> impl Future<Output = Result<UnitOutput, StageError>> + Send;

    /// As [`Stage::let_go`], of a stage for which [`Stages::version`] answers.
    fn let_go<P: Ports>(
        &self,
        _stage: StageName,
        _unit: &UnitRun<P>,
    ) -> impl Future<Output = Result<(), StageError>> + Send {
        std::future::ready(Ok(()))
    }
}

impl<T: Stages> Stages for Arc<T> {
    fn version(&self, stage: StageName) -> Option<String> {
        T::version(self, stage)
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        T::embedder(self)
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        T::run(self, stage, unit).await
    }

    async fn let_go<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<(), StageError> {
        T::let_go(self, stage, unit).await
    }
}

/// One stage alone, for a process that runs no other.
#[derive(Debug)]
pub struct Only<T>(pub T);

impl<T: Stage> Stages for Only<T> {
    fn version(&self, stage: StageName) -> Option<String> {
        (stage == T::NAME).then(|| self.0.version())
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        self.0.embedder()
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        if stage != T::NAME {
            return Err(StageError::reject(
                "stage_not_here",
                format!("this process runs `{}` only", T::NAME),
            ));
        }
        self.0.run(unit).await
    }

    async fn let_go<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<(), StageError> {
        if stage == T::NAME { self.0.let_go(unit).await } else { Ok(()) }
    }
}

/// What a unit leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitOutput {
    /// The object that names everything else the unit wrote.
    pub output: ArtifactRef,
    /// The units of the stage that this one feeds, in order and without duplicates; empty when there are none.
    pub sealed_units: Vec<UnitId>,
    /// The commit that was read; ingest only.
    pub resolved_commit: Option<String>,
    /// The docpack; pack only.
    pub docpack: Option<DocpackRef>,
    /// What the stage that this one feeds will take; assemble only.
    pub estimate: Option<Estimate>,
    /// Counts for people; nothing is decided by them.
    pub stats: BTreeMap<String, u64>,
    /// A code: a part of the output is less than was asked for, so the job ends partial.
    pub shortfall: Option<String>,
}

impl UnitOutput {
    /// Makes the result of a unit that wrote this object and nothing more to tell.
    pub fn new(output: ArtifactRef) -> Self {
        Self {
            output,
            sealed_units: Vec::new(),
            resolved_commit: None,
            docpack: None,
            estimate: None,
            stats: BTreeMap::new(),
            shortfall: None,
        }
    }
}
