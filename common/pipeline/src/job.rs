//! Jobs from outside: submitting, cancelling, observing; and the fan-in that moves them on.

mod alone;
mod embedders;
mod fan_in;
mod follow_up;
mod list;
mod reap;
mod recover;
mod schedules;
mod standing;
mod tenants;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use docpack::Digest;

pub use embedders::Announced;
pub(crate) use fan_in::Seen;
pub use follow_up::Makers;
pub(crate) use list::{SealedCache, finished_units, group_key, groups_of, marker_key, seal, unit_result};
pub use reap::ReapEnd;
pub(crate) use reap::deadline_exceeded;
pub use standing::{SeenMarkers, StageStanding, standing};

use crate::error::PipelineError;
use crate::event::completion_event;
use crate::id::{JobFamily, JobId, Tenant, TraceId};
use crate::key::{ArtifactKey, ArtifactPrefix};
use crate::message::QueueGroup;
use crate::options::{BuildOptions, BuildRequest};
use crate::plan::{Phase, StageName};
use crate::port::{ArtifactStore, Clock, Ports, PutMode, StoreError, Version};
use crate::retried::{Retried, backoff};
use crate::state::{JobError, PhaseEntry, PinnedEmbedder, STATE_SCHEMA_VERSION, StateDocument};

/// Rounds of read and swap before a worker leaves a job to others; each round is another's progress or a fault.
pub(crate) const MAX_ROUNDS: u32 = 64;
/// Wait before a swap whose answer was unclear is decided again; R2 takes one write a second for a key.
const SWAP_WAIT: Duration = Duration::from_millis(200);

/// Stands for the source of a job whose state document was lost.
pub(crate) const UNKNOWN_SOURCE: &str = "unknown";

/// What a new job is.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub tenant: Tenant,
    pub job: JobId,
    pub owner: String,
    /// Whose turn its messages take.
    pub queue_group: QueueGroup,
    pub request: BuildRequest,
    /// How a local source looks, so that an unfinished job of another look is not resumed.
    pub source_fingerprint: Option<Digest>,
    pub trace_id: TraceId,
    /// The job that this one repeats.
    pub parent: Option<JobId>,
    pub stage_versions: BTreeMap<StageName, String>,
    /// `None` without embeddings.
    pub embedder: Option<PinnedEmbedder>,
    /// How long the job may take before it fails.
    pub time_limit: Duration,
}

/// Moves jobs on. Holds no truth of its own: any number may work on one job at once.
pub struct Coordinator<P> {
    pub(crate) ports: Arc<P>,
    pub(crate) sealed: SealedCache,
    name: String,
    n_tokens: AtomicU64,
}

impl<P: Ports> Coordinator<P> {
    /// Makes a coordinator; `name` differs between processes and between starts of one.
    pub fn new(ports: Arc<P>, name: impl Into<String>) -> Self {
        Self { ports, sealed: SealedCache::default(), name: name.into(), n_tokens: AtomicU64::new(0) }
    }

    /// Returns the ports it works through.
    pub fn ports(&self) -> &Arc<P> {
        &self.ports
    }

    /// Creates the job unless it exists, and sends its first message. Repeating it is harmless.
    pub async fn submit(&self, new: NewJob) -> Result<StateDocument, PipelineError> {
        let (tenant, job) = (new.tenant.clone(), new.job.clone());
        let state = self.first_state(new);
        self.note_tenant(&tenant).await?;
        // The index comes first: a job that is in no index could be lost, an index entry without job is swept.
        let active = ArtifactKey::Active { job: &job }.of(&tenant);
        self.io().create(&active, &to_json(&state.created_at)).await?;
        let source = source_digest(&state.request.source);
        let of_source = ArtifactKey::JobOfSource { source: &source, job: &job }.of(&tenant);
        self.io().create(&of_source, &to_json(&state.created_at)).await?;
        self.io().create(&ArtifactKey::State { job: &job }.of(&tenant), &to_json(&state)).await?;
        self.observe(&tenant, &job).await
    }

    /// Ends the job as cancelled unless it is over; returns the terminal state.
    ///
    /// A state document that cannot be read is replaced: what was asked for is lost with it.
    pub async fn cancel(&self, tenant: &Tenant, job: &JobId) -> Result<StateDocument, PipelineError> {
        match self.end(tenant, job, Phase::Cancelled, None).await {
            Err(PipelineError::StateDamaged { .. }) => self.replace_damaged(tenant, job).await,
            ended => ended,
        }
    }

