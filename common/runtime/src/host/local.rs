//! The whole pipeline in one process: a job from its submission to its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use docpack::Digest;
use pipeline::error::PipelineError;
use pipeline::port::{QueueName, StoreError};
use pipeline::{
    ArtifactStore, BuildRequest, CancelFlag, Clock, Coordinator, DocpackRef, Estimate, JobFamily, JobId,
    NewJob, Phase, Ports, Queue, StageName, Stages, StateDocument, Tenant, Worker,
};
use tracing::{debug, warn};

use crate::clock::SystemClock;
use crate::host::looks::first_of;
use crate::host::units::{Units, Unwatched, Watch};
use crate::ports::{LocalPorts, Observer, OneProcess};
use crate::queue::{LocalQueue, OpenQueueError};
use crate::store::{DirectoryStore, OpenStoreError};

/// How often an idle process looks for a message; short beside any unit of work.
const IDLE: Duration = Duration::from_millis(20);
/// Idle looks after which the job itself is looked at, in case a message was lost.
const IDLE_LOOKS: u32 = 100;
/// Longest build: the largest allowed source on a slow laptop, with sleep in between.
const TIME_LIMIT: Duration = Duration::from_secs(24 * 3_600);

type BuildPorts = OneProcess<LocalPorts<DirectoryStore, LocalQueue<SystemClock>>>;
type LocalWorker<S> = Worker<BuildPorts, S>;
type JobResult = Result<StateDocument, PipelineError>;

/// Where a laptop keeps its builds.
#[derive(Debug, Clone)]
pub struct LocalFolders {
    pub store: PathBuf,
    /// Holds a folder per family of jobs.
    pub queues: PathBuf,
}

impl LocalFolders {
    /// Names the queue of a process that serves all jobs of a store.
    pub fn served_queue(&self) -> PathBuf {
        self.queues.join("served")
    }

    /// Names the folders that belong to a store's folder.
    pub fn of_store(store: &Path) -> Self {
        Self { store: store.to_owned(), queues: store.join("queues") }
    }
}

/// What is to be built, and what else decides the outcome.
#[derive(Debug, Clone)]
pub struct NewBuild {
    pub request: BuildRequest,
    /// How a local source looks now: an unfinished run that saw another is not resumed.
    pub source_fingerprint: Option<Digest>,
    /// Version of the tool and of whatever of this process decides output.
    pub tool: String,
}

/// A build of this process; holds the lock of its family of jobs.
pub struct LocalBuild<S> {
    worker: Arc<LocalWorker<S>>,
    family: JobFamily,
    new: NewBuild,
    watch: Arc<dyn Watch>,
}

