//! After a job's end: what its units left running elsewhere is stopped.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tracing::warn;

use crate::attempt::Worker;
use crate::error::{PipelineError, StageError};
use crate::event::{EventBuffer, Speaker};
use crate::id::{JobId, Tenant, UnitId};
use crate::key::ArtifactPrefix;
use crate::plan::{Phase, StageName};
use crate::port::{Clock, Ports, QueueName};
use crate::stage::{CancelFlag, Stages, UnitParts, UnitRun};
use crate::state::StateDocument;

/// Longest time for one unit, within which its message stays hidden; whoever is silent longer is asked again.
const TIME_LIMIT: Duration = Duration::from_secs(45);

impl<P: Ports, S: Stages> Worker<P, S> {
    /// Stops at once what all units of a job that is over left running, where messages would take longer.
    ///
    /// # Errors
    /// A store that does not answer, or something that may still run; each unit is tried before.
    pub async fn let_go_of(&self, tenant: &Tenant, job: &JobId) -> Result<(), PipelineError> {
        let Some((state, _)) = self.coordinator.io().state(tenant, job).await? else { return Ok(()) };
        let mut result = Ok(());
        for stage in StageName::ALL {
            let ordered =
                self.coordinator.io().list(&ArtifactPrefix::Batches { job, stage }.of(tenant)).await?;
            for key in ordered {
                if let Ok(unit) = key.last_part().trim_end_matches(".json").parse() {
                    result = result.and(self.let_go_unit(&state, stage, &unit).await);
                }
            }
        }
        result
    }

    /// As a message does that comes after its job's end: it comes back until nothing runs, or as a dead letter
    /// once more.
    pub(super) async fn let_go(
        &self,
        state: &StateDocument,
        stage: StageName,
        unit: &UnitId,
        queue: QueueName,
    ) -> Result<(), PipelineError> {
        match self.let_go_unit(state, stage, unit).await {
            Err(error) if queue.dead => {
                warn!(job.id = %state.job, "{error}");
                Ok(())
            }
            result => result,
        }
    }

    async fn let_go_unit(
        &self,
        state: &StateDocument,
        stage: StageName,
        unit: &UnitId,
    ) -> Result<(), PipelineError> {
        // A job that came to its pack has every unit's marker.
        if !matches!(state.phase, Phase::Cancelled | Phase::Failed) || self.stages.version(stage).is_none() {
            return Ok(());
        }
        let left = UnitRun::new(UnitParts {
            ports: Arc::clone(&self.coordinator.ports),
            state: state.clone(),
            stage,
            unit: unit.clone(),
            try_number: 0,
            n_counted: 0,
            ends_at: self.now().plus(TIME_LIMIT),
            cancel: CancelFlag::default(),
            // What happens after a job's end is no event of it.
            events: Arc::new(EventBuffer::new(Speaker::of_unit(state, stage, unit, 0))),
        });
        let clock = self.coordinator.ports.clock();
        let result = match select(pin!(self.stages.let_go(stage, &left)), pin!(clock.sleep(TIME_LIMIT))).await
        {
            Either::Left((result, _)) => result,
            Either::Right(((), _)) => Err(StageError::retry("time_limit_exceeded", "nobody answers")),
        };
        match result {
            Ok(()) => Ok(()),
            Err(StageError::Retry { message: reason, .. }) => {
                Err(PipelineError::LeftRunning { job: state.job.clone(), unit: unit.clone(), reason })
            }
            Err(error) => {
                warn!(job.id = %state.job, error.type = error.code(), "a unit left something behind: {error}");
                Ok(())
            }
        }
    }
}