    /// Writes the document of a cancelled job over one that cannot be read.
    ///
    /// No swap can be under way: every writer reads the document first.
    async fn replace_damaged(&self, tenant: &Tenant, job: &JobId) -> Result<StateDocument, PipelineError> {
        let nothing_known = NewJob {
            tenant: tenant.clone(),
            job: job.clone(),
            owner: "unknown".to_owned(),
            queue_group: QueueGroup::default(),
            request: BuildRequest::new(UNKNOWN_SOURCE, BuildOptions::default()),
            source_fingerprint: None,
            trace_id: job.trace_id(),
            parent: None,
            stage_versions: BTreeMap::new(),
            embedder: None,
            time_limit: Duration::ZERO,
        };
        let state = self.entering(&self.first_state(nothing_known), Phase::Cancelled);
        self.io().overwrite(&ArtifactKey::State { job }.of(tenant), &to_json(&state)).await?;
        self.close(&state).await?;
        Ok(state)
    }

    /// Reads the job's state.
    pub async fn state(&self, tenant: &Tenant, job: &JobId) -> Result<StateDocument, PipelineError> {
        Ok(self.read(tenant, job).await?.0)
    }

    /// Moves the job as far as its markers allow and sends the messages that are missing now.
    pub async fn observe(&self, tenant: &Tenant, job: &JobId) -> Result<StateDocument, PipelineError> {
        self.fan_in(tenant, job, &Seen::Everything).await
    }

    /// Finds the family's newest run, if there is one.
    pub async fn newest_run(
        &self,
        tenant: &Tenant,
        family: &JobFamily,
    ) -> Result<Option<(u32, StateDocument)>, PipelineError> {
        let hint = ArtifactKey::LatestRun { family }.of(tenant);
        let mut number = self.io().find_json::<u32>(&hint).await?.unwrap_or(1);
        let mut newest = None;
        // The hint is behind by the run begun after it was written, and that run may have had the one it
        // names forgotten; or by more, when its writer was killed.
        let mut n_missing = 0;
        while n_missing < 2 {
            match self.io().state(tenant, &family.run(number)).await? {
                Some((state, _)) => (newest, n_missing) = (Some((number, state)), 0),
                None => n_missing += 1,
            }
            number = number.saturating_add(1);
        }
        if let Some((number, _)) = &newest {
            self.io().overwrite(&hint, &to_json(number)).await?;
        }
        Ok(newest)
    }

    /// Lists the tenant's jobs that are not over.
    pub async fn active_jobs(&self, tenant: &Tenant) -> Result<Vec<JobId>, PipelineError> {
        let keys = self.io().list(&ArtifactPrefix::Active.of(tenant)).await?;
        Ok(keys.iter().filter_map(|key| key.last_part().parse().ok()).collect())
    }

    /// Lists the jobs of a repository, in no order, those that are over included.
    pub async fn jobs_of_source(&self, tenant: &Tenant, source: &str) -> Result<Vec<JobId>, PipelineError> {
        let source = source_digest(source);
        let keys = self.io().list(&ArtifactPrefix::JobsOfSource { source: &source }.of(tenant)).await?;
        Ok(keys.iter().filter_map(|key| key.last_part().parse().ok()).collect())
    }

    /// Lists every job that has not been forgotten, in no order.
    pub async fn all_jobs(&self, tenant: &Tenant) -> Result<Vec<JobId>, PipelineError> {
        let keys = self.io().list(&ArtifactPrefix::JobsOfAllSources.of(tenant)).await?;
        Ok(keys.iter().filter_map(|key| key.last_part().parse().ok()).collect())
    }

    /// Removes everything of a job that is over; its docpack and cached vectors stay.
    ///
    /// The state document goes last, so that a removal that was cut short can be repeated.
    pub async fn forget(&self, tenant: &Tenant, job: &JobId) -> Result<(), PipelineError> {
        let Some(state) = self.empty(tenant, job).await? else { return Ok(()) };
        let source = source_digest(&state.request.source);
        self.io().delete(&ArtifactKey::JobOfSource { source: &source, job }.of(tenant)).await?;
        Ok(self.io().delete(&ArtifactKey::State { job }.of(tenant)).await?)
    }

    /// Removes everything that a job wrote but its state, so that its name is not used again.
    ///
    /// Returns the state; `None` where there is none, and for a job that is not over, which keeps everything.
    pub async fn empty(&self, tenant: &Tenant, job: &JobId) -> Result<Option<StateDocument>, PipelineError> {
        let Some((state, _)) = self.io().state(tenant, job).await? else { return Ok(None) };
        if !state.phase.is_terminal() {
            return Ok(None);
        }
        let state_key = ArtifactKey::State { job }.of(tenant);
        for key in self.io().list(&ArtifactPrefix::Job { job }.of(tenant)).await? {
            if key != state_key {
                self.io().delete(&key).await?;
            }
        }
        Ok(Some(state))
    }

