//! What RunPod tells its workers, and how its endpoints are reached.

use std::time::Duration;

use crate::config::environment::Environment;
use crate::config::host::concurrency;
use crate::config::{ConfigError, Secret, VARIABLES};

/// Between two pings; a shorter one floods the server, a longer one makes the worker look dead.
const PING_INTERVAL_MS: std::ops::RangeInclusive<u64> = 1_000..=60_000;

/// Everything that a queue worker on RunPod is told from outside.
///
/// The addresses are templates in which `$RUNPOD_POD_ID`, `$ID` and `$RUNPOD_GPU_TYPE_ID` stand for values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunpodSettings {
    pub take_url: String,
    pub done_url: String,
    /// Without it nothing can be streamed.
    pub stream_url: Option<String>,
    /// Without it no heartbeat is sent.
    pub ping: Option<PingSettings>,
    /// Sent as it is, without `Bearer`.
    pub key: Option<Secret>,
    pub worker_id: String,
    pub hostname: String,
    pub endpoint_id: Option<String>,
    pub gpu_type_id: Option<String>,
    /// Jobs at once.
    pub n_concurrent: usize,
    /// From the stop flag to the end of the worker.
    pub grace: Duration,
    /// Texts besides the key that no error may tell.
    pub secrets: Vec<Secret>,
    pub waits: RunpodWaits,
}

/// Where a heartbeat goes, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PingSettings {
    pub url: String,
    pub interval: Duration,
}

/// How long a worker waits for what. Nothing of the environment changes it; tests shorten it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunpodWaits {
    /// To a connection.
    pub connect: Duration,
    /// For the answer to a long poll, as long as RunPod's own worker waits.
    pub poll: Duration,
    /// Least time from the start of one poll to the next, where the server holds none open.
    pub poll_spacing: Duration,
    /// After a take that is not possible yet, as after a revival by FlashBoot.
    pub not_ready: Backoff,
    /// After 429 without a time.
    pub throttled: Duration,
    /// After polls that failed.
    pub failed_poll: Backoff,
    /// A key that is refused for this long will not be accepted any more.
    pub not_authorised: Duration,
    /// For the answer to a result.
    pub post: Duration,
    /// After a result that was not accepted.
    pub failed_post: Backoff,
    /// From the first try of a result to the last: the same job is given to another worker afterwards.
    pub post_budget: Duration,
    /// Between two reports of progress.
    pub progress_spacing: Duration,
    /// For the answer to a report of progress, which nothing depends on.
    pub progress: Duration,
    /// After a ping that failed, where the interval is longer.
    pub failed_ping: Duration,
    /// For a worker's last ping, and for the one that says it is unfit.
    pub last_ping: Duration,
    /// That a stopped job's handler has to return before it is left behind.
    pub stopped_job: Duration,
    /// The same at the worker's end.
    pub last_job: Duration,
    /// Of the grace period, kept for the answers to jobs that did not finish in the rest of it.
    pub last_answers: Duration,
    /// That an open take may still bring a job after the stop flag was set.
    pub open_take: Duration,
}

/// A wait that doubles up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pub first: Duration,
    pub longest: Duration,
}

/// How a caller reaches RunPod's endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunpodApiSettings {
    /// Without a trailing slash; an endpoint's id follows.
    pub base_url: String,
    pub key: Secret,
}

