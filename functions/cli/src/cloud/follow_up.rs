//! What is done with a job later: `approve`, `cancel`, `retry`, `redrive`.

use pipeline::port::Ports;
use pipeline::{Makers, StageName, StateDocument, Tenant};
use runtime::config::Config;
use runtime::queue::redrive as send_back;

use crate::args::{ApproveArgs, RedriveArgs};
use crate::cloud::submit::announced;
use crate::cloud::{TIME_LIMIT, block_on, coordinator, read_state, unusable};
use crate::events::parse_job;
use crate::failure::{Exit, Failure};
use crate::jobs::line;
use crate::output::{data, json};
use crate::stage::parse_stage;

const PRINTED_BY: &str = "doctown submit";

/// Agrees to the estimate that was read: to the job's own where none is named.
pub(crate) fn approve(args: &ApproveArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(&args.job, PRINTED_BY)?;
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        let state = read_state(&coordinator, &job).await?;
        let estimate = match &args.estimate {
            Some(text) => text.parse().map_err(|_| {
                Failure::new(Exit::Usage, "estimate_malformed", format!("`{text}` is no digest"))
                    .with_help("`doctown status JOB` shows the estimate and its digest")
            })?,
            None => state.estimate.unwrap_or_default().digest(),
        };
        let approved = coordinator.approve(&Tenant::local(), &job, &estimate, args.budget).await;
        approved.map_err(|error| unusable(&error))
    })?;
    tell("approve", &state, as_json);
    Ok(())
}

/// Ends a job.
pub(crate) fn cancel(job: &str, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(job, PRINTED_BY)?;
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        coordinator.cancel(&Tenant::local(), &job).await.map_err(|error| unusable(&error))
    })?;
    tell("cancel", &state, as_json);
    Ok(())
}

/// Makes a job that is over once more; prints the new job.
pub(crate) fn retry(job: &str, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(job, PRINTED_BY)?;
    let state = block_on(async {
        let coordinator = coordinator(config).await?;
        let state = read_state(&coordinator, &job).await?;
        let makers = Makers {
            stage_versions: pipeline::release_versions(),
            embedder: announced(&coordinator, &state.request).await?,
            time_limit: TIME_LIMIT,
        };
        coordinator.retry(&Tenant::local(), &job, makers).await.map_err(|error| unusable(&error))
    })?;
    match as_json {
        true => json("retry", &state),
        false => data(state.job.as_str()),
    }
    Ok(())
}

/// Sends dead letters back to their queues.
pub(crate) fn redrive(args: &RedriveArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let stages = match &args.stage {
        Some(name) => vec![parse_stage(name)?],
        None => StageName::ALL.to_vec(),
    };
    let sent = block_on(async {
        let coordinator = coordinator(config).await?;
        let mut sent = Vec::new();
        for stage in stages {
            let n_messages = send_back(coordinator.ports().queue(), stage).await;
            let n_messages = n_messages.map_err(|error| unusable(&error.into()))?;
            sent.push((stage, n_messages));
        }
        Ok(sent)
    })?;
    match as_json {
        true => json("redrive", &sent.into_iter().collect::<std::collections::BTreeMap<_, _>>()),
        false => sent.iter().for_each(|(stage, n)| data(&format!("{stage}: {n} messages sent again"))),
    }
    Ok(())
}

fn tell(command: &str, state: &StateDocument, as_json: bool) {
    match as_json {
        true => json(command, state),
        false => data(&line(state)),
    }
}
