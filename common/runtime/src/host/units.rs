//! Units that run at the same time in one process, taken from queues.

use std::sync::Arc;

use pipeline::error::PipelineError;
use pipeline::port::{QueueName, Received};
use pipeline::{AttemptEnd, Ports, Stages, Worker};
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
    running: JoinSet<Result<AttemptEnd, PipelineError>>,
    n_concurrent: usize,
}

impl<P: Ports, S: Stages> Units<P, S> {
    /// Runs at most `n_concurrent` at once.
    pub(super) fn new(worker: &Arc<Worker<P, S>>, n_concurrent: usize, watch: Arc<dyn Watch>) -> Self {
        let (worker, n_concurrent) = (Arc::clone(worker), n_concurrent.max(1));
        Self { worker, watch, running: JoinSet::new(), n_concurrent }
    }

    /// Tells whether nothing runs.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    /// Tells whether one more may run.
    pub(super) fn has_room(&self) -> bool {
        self.running.len() < self.n_concurrent && !self.worker.stop_flag().is_set()
    }

    /// Starts an attempt at a message.
    pub(super) fn start(&mut self, queue: QueueName, received: Received) {
        let (worker, watch) = (Arc::clone(&self.worker), Arc::clone(&self.watch));
        watch.received(queue, &received);
        let span = message_span(queue, &received);
        let attempt = async move {
            let end = worker.attempt(queue, &received).await?;
            watch.ended(queue, &end);
            Ok(end)
        };
        self.running.spawn(attempt.instrument(span));
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
        self.finish().await;
    }

    /// Waits for what still runs.
    pub(super) async fn finish(&mut self) {
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
        Ok(Ok(AttemptEnd::Waiting { message, after })) => {
            info!(look_after_ms = after.as_millis() as u64, "a unit waits: {message}");
        }
        Ok(Ok(AttemptEnd::Malformed { reason })) => warn!("a message was not understood: {reason}"),
        Ok(Ok(end)) => debug!("an attempt ended: {end:?}"),
        Ok(Err(error)) => return Err(error),
        // Stages' panics are caught inside; this one is a defect of the loop, which the message outlives.
        Err(error) => warn!("an attempt was lost: {error}"),
    }
    Ok(())
}