impl RunpodSettings {
    /// Reads what a worker on RunPod finds; `None` anywhere else.
    pub(super) fn read(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let Some(take_url) = owned(environment, "RUNPOD_WEBHOOK_GET_JOB") else { return Ok(None) };
        let done_url = owned(environment, "RUNPOD_WEBHOOK_POST_OUTPUT").ok_or(ConfigError::Missing {
            name: "RUNPOD_WEBHOOK_POST_OUTPUT",
            reason: "`RUNPOD_WEBHOOK_GET_JOB` is set, and results need somewhere to go",
        })?;
        let key = owned(environment, "RUNPOD_AI_API_KEY").map(Secret::new);
        let pod = owned(environment, "RUNPOD_POD_ID");
        let interval = ping_interval(environment)?;
        // Where RunPod named no worker or gave no key, nobody waits for a sign of life.
        let can_ping = pod.is_some() && key.is_some();
        let ping_url = owned(environment, "RUNPOD_WEBHOOK_PING").filter(|_| can_ping);
        let seconds = environment.number("DOCTOWN_SHUTDOWN_GRACE_SECONDS", 0..=86_400)?;
        Ok(Some(Self {
            take_url,
            done_url,
            stream_url: owned(environment, "RUNPOD_WEBHOOK_POST_STREAM"),
            ping: ping_url.map(|url| PingSettings { url, interval }),
            key,
            worker_id: pod.unwrap_or_else(|| format!("local-{}", std::process::id())),
            hostname: environment.or_default("RUNPOD_POD_HOSTNAME"),
            endpoint_id: owned(environment, "RUNPOD_ENDPOINT_ID"),
            gpu_type_id: owned(environment, "RUNPOD_GPU_TYPE_ID"),
            n_concurrent: concurrency(environment)?,
            grace: Duration::from_secs(seconds),
            secrets: secrets(environment),
            waits: RunpodWaits::default(),
        }))
    }
}

impl RunpodApiSettings {
    pub(super) fn read(environment: &Environment) -> Option<Self> {
        let base_url = environment.or_default("RUNPOD_ENDPOINT_BASE_URL");
        let key = Secret::new(owned(environment, "RUNPOD_API_KEY")?);
        Some(Self { base_url: base_url.trim_end_matches('/').to_owned(), key })
    }
}

impl Default for RunpodWaits {
    fn default() -> Self {
        let (ms, s) = (Duration::from_millis, Duration::from_secs);
        let backoff = |first, longest| Backoff { first, longest };
        Self {
            connect: s(10),
            poll: s(90),
            poll_spacing: s(1),
            not_ready: backoff(s(1), s(5)),
            throttled: s(5),
            failed_poll: backoff(s(1), s(30)),
            not_authorised: s(300),
            post: s(30),
            failed_post: backoff(ms(500), s(8)),
            post_budget: s(90),
            progress_spacing: s(1),
            progress: s(10),
            failed_ping: s(2),
            last_ping: s(2),
            stopped_job: s(20),
            last_job: s(1),
            last_answers: s(5),
            open_take: s(2),
        }
    }
}

impl RunpodWaits {
    /// Divides every wait between two requests, and none for an answer, so that a slow machine loses none.
    pub fn quickened(self, by: u32) -> Self {
        let quick = |backoff: Backoff| Backoff { first: backoff.first / by, longest: backoff.longest / by };
        Self {
            poll_spacing: self.poll_spacing / by,
            not_ready: quick(self.not_ready),
            throttled: self.throttled / by,
            failed_poll: quick(self.failed_poll),
            not_authorised: self.not_authorised / by,
            failed_post: quick(self.failed_post),
            progress_spacing: self.progress_spacing / by,
            failed_ping: self.failed_ping / by,
            ..self
        }
    }
}

/// Header values and addresses end where the text does, whatever a secret's file ended with.
fn owned(environment: &Environment, name: &str) -> Option<String> {
    environment.get(name).map(|value| value.trim().to_owned())
}

fn ping_interval(environment: &Environment) -> Result<Duration, ConfigError> {
    const NAME: &str = "RUNPOD_PING_INTERVAL";
    let value = environment.or_default(NAME);
    let invalid = |_| ConfigError::Invalid { name: NAME, value: value.clone(), expected: "milliseconds" };
    let ms: u64 = value.trim().parse().map_err(invalid)?;
    Ok(Duration::from_millis(ms.clamp(*PING_INTERVAL_MS.start(), *PING_INTERVAL_MS.end())))
}

/// Every secret of the table that is set.
fn secrets(environment: &Environment) -> Vec<Secret> {
    let secret = VARIABLES.iter().filter(|variable| variable.secret);
    secret.filter_map(|variable| owned(environment, variable.name)).map(Secret::new).collect()
}
