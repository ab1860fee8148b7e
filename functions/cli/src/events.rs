//! `doctown events JOB`: the events of a job, and the audit of its model calls.

use pipeline::{Envelope, JobId, Tenant};
use runtime::config::Config;

use crate::failure::{Exit, Failure};
use crate::output::{data, exact};
use crate::reading::{self, block_on, no_such_job};

/// Longer payloads are cut in plain output; `--json` prints them whole.
const MAX_DATA_CHARS: usize = 160;

pub(crate) fn events(job: &JobId, config: &Config, json: bool) -> Result<(), Failure> {
    let envelopes = read(job, config)?;
    for envelope in &envelopes {
        // One event a line, so that a program can follow the stream.
        match json {
            true => exact(&serde_json::to_string(envelope).unwrap_or_default()),
            false => data(&line(envelope)),
        }
    }
    Ok(())
}

/// Prints what a job sent to language models; without a job, the questions of `doctown ask --model`.
pub(crate) fn audit(job: Option<&str>, config: &Config) -> Result<(), Failure> {
    let job = job.map(|job| parse_job(job, "doctown build")).transpose()?;
    let tenant = Tenant::local();
    let lines = block_on(async {
        let ports = reading::ports(config).await?;
        let lines = match &job {
            Some(job) => pipeline::read_audit(&ports, &tenant, job).await,
            None => pipeline::read_question_audit(&ports, &tenant).await,
        };
        lines.map_err(|error| no_such_job(&error))
    })?;
    lines.iter().for_each(|line| exact(line));
    Ok(())
}

/// Reads the events of a job, ordered by time.
pub(crate) fn read(job: &JobId, config: &Config) -> Result<Vec<Envelope>, Failure> {
    block_on(async {
        let ports = reading::ports(config).await?;
        let events = pipeline::event::read_events(&ports, &Tenant::local(), job).await;
        events.map_err(|error| no_such_job(&error))
    })
}

/// Parses a job id; `printed_by` is the command that prints it.
pub(crate) fn parse_job(job: &str, printed_by: &str) -> Result<JobId, Failure> {
    job.parse().map_err(|error: pipeline::id::NameError| {
        Failure::new(Exit::Usage, "job_id_malformed", error.to_string())
            .with_help(format!("`{printed_by}` and `doctown jobs` print job ids"))
    })
}

fn line(envelope: &Envelope) -> String {
    line_of(&serde_json::to_value(envelope).unwrap_or_default())
}

/// Writes an event in one line, whether or not this program knows its type.
pub(crate) fn line_of(envelope: &serde_json::Value) -> String {
    let text = envelope["data"].to_string();
    let shown: String = text.chars().take(MAX_DATA_CHARS).collect();
    let cut = if shown.len() < text.len() { "…" } else { "" };
    let word = |name: &str| envelope[name].as_str().unwrap_or_default();
    format!("{} {:28} {shown}{cut}", word("time"), word("type"))
}
