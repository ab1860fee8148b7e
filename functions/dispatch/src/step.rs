//! One look at one message: send its unit, ask after it, or let it go.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pipeline::breaker::BreakerParams;
use pipeline::error::PipelineError;
use pipeline::port::{Ports, QueueName, Received, StoreError};
use pipeline::state::{Marker, Outcome};
use pipeline::{
    ArtifactKey, ArtifactStore, Clock, Message, PinnedEmbedder, StageError, StageName, Stages, StateDocument,
    UnitOutput, UnitRun, Worker,
};
use runtime::breaker::Breaker;
use serde_json::Value;
use tracing::{info, warn};

use crate::records::{self, Dispatch, Newest};
use crate::{Endpoint, EndpointFailure, JobPolicy, RemoteJob, RemoteState};

/// Between looks at a job that waits or runs.
const LOOK: Duration = Duration::from_secs(3);
/// A claim without a name is given up after this: its dispatcher is gone.
const CLAIM: Duration = Duration::from_secs(60);
/// Before a unit is sent again after its job was lost; doubles.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const MAX_WAIT: Duration = Duration::from_secs(600);
/// After a refusal that somebody has to mend.
const REFUSED: Duration = Duration::from_secs(60);

/// What to do with a message next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It was acknowledged, or may be.
    Done,
    /// Hold it, and look again after this time.
    Again(Duration),
}

/// Hands units of one stage to one endpoint.
pub struct Dispatcher<P, E> {
    /// Runs nothing itself; sees to what follows from a marker.
    worker: Worker<P, Nothing>,
    endpoint: E,
    /// How long a job may wait for a worker there.
    queue_budget: Duration,
    breaker: Mutex<Breaker>,
    finished: Finished,
}

/// Told what a unit counted when its marker is found.
pub type Finished = Box<dyn Fn(StageName, &BTreeMap<String, u64>) + Send + Sync>;

/// No stage at all.
struct Nothing;

impl Stages for Nothing {
    fn version(&self, _stage: StageName) -> Option<String> {
        None
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        None
    }

    async fn run<P: Ports>(&self, _stage: StageName, _unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        Err(StageError::reject("stage_not_here", "a dispatcher runs no unit"))
    }
}

impl<P: Ports, E: Endpoint> Dispatcher<P, E> {
    /// Makes a dispatcher; `name` differs between processes and between starts of one.
    pub fn new(ports: Arc<P>, endpoint: E, queue_budget: Duration, name: impl Into<String>) -> Self {
        let breaker = Mutex::new(Breaker::new(BreakerParams::default()));
        let worker = Worker::new(ports, Nothing, name);
        Self { worker, endpoint, queue_budget, breaker, finished: Box::new(|_, _| {}) }
    }

    /// Has somebody told of every unit that is found done; one may be told of twice.
    pub fn telling(mut self, finished: Finished) -> Self {
        self.finished = finished;
        self
    }

    /// Returns the ports it works through.
    pub fn ports(&self) -> &P {
        self.worker.coordinator().ports()
    }

    /// Looks at a message once. Nothing of the message is changed unless the answer is [`Step::Done`].
    ///
    /// # Errors
    /// A store that gave no answer; the message then comes back by itself.
    pub async fn step(&self, queue: QueueName, received: &Received) -> Result<Step, PipelineError> {
        let Ok(message) = Message::parse(&received.body) else {
            return self.let_go(queue, received).await;
        };
        let state = match self.worker.coordinator().state(&message.tenant, &message.job).await {
            Ok(state) => state,
            Err(PipelineError::NoSuchJob { .. }) => return self.let_go(queue, received).await,
            Err(error) => return Err(error),
        };
        let is_late = state.deadline <= self.ports().clock().now();
        if state.phase.is_terminal() || is_late || self.is_done(&message).await? {
            return self.let_go(queue, received).await;
        }
        if state.phase < message.stage.plan().may_run_from {
            return Ok(Step::Again(LOOK));
        }
        match records::newest(self.ports(), &message).await? {
            None => self.send(&state, &message, 1).await,
            Some(newest) => self.follow(&state, &message, newest, queue, received).await,
        }
    }

    /// Has the attempt loop settle a message whose unit is over: it fans in and acknowledges.
    async fn let_go(&self, queue: QueueName, received: &Received) -> Result<Step, PipelineError> {
        self.worker.attempt(queue, received).await?;
        Ok(Step::Done)
    }

