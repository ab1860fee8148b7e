//! One look at everything: what is due is submitted, what was lost is sent again.

use std::future::Future;
use std::time::Duration;

use docpack::Digest;
use futures_util::future::join_all;
use pipeline::error::PipelineError;
use pipeline::job::ReapEnd;
use pipeline::{
    BuildRequest, Clock, Coordinator, JobFamily, JobId, Makers, NewJob, Phase, Ports, Tenant, Timestamp,
};
use serde::Serialize;
use tracing::{info, warn};

use crate::list::{Schedule, ScheduleList};

/// Time that a tick spends on jobs that are not over; the function that runs it has five minutes.
const REAP_BUDGET: Duration = Duration::from_secs(150);
/// Jobs looked at side by side; each costs some ten requests, one after the other.
const REAPED_AT_ONCE: usize = 16;
const MS_PER_TURN: u64 = 60_000;

/// What a tick asks of the world to make a job.
pub trait Builder: Send + Sync {
    /// Brings a repository's address into the form that jobs have it in.
    fn canonical(&self, repo: &str) -> Result<String, String>;

    /// Finds the commit that a build would read now; `None` where there is none to name.
    fn head(&self, request: &BuildRequest) -> impl Future<Output = Result<Option<String>, String>> + Send;

    /// Says what would make the job.
    fn makers(&self, request: &BuildRequest) -> impl Future<Output = Result<Makers, String>> + Send;
}

/// What became of one repository in one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scheduled {
    pub schedule: String,
    pub repo: String,
    pub window: Timestamp,
    pub submitted: Submitted,
}

/// Whether a job was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Submitted {
    Job(JobId),
    /// The newest docpack is of this very commit.
    Unchanged {
        job: JobId,
        commit: String,
    },
    /// It could not be submitted; the next tick tries again.
    NotYet {
        reason: String,
    },
}

/// What a tick did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tick {
    pub scheduled: Vec<Scheduled>,
    /// Jobs that were looked at for lost messages.
    pub n_jobs: u64,
    /// Jobs that the time was too short for.
    pub n_left: u64,
    pub n_resent: u64,
    pub n_closed: u64,
}

impl Tick {
    /// Looks at every schedule and every job that is not over, of all tenants.
    pub async fn run<P: Ports, B: Builder>(
        coordinator: &Coordinator<P>,
        builder: &B,
    ) -> Result<Self, PipelineError> {
        let mut tick = Self::default();
        // Neither keeps the other waiting: schedules are short, and what is lost is looked for in any case.
        let scheduled = tick.submit_all_due(coordinator, builder).await;
        tick.reap(coordinator).await?;
        scheduled.map(|()| tick)
    }

    async fn submit_all_due<P: Ports, B: Builder>(
        &mut self,
        coordinator: &Coordinator<P>,
        builder: &B,
    ) -> Result<(), PipelineError> {
        for tenant in coordinator.tenants().await? {
            self.submit_due(coordinator, &tenant, builder).await?;
        }
        Ok(())
    }

    async fn submit_due<P: Ports, B: Builder>(
        &mut self,
        coordinator: &Coordinator<P>,
        tenant: &Tenant,
        builder: &B,
    ) -> Result<(), PipelineError> {
        let list = coordinator.schedules::<ScheduleList>(tenant).await?.unwrap_or_else(ScheduleList::empty);
        let now = coordinator.ports().clock().now();
        for schedule in &list.schedules {
            let window = match schedule.window(now) {
                Ok(Some(window)) => window,
                Ok(None) => continue,
                Err(error) => {
                    warn!("a schedule was left out: {error}");
                    continue;
                }
            };
            for repo in &schedule.repos {
                let due = Due { coordinator, tenant, builder, schedule, repo, window };
                self.scheduled.extend(due.submit().await?);
            }
        }
        Ok(())
    }

