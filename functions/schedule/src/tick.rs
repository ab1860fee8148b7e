//! One look at everything: what is due is submitted, what was lost is sent again.

use std::future::Future;

use docpack::Digest;
use pipeline::error::PipelineError;
use pipeline::job::ReapEnd;
use pipeline::{
    BuildRequest, Clock, Coordinator, JobFamily, JobId, Makers, NewJob, Phase, Ports, Tenant, Timestamp,
};
use serde::Serialize;
use tracing::{info, warn};

use crate::list::{Schedule, ScheduleList};

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
    pub n_resent: u64,
    pub n_closed: u64,
}

impl Tick {
    /// Looks at every schedule and every job that is not over.
    pub async fn run<P: Ports, B: Builder>(
        coordinator: &Coordinator<P>,
        tenant: &Tenant,
        builder: &B,
    ) -> Result<Self, PipelineError> {
        let mut tick = Self::default();
        // What was lost comes first: a broken schedule must not keep it waiting.
        tick.reap(coordinator, tenant).await?;
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
                tick.scheduled.extend(due.submit().await?);
            }
        }
        Ok(tick)
    }

    async fn reap<P: Ports>(
        &mut self,
        coordinator: &Coordinator<P>,
        tenant: &Tenant,
    ) -> Result<(), PipelineError> {
        for job in coordinator.active_jobs(tenant).await? {
            self.n_jobs += 1;
            match coordinator.reap(tenant, &job).await {
                Ok(ReapEnd::Closed) => self.n_closed += 1,
                Ok(ReapEnd::Resent { n_messages }) => self.n_resent += u64::from(n_messages),
                Ok(ReapEnd::Waiting) => {}
                // One that this version cannot read is no reason to leave the others alone.
                Err(error @ PipelineError::Damaged { .. }) => warn!(job.id = %job, "left alone: {error}"),
                Err(error) => return Err(error),
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
        Ok(BuildRequest { source, options: self.schedule.options.clone() })
    }

    async fn job(&self, request: BuildRequest) -> Result<Submitted, PipelineError> {
        let makers = match self.builder.makers(&request).await {
            Ok(makers) => makers,
            Err(reason) => return Ok(Submitted::NotYet { reason }),
        };
        let embedder = makers.embedder.filter(|_| request.options.embeddings);
        let tool = pipeline::tool(embedder.as_ref());
        let family = JobFamily::derive(&request.source, &request.options, &tool);
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
