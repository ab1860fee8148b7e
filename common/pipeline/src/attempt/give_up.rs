//! Tries that ended without a word: their workers were killed, or cut off from the store.

use std::time::Duration;

use crate::attempt::tries::Tries;
use crate::attempt::{AttemptEnd, Postponed, Worker};
use crate::error::PipelineError;
use crate::event::payload::UnitTryLost;
use crate::event::{Speaker, lost_segment};
use crate::job::to_json;
use crate::key::ArtifactKey;
use crate::message::Message;
use crate::port::{Clock, Ports, Queue, QueueName, Received};
use crate::stage::Stages;
use crate::state::StateDocument;

/// Between looks whether to stop, while a silent try is listened to.
const LOOK: Duration = Duration::from_secs(1);

impl<P: Ports, S: Stages> Worker<P, S> {
    /// No tries are left: the outcome is an error once the last try is silent.
    ///
    /// Should that try still run after all, its marker comes second and changes nothing.
    pub(super) async fn exhausted(
        &self,
        message: &Message,
        state: &StateDocument,
        tries: &Tries,
        queue: QueueName,
        received: &Received,
    ) -> Result<AttemptEnd, PipelineError> {
        if tries.silent().is_some() && !self.stays_silent(message, state, tries, queue, received).await? {
            return self.postpone(message, Postponed::Leased).await;
        }
        self.report_lost(message, state, tries).await?;
        let (code, text) = tries.last_failure();
        self.mark_failed(message, state, tries.n_all(), code, text).await
    }

    /// Listens for two heartbeats of whoever may still be at the unit, by this machine's own time.
    ///
    /// The lease was over by the clock; clocks of two machines may differ by more than a lease.
    async fn stays_silent(
        &self,
        message: &Message,
        state: &StateDocument,
        before: &Tries,
        queue: QueueName,
        received: &Received,
    ) -> Result<bool, PipelineError> {
        let ports = &self.coordinator.ports;
        if !received.receipt.is_none() {
            // A message that comes again meanwhile is listened to twice, which is harmless.
            let _ = ports.queue().extend(queue, &received.receipt, self.lease * 2).await;
        }
        let mut left = self.lease * 2 / 3;
        while !left.is_zero() {
            if self.stop.is_set() {
                return Ok(false);
            }
            let step = left.min(LOOK);
            ports.clock().sleep(step).await;
            left -= step;
        }
        let now = Tries::read(&self.coordinator.io(), state, message.stage, &message.unit).await?;
        Ok(now.is_as_before(before))
    }

    /// Stores the event that the last try was lost, where it was; whoever sees it writes the same one.
    pub(super) async fn report_lost(
        &self,
        message: &Message,
        state: &StateDocument,
        tries: &Tries,
    ) -> Result<(), PipelineError> {
        let Some((number, last_seen_at)) = tries.silent() else { return Ok(()) };
        let Message { tenant, job, stage, unit, .. } = message;
        let event = UnitTryLost {
            stage: *stage,
            unit: unit.to_string(),
            try_number: number,
            n_tries: tries.n_counted,
            max_tries: stage.plan().max_attempts,
            last_seen_at,
        };
        let speaker = Speaker::of_unit(state, *stage, unit, number);
        let (segment_idx, segment) = lost_segment(&speaker, self.now(), event.into());
        let key = ArtifactKey::EventSegment { job, stage: *stage, unit, number, segment_idx }.of(tenant);
        if self.coordinator.io().create(&key, &to_json(&segment)).await? {
            segment.events.iter().for_each(|event| self.coordinator.ports.observe(event));
        }
        Ok(())
    }
}
