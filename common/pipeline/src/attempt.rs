//! The one loop that every host runs: a message in, at most one try of one unit, a message out.
//!
//! The order is output, marker, fan-in, messages, acknowledgement. Whatever is cut short before the
//! acknowledgement comes back, and finds what was done.

mod give_up;
mod let_go;
mod run;
mod tries;

use std::sync::Arc;
use std::time::Duration;

use crate::error::{PipelineError, StageError};
use crate::id::UnitId;
use crate::job::{Coordinator, Seen, deadline_exceeded, marker_key, seal, to_json};
use crate::message::Message;
use crate::plan::StageName;
use crate::port::{Clock, Ports, Queue, QueueName, Received};
use crate::retried::backoff;
use crate::stage::{CancelFlag, Stages, UnitOutput};
use crate::state::{Marker, Outcome, PinnedEmbedder, StateDocument};
pub(crate) use tries::{EndReason, TryEnd, TryStart};
use tries::{Tries, Try};

/// How long a received message stays hidden, and a lease holds, unless the worker is given another
/// lease; a heartbeat renews both.
pub const VISIBILITY: Duration = Duration::from_secs(60);
/// How long a message waits that cannot be worked on now.
const POSTPONE: Duration = Duration::from_secs(5);
/// Wait before the second try; doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Length of an error's message that is kept; a stack of causes fits, a file's content does not.
const MAX_MESSAGE_CHARS: usize = 2_000;

/// Works on units of the stages it was given.
pub struct Worker<P, S> {
    coordinator: Coordinator<P>,
    stages: S,
    stop: CancelFlag,
    lease: Duration,
}

/// What a host allows one attempt, beside the plan.
#[derive(Debug, Clone, Default)]
pub struct AttemptLimits {
    /// Ends this attempt as the worker's own stop flag ends all.
    pub stop: CancelFlag,
    /// Shorter than the plan's where the host ends a process earlier; a try that exceeds it counts.
    pub time_limit: Option<Duration>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// Not a message of this version; left to become a dead letter.
    Malformed { reason: String },
    /// The store knows no such job.
    UnknownJob,
    /// The job is over.
    JobOver,
    /// The unit is in no list of the job.
    NotSealed,
    /// The unit had its marker already.
    AlreadyDone,
    /// The same message was sent again, to come back later.
    Postponed(Postponed),
    /// The unit has its marker now.
    Done,
    /// The try failed; the message was sent again.
    Retrying { code: String, message: String, after: Duration },
    /// The unit waits for somebody else; the try does not count and the message was sent again.
    Waiting { message: String, after: Duration },
    /// The unit's outcome is an error.
    Failed { code: String, message: String },
    /// This process is stopping; the try does not count and the message was sent again.
    Interrupted,
}

impl AttemptEnd {
    /// Returns the word used in answers, logs and metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::UnknownJob => "unknown_job",
            Self::JobOver => "job_over",
            Self::NotSealed => "not_sealed",
            Self::AlreadyDone => "already_done",
            Self::Postponed(_) => "postponed",
            Self::Done => "done",
            Self::Retrying { .. } => "retrying",
            Self::Waiting { .. } => "waiting",
            Self::Failed { .. } => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Why a message was postponed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Postponed {
    /// The job is not in a phase that allows the unit yet.
    TooEarly,
    /// Another worker is at it.
    Leased,
    /// The job was made for another version of the stage or another embedder.
    OtherVersion,
    /// It was a dead letter, and the unit may still be tried.
    DeadLetter,
}

impl<P: Ports, S: Stages> Worker<P, S> {
    /// Makes a worker; `name` differs between processes and between starts of one.
    pub fn new(ports: Arc<P>, stages: S, name: impl Into<String>) -> Self {
        let coordinator = Coordinator::new(ports, name);
        Self { coordinator, stages, stop: CancelFlag::default(), lease: VISIBILITY }
    }

    /// Sets how long a try is believed to run without a heartbeat, and its message stays hidden.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Returns how long a received message should stay hidden.
    pub fn lease(&self) -> Duration {
        self.lease
    }

    /// Returns what moves jobs on.
    pub fn coordinator(&self) -> &Coordinator<P> {
        &self.coordinator
    }

    /// Returns the stages it works on.
    pub fn stages(&self) -> &S {
        &self.stages
    }

    /// Returns the flag that ends running tries without counting them.
    pub fn stop_flag(&self) -> &CancelFlag {
        &self.stop
    }

    /// Does what a message asks for and acknowledges it.
    ///
    /// # Errors
    /// A port that fails for good, or for too long. The message then comes back by itself.
    pub async fn attempt(&self, queue: QueueName, received: &Received) -> Result<AttemptEnd, PipelineError> {
        self.attempt_within(queue, received, &AttemptLimits::default()).await
    }

