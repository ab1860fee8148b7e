//! Events in the store: segments of one try, each written once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::error::PipelineError;
use crate::event::payload::{JobCompleted, JobCreated, JobPhaseChanged};
use crate::event::{CompletionStatus, Envelope, Event, Speaker};
use crate::id::{JobId, Tenant};
use crate::key::ArtifactPrefix;
use crate::plan::Phase;
use crate::port::Ports;
use crate::retried::Retried;
use crate::state::{PhaseEntry, StateDocument};
use crate::time::{Timestamp, millis};

/// Events of one segment; a larger object would delay whoever follows the stream.
pub(crate) const MAX_SEGMENT_EVENTS: usize = 256;
/// Events of one try; later ones are counted, not kept, so that a broken stage cannot fill the store.
pub(crate) const MAX_TRY_EVENTS: u64 = 20_000;

/// Consecutive events of one try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub(crate) events: Vec<Envelope>,
    /// Events of the try that were dropped before this segment, past the limit.
    pub(crate) n_dropped: u64,
}

/// Numbers a try's events and holds those that are not stored yet.
#[derive(Debug)]
pub(crate) struct EventBuffer {
    speaker: Speaker,
    pending: Mutex<Pending>,
}

#[derive(Debug, Default)]
struct Pending {
    events: Vec<Envelope>,
    n_seen: u64,
    n_dropped: u64,
    n_segments: u32,
}

impl EventBuffer {
    pub(crate) fn new(speaker: Speaker) -> Self {
        Self { speaker, pending: Mutex::default() }
    }

    /// Adds an event and returns it wrapped.
    pub(crate) fn push(&self, now: Timestamp, event: Event) -> Envelope {
        let mut pending = self.lock();
        let envelope = self.speaker.envelope(pending.n_seen, now, event);
        pending.n_seen += 1;
        if pending.n_seen <= MAX_TRY_EVENTS {
            pending.events.push(envelope.clone());
        } else {
            pending.n_dropped += 1;
        }
        envelope
    }

    /// Takes the next segment and its index, `None` when nothing waits.
    pub(crate) fn take_segment(&self) -> Option<(u32, Segment)> {
        let mut pending = self.lock();
        if pending.events.is_empty() {
            return None;
        }
        let n_events = pending.events.len().min(MAX_SEGMENT_EVENTS);
        let events = pending.events.drain(..n_events).collect();
        let segment_idx = pending.n_segments;
        pending.n_segments += 1;
        Some((segment_idx, Segment { events, n_dropped: pending.n_dropped }))
    }

    /// A panic while the lock was held left only whole values behind.
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wraps an event that others tell of a try that ended without a word, and the segment's index.
///
/// Index and number are past those that the try itself may have used.
pub(crate) fn lost_segment(speaker: &Speaker, now: Timestamp, event: Event) -> (u32, Segment) {
    let events = vec![speaker.envelope(MAX_TRY_EVENTS, now, event)];
    (MAX_TRY_EVENTS as u32, Segment { events, n_dropped: 0 })
}

/// Reads everything that happened for a job, ordered by time.
pub async fn read_events<P: Ports>(
    ports: &P,
    tenant: &Tenant,
    job: &JobId,
) -> Result<Vec<Envelope>, PipelineError> {
    let io = Retried(ports);
    let (state, _) =
        io.state(tenant, job).await?.ok_or_else(|| PipelineError::NoSuchJob { job: job.clone() })?;
    let mut events = job_events(&state);
    for key in io.list(&ArtifactPrefix::Events { job }.of(tenant)).await? {
        events.extend(io.json::<Segment>(&key).await?.events);
    }
    // A stable sort: equal times keep the order within a segment, where ids are not in text order.
    events.sort_by_key(|envelope| envelope.time);
    Ok(events)
}

/// Derives a job's own events from its state document.
pub fn job_events(state: &StateDocument) -> Vec<Envelope> {
    let speaker = Speaker::of_job(state);
    let created = JobCreated { parent: state.parent.as_ref().map(ToString::to_string) };
    let mut told = vec![(state.created_at, created.into())];
    told.extend(state.phases.windows(2).filter_map(|pair| match pair {
        [from, to] => Some((to.at, JobPhaseChanged { from: from.phase, to: to.phase }.into())),
        _ => None,
    }));
    told.extend(completion(state));
    (0..).zip(told).map(|(n, (time, event))| speaker.envelope(n, time, event)).collect()
}

/// Wraps the end of a job that is over, as [`job_events`] tells it last.
pub(crate) fn completion_event(state: &StateDocument) -> Option<Envelope> {
    job_events(state).pop().filter(|_| state.phase.is_terminal())
}

fn completion(state: &StateDocument) -> Option<(Timestamp, Event)> {
    let PhaseEntry { phase, at } = state.phases.last().filter(|entry| entry.phase.is_terminal())?;
    let event = JobCompleted {
        status: match phase {
            Phase::Completed => CompletionStatus::Success,
            Phase::Partial => CompletionStatus::Partial,
            _ => CompletionStatus::Failed,
        },
        phase: *phase,
        docpack_id: state.result.as_ref().map(|result| result.docpack_id),
        missing: state.missing.clone(),
        error: state.error.clone(),
        duration_ms: millis(state.duration()),
        clock_skew_ms: millis(state.clock_skew()),
    };
    Some((*at, event.into()))
}
