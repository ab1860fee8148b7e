//! `doctown events JOB`: everything that happened for a job.

use pipeline::{Envelope, JobId, Tenant};
use runtime::config::Config;
use runtime::{DirectoryStore, LocalPorts, MemoryQueue, SystemClock};

use crate::failure::{Exit, Failure};
use crate::output::data;
use crate::setting;

/// Longer payloads are cut in plain output; `--json` prints them whole.
const MAX_DATA_CHARS: usize = 160;

pub(crate) fn events(job: &str, config: &Config, json: bool) -> Result<(), Failure> {
    let job = parse_job(job, "doctown build")?;
    let store = DirectoryStore::open(setting::store_folder(config)?)
        .map_err(|error| Failure::new(Exit::Failed, "store_unavailable", error.to_string()))?;
    let host = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, "no_runtime", error.to_string()))?;
    let queue = MemoryQueue::new(SystemClock);
    let ports = LocalPorts { store, queue, clock: SystemClock, observer: None };
    let envelopes =
        host.block_on(pipeline::event::read_events(&ports, &Tenant::local(), &job)).map_err(|error| {
            Failure::new(Exit::InputRefused, "no_such_job", error.to_string())
                .with_help("a newer run of the same build takes the place of an older one")
        })?;
    for envelope in &envelopes {
        // One event a line, so that a program can follow the stream.
        data(&if json { serde_json::to_string(envelope).unwrap_or_default() } else { line(envelope) });
    }
    Ok(())
}

/// Reads a job's id; `printed_by` is the command that tells it.
pub(crate) fn parse_job(job: &str, printed_by: &str) -> Result<JobId, Failure> {
    job.parse().map_err(|error: pipeline::id::NameError| {
        Failure::new(Exit::Usage, "job_id_malformed", error.to_string())
            .with_help(format!("`{printed_by}` prints the job's id"))
    })
}

fn line(envelope: &Envelope) -> String {
    let event = serde_json::to_value(&envelope.event).unwrap_or_default();
    let text = event["data"].to_string();
    let shown: String = text.chars().take(MAX_DATA_CHARS).collect();
    let cut = if shown.len() < text.len() { "…" } else { "" };
    format!("{} {:28} {shown}{cut}", envelope.time, envelope.event.type_name())
}