    /// As [`Worker::attempt`], for a host with limits of its own.
    pub async fn attempt_within(
        &self,
        queue: QueueName,
        received: &Received,
        limits: &AttemptLimits,
    ) -> Result<AttemptEnd, PipelineError> {
        let end = match Message::parse(&received.body) {
            Ok(message) => self.settle(&message, queue, received, limits).await?,
            // A dead letter has nowhere to go but away; anything else goes to the dead letters first.
            Err(error) if !queue.dead => return Ok(AttemptEnd::Malformed { reason: error.to_string() }),
            Err(error) => AttemptEnd::Malformed { reason: error.to_string() },
        };
        if !received.receipt.is_none() {
            // A message that stays is received again and finds its unit done.
            let _ = self.coordinator.ports.queue().acknowledge(queue, &received.receipt).await;
        }
        Ok(end)
    }

    async fn settle(
        &self,
        message: &Message,
        queue: QueueName,
        received: &Received,
        limits: &AttemptLimits,
    ) -> Result<AttemptEnd, PipelineError> {
        let Message { tenant, job, stage, unit, .. } = message;
        let Some((state, _)) = self.coordinator.io().state(tenant, job).await? else {
            return Ok(AttemptEnd::UnknownJob);
        };
        if state.phase.is_terminal() {
            self.coordinator.close(&state).await?;
            return self.let_go(&state, *stage, unit, queue).await.map(|()| AttemptEnd::JobOver);
        }
        if state.deadline <= self.now() {
            let state = self.coordinator.fail(tenant, job, deadline_exceeded(&state)).await?;
            return self.let_go(&state, *stage, unit, queue).await.map(|()| AttemptEnd::JobOver);
        }
        if self.coordinator.io().find(&marker_key(&state, *stage, unit)).await?.is_some() {
            self.fan_in(message).await?;
            return Ok(AttemptEnd::AlreadyDone);
        }
        if !self.is_listed(&state, *stage, unit).await? {
            return Ok(AttemptEnd::NotSealed);
        }
        if let Some(why) = self.not_now(&state, *stage) {
            return self.postpone(message, why).await;
        }
        let tries = Tries::read(&self.coordinator.io(), &state, *stage, unit).await?;
        if tries.is_leased(self.now()) {
            return self.postpone(message, Postponed::Leased).await;
        }
        if tries.n_counted >= stage.plan().max_attempts || tries.n_worked() >= tries::MAX_TRIES {
            return self.exhausted(message, &state, &tries, queue, received).await;
        }
        if queue.dead {
            return self.postpone(message, Postponed::DeadLetter).await;
        }
        self.report_lost(message, &state, &tries).await?;
        let Some(this_try) = tries.begin(&self.coordinator, &state, *stage, unit, self.lease).await? else {
            return self.postpone(message, Postponed::Leased).await;
        };
        let receipt = &received.receipt;
        let n_counted = tries.n_counted + 1;
        let pulse = run::Pulse { queue, receipt, state: &state, this_try: &this_try, n_counted, limits };
        let result = self.run(message, &pulse).await;
        let conclusion = self.conclude(message, &state, &this_try, n_counted, result);
        self.beside_beats(message, &pulse, conclusion).await
    }

    /// Tells whether the unit belongs to the job, as far as that is decided.
    async fn is_listed(
        &self,
        state: &StateDocument,
        stage: StageName,
        unit: &UnitId,
    ) -> Result<bool, PipelineError> {
        if stage.plan().fan_out_from.is_none() {
            return Ok(*unit == UnitId::whole());
        }
        let Some(list) = state.sealed.get(&stage) else { return Ok(true) };
        let sealed = self.coordinator.sealed.read(&self.coordinator.io(), state, stage, list).await?;
        Ok(sealed.contains(unit))
    }

    /// Finds out why the unit cannot run now, if it cannot.
    fn not_now(&self, state: &StateDocument, stage: StageName) -> Option<Postponed> {
        if state.phase < stage.plan().may_run_from {
            return Some(Postponed::TooEarly);
        }
        let same_version = self
            .stages
            .version(stage)
            .is_some_and(|version| state.stage_versions.get(&stage).is_some_and(|pinned| *pinned == version));
        let same_class =
            stage != StageName::Embed || class_of(&self.stages.embedder()) == class_of(&state.embedder);
        (!same_version || !same_class).then_some(Postponed::OtherVersion)
    }

    /// Sends the same message again, later. Letting it reappear instead would use up its receives.
    async fn postpone(&self, message: &Message, why: Postponed) -> Result<AttemptEnd, PipelineError> {
        self.send_again(message, POSTPONE).await?;
        Ok(AttemptEnd::Postponed(why))
    }

