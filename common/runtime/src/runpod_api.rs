//! The API of RunPod's queue endpoints: send a job, ask after it, cancel it.
//!
//! Its answers are hints. A job may run twice or not at all, and what it made is in the store.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::config::{RunpodApiSettings, Secret};
use crate::http::{client_builder, percent_encoded, read_body, reason, retry_after};

/// To a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Of one call; RunPod answers within a second or two.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer: a status carries the job's output, of which RunPod keeps up to 20 MB.
const MAX_ANSWER_BYTES: usize = 32_000_000;
/// Where the server throttles and names no wait: its limits count by 10 s.
const DEFAULT_WAIT: Duration = Duration::from_secs(10);
/// Of an error's body, as much as a line of a log should hold.
const MAX_REASON_CHARS: usize = 300;

/// One endpoint, by its id.
#[derive(Debug, Clone)]
pub struct Endpoint {
    client: Client,
    base_url: String,
    key: Secret,
}

/// Why a call did not do as asked; each variant is another decision for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Come again after this time.
    #[error("the endpoint asks to wait {} s", after.as_secs_f64())]
    Throttled { after: Duration },
    /// No such endpoint, or a job that the server no longer remembers: look into the store.
    #[error("the endpoint or the job does not exist")]
    NotFound,
    #[error("the endpoint does not accept the key")]
    NotAuthorised,
    /// Asking again will not help.
    #[error("the endpoint refused: {reason}")]
    Refused { reason: String },
    /// Done or not done: no answer, or one that says nothing. A job that is sent again may run twice.
    #[error("the endpoint gave no clear answer: {reason}")]
    Unavailable { reason: String },
}

/// What a job is sent with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JobRequest {
    pub input: Value,
    /// Told when the job is over. Unsigned, so read the status before believing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
}

/// How long a job may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Of running, from 5 s to 7 days; the job is then `TIMED_OUT`.
    #[serde(serialize_with = "as_ms")]
    pub execution_timeout: Duration,
    /// From sending to oblivion, from 10 s to 7 days. The job is then gone, even while it runs.
    #[serde(serialize_with = "as_ms")]
    pub ttl: Duration,
    /// Whether the job starts no worker of its own.
    pub low_priority: bool,
}

/// What the server knows of a job.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobStatus {
    pub id: String,
    #[serde(rename = "status")]
    pub state: JobState,
    /// Missing, also when the job is completed, where the server did not take the worker's result.
    pub output: Option<Value>,
    /// Text or anything else.
    pub error: Option<Value>,
    /// Milliseconds in the queue.
    #[serde(rename = "delayTime", default, deserialize_with = "ms")]
    pub delay_ms: Option<u64>,
    /// Milliseconds of running.
    #[serde(rename = "executionTime", default, deserialize_with = "ms")]
    pub execution_ms: Option<u64>,
    pub worker_id: Option<String>,
}

/// Where a job is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum JobState {
    InQueue,
    InProgress,
    Completed,
    Failed,
    Cancelled,
    TimedOut,
    /// A word that this version does not know.
    Other(String),
}

/// Counts of jobs and workers, by the server's own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Health {
    #[serde(default, deserialize_with = "counts")]
    pub jobs: BTreeMap<String, u64>,
    #[serde(default, deserialize_with = "counts")]
    pub workers: BTreeMap<String, u64>,
}

impl Endpoint {
    /// Makes a client of the endpoint with this id.
    ///
    /// # Errors
    /// [`EndpointError::Refused`] for an id that is none, or a machine without certificates.
    pub fn new(settings: &RunpodApiSettings, endpoint_id: &str) -> Result<Self, EndpointError> {
        let endpoint = segment(endpoint_id)?;
        let client = client_builder().connect_timeout(CONNECT_TIMEOUT).timeout(CALL_TIMEOUT).build();
        let client = client.map_err(|error| EndpointError::Refused { reason: format!("{error:?}") })?;
        let base_url = format!("{}/{endpoint}", settings.base_url);
        Ok(Self { client, base_url, key: settings.key.clone() })
    }

