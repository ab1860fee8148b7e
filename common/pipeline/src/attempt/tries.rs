//! Tries of one unit, counted by create-only objects, and the lease that saves double work.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::PipelineError;
use crate::id::UnitId;
use crate::job::{Coordinator, to_json};
use crate::key::{ArtifactKey, ArtifactPrefix, ObjectKey};
use crate::message::Message;
use crate::plan::StageName;
use crate::port::{Clock, Ports};
use crate::retried::Retried;
use crate::state::StateDocument;
use crate::time::{Timestamp, millis};

/// Tries of one unit, interrupted ones included but not those that waited: whoever stops a hundred times is not served by going on.
pub(crate) const MAX_TRIES: u32 = 100;

/// A try's beginning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TryStart {
    token: String,
    pub(crate) started_at: Timestamp,
    /// How long the beginning counts as a lease.
    #[serde(default = "default_lease_ms")]
    lease_ms: u64,
}

/// A try's end, where no marker tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TryEnd {
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) reason: EndReason,
}

/// Why a try ended without a marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub(crate) enum EndReason {
    /// The stage failed and may be tried again.
    Failed { code: String, message: String },
    /// The process stopped; the try does not count.
    Interrupted,
    /// The unit waits for somebody else; the try does not count.
    Waiting,
}

/// Which try is at work on a unit, and until when that may be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Lease {
    number: u32,
    expires_at: Timestamp,
    #[serde(default)]
    renewed_at: Option<Timestamp>,
}

/// The tries of one unit so far.
pub(super) struct Tries {
    /// Tries that began, and neither were interrupted nor waited.
    pub(super) n_counted: u32,
    n_waited: u32,
    last: u32,
    /// The last try's beginning, unless it said how it ended.
    running: Option<TryStart>,
    ends: BTreeMap<u32, EndReason>,
    /// As a heartbeat last renewed it, unless that try said how it ended.
    lease: Option<Lease>,
}

/// A try that this worker began.
pub(super) struct Try {
    pub(super) number: u32,
    pub(super) started_at: Timestamp,
    lease: Duration,
    lease_key: ObjectKey,
}

impl Tries {
    pub(super) async fn read<P: Ports>(
        io: &Retried<'_, P>,
        state: &StateDocument,
        stage: StageName,
        unit: &UnitId,
    ) -> Result<Self, PipelineError> {
        let (tenant, job) = (&state.tenant, &state.job);
        let begun = io.list(&ArtifactPrefix::Tries { job, stage, unit }.of(tenant)).await?;
        let last_key = begun.last();
        let last = last_key.and_then(|key| key.last_part().parse().ok()).unwrap_or(0);
        let (mut ends, mut lease, mut running) = (BTreeMap::new(), None, None);
        if let Some(last_key) = last_key {
            // Before the ends: a try that ends between the two is then free rather than leased.
            lease = io.find_json::<Lease>(&ArtifactKey::Lease { job, stage, unit }.of(tenant)).await?;
            for key in io.list(&ArtifactPrefix::TryEnds { job, stage, unit }.of(tenant)).await? {
                if let Ok(number) = key.last_part().parse() {
                    ends.insert(number, io.json::<TryEnd>(&key).await?.reason);
                }
            }
            if !ends.contains_key(&last) {
                running = Some(io.json::<TryStart>(last_key).await?);
            }
        }
        let lease = lease.filter(|lease| !ends.contains_key(&lease.number));
        let n_ended = |reason: &EndReason| ends.values().filter(|end| *end == reason).count();
        let (n_interrupted, n_waited) = (n_ended(&EndReason::Interrupted), n_ended(&EndReason::Waiting));
        let n_counted =
            u32::try_from(begun.len().saturating_sub(n_interrupted + n_waited)).unwrap_or(u32::MAX);
        let n_waited = u32::try_from(n_waited).unwrap_or(u32::MAX);
        Ok(Self { n_counted, n_waited, last, running, ends, lease })
    }

    pub(super) fn n_all(&self) -> u32 {
        self.last
    }

