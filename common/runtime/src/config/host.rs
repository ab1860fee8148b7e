//! How a stage's process is run.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::config::ConfigError;
use crate::config::environment::Environment;

/// Where a process gets its work from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One JSON in, one JSON out.
    Once,
    /// Requests to a port.
    Http,
    /// Invocations by AWS Lambda.
    Lambda,
    /// The stage's queue.
    Sqs,
    /// Jobs of a RunPod endpoint.
    Runpod,
}

/// How a stage's process is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// `None` where neither the variable nor the surroundings say.
    pub mode: Option<Mode>,
    /// Where health and metrics are served.
    pub listen: Option<SocketAddr>,
    pub n_concurrent: usize,
    /// How long a try is believed to run without a heartbeat, and its message stays hidden.
    pub lease: Duration,
    pub reap_every: Option<Duration>,
    /// Between being told to stop and stopping.
    pub grace: Duration,
}

/// Units at once on a GPU: several batches of texts wait while one is computed and another is stored.
const GPU_CONCURRENCY: usize = 8;

const MODES: [(&str, Mode); 5] = [
    ("once", Mode::Once),
    ("http", Mode::Http),
    ("lambda", Mode::Lambda),
    ("sqs", Mode::Sqs),
    ("runpod", Mode::Runpod),
];

impl HostConfig {
    pub(super) fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let seconds = |name| environment.number(name, 0..=86_400).map(Duration::from_secs);
        let reap_every = seconds("DOCTOWN_REAP_SECONDS")?;
        Ok(Self {
            mode: match environment.get("DOCTOWN_MODE") {
                Some(_) => Some(environment.word("DOCTOWN_MODE", &MODES)?),
                None => by_surroundings(environment),
            },
            listen: listen(environment)?,
            n_concurrent: concurrency(environment)?,
            lease: Duration::from_secs(environment.number("DOCTOWN_LEASE_SECONDS", 3..=3_600)?),
            reap_every: (!reap_every.is_zero()).then_some(reap_every),
            grace: seconds("DOCTOWN_SHUTDOWN_GRACE_SECONDS")?,
        })
    }
}

/// Reads how many units run at once; a GPU is only busy with the texts of several.
pub(super) fn concurrency(environment: &Environment) -> Result<usize, ConfigError> {
    let is_gpu = environment.get("DOCTOWN_DEVICE") == Some("cuda");
    let default = if is_gpu { GPU_CONCURRENCY } else { 1 };
    Ok(environment.count("DOCTOWN_CONCURRENCY")?.unwrap_or(default))
}

/// What a platform sets for its own is the likeliest sign of it; a bucket alone is the weakest.
fn by_surroundings(environment: &Environment) -> Option<Mode> {
    let signs = [
        ("AWS_LAMBDA_RUNTIME_API", Mode::Lambda),
        ("RUNPOD_WEBHOOK_GET_JOB", Mode::Runpod),
        ("PORT", Mode::Http),
    ];
    let found = signs.into_iter().find(|(name, _)| environment.get(name).is_some());
    let has_bucket = environment.get("DOCTOWN_STORE").is_some_and(|store| store.starts_with("s3://"));
    found.map(|(_, mode)| mode).or(has_bucket.then_some(Mode::Sqs))
}

fn listen(environment: &Environment) -> Result<Option<SocketAddr>, ConfigError> {
    if environment.get("PORT").is_none() {
        return Ok(None);
    }
    let port = environment.number("PORT", 0..=65_535)? as u16;
    const NAME: &str = "DOCTOWN_LISTEN";
    let value = environment.or_default(NAME);
    let address: IpAddr =
        value.parse().map_err(|_| ConfigError::Invalid { name: NAME, value, expected: "an IP address" })?;
    Ok(Some(SocketAddr::new(address, port)))
}
