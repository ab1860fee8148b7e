//! Jobs in S3 and SQS: the workers there, and what is done with jobs from outside.

mod follow_up;
mod submit;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use pipeline::{Clock, Coordinator, JobId, PipelineError, StateDocument, Tenant};
use runtime::SystemClock;
use runtime::cloud::{self, CloudPorts};
use runtime::config::Config;

pub(crate) use follow_up::{approve, cancel, redrive, retry};
pub(crate) use submit::submit;
pub(crate) use worker::worker;

use crate::failure::{Exit, Failure};
use crate::reading::{block_on, of_job_in_store};

/// How long a job may take before it fails.
const TIME_LIMIT: Duration = Duration::from_secs(6 * 3_600);

pub(crate) async fn coordinator(config: &Config) -> Result<Coordinator<CloudPorts>, Failure> {
    let ports = cloud::open(config, None).await?;
    Ok(Coordinator::new(Arc::new(ports), format!("cli-{}-{}", std::process::id(), SystemClock.now())))
}

async fn read_state(coordinator: &Coordinator<CloudPorts>, job: &JobId) -> Result<StateDocument, Failure> {
    coordinator.state(&Tenant::local(), job).await.map_err(|error| unusable(&error))
}

/// Tells of a job that cannot be done with as asked, or of a store that does not answer.
fn unusable(error: &PipelineError) -> Failure {
    let refused = |code: &str| Failure::new(Exit::InputRefused, code, error.to_string());
    match error {
        PipelineError::NoSuchJob { .. } => {
            refused("no_such_job").with_help("`doctown jobs` lists unfinished jobs")
        }
        PipelineError::NotOver { .. } => refused("job_not_over").with_help("`doctown cancel JOB` ends it"),
        PipelineError::NotAwaitingApproval { .. } => refused("not_awaiting_approval"),
        PipelineError::OtherEstimate { .. } => {
            refused("other_estimate").with_help("`doctown status JOB` shows the estimate")
        }
        error => of_job_in_store(error),
    }
}
