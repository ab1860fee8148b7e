//! A worker of a RunPod queue endpoint: takes jobs, runs them, answers for every one of them.
//!
//! It speaks the wire format of RunPod's own worker, version 1.12.0, and keeps what that one loses:
//! a result is sent until it is accepted, a job that arrives while the worker ends is answered, and
//! nothing that a server or a handler does ends the loop. Answers are small; data goes through a store.
//!
//! It knows nothing of stages, and installs no signal handler.

mod claims;
mod connection;
mod context;
mod job;
mod pace;
mod ping;
mod post;
mod results;
mod stop;
mod take;
mod templates;
mod worker;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use pipeline::CancelFlag;
use serde_json::Value;

use crate::config::RunpodSettings;
pub use context::{JobContext, StreamError};
pub use ping::report_unhealthy;
use worker::Worker;

/// The version of RunPod's own worker whose requests these are; the server is told it.
pub const PROTOCOL_VERSION: &str = "1.12.0";

/// Does what jobs ask for.
pub trait RunpodHandler: Send + Sync + 'static {
    /// Runs one job; the answer must be small, and an empty object is told as `{"empty": true}`.
    ///
    /// A job may come again, also while it still runs elsewhere. Work that blocks belongs on a thread
    /// of its own. Once the context's flag is set, nobody waits for the answer for long.
    fn run(
        &self,
        job: RunpodJob,
        context: JobContext,
    ) -> impl Future<Output = Result<Value, HandlerError>> + Send;
}

/// A job as the server handed it out.
#[derive(Debug, Clone, PartialEq)]
pub struct RunpodJob {
    /// Means nothing beyond its being equal or not.
    pub id: String,
    pub input: Value,
}

/// Why a job failed, as whoever sent it is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct HandlerError {
    /// A stable snake_case word.
    pub code: String,
    pub message: String,
    /// Whether another try may succeed.
    pub retryable: bool,
}

/// Why a worker cannot begin or go on; each is another thing to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunpodError {
    /// The environment that RunPod made for this process cannot be used.
    #[error("`{name}` cannot be used: {reason}")]
    Unusable { name: &'static str, reason: String },
    #[error("the control plane has refused the worker's key for {} s", since.as_secs())]
    NotAuthorised { since: Duration },
    /// The machine gives no thread, or no certificates.
    #[error("the worker cannot start: {reason}")]
    CannotStart { reason: String },
}

/// Works on whatever jobs come until the stop flag is set, then ends within the grace period.
///
/// Jobs that run then may finish until its last five seconds; those that do not are cancelled and
/// answered as failed with `worker_shutting_down`, which another try mends.
/// Dropping the future ends everything at once, and answers nothing.
///
/// # Errors
/// Settings that cannot be used, and a key that is refused for minutes.
pub async fn work<H: RunpodHandler>(
    settings: &RunpodSettings,
    handler: Arc<H>,
    stop: CancelFlag,
) -> Result<(), RunpodError> {
    Worker::start(settings, handler, stop)?.run().await
}
