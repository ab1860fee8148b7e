//! `jobs`, `status` and `fsck`, over a folder or a bucket; and which commands go to a hosted Doctown instead.

use std::collections::BTreeSet;
use std::time::Duration;

use pipeline::fsck::{self, ReadBack, Violation};
use pipeline::key::ArtifactPrefix;
use pipeline::port::Ports;
use pipeline::{ArtifactStore, Coordinator, JobId, Phase, PipelineError, StateDocument, Tenant};
use runtime::config::{Config, StoreConfig};
use serde::Serialize;
use source::spec::SourceSpec;

use crate::args::{ApproveArgs, Cli, FsckArgs, HostedArgs, JobArgs, JobsArgs, StatusArgs, SubmitArgs};
#[cfg(feature = "aws")]
use crate::cloud;
use crate::events::{self, parse_job};
use crate::failure::{self, Exit, Failure};
use crate::hosted::{self, Client};
use crate::output::{data, json, thousands};
use crate::reading::{self, ReadPorts, block_on, no_such_job, of_job_in_store, unreadable};
use crate::setting;
use crate::target;
#[cfg(not(feature = "aws"))]
use crate::without_cloud as cloud;

/// Between looks at a job that is waited for.
const POLL: Duration = Duration::from_millis(500);

pub(crate) fn status(args: &StatusArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let job = parse_job(&args.job, "doctown submit")?;
    match client_of_job(&job, &args.hosted, config)? {
        Some(client) => hosted::status(args, &job, &client, cli),
        None => status_in_store(args, &job, config, cli.json),
    }
}

pub(crate) fn events(args: &JobArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let job = parse_job(&args.job, "doctown build")?;
    match client_of_job(&job, &args.hosted, config)? {
        Some(client) => hosted::events(&job, &client, cli.json),
        None => events::events(&job, config, cli.json),
    }
}

/// Submits a job to a hosted Doctown, or to the workers of a bucket.
pub(crate) fn submit(args: &SubmitArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    match hosted::client_or_store(args.hosted.server.as_deref(), config)? {
        Some(client) => hosted::submit(args, &client, config, cli),
        None => submit_to_bucket(args, config, cli),
    }
}

pub(crate) fn approve(args: &ApproveArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(&args.job, "doctown submit")?;
    match hosted::client_or_store(args.hosted.server.as_deref(), config)? {
        Some(client) => hosted::approve(args, &job, &client, as_json),
        None => in_bucket(config, || cloud::approve(args, config, as_json)),
    }
}

pub(crate) fn cancel(args: &JobArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(&args.job, "doctown submit")?;
    match hosted::client_or_store(args.hosted.server.as_deref(), config)? {
        Some(client) => hosted::cancel(&job, &client, as_json),
        None => in_bucket(config, || cloud::cancel(&args.job, config, as_json)),
    }
}

pub(crate) fn retry(args: &JobArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(&args.job, "doctown submit")?;
    match hosted::client_or_store(args.hosted.server.as_deref(), config)? {
        Some(client) => hosted::retry(&job, &client, as_json),
        None => in_bucket(config, || cloud::retry(&args.job, config, as_json)),
    }
}

fn submit_to_bucket(args: &SubmitArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    if args.wait {
        return Err(Failure::new(
            Exit::Usage,
            "wait_not_taken",
            "`--wait` follows jobs on a hosted Doctown only",
        )
        .with_help("leave it out, and wait with `doctown status JOB --wait`"));
    }
    in_bucket(config, || cloud::submit(args, config, cli))
}

/// Does something with jobs in a bucket, if the store is one.
fn in_bucket(config: &Config, work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    match &config.store {
        StoreConfig::S3 { .. } => work(),
        StoreConfig::Folder(_) => {
            let message =
                "there is no server for this command: you are not signed in, and the store is a folder";
            Err(Failure::new(Exit::Usage, "server_missing", message).with_help(
                "sign in with `doctown login --server https://HOST`, name a server with `--server`, or set DOCTOWN_STORE to a bucket",
            ))
        }
    }
}

/// Finds the server that has a job; `None` if the store has it.
///
/// Ids of jobs differ between stores and servers, so a job of this machine is found here without naming the place.
fn client_of_job(job: &JobId, args: &HostedArgs, config: &Config) -> Result<Option<Client>, Failure> {
    let is_named = args.server.is_some() || config.hosted.server.is_some();
    let client = hosted::client_or_store(args.server.as_deref(), config)?;
    if is_named || client.is_none() || !has_job(job, config) {
        return Ok(client);
    }
    Ok(None)
}

