//! How a unit fails.

use std::time::Duration;

use docpack::Digest;

use crate::id::{JobId, UnitId};
use crate::key::ObjectKey;
use crate::plan::Phase;
use crate::port::{QueueError, StoreError};

/// Why a unit did not finish, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// Another try may succeed. `after` is the least wait, where the other side named one.
    #[error("{code}: {message}")]
    Retry { code: &'static str, message: String, after: Option<Duration> },
    /// No try will succeed.
    #[error("{code}: {message}")]
    Reject { code: &'static str, message: String },
    /// Somebody else has to finish first, a batch of a model's provider; the try does not count.
    #[error("waiting: {message}")]
    Wait { message: String, after: Duration },
    /// The job is over, or this process is stopping; the try does not count.
    #[error("cancelled")]
    Cancelled,
}

impl StageError {
    /// Makes an error that another try may mend.
    pub fn retry(code: &'static str, message: impl Into<String>) -> Self {
        Self::Retry { code, message: message.into(), after: None }
    }

    /// Makes an error that no try will mend.
    pub fn reject(code: &'static str, message: impl Into<String>) -> Self {
        Self::Reject { code, message: message.into() }
    }

    /// Returns the stable snake_case word for what happened.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Retry { code, .. } | Self::Reject { code, .. } => code,
            Self::Wait { .. } => "waiting",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<StoreError> for StageError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Unknown { .. } => Self::retry("store_unavailable", message),
            StoreError::NotFound { .. } => Self::reject("artifact_missing", message),
            StoreError::Damaged { .. } => Self::reject("artifact_damaged", message),
            _ => Self::reject("store_refused", message),
        }
    }
}

impl From<QueueError> for StageError {
    fn from(error: QueueError) -> Self {
        let message = error.to_string();
        match error {
            QueueError::Unknown { .. } => Self::retry("queue_unavailable", message),
            QueueError::Refused { .. } => Self::reject("queue_refused", message),
        }
    }
}

/// Why the pipeline itself could not go on; the message that led here is not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PipelineError {
    #[error("job `{job}` does not exist")]
    NoSuchJob { job: JobId },
    #[error("job `{job}` is in phase `{phase}` and waits for no approval")]
    NotAwaitingApproval { job: JobId, phase: Phase },
    /// What was agreed to is not what would be done.
    #[error("job `{job}` has estimate `{estimate}`, another was approved")]
    OtherEstimate { job: JobId, estimate: Digest },
    #[error("job `{job}` is not over, it is in phase `{phase}`")]
    NotOver { job: JobId, phase: Phase },
    /// The one document that says how a job stands cannot be read; only cancelling the job is left.
    #[error("the state document of job `{job}` is damaged: {reason}")]
    StateDamaged { job: JobId, reason: String },
    /// A newer or older program made the job; this one leaves it alone.
    #[error("job `{job}` has a state document of version {found}, this program knows version {known}")]
    OtherSchema { job: JobId, found: u32, known: u32 },
    /// An object is not what its name says.
    #[error("object `{key}` cannot be read: {reason}")]
    Damaged { key: ObjectKey, reason: String },
    /// Others, or the store's faults, were faster each time.
    #[error("job `{job}` did not settle within {rounds} rounds")]
    Unsettled { job: JobId, rounds: u32 },
    /// The job is over; what one of its units ordered elsewhere may not be.
    #[error("unit `{unit}` of job `{job}` may have left work running elsewhere: {reason}")]
    LeftRunning { job: JobId, unit: UnitId, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<PipelineError> for StageError {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Store(error) => error.into(),
            PipelineError::Queue(error) => error.into(),
            PipelineError::Unsettled { .. } | PipelineError::LeftRunning { .. } => {
                Self::retry("job_unsettled", error.to_string())
            }
            PipelineError::NotAwaitingApproval { .. } => {
                Self::reject("not_awaiting_approval", error.to_string())
            }
            PipelineError::OtherEstimate { .. } => Self::reject("other_estimate", error.to_string()),
            PipelineError::NotOver { .. } => Self::reject("job_not_over", error.to_string()),
            PipelineError::NoSuchJob { .. } => Self::reject("no_such_job", error.to_string()),
            PipelineError::StateDamaged { .. } => Self::reject("state_damaged", error.to_string()),
            PipelineError::OtherSchema { .. } => Self::reject("state_of_other_version", error.to_string()),
            PipelineError::Damaged { .. } => Self::reject("artifact_damaged", error.to_string()),
        }
    }
}

impl PipelineError {
    /// Tells whether the error is about what is stored of one job, so that other jobs can go on.
    pub fn is_of_one_job(&self) -> bool {
        matches!(self, Self::StateDamaged { .. } | Self::OtherSchema { .. } | Self::Damaged { .. })
    }
}
