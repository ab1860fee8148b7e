//! RunPod's endpoints as a dispatcher takes them.

use std::time::Duration;

use runtime::runpod_api::{self, EndpointError, JobRequest, JobState, Policy};
use serde_json::Value;

use crate::{Endpoint, EndpointFailure, JobPolicy, RemoteJob, RemoteState};

/// Least and most that RunPod takes for a job's limits.
const EXECUTION: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(604_800));
const TTL: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(604_800));

/// One endpoint of RunPod's.
pub struct Runpod(pub runpod_api::Endpoint);

impl Endpoint for Runpod {
    async fn run(&self, input: Value, policy: JobPolicy) -> Result<String, EndpointFailure> {
        let policy = Policy {
            execution_timeout: policy.execution.clamp(EXECUTION.0, EXECUTION.1),
            ttl: policy.ttl.clamp(TTL.0, TTL.1),
            low_priority: false,
        };
        let job = JobRequest { input, webhook: None, policy: Some(policy) };
        Ok(self.0.run(&job).await.map_err(failure)?.id)
    }

    async fn status(&self, id: &str) -> Result<Option<RemoteJob>, EndpointFailure> {
        let job = match self.0.status(id).await {
            Ok(job) => job,
            Err(EndpointError::NotFound) => return Ok(None),
            Err(error) => return Err(failure(error)),
        };
        let state = match job.state {
            JobState::Completed => RemoteState::Answered,
            JobState::Failed | JobState::Cancelled | JobState::TimedOut => RemoteState::Over,
            JobState::InQueue | JobState::InProgress | JobState::Other(_) => RemoteState::Pending,
        };
        let error = job.error.map(|error| error.as_str().map_or_else(|| error.to_string(), str::to_owned));
        Ok(Some(RemoteJob { state, output: job.output, error }))
    }
}

fn failure(error: EndpointError) -> EndpointFailure {
    match error {
        EndpointError::Throttled { after } => EndpointFailure::Throttled { after },
        EndpointError::Unavailable { reason } => EndpointFailure::Unavailable { reason },
        error => EndpointFailure::Refused { reason: error.to_string() },
    }
}
