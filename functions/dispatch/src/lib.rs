//! Sends a queue's units to an endpoint elsewhere, and holds their messages until they are done.
//!
//! In: a stage's queue. Out: jobs at an endpoint such as RunPod's, one for each unit and try. A message
//! stays hidden while the endpoint says that its job waits or runs. It is acknowledged when the unit has
//! its marker in the store; the endpoint's word alone is not enough.
//! Any number of dispatchers may run; at worst a unit runs twice, which is harmless.
//!
//! This crate knows no endpoint's protocol: [`Endpoint`] is its interface to one.

mod records;
#[cfg(feature = "process")]
mod runpod;
mod step;

use std::future::Future;
use std::time::Duration;

use serde_json::Value;

#[cfg(feature = "process")]
pub use runpod::Runpod;
pub use step::{Dispatcher, Finished, Step};

/// What is asked of an endpoint.
pub trait Endpoint: Send + Sync + 'static {
    /// Sends a job; returns its name there.
    fn run(
        &self,
        input: Value,
        policy: JobPolicy,
    ) -> impl Future<Output = Result<String, EndpointFailure>> + Send;

    /// Asks after a job; `None` when the endpoint no longer knows it.
    fn status(&self, id: &str) -> impl Future<Output = Result<Option<RemoteJob>, EndpointFailure>> + Send;
}

/// How long a job may take there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobPolicy {
    /// Of running.
    pub execution: Duration,
    /// From sending to oblivion.
    pub ttl: Duration,
}

/// What an endpoint says of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteJob {
    pub state: RemoteState,
    /// What the worker answered, where it did.
    pub output: Option<Value>,
    /// What went wrong, in the endpoint's words.
    pub error: Option<String>,
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteState {
    /// It waits or runs.
    Pending,
    /// Its worker answered.
    Answered,
    /// It failed, ran out of time or was cancelled.
    Over,
}

/// Why an endpoint did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointFailure {
    /// Come again after this time.
    Throttled { after: Duration },
    /// No answer, or one that says nothing.
    Unavailable { reason: String },
    /// Asking again will not help until somebody mends it.
    Refused { reason: String },
}