/// Tells whether the folder of this machine has a job; makes no folder.
fn has_job(job: &JobId, config: &Config) -> bool {
    let StoreConfig::Folder(folder) = &config.store else { return false };
    let found = || {
        block_on(async {
            let coordinator = reading::coordinator(config).await?;
            read_state(&coordinator, job).await
        })
    };
    folder.is_dir() && found().is_ok()
}

fn status_in_store(args: &StatusArgs, job: &JobId, config: &Config, as_json: bool) -> Result<(), Failure> {
    let state = block_on(async {
        let coordinator = reading::coordinator(config).await?;
        let mut state = read_state(&coordinator, job).await?;
        while args.wait && !state.phase.is_terminal() {
            tokio::time::sleep(POLL).await;
            state = read_state(&coordinator, job).await?;
        }
        if let (Some(output), Some(docpack)) = (&args.output, &state.result) {
            let found = coordinator.ports().store().get(&docpack.key(&Tenant::local())).await;
            target::write(output, &found.map_err(|error| unreadable(&error))?.bytes)?;
        }
        Ok(state)
    })?;
    match as_json {
        true => json("status", &state),
        false => {
            data(&line(&state));
            if let (Phase::AwaitingApproval, Some(estimate)) = (state.phase, &state.estimate) {
                data(&crate::prose::told(estimate));
                data(&format!(
                    "estimate {}: approve it with `doctown approve {}`",
                    estimate.digest(),
                    state.job
                ));
            }
        }
    }
    match (&state.error, state.phase) {
        (Some(error), Phase::Failed) => Err(failure::of_job(&error.code, &error.message)),
        _ => Ok(()),
    }
}

/// Lists jobs: those that are not over, or all of one repository.
pub(crate) fn jobs(args: &JobsArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let source = match &args.repo {
        Some(repo) => {
            let source_config = setting::source_config(&config.source)?;
            let spec = SourceSpec::parse(repo, &source_config).map_err(|error| failure::of_source(&error))?;
            Some(spec.canonical(&source_config))
        }
        None => None,
    };
    let (mut states, unusable) = block_on(async {
        let coordinator = reading::coordinator(config).await?;
        let tenant = Tenant::local();
        let found = match &source {
            Some(source) => coordinator.jobs_of_source(&tenant, source).await,
            None => coordinator.active_jobs(&tenant).await,
        };
        let (mut states, mut unusable) = (Vec::new(), Vec::new());
        for job in found.map_err(|error| unreadable(&error))? {
            match coordinator.state(&tenant, &job).await {
                Ok(state) => states.push(state),
                // A job that was removed meanwhile is no longer one.
                Err(PipelineError::NoSuchJob { .. }) => {}
                Err(error) if error.is_of_one_job() => {
                    unusable.push(UnusableJob { failure: of_job_in_store(&error), job });
                }
                Err(error) => return Err(unreadable(&error)),
            }
        }
        Ok((states, unusable))
    })?;
    states.retain(|state| args.owner.as_ref().is_none_or(|owner| *owner == state.owner));
    states.sort_by(|a, b| (a.created_at, &a.job).cmp(&(b.created_at, &b.job)));
    match as_json {
        true => {
            let states = states.iter().map(|state| serde_json::to_value(state).unwrap_or_default());
            json("jobs", &states.chain(unusable.iter().map(UnusableJob::to_json)).collect::<Vec<_>>());
        }
        false => {
            states.iter().for_each(|state| data(&line(state)));
            unusable.iter().for_each(|unusable| data(&unusable.line()));
        }
    }
    Ok(())
}

/// A job of the list whose state document says nothing.
struct UnusableJob {
    job: JobId,
    failure: Failure,
}

impl UnusableJob {
    fn line(&self) -> String {
        format!("{} {} {}", self.job, self.failure.code, self.failure.message)
    }

    fn to_json(&self) -> serde_json::Value {
        let Failure { code, message, help, .. } = &self.failure;
        serde_json::json!({"job": self.job, "error": {"code": code, "message": message, "help": help}})
    }
}

/// Writes the phase of a job in one line.
pub(crate) fn line(state: &StateDocument) -> String {
    format!("{} {} {}", state.job, state.phase, state.request.source)
}