    /// Ends the job as failed unless it is over.
    pub(crate) async fn fail(
        &self,
        tenant: &Tenant,
        job: &JobId,
        error: JobError,
    ) -> Result<StateDocument, PipelineError> {
        self.end(tenant, job, Phase::Failed, Some(error)).await
    }

    async fn end(
        &self,
        tenant: &Tenant,
        job: &JobId,
        phase: Phase,
        error: Option<JobError>,
    ) -> Result<StateDocument, PipelineError> {
        for round in 0..MAX_ROUNDS {
            let (state, version) = self.read(tenant, job).await?;
            if state.phase.is_terminal() {
                self.close(&state).await?;
                return Ok(state);
            }
            let next = StateDocument { error: error.clone(), ..self.entering(&state, phase) };
            self.swap(&next, version, round).await?;
        }
        Err(PipelineError::Unsettled { job: job.clone(), rounds: MAX_ROUNDS })
    }

    fn first_state(&self, new: NewJob) -> StateDocument {
        let now = self.ports.clock().now();
        let deadline = now.plus(new.request.options.time_limit(new.time_limit));
        StateDocument {
            schema_version: STATE_SCHEMA_VERSION,
            rev: 1,
            write_id: self.token(),
            tenant: new.tenant,
            job: new.job,
            owner: new.owner,
            queue_group: new.queue_group,
            trace_id: new.trace_id,
            parent: new.parent,
            request: new.request,
            source_fingerprint: new.source_fingerprint,
            resolved_commit: None,
            phase: Phase::Queued,
            stage_versions: new.stage_versions,
            embedder: new.embedder,
            sealed: BTreeMap::new(),
            missing: Vec::new(),
            estimate: None,
            approval_expires_at: None,
            approval: None,
            result: None,
            error: None,
            created_at: now,
            deadline,
            phases: vec![PhaseEntry { phase: Phase::Queued, at: now }],
        }
    }

    /// Makes the document of the next revision, in another phase.
    fn entering(&self, state: &StateDocument, phase: Phase) -> StateDocument {
        let mut next = state.clone();
        next.rev += 1;
        next.write_id = self.token();
        next.phase = phase;
        next.phases.push(PhaseEntry { phase, at: self.ports.clock().now() });
        next
    }

    /// Tries to replace the state once. The caller reads again, whatever the answer was:
    /// a refusal may be this very write, applied earlier, and a lost answer may be either.
    async fn swap(&self, next: &StateDocument, version: Version, round: u32) -> Result<(), PipelineError> {
        let key = ArtifactKey::State { job: &next.job }.of(&next.tenant);
        match self.ports.store().put(&key, to_json(next), PutMode::Update(version)).await {
            Ok(_) => {
                if next.phase.is_terminal() {
                    completion_event(next).iter().for_each(|event| self.ports.observe(event));
                }
                Ok(())
            }
            Err(StoreError::Precondition { .. } | StoreError::NotFound { .. }) => Ok(()),
            Err(StoreError::Unknown { .. }) => {
                self.ports.clock().sleep(backoff(SWAP_WAIT, round, &next.write_id)).await;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a job that is over out of the index; whoever sees the end does it.
    pub(crate) async fn close(&self, state: &StateDocument) -> Result<(), PipelineError> {
        Ok(self.io().delete(&ArtifactKey::Active { job: &state.job }.of(&state.tenant)).await?)
    }

    pub(crate) async fn read(
        &self,
        tenant: &Tenant,
        job: &JobId,
    ) -> Result<(StateDocument, Version), PipelineError> {
        self.io().state(tenant, job).await?.ok_or_else(|| PipelineError::NoSuchJob { job: job.clone() })
    }

    pub(crate) fn io(&self) -> Retried<'_, P> {
        Retried(&self.ports)
    }

    /// Makes a text that no other write of any process has.
    pub(crate) fn token(&self) -> String {
        format!("{}/{}", self.name, self.n_tokens.fetch_add(1, Ordering::Relaxed))
    }
}

/// Names a repository in an index, whatever characters its address has.
fn source_digest(source: &str) -> Digest {
    Digest::of(source.as_bytes())
}

/// Writes a control object.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("control objects are plain data with string keys")
}