/// Why a build cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenBuildError {
    #[error(transparent)]
    Store(#[from] OpenStoreError),
    /// Also when the same build runs in another process.
    #[error(transparent)]
    Queue(#[from] OpenQueueError),
}

impl<S: Stages> LocalBuild<S> {
    /// Opens store and queue; fails with `InUse` while another process makes the same build.
    pub fn open(
        folders: &LocalFolders,
        stages: S,
        new: NewBuild,
        observer: Option<Observer>,
    ) -> Result<Self, OpenBuildError> {
        let family =
            JobFamily::derive(&Tenant::local(), &new.request.source, &new.request.options, &new.tool);
        let store = DirectoryStore::open(&folders.store)?;
        let queue = LocalQueue::open(&folders.queues.join(family.as_str()), SystemClock)?;
        let clock = SystemClock;
        let name = format!("local-{}-{}", std::process::id(), clock.now());
        let ports = OneProcess::new(LocalPorts { store, queue, clock, observer });
        let worker = Worker::new(Arc::new(ports), stages, name);
        Ok(Self { worker: Arc::new(worker), family, new, watch: Arc::new(Unwatched) })
    }

    /// Reports messages and ends of attempts to `watch`.
    pub fn watched(self, watch: Arc<dyn Watch>) -> Self {
        Self { watch, ..self }
    }

    /// Returns the flag that ends the run with everything kept for the next one.
    pub fn stop_flag(&self) -> &CancelFlag {
        self.worker.stop_flag()
    }

    /// Returns the worker, to look at jobs with.
    pub fn worker(&self) -> &Worker<BuildPorts, S> {
        &self.worker
    }

    /// Resumes the newest run that is not over, or begins a new one, and works until it is over.
    ///
    /// The state that is returned is not terminal when the stop flag was set. `began` is told the
    /// job and whether it is resumed, before any work.
    pub async fn run(&self, n_concurrent: usize, began: impl FnOnce(&JobId, bool)) -> JobResult {
        let (coordinator, tenant) = (self.worker.coordinator(), Tenant::local());
        let choose = || choose_run(coordinator, &tenant, &self.family, self.new.source_fingerprint);
        let Run { job, is_resumed, earlier } = match choose().await {
            // Nobody else works on this build, so nobody else can end the run.
            Err(PipelineError::StateDamaged { job, reason }) => {
                warn!(job.id = %job, "an earlier run is left, its state document is damaged: {reason}");
                coordinator.cancel(&tenant, &job).await?;
                choose().await?
            }
            chosen => chosen?,
        };
        began(&job, is_resumed);
        if is_resumed {
            coordinator.recover(&tenant, &job).await?;
        } else {
            coordinator.submit(self.new_job(&tenant, &job)).await?;
        }
        if let Some(earlier) = earlier {
            // Ends it where its deadline passed unseen, and frees what it kept.
            coordinator.reap(&tenant, &earlier).await?;
            if let Err(error) = self.worker.let_go_of(&tenant, &earlier).await {
                warn!(job.id = %earlier, "{error}");
            }
            coordinator.forget(&tenant, &earlier).await?;
        }
        debug!(job.id = %job, "working on {job}");
        work(&self.worker, &tenant, &job, n_concurrent, &self.watch).await
    }

    /// Lets a job that waits spend at most this on a model, and works until it is over.
    pub async fn approve(
        &self,
        state: &StateDocument,
        limit_micro_usd: u64,
        n_concurrent: usize,
    ) -> JobResult {
        let estimate = state.estimate.as_ref().map_or_else(|| Estimate::default().digest(), Estimate::digest);
        let tenant = Tenant::local();
        let coordinator = self.worker.coordinator();
        coordinator.approve(&tenant, &state.job, &estimate, Some(limit_micro_usd)).await?;
        work(&self.worker, &tenant, &state.job, n_concurrent, &self.watch).await
    }

    /// Cancels the newest run if it is not over, so that the next one begins anew.
    pub async fn forget_unfinished(&self) -> Result<(), PipelineError> {
        let (coordinator, tenant) = (self.worker.coordinator(), Tenant::local());
        match coordinator.newest_run(&tenant, &self.family).await? {
            Some((_, state)) if !state.phase.is_terminal() => {
                coordinator.cancel(&tenant, &state.job).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Ends a job and removes it from the store; cached results stay.
    pub async fn discard(&self, job: &JobId) -> Result<(), PipelineError> {
        let (coordinator, tenant) = (self.worker.coordinator(), Tenant::local());
        coordinator.cancel(&tenant, job).await?;
        if let Err(error) = self.worker.let_go_of(&tenant, job).await {
            warn!(job.id = %job, "{error}");
        }
        coordinator.forget(&tenant, job).await
    }

    /// Reads a finished docpack.
    pub async fn read_docpack(&self, docpack: &DocpackRef) -> Result<Vec<u8>, StoreError> {
        let store = self.worker.coordinator().ports().store();
        Ok(store.get(&docpack.key(&Tenant::local())).await?.bytes)
    }

    fn new_job(&self, tenant: &Tenant, job: &JobId) -> NewJob {
        let stages = self.worker.stages();
        let embeds = self.new.request.options.embeddings;
        NewJob {
            tenant: tenant.clone(),
            job: job.clone(),
            owner: "local".to_owned(),
            queue_group: pipeline::QueueGroup::default(),
            request: self.new.request.clone(),
            source_fingerprint: self.new.source_fingerprint,
            trace_id: job.trace_id(),
            parent: None,
            stage_versions: stage_versions(stages),
            embedder: stages.embedder().filter(|_| embeds),
            time_limit: TIME_LIMIT,
        }
    }
}

/// Which run of a family a build is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub job: JobId,
    /// The run was begun before and is not over.
    pub is_resumed: bool,
    /// The run that this one takes the place of.
    pub earlier: Option<JobId>,
}

/// Finds the newest run that is not over, or names the next one.
///
/// An unfinished run that saw another local source is cancelled: what it read is no longer what is asked for.
pub async fn choose_run<P: Ports>(
    coordinator: &Coordinator<P>,
    tenant: &Tenant,
    family: &JobFamily,
    source_fingerprint: Option<Digest>,
) -> Result<Run, PipelineError> {
    let Some((number, mut state)) = coordinator.newest_run(tenant, family).await? else {
        return Ok(Run { job: family.run(1), is_resumed: false, earlier: None });
    };
    if !state.phase.is_terminal() && state.source_fingerprint != source_fingerprint {
        state = coordinator.cancel(tenant, &state.job).await?;
    }
    let now = coordinator.ports().clock().now();
    if !state.phase.is_terminal() && now < state.deadline {
        return Ok(Run { job: state.job, is_resumed: true, earlier: None });
    }
    Ok(Run { job: family.run(number + 1), is_resumed: false, earlier: Some(state.job) })
}

/// Collects the versions of the stages that a process runs.
pub fn stage_versions<S: Stages>(stages: &S) -> BTreeMap<StageName, String> {
    StageName::ALL.into_iter().filter_map(|stage| Some((stage, stages.version(stage)?))).collect()
}

/// Works on one job until it is over, waits for somebody's approval, or the worker's stop flag is set.
///
/// The process must be the only one at the job's queue. At most `n_concurrent` units run at once.
///
/// # Errors
/// The first attempt that a port failed for good; units that were running are interrupted first.
pub async fn run_job<P: Ports, S: Stages>(
    worker: &Arc<Worker<P, S>>,
    tenant: &Tenant,
    job: &JobId,
    n_concurrent: usize,
) -> JobResult {
    let watch: Arc<dyn Watch> = Arc::new(Unwatched);
    work(worker, tenant, job, n_concurrent, &watch).await
}

async fn work<P: Ports, S: Stages>(
    worker: &Arc<Worker<P, S>>,
    tenant: &Tenant,
    job: &JobId,
    n_concurrent: usize,
    watch: &Arc<dyn Watch>,
) -> JobResult {
    // Messages may have been lost between a swap and its sending; sending them twice is harmless.
    let mut state = worker.coordinator().observe(tenant, job).await?;
    let mut units = Units::new(worker, n_concurrent, Arc::clone(watch));
    let mut n_idle = 0;
    let waits = |phase: Phase| phase.is_terminal() || phase == Phase::AwaitingApproval;
    while !waits(state.phase) && !worker.stop_flag().is_set() {
        n_idle = if start_units(worker, &mut units).await? { 0 } else { n_idle + 1 };
        tokio::select! {
            ended = units.next_end() => {
                if let Err(error) = ended {
                    units.stop().await;
                    return Err(error);
                }
                state = worker.coordinator().state(tenant, job).await?;
                n_idle = 0;
            }
            () = worker.coordinator().ports().clock().sleep(IDLE) => {}
        }
        if units.is_idle() && n_idle >= IDLE_LOOKS && is_drained(worker).await? {
            state = worker.coordinator().observe(tenant, job).await?;
            n_idle = 0;
        }
    }
    // Whoever approves goes on with this very worker, so it must not have been told to stop.
    if state.phase == Phase::AwaitingApproval {
        units.finish().await
    } else {
        units.stop().await
    }
    worker.coordinator().state(tenant, job).await
}

/// Starts units while there are messages and room; tells whether any was started.
async fn start_units<P: Ports, S: Stages>(
    worker: &Worker<P, S>,
    units: &mut Units<P, S>,
) -> Result<bool, PipelineError> {
    // The latest stage comes first: what is nearly done frees most.
    let stages = StageName::ALL.into_iter().rev();
    let queues: Vec<_> = stages.flat_map(|stage| [QueueName::work(stage), QueueName::dead(stage)]).collect();
    let mut started = false;
    while units.has_room() {
        let Some((queue, received)) =
            first_of(&**worker.coordinator().ports(), &queues, worker.lease()).await?
        else {
            break;
        };
        units.start(queue, received);
        started = true;
    }
    Ok(started)
}

async fn is_drained<P: Ports, S>(worker: &Arc<Worker<P, S>>) -> Result<bool, PipelineError>
where
    S: Stages,
{
    let queue = worker.coordinator().ports().queue();
    for stage in StageName::ALL {
        if queue.depth(QueueName::work(stage)).await? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
