//! Sending results until they are accepted.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::{Instant, sleep};
use tracing::{debug, error, warn};

use crate::host::runpod::claims::Claim;
use crate::host::runpod::pace::{jittered, nth};
use crate::host::runpod::results::ResultBody;
use crate::host::runpod::worker::Parts;
use crate::http::{discard, reason, retry_after};

/// What became of one POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Posted {
    Accepted,
    /// The same body will be refused again.
    Refused(StatusCode),
    /// Accepted or not; another try may tell.
    Unclear {
        reason: String,
        after: Option<Duration>,
    },
}

/// Why something did not reach the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum UndeliveredError {
    #[error("the server refused it with status {}", status.as_u16())]
    Refused { status: StatusCode },
    #[error("the job was stopped")]
    Stopped,
    #[error("{n_tries} tries failed: {reason}")]
    GaveUp { n_tries: u32, reason: String },
}

impl Parts {
    /// Delivers a job's result; one that is refused is followed by a smaller one that says so.
    pub(super) async fn deliver(&self, claim: &Claim, body: ResultBody, is_stream: bool) {
        let url = self.templates.done(&claim.id, is_stream);
        let mut delivered = self.post(claim, &url, &body.json).await;
        if let Err(UndeliveredError::Refused { status }) = &delivered
            && is_about_the_body(*status)
        {
            warn!(job.id = claim.id, "the result of job {} was refused with status {status}", claim.id);
            delivered = self.post(claim, &url, &body.fallback).await;
        }
        match delivered {
            Ok(()) => debug!(job.id = claim.id, "the result of job {} was accepted", claim.id),
            Err(UndeliveredError::Stopped) => {}
            Err(why) => error!(job.id = claim.id, "the result of job {} is lost: {why}", claim.id),
        }
    }

    /// Repeats a POST until it is accepted, refused, or too late.
    pub(super) async fn post(&self, claim: &Claim, url: &str, body: &[u8]) -> Result<(), UndeliveredError> {
        let waits = &self.settings.waits;
        let begun = Instant::now();
        let mut n_tries = 0;
        loop {
            n_tries += 1;
            if claim.is_stopped() {
                return Err(UndeliveredError::Stopped);
            }
            let (reason, after) = match self.post_once(&claim.id, url, body, waits.post).await {
                Posted::Accepted => return Ok(()),
                Posted::Refused(status) => return Err(UndeliveredError::Refused { status }),
                // However long the server wants to be left alone: some tries must fit into the budget.
                Posted::Unclear { reason, after } => {
                    (reason, after.unwrap_or_default().min(waits.failed_post.longest * 2))
                }
            };
            debug!(job.id = claim.id, "try {n_tries} for job {} failed: {reason}", claim.id);
            let wait = after.max(jittered(nth(waits.failed_post, n_tries)));
            if begun.elapsed() + wait > waits.post_budget {
                return Err(UndeliveredError::GaveUp { n_tries, reason });
            }
            sleep(wait).await;
        }
    }

    /// Sends a POST once.
    pub(super) async fn post_once(&self, job_id: &str, url: &str, body: &[u8], timeout: Duration) -> Posted {
        let request = self.connection.post(url, job_id, body.to_vec(), timeout);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Posted::Unclear { reason: reason(error), after: None },
        };
        let (status, after) = (response.status(), retry_after(&response));
        discard(response).await;
        match status {
            status if status.is_success() => Posted::Accepted,
            status if may_change(status) => {
                Posted::Unclear { reason: format!("status {}", status.as_u16()), after }
            }
            status => Posted::Refused(status),
        }
    }
}

/// A gateway in between may refuse a key or throttle for a moment; a redirect leads nowhere for now.
fn may_change(status: StatusCode) -> bool {
    const PASSING: [StatusCode; 5] = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    !status.is_client_error() || PASSING.contains(&status)
}

fn is_about_the_body(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY
    )
}
