//! Bringing back what was lost: messages, workers, half-made submissions.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::PipelineError;
use crate::id::{JobId, Tenant, UnitId};
use crate::job::fan_in::{Seen, Standing};
use crate::job::{Coordinator, to_json};
use crate::key::{ArtifactKey, ArtifactPrefix};
use crate::plan::{Phase, StageName};
use crate::port::{Clock, Ports, Queue, QueueName};
use crate::state::{JobError, StateDocument};
use crate::time::Timestamp;

/// Times that the reaper sends one unit's message; whatever swallows five will swallow the sixth.
const MAX_RESENDS: u32 = 5;
/// Least time between two of them; doubles each time.
const RESEND_WAIT: Duration = Duration::from_secs(60);
/// Least time that messages have to come up in a queue that is as long as what is missing; doubles too.
///
/// All jobs share a queue, so its length does not say that this job's messages are in it.
const LONG_QUEUE_WAIT: Duration = Duration::from_secs(600);
/// An index entry without a job is swept after this: its submitter is gone.
const ORPHAN_AGE: Duration = Duration::from_secs(3_600);

/// What the reaper did for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReapEnd {
    /// The job is over, or never came to be; it left the index.
    Closed,
    /// So many messages were sent again.
    Resent { n_messages: u32 },
    /// Nothing was to be done now.
    Waiting,
}

/// When a message was sent again.
#[derive(Debug, Serialize, Deserialize)]
struct Resend {
    at: Timestamp,
}

impl<P: Ports> Coordinator<P> {
    /// Moves the job on, ends it past its deadline, or sends lost messages again. Any number may run at once.
    pub async fn reap(&self, tenant: &Tenant, job: &JobId) -> Result<ReapEnd, PipelineError> {
        let Some((state, _)) = self.io().state(tenant, job).await? else {
            return self.sweep(tenant, job).await;
        };
        if !state.phase.is_terminal() && state.deadline <= self.ports.clock().now() {
            self.fail(tenant, job, deadline_exceeded(&state)).await?;
            return Ok(ReapEnd::Closed);
        }
        let state = self.fan_in(tenant, job, &Seen::ForReaper).await?;
        if state.phase.is_terminal() {
            return Ok(ReapEnd::Closed);
        }
        match self.standing(&state, &Seen::ForReaper, true).await? {
            Standing::Missing(stage, units) => self.resend(&state, stage, &units).await,
            _ => Ok(ReapEnd::Waiting),
        }
    }

    /// Removes the index entry of a job that was never created.
    async fn sweep(&self, tenant: &Tenant, job: &JobId) -> Result<ReapEnd, PipelineError> {
        let key = ArtifactKey::Active { job }.of(tenant);
        let Some(created_at) = self.io().find_json::<Timestamp>(&key).await? else {
            return Ok(ReapEnd::Closed);
        };
        if self.ports.clock().now().since(created_at) < ORPHAN_AGE {
            return Ok(ReapEnd::Waiting);
        }
        self.io().delete(&key).await?;
        Ok(ReapEnd::Closed)
    }

    async fn resend(
        &self,
        state: &StateDocument,
        stage: StageName,
        units: &[UnitId],
    ) -> Result<ReapEnd, PipelineError> {
        // As many messages as units are missing: the queue may be merely long.
        let is_long = self.ports.queue().depth(QueueName::work(stage)).await? >= units.len() as u64;
        let entered_at = state.phases.last().map_or(state.created_at, |entry| entry.at);
        if is_long && self.ports.clock().now().since(entered_at) < LONG_QUEUE_WAIT {
            return Ok(ReapEnd::Waiting);
        }
        let mut n_messages = 0;
        for unit in units {
            if self.may_resend(state, stage, unit, is_long).await? {
                self.send(state, stage, std::slice::from_ref(unit), Duration::ZERO).await?;
                n_messages += 1;
            }
        }
        Ok(if n_messages == 0 { ReapEnd::Waiting } else { ReapEnd::Resent { n_messages } })
    }

    /// Claims the right to send the unit's message once more.
    async fn may_resend(
        &self,
        state: &StateDocument,
        stage: StageName,
        unit: &UnitId,
        is_long: bool,
    ) -> Result<bool, PipelineError> {
        let job = &state.job;
        let sent = self.io().list(&ArtifactPrefix::Resends { job, stage, unit }.of(&state.tenant)).await?;
        let n_sent = u32::try_from(sent.len()).unwrap_or(u32::MAX);
        let now = self.ports.clock().now();
        let wait = if is_long { LONG_QUEUE_WAIT } else { RESEND_WAIT };
        if let Some(last) = sent.last() {
            let last: Resend = self.io().json(last).await?;
            if n_sent >= MAX_RESENDS || now.since(last.at) < wait * (1 << n_sent) {
                return Ok(false);
            }
        }
        let key = ArtifactKey::Resend { job, stage, unit, number: n_sent + 1 }.of(&state.tenant);
        Ok(self.io().create(&key, &to_json(&Resend { at: now })).await?)
    }
}

/// Says that a job took longer than it may.
pub(crate) fn deadline_exceeded(state: &StateDocument) -> JobError {
    JobError {
        code: "deadline_exceeded".to_owned(),
        message: format!("not over by {}, in phase `{}`", state.deadline, state.phase),
        stage: state.phase.stage().filter(|_| state.phase != Phase::Queued),
        unit: None,
    }
}