    /// Returns how many tries there were beside those that waited.
    pub(super) fn n_worked(&self) -> u32 {
        self.last.saturating_sub(self.n_waited)
    }

    /// Tells whether another worker is likely at it.
    ///
    /// A try's beginning is a lease, which its heartbeats renew: between two writes a message that came
    /// twice would be worked on twice. An earlier try whose lease is renewed is at work too.
    pub(super) fn is_leased(&self, now: Timestamp) -> bool {
        let begun =
            self.running.as_ref().map(|start| start.started_at.plus(Duration::from_millis(start.lease_ms)));
        let renewed = self.lease.as_ref().map(|lease| lease.expires_at);
        begun.max(renewed).is_some_and(|until| now < until)
    }

    /// Returns the last try and its last sign of life, where it has not said how it ended.
    pub(super) fn silent(&self) -> Option<(u32, Timestamp)> {
        let began_at = self.running.as_ref()?.started_at;
        let renewed = self.lease.as_ref().filter(|lease| lease.number == self.last);
        Some((self.last, renewed.and_then(|lease| lease.renewed_at).map_or(began_at, |at| at.max(began_at))))
    }

    /// Tells whether nothing was written for the unit since the earlier reading: no try, no end, no renewal.
    pub(super) fn is_as_before(&self, before: &Self) -> bool {
        self.last == before.last && self.ends == before.ends && self.lease == before.lease
    }

    /// Returns code and message of the last failure that was told.
    pub(super) fn last_failure(&self) -> (String, String) {
        let told = self.ends.values().rev().find_map(|end| match end {
            EndReason::Failed { code, message } => Some((code.clone(), message.clone())),
            EndReason::Interrupted | EndReason::Waiting => None,
        });
        told.unwrap_or_else(|| {
            let text =
                format!("{} tries ended without a word; out of memory is the usual cause", self.n_counted);
            ("attempts_exhausted".to_owned(), text)
        })
    }

    /// Begins the next try, `None` when another worker began it first.
    pub(super) async fn begin<P: Ports>(
        &self,
        coordinator: &Coordinator<P>,
        state: &StateDocument,
        stage: StageName,
        unit: &UnitId,
        lease: Duration,
    ) -> Result<Option<Try>, PipelineError> {
        let io = coordinator.io();
        let job = &state.job;
        let number = self.last + 1;
        let (token, started_at) = (coordinator.token(), coordinator.ports.clock().now());
        let start = TryStart { token, started_at, lease_ms: millis(lease) };
        let key = ArtifactKey::Try { job, stage, unit, number }.of(&state.tenant);
        // A refused creation may be this very one, applied before its answer was lost.
        if !io.create(&key, &to_json(&start)).await? && io.json::<TryStart>(&key).await?.token != start.token
        {
            return Ok(None);
        }
        let lease_key = ArtifactKey::Lease { job, stage, unit }.of(&state.tenant);
        Ok(Some(Try { number, started_at: start.started_at, lease, lease_key }))
    }
}

impl Try {
    /// Says until when others should leave the unit alone.
    pub(super) async fn renew_lease<P: Ports>(
        &self,
        io: &Retried<'_, P>,
        now: Timestamp,
    ) -> Result<(), PipelineError> {
        let lease = Lease { number: self.number, expires_at: now.plus(self.lease), renewed_at: Some(now) };
        Ok(io.overwrite(&self.lease_key, &to_json(&lease)).await?)
    }

    /// Says how the try ended, which also frees the unit for the next one.
    pub(super) async fn end<P: Ports>(
        &self,
        io: &Retried<'_, P>,
        state: &StateDocument,
        message: &Message,
        end: TryEnd,
    ) -> Result<(), PipelineError> {
        let Message { job, stage, unit, .. } = message;
        let key = ArtifactKey::TryEnd { job, stage: *stage, unit, number: self.number }.of(&state.tenant);
        io.create(&key, &to_json(&end)).await?;
        Ok(())
    }
}

/// Of tries begun before their beginning said it.
fn default_lease_ms() -> u64 {
    millis(super::VISIBILITY)
}