    /// Sends a job; what comes back has its id.
    pub async fn run(&self, job: &JobRequest) -> Result<JobStatus, EndpointError> {
        let body =
            serde_json::to_vec(job).map_err(|error| EndpointError::Refused { reason: error.to_string() })?;
        self.call(Method::POST, "run", Some(body)).await
    }

    /// Asks after a job.
    pub async fn status(&self, job_id: &str) -> Result<JobStatus, EndpointError> {
        self.call(Method::GET, &format!("status/{}", segment(job_id)?), None).await
    }

    /// Cancels a job, whether it waits or runs.
    pub async fn cancel(&self, job_id: &str) -> Result<JobStatus, EndpointError> {
        self.call(Method::POST, &format!("cancel/{}", segment(job_id)?), None).await
    }

    /// Asks how many jobs and workers there are.
    pub async fn health(&self) -> Result<Health, EndpointError> {
        self.call(Method::GET, "health", None).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T, EndpointError> {
        let unavailable = |reason| EndpointError::Unavailable { reason };
        let mut request = self.client.request(method, format!("{}/{path}", self.base_url));
        request = request.bearer_auth(self.key.expose());
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        let response = request.send().await.map_err(|error| unavailable(reason(error)))?;
        if !response.status().is_success() {
            return Err(self.meaning_of(response).await);
        }
        let body = read_body(response, MAX_ANSWER_BYTES).await.map_err(unavailable)?;
        serde_json::from_slice(&body)
            .map_err(|error| unavailable(format!("the answer was not understood: {error}")))
    }

    async fn meaning_of(&self, response: Response) -> EndpointError {
        let status = response.status();
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                EndpointError::Throttled { after: retry_after(&response).unwrap_or(DEFAULT_WAIT) }
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => EndpointError::NotFound,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => EndpointError::NotAuthorised,
            StatusCode::REQUEST_TIMEOUT => EndpointError::Unavailable { reason: "status 408".to_owned() },
            status if status.is_client_error() => {
                EndpointError::Refused { reason: self.told(status, response).await }
            }
            status => EndpointError::Unavailable { reason: self.told(status, response).await },
        }
    }

    /// Quotes the beginning of an answer, without the key.
    async fn told(&self, status: StatusCode, response: Response) -> String {
        let body = read_body(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&body).replace(self.key.expose(), "[hidden]");
        let text: String = text.trim().chars().take(MAX_REASON_CHARS).collect();
        format!("status {}: {text}", status.as_u16())
    }
}

impl JobState {
    /// Tells whether the state is the last one; a word that is not known is not.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled | Self::TimedOut)
    }
}

impl From<String> for JobState {
    fn from(word: String) -> Self {
        match word.as_str() {
            "IN_QUEUE" => Self::InQueue,
            // The documentation has both words.
            "IN_PROGRESS" | "RUNNING" => Self::InProgress,
            "COMPLETED" => Self::Completed,
            "FAILED" => Self::Failed,
            "CANCELLED" => Self::Cancelled,
            "TIMED_OUT" => Self::TimedOut,
            _ => Self::Other(word),
        }
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InQueue => "IN_QUEUE",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::TimedOut => "TIMED_OUT",
            Self::Other(word) => word,
        })
    }
}

/// Makes a segment of an address of an id, whatever it holds.
fn segment(id: &str) -> Result<String, EndpointError> {
    // Encoded or not, these two would name another segment.
    if id.is_empty() || id == "." || id == ".." {
        return Err(EndpointError::Refused { reason: format!("`{id}` is no id") });
    }
    Ok(percent_encoded(id))
}

/// Reads milliseconds in whatever form a number comes; nothing is decided by them.
fn ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_u64().or_else(|| value.as_f64().map(|ms| ms.max(0.0) as u64)))
}

/// Reads those members that are counts.
fn counts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, u64>, D::Error> {
    let values = BTreeMap::<String, Value>::deserialize(deserializer)?;
    Ok(values.into_iter().filter_map(|(name, value)| Some((name, value.as_u64()?))).collect())
}

fn as_ms<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