    /// Looks at the jobs that are not over for as long as a tick may take, and in the next tick at others.
    async fn reap<P: Ports>(&mut self, coordinator: &Coordinator<P>) -> Result<(), PipelineError> {
        let clock = coordinator.ports().clock();
        let begun_at = clock.now();
        let mut jobs = coordinator.all_active_jobs().await?;
        // Each minute begins elsewhere in the list, so that no job is always among those left for later.
        let n_jobs = jobs.len().max(1);
        jobs.rotate_left(usize::try_from(begun_at.0 / MS_PER_TURN).unwrap_or(0) * REAPED_AT_ONCE % n_jobs);
        for some in jobs.chunks(REAPED_AT_ONCE) {
            if clock.now().since(begun_at) >= REAP_BUDGET {
                self.n_left = (jobs.len() as u64).saturating_sub(self.n_jobs);
                warn!(n_left = self.n_left, "jobs are left for the next tick");
                break;
            }
            let reaped = join_all(some.iter().map(|(tenant, job)| coordinator.reap(tenant, job))).await;
            for ((_, job), reaped) in some.iter().zip(reaped) {
                self.n_jobs += 1;
                match reaped {
                    Ok(ReapEnd::Closed) => self.n_closed += 1,
                    Ok(ReapEnd::Resent { n_messages }) => self.n_resent += u64::from(n_messages),
                    Ok(ReapEnd::Waiting) => {}
                    // One that this version cannot read is no reason to leave the others alone.
                    Err(error) if error.is_of_one_job() => warn!(job.id = %job, "left alone: {error}"),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

/// One repository in one window.
struct Due<'a, P, B> {
    coordinator: &'a Coordinator<P>,
    tenant: &'a Tenant,
    builder: &'a B,
    schedule: &'a Schedule,
    repo: &'a str,
    window: Timestamp,
}

impl<P: Ports, B: Builder> Due<'_, P, B> {
    /// Submits unless this window was seen to; the window is noted after the job, so that none is lost.
    async fn submit(&self) -> Result<Option<Scheduled>, PipelineError> {
        let name = Digest::of(format!("{}\n{}", self.schedule.name, self.repo).as_bytes());
        if self.coordinator.window_is_done(self.tenant, &name, self.window).await? {
            return Ok(None);
        }
        let submitted = match self.request() {
            Ok(request) => self.job(request).await?,
            Err(reason) => Submitted::NotYet { reason },
        };
        match &submitted {
            Submitted::NotYet { reason } => {
                warn!(repo = self.repo, schedule = self.schedule.name, "not submitted: {reason}");
            }
            Submitted::Job(job) | Submitted::Unchanged { job, .. } => {
                self.coordinator.window_done(self.tenant, &name, self.window, job).await?;
                info!(job.id = %job, repo = self.repo, schedule = self.schedule.name, "window {} is done", self.window);
            }
        }
        let (schedule, repo) = (self.schedule.name.clone(), self.repo.to_owned());
        Ok(Some(Scheduled { schedule, repo, window: self.window, submitted }))
    }

    fn request(&self) -> Result<BuildRequest, String> {
        let source = self.builder.canonical(self.repo)?;
        let (options, tags) = (self.schedule.options.clone(), self.schedule.tags.clone());
        Ok(BuildRequest { source, options, tags, installed: None })
    }

    async fn job(&self, request: BuildRequest) -> Result<Submitted, PipelineError> {
        let makers = match self.builder.makers(&request).await {
            Ok(makers) => makers,
            Err(reason) => return Ok(Submitted::NotYet { reason }),
        };
        let embedder = makers.embedder.filter(|_| request.options.embeddings);
        let tool = pipeline::tool(embedder.as_ref());
        let family = JobFamily::derive(self.tenant, &request.source, &request.options, &tool);
        let newest = self.coordinator.newest_run(self.tenant, &family).await?;
        let number = match newest {
            // What is being built is the answer to this window as well.
            Some((_, state)) if !state.phase.is_terminal() => return Ok(Submitted::Job(state.job)),
            Some((number, state)) => {
                let head = match self.builder.head(&request).await {
                    Ok(head) => head,
                    Err(reason) => return Ok(Submitted::NotYet { reason }),
                };
                match head {
                    Some(commit)
                        if state.phase == Phase::Completed
                            && state.resolved_commit.as_ref() == Some(&commit) =>
                    {
                        return Ok(Submitted::Unchanged { job: state.job, commit });
                    }
                    _ => number + 1,
                }
            }
            None => 1,
        };
        let job = family.run(number);
        let state = self.coordinator.submit(NewJob {
            tenant: self.tenant.clone(),
            owner: self.schedule.owner.clone(),
            queue_group: pipeline::QueueGroup::default(),
            trace_id: job.trace_id(),
            job,
            request,
            source_fingerprint: None,
            parent: None,
            stage_versions: makers.stage_versions,
            embedder,
            time_limit: makers.time_limit,
        });
        Ok(Submitted::Job(state.await?.job))
    }
}
