//! Units that run at the same time in one process, taken from queues.

use std::sync::Arc;
use std::time::Duration;

use pipeline::attempt::VISIBILITY;
use pipeline::error::PipelineError;
use pipeline::port::{QueueName, Received};
use pipeline::{AttemptEnd, Clock, Ports, Queue, StageName, Stages, Timestamp, Worker};
use tokio::task::{JoinError, JoinSet};
use tracing::{Instrument, debug, info, warn};

use crate::telemetry::message_span;

/// Sees messages come and attempts end; must return at once.
pub trait Watch: Send + Sync + 'static {
    /// A message was received.
    fn received(&self, _queue: QueueName, _received: &Received) {}

    /// An attempt at it ended.
    fn ended(&self, _queue: QueueName, _end: &AttemptEnd) {}
}

/// Sees nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// What one process works on.
pub(super) struct Units<P, S> {
    worker: Arc<Worker<P, S>>,
    watch: Arc<dyn Watch>,
    queues: Vec<QueueName>,
    /// Dead letters are rare: a look at them with every look at the work would double the requests.
    dead_every: Duration,
    dead_looked_at: Option<Timestamp>,
    running: JoinSet<Result<AttemptEnd, PipelineError>>,
    n_concurrent: usize,
}

impl<P: Ports, S: Stages> Units<P, S> {
    /// Takes messages of these stages, and their dead letters, at most `n_concurrent` at once.
    pub(super) fn new(
        worker: &Arc<Worker<P, S>>,
        stages: impl DoubleEndedIterator<Item = StageName>,
        n_concurrent: usize,
        dead_every: Duration,
        watch: Arc<dyn Watch>,
    ) -> Self {
        // The latest stage comes first: what is nearly done frees most.
        let queues =
            stages.rev().flat_map(|stage| [QueueName::work(stage), QueueName::dead(stage)]).collect();
        Self {
            worker: Arc::clone(worker),
            watch,
            queues,
            dead_every,
            dead_looked_at: None,
            running: JoinSet::new(),
            n_concurrent: n_concurrent.max(1),
        }
    }

    /// Tells whether nothing runs.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    /// Starts attempts while there are messages and room; tells whether any was started.
    pub(super) async fn start(&mut self) -> Result<bool, PipelineError> {
        let mut started = false;
        while self.running.len() < self.n_concurrent && !self.worker.stop_flag().is_set() {
            let Some((queue, received)) = self.next_message().await? else { break };
            let (worker, watch) = (Arc::clone(&self.worker), Arc::clone(&self.watch));
            watch.received(queue, &received);
            let span = message_span(queue, &received);
            let attempt = async move {
                let end = worker.attempt(queue, &received).await?;
                watch.ended(queue, &end);
                Ok(end)
            };
            self.running.spawn(attempt.instrument(span));
            started = true;
        }
        Ok(started)
    }

    async fn next_message(&mut self) -> Result<Option<(QueueName, Received)>, PipelineError> {
        let ports = self.worker.coordinator().ports();
        let (queue, now) = (ports.queue(), ports.clock().now());
        let looks_at_dead = self.dead_looked_at.is_none_or(|at| now.since(at) >= self.dead_every);
        if looks_at_dead {
            self.dead_looked_at = Some(now);
        }
        for name in self.queues.iter().filter(|name| !name.dead || looks_at_dead) {
            if let Some(received) = queue.receive(*name, VISIBILITY).await? {
                return Ok(Some((*name, received)));
            }
        }
        Ok(None)
    }

    /// Waits for an attempt to end; for ever where none runs.
    pub(super) async fn next_end(&mut self) -> Result<(), PipelineError> {
        match self.running.join_next().await {
            Some(ended) => log_end(ended),
            None => std::future::pending().await,
        }
    }

    /// Interrupts what runs and waits for it; what it had to say no longer matters.
    pub(super) async fn stop(&mut self) {
        self.worker.stop_flag().set();
        while let Some(ended) = self.running.join_next().await {
            let _ = log_end(ended);
        }
    }
}

/// Logs how an attempt ended.
fn log_end(ended: Result<Result<AttemptEnd, PipelineError>, JoinError>) -> Result<(), PipelineError> {
    match ended {
        Ok(Ok(AttemptEnd::Failed { code, message })) => warn!(error.type = code, "a unit failed: {message}"),
        Ok(Ok(AttemptEnd::Retrying { code, message, after })) => {
            info!(error.type = code, retry_after_ms = after.as_millis() as u64, "a unit will be tried again: {message}");
        }
        Ok(Ok(AttemptEnd::Malformed { reason })) => warn!("a message was not understood: {reason}"),
        Ok(Ok(end)) => debug!("an attempt ended: {end:?}"),
        Ok(Err(error)) => return Err(error),
        // Stages' panics are caught inside; this one is a defect of the loop, which the message outlives.
        Err(error) => warn!("an attempt was lost: {error}"),
    }
    Ok(())
}
