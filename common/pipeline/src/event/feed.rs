//! The order in which a job's events are told.
//!
//! Tries write their events side by side, so there is no order until somebody tells them. Whoever tells
//! first writes the order down, step by step, each a create-only object: a place in it then means the same
//! to every process and after every restart, and a reader who comes back misses nothing and sees nothing twice.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::PipelineError;
use crate::event::segment::{Segment, job_events};
use crate::event::{Envelope, Event};
use crate::id::{JobId, Tenant};
use crate::job::to_json;
use crate::key::{ArtifactKey, ArtifactPrefix, ObjectKey};
use crate::port::Ports;
use crate::retried::Retried;
use crate::time::Timestamp;

/// Segments told in one step; with 256 events each a step stays some megabytes.
const MAX_STEP_SEGMENTS: usize = 16;

/// What is told together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Step {
    /// Names of the segments.
    segments: Vec<String>,
    /// The job's own events, which no segment has.
    own: Vec<Envelope>,
}

/// What one process knows of the order of one job's events.
#[derive(Debug)]
pub struct Feed {
    tenant: Tenant,
    job: JobId,
    told: BTreeSet<String>,
    n_own: usize,
    n_steps: u32,
    is_over: bool,
}

impl Feed {
    /// Begins without any knowledge.
    pub fn new(tenant: Tenant, job: JobId) -> Self {
        Self { tenant, job, told: BTreeSet::new(), n_own: 0, n_steps: 0, is_over: false }
    }

    /// Returns how many steps there are; they are numbered from 0.
    pub fn n_steps(&self) -> u32 {
        self.n_steps
    }

    /// Tells whether the last step ends with `job.completed.v1`, so that no other will follow.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Learns of steps that others wrote, and writes those of what nobody told yet.
    pub async fn advance<P: Ports>(&mut self, ports: &P) -> Result<(), PipelineError> {
        let io = Retried(ports);
        self.learn(&io).await?;
        if self.is_over {
            return Ok(());
        }
        // The state comes first: what was written before a job's end is then in the list.
        let (state, _) = io
            .state(&self.tenant, &self.job)
            .await?
            .ok_or_else(|| PipelineError::NoSuchJob { job: self.job.clone() })?;
        let own = job_events(&state);
        let mut untold = self.untold(&io).await?;
        while !self.is_over && (!untold.is_empty() || own.len() > self.n_own) {
            let n_segments = untold.len().min(MAX_STEP_SEGMENTS);
            let is_last = n_segments == untold.len();
            let step = Step {
                segments: untold[..n_segments].to_vec(),
                own: if is_last { own[self.n_own..].to_vec() } else { Vec::new() },
            };
            let key = ArtifactKey::FeedStep { job: &self.job, number: self.n_steps }.of(&self.tenant);
            // An answer that was lost may have been ours: either way the step that stands is the one to read.
            io.create(&key, &to_json(&step)).await?;
            self.learn(&io).await?;
            untold.retain(|segment| !self.told.contains(segment));
        }
        Ok(())
    }

    async fn learn<P: Ports>(&mut self, io: &Retried<'_, P>) -> Result<(), PipelineError> {
        while !self.is_over {
            let key = ArtifactKey::FeedStep { job: &self.job, number: self.n_steps }.of(&self.tenant);
            let Some(step) = io.find_json::<Step>(&key).await? else { return Ok(()) };
            self.n_steps += 1;
            self.n_own += step.own.len();
            self.is_over = step.own.iter().any(is_completion);
            self.told.extend(step.segments);
        }
        Ok(())
    }

    /// Lists segments that no step has, by the time of their first event.
    async fn untold<P: Ports>(&self, io: &Retried<'_, P>) -> Result<Vec<String>, PipelineError> {
        let keys = io.list(&ArtifactPrefix::Events { job: &self.job }.of(&self.tenant)).await?;
        let mut untold: Vec<(Timestamp, String)> = Vec::new();
        for key in keys.iter().filter(|key| !self.told.contains(key.as_str())) {
            let segment: Segment = io.json(key).await?;
            let begins_at = segment.events.first().map_or(Timestamp::default(), |event| event.time);
            untold.push((begins_at, key.to_string()));
        }
        untold.sort();
        Ok(untold.into_iter().map(|(_, key)| key).collect())
    }
}

/// Reads the events of one step in their order; the same each time.
pub async fn step_events<P: Ports>(
    ports: &P,
    tenant: &Tenant,
    job: &JobId,
    number: u32,
) -> Result<Vec<Envelope>, PipelineError> {
    let io = Retried(ports);
    let key = ArtifactKey::FeedStep { job, number }.of(tenant);
    let step: Step = io.json(&key).await?;
    let mut events = Vec::new();
    for name in &step.segments {
        let segment = ObjectKey::from_listed(name).filter(|name| belongs_to(name, tenant, job));
        let segment = segment.ok_or_else(|| PipelineError::Damaged {
            key: key.clone(),
            reason: "it names what is no segment of the job".to_owned(),
        })?;
        events.extend(io.json::<Segment>(&segment).await?.events);
    }
    events.extend(step.own);
    // Stable, and the end is the end: clocks of several machines may disagree on it.
    events.sort_by_key(|event| (is_completion(event), event.time));
    Ok(events)
}

fn belongs_to(name: &ObjectKey, tenant: &Tenant, job: &JobId) -> bool {
    name.as_str().starts_with(ArtifactPrefix::Events { job }.of(tenant).as_str())
}

fn is_completion(envelope: &Envelope) -> bool {
    matches!(envelope.event, Event::JobCompleted(_))
}