    /// Turns a try's result into a marker, or into another message.
    async fn conclude(
        &self,
        message: &Message,
        state: &StateDocument,
        this_try: &Try,
        n_counted: u32,
        result: Result<UnitOutput, StageError>,
    ) -> Result<AttemptEnd, PipelineError> {
        match result {
            Ok(output) => self.mark_done(message, state, this_try, output).await,
            Err(StageError::Reject { code, message: text }) => {
                self.mark_failed(message, state, this_try.number, code.to_owned(), text).await
            }
            Err(StageError::Retry { code, message: text, .. })
                if n_counted >= message.stage.plan().max_attempts =>
            {
                self.mark_failed(message, state, this_try.number, code.to_owned(), text).await
            }
            Err(StageError::Retry { code, message: text, after }) => {
                let text = shortened(text);
                let reason = EndReason::Failed { code: code.to_owned(), message: text.clone() };
                let end = TryEnd { at: self.now(), reason };
                this_try.end(&self.coordinator.io(), state, message, end).await?;
                let salt = format!("{}/{}/{}", message.job, message.stage, message.unit);
                let after = backoff(FIRST_RETRY, n_counted - 1, &salt).max(after.unwrap_or_default());
                self.send_again(message, after).await?;
                Ok(AttemptEnd::Retrying { code: code.to_owned(), message: text, after })
            }
            Err(StageError::Wait { message: text, after }) => {
                let end = TryEnd { at: self.now(), reason: EndReason::Waiting };
                this_try.end(&self.coordinator.io(), state, message, end).await?;
                self.send_again(message, after).await?;
                Ok(AttemptEnd::Waiting { message: shortened(text), after })
            }
            Err(StageError::Cancelled) => {
                let end = TryEnd { at: self.now(), reason: EndReason::Interrupted };
                this_try.end(&self.coordinator.io(), state, message, end).await?;
                self.send_again(message, Duration::ZERO).await?;
                Ok(AttemptEnd::Interrupted)
            }
        }
    }

    async fn mark_done(
        &self,
        message: &Message,
        state: &StateDocument,
        this_try: &Try,
        output: UnitOutput,
    ) -> Result<AttemptEnd, PipelineError> {
        let UnitOutput { output, sealed_units, resolved_commit, docpack, estimate, stats, shortfall } =
            output;
        let seals = match message.stage.seals() {
            Some(fed) => match seal(&self.coordinator.io(), state, fed, sealed_units).await? {
                Ok(list) => Some(list),
                Err(text) => {
                    let code = "too_many_units".to_owned();
                    return self.mark_failed(message, state, this_try.number, code, text).await;
                }
            },
            None => None,
        };
        let estimate = estimate.map(Box::new);
        let outcome = Outcome::Done { output, seals, resolved_commit, docpack, estimate, stats, shortfall };
        self.mark(message, state, this_try.number, outcome).await?;
        Ok(AttemptEnd::Done)
    }

    async fn mark_failed(
        &self,
        message: &Message,
        state: &StateDocument,
        try_number: u32,
        code: String,
        text: String,
    ) -> Result<AttemptEnd, PipelineError> {
        let text = shortened(text);
        let outcome = Outcome::Failed { code: code.clone(), message: text.clone() };
        self.mark(message, state, try_number, outcome).await?;
        Ok(AttemptEnd::Failed { code, message: text })
    }

    /// Writes the unit's marker unless there is one, and looks what follows from it.
    async fn mark(
        &self,
        message: &Message,
        state: &StateDocument,
        try_number: u32,
        outcome: Outcome,
    ) -> Result<(), PipelineError> {
        let marker = Marker { try_number, at: self.now(), outcome };
        let key = marker_key(state, message.stage, &message.unit);
        self.coordinator.io().create(&key, &to_json(&marker)).await?;
        self.fan_in(message).await
    }

    async fn fan_in(&self, message: &Message) -> Result<(), PipelineError> {
        let seen = Seen::Unit { stage: message.stage, unit: &message.unit };
        self.coordinator.fan_in(&message.tenant, &message.job, &seen).await.map(drop)
    }

    async fn send_again(&self, message: &Message, delay: Duration) -> Result<(), PipelineError> {
        let queue = QueueName::work(message.stage);
        Ok(self.coordinator.io().send(queue, &message.to_body(), delay).await?)
    }

    fn now(&self) -> crate::time::Timestamp {
        self.coordinator.ports.clock().now()
    }
}

fn class_of(embedder: &Option<PinnedEmbedder>) -> Option<docpack::Digest> {
    embedder.as_ref().map(|embedder| embedder.class)
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(MAX_MESSAGE_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