async fn read_state(coordinator: &Coordinator<ReadPorts>, job: &JobId) -> Result<StateDocument, Failure> {
    coordinator.state(&Tenant::local(), job).await.map_err(|error| no_such_job(&error))
}

/// What `fsck` found of one job.
#[derive(Debug, Serialize)]
struct Checked {
    job: JobId,
    violations: Vec<Violation>,
}

/// What `fsck` looked at, and what is off.
#[derive(Debug, Serialize)]
struct Report {
    jobs: Vec<Checked>,
    /// Every object of the store, where all of them were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<ReadBack>,
}

impl Report {
    fn n_violations(&self) -> usize {
        let of_objects = self.objects.as_ref().map_or(0, |objects| objects.violations.len());
        self.jobs.iter().map(|checked| checked.violations.len()).sum::<usize>() + of_objects
    }

    fn print(&self) {
        let line = |found: &Violation| data(&format!("  {} {}: {}", found.code, found.key, found.message));
        for Checked { job, violations } in &self.jobs {
            data(&format!("{job}: {} faults", violations.len()));
            violations.iter().for_each(line);
        }
        match &self.objects {
            Some(ReadBack { n_objects, violations }) => {
                data(&format!("{} objects read: {} faults", thousands(*n_objects), violations.len()));
                violations.iter().for_each(line);
            }
            None if self.jobs.is_empty() => data("there are no jobs"),
            None => {}
        }
    }
}

/// Checks what the store holds of jobs; exit 7 when something is not as it must be.
pub(crate) fn fsck(args: &FsckArgs, config: &Config, as_json: bool) -> Result<(), Failure> {
    let named = args.jobs.iter().map(|job| parse_job(job, "doctown jobs")).collect::<Result<Vec<_>, _>>()?;
    let report = block_on(async {
        let coordinator = reading::coordinator(config).await?;
        let ports = &**coordinator.ports();
        let mut report = Report { jobs: Vec::new(), objects: None };
        // Without names, every object is read once below.
        let deep = args.deep && !named.is_empty();
        let tenants = coordinator.tenants().await.map_err(|error| unreadable(&error))?;
        let mut jobs = BTreeSet::new();
        for tenant in &tenants {
            let of_tenant = all_jobs(&coordinator, tenant).await?;
            jobs.extend(of_tenant.into_iter().map(|job| (tenant.clone(), job)));
        }
        if !named.is_empty() {
            // A job that is in no list is looked for where it would be: it may have lost its entry.
            let listed = |job: &JobId| jobs.iter().find(|(_, other)| other == job).cloned();
            let found = |job: &JobId| listed(job).unwrap_or_else(|| (Tenant::local(), job.clone()));
            jobs = named.iter().map(found).collect();
        }
        for (tenant, job) in jobs {
            match fsck::check_job(ports, &tenant, &job, deep).await {
                Ok(violations) => report.jobs.push(Checked { violations, job }),
                // A newer run of the same build took its place.
                Err(PipelineError::NoSuchJob { .. }) if named.is_empty() => {}
                Err(error) => return Err(no_such_job(&error)),
            }
        }
        if args.deep && named.is_empty() {
            for tenant in &tenants {
                for prefix in ArtifactPrefix::everything(tenant) {
                    let read = fsck::read_back(ports, &prefix).await.map_err(|error| unreadable(&error))?;
                    report.objects.get_or_insert_default().add(read);
                }
            }
        }
        Ok(report)
    })?;
    match as_json {
        true => json("fsck", &report),
        false => report.print(),
    }
    match report.n_violations() {
        0 => Ok(()),
        n => Err(Failure::new(
            Exit::VerificationFailed,
            "store_inconsistent",
            format!("{n} faults in the store"),
        )
        .with_help("`doctown retry JOB` runs a job again from the start")),
    }
}

/// Lists the jobs of all sources, those that are over too, and those that are not over.
async fn all_jobs(coordinator: &Coordinator<ReadPorts>, tenant: &Tenant) -> Result<BTreeSet<JobId>, Failure> {
    let mut jobs = coordinator.all_jobs(tenant).await.map_err(|error| unreadable(&error))?;
    jobs.extend(coordinator.active_jobs(tenant).await.map_err(|error| unreadable(&error))?);
    Ok(jobs.into_iter().collect())
}