    async fn is_done(&self, message: &Message) -> Result<bool, PipelineError> {
        let Message { tenant, job, stage, unit, .. } = message;
        let key = ArtifactKey::Marker { job, stage: *stage, unit }.of(tenant);
        match self.ports().store().get(&key).await {
            Ok(object) => {
                if let Ok(Marker { outcome: Outcome::Done { stats, .. }, .. }) =
                    serde_json::from_slice(&object.bytes)
                {
                    (self.finished)(*stage, &stats);
                }
                Ok(true)
            }
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Asks after what was sent before.
    async fn follow(
        &self,
        state: &StateDocument,
        message: &Message,
        newest: Newest,
        queue: QueueName,
        received: &Received,
    ) -> Result<Step, PipelineError> {
        let now = self.ports().clock().now();
        let Newest { number, dispatch: Dispatch { at, id } } = newest;
        let Some(id) = id else {
            let is_given_up = now.since(at) >= CLAIM;
            return if is_given_up {
                self.send(state, message, number + 1).await
            } else {
                Ok(Step::Again(LOOK))
            };
        };
        if let Some(wait) = self.breaker().wait(now) {
            return Ok(Step::Again(wait));
        }
        let job = match self.endpoint.status(&id).await {
            Ok(job) => job,
            Err(failure) => return Ok(Step::Again(self.failed(&failure))),
        };
        self.breaker().succeeded();
        match job {
            Some(RemoteJob { state: RemoteState::Pending, .. }) => Ok(Step::Again(LOOK)),
            // Whoever put it off or was interrupted has sent the message again.
            Some(job) if was_sent_again(&job) => {
                self.acknowledge(queue, received).await;
                Ok(Step::Done)
            }
            // The marker may have come between the two looks.
            _ if self.is_done(message).await? => self.let_go(queue, received).await,
            lost => {
                let wait = FIRST_WAIT.saturating_mul(1 << number.min(16)).min(MAX_WAIT);
                let left = wait.saturating_sub(now.since(at));
                if !left.is_zero() {
                    return Ok(Step::Again(left.min(LOOK)));
                }
                let reason = lost.and_then(|job| job.error).unwrap_or_else(|| "it is forgotten".to_owned());
                warn!(job.id = %message.job, stage.name = %message.stage, unit = %message.unit, "job {id} was lost: {reason}");
                self.send(state, message, number + 1).await
            }
        }
    }

    async fn send(
        &self,
        state: &StateDocument,
        message: &Message,
        number: u32,
    ) -> Result<Step, PipelineError> {
        let now = self.ports().clock().now();
        if let Some(wait) = self.breaker().wait(now) {
            return Ok(Step::Again(wait));
        }
        let Some(claimed) = records::claim(self.ports(), message, number, now).await? else {
            return Ok(Step::Again(LOOK));
        };
        let execution = message.stage.plan().time_limit;
        let ttl = (self.queue_budget + execution).min(state.deadline.since(now));
        let input = serde_json::to_value(message).unwrap_or(Value::Null);
        match self.endpoint.run(input, JobPolicy { execution, ttl }).await {
            Ok(id) => {
                self.breaker().succeeded();
                info!(job.id = %message.job, stage.name = %message.stage, unit = %message.unit, number, "sent as {id}");
                let dispatch = Dispatch { at: now, id: Some(id) };
                records::sent(self.ports(), message, number, claimed, &dispatch).await?;
                Ok(Step::Again(LOOK))
            }
            // Whether it was taken is not known: the claim stands until it is given up.
            Err(failure) => Ok(Step::Again(self.failed(&failure))),
        }
    }

    /// Notes a failure; returns how long to wait.
    fn failed(&self, failure: &EndpointFailure) -> Duration {
        match failure {
            EndpointFailure::Throttled { after } => *after,
            EndpointFailure::Unavailable { reason } => {
                warn!("the endpoint gave no answer: {reason}");
                self.breaker().failed(self.ports().clock().now());
                LOOK
            }
            EndpointFailure::Refused { reason } => {
                warn!("the endpoint refused: {reason}");
                REFUSED
            }
        }
    }

    async fn acknowledge(&self, queue: QueueName, received: &Received) {
        if !received.receipt.is_none() {
            // One that stays comes back, and is looked at again.
            let _ = pipeline::Queue::acknowledge(self.ports().queue(), queue, &received.receipt).await;
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whether the worker itself sent the unit's message again before it answered.
fn was_sent_again(job: &RemoteJob) -> bool {
    let end = job.output.as_ref().and_then(|output| output["end"].as_str());
    job.state == RemoteState::Answered && matches!(end, Some("postponed" | "interrupted" | "retrying"))
}
