//! What people do with a job later: approve it, or have it made again.

use std::collections::BTreeMap;
use std::time::Duration;

use docpack::Digest;

use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::job::{Coordinator, MAX_ROUNDS, NewJob, UNKNOWN_SOURCE};
use crate::plan::{Phase, StageName};
use crate::port::Ports;
use crate::state::{Estimate, PinnedEmbedder, StateDocument};

/// What a repeated job is made by, which may not be what made the first.
#[derive(Debug, Clone)]
pub struct Makers {
    pub stage_versions: BTreeMap<StageName, String>,
    /// `None` without embeddings.
    pub embedder: Option<PinnedEmbedder>,
    /// How long the job may take before it fails.
    pub time_limit: Duration,
}

impl<P: Ports> Coordinator<P> {
    /// Lets a job generate what its estimate says. Approving the same estimate again is harmless.
    ///
    /// With a limit no more than that is spent, whatever the estimate says.
    ///
    /// # Errors
    /// `OtherEstimate` where the job's estimate is not the one that was read.
    pub async fn approve(
        &self,
        tenant: &Tenant,
        job: &JobId,
        estimate: &Digest,
        limit_micro_usd: Option<u64>,
    ) -> Result<StateDocument, PipelineError> {
        for round in 0..MAX_ROUNDS {
            let (state, version) = self.read(tenant, job).await?;
            if state.approval.as_ref().is_some_and(|given| given.granted && given.estimate == *estimate) {
                return self.observe(tenant, job).await;
            }
            if state.phase != Phase::AwaitingApproval {
                return Err(PipelineError::NotAwaitingApproval { job: job.clone(), phase: state.phase });
            }
            let actual =
                state.estimate.as_ref().map_or_else(|| Estimate::default().digest(), Estimate::digest);
            if actual != *estimate {
                return Err(PipelineError::OtherEstimate { job: job.clone(), estimate: actual });
            }
            self.swap(&self.after_approval(&state, true, limit_micro_usd), version, round).await?;
        }
        Err(PipelineError::Unsettled { job: job.clone(), rounds: MAX_ROUNDS })
    }

    /// Makes a new job of the same request, whose parent is this one. What is cached makes it cheap.
    ///
    /// Repeating it while the new job is not over gives the new job again.
    ///
    /// # Errors
    /// `NotOver` while the job may still succeed by itself.
    pub async fn retry(
        &self,
        tenant: &Tenant,
        job: &JobId,
        makers: Makers,
    ) -> Result<StateDocument, PipelineError> {
        let (state, _) = self.read(tenant, job).await?;
        if !state.phase.is_terminal() {
            return Err(PipelineError::NotOver { job: job.clone(), phase: state.phase });
        }
        if state.request.source == UNKNOWN_SOURCE {
            let reason = "it was cancelled, and what it was to build is lost".to_owned();
            return Err(PipelineError::StateDamaged { job: job.clone(), reason });
        }
        let Some((family, number)) = job.family() else {
            return Err(PipelineError::NoSuchJob { job: job.clone() });
        };
        let newest = self.newest_run(tenant, &family).await?;
        let number = match newest {
            Some((_, newest)) if !newest.phase.is_terminal() => {
                return self.observe(tenant, &newest.job).await;
            }
            Some((newest, _)) => newest.max(number) + 1,
            None => number + 1,
        };
        let next = family.run(number);
        let embeds = state.request.options.embeddings;
        self.submit(NewJob {
            tenant: tenant.clone(),
            owner: state.owner,
            queue_group: state.queue_group,
            trace_id: next.trace_id(),
            job: next,
            request: state.request,
            source_fingerprint: state.source_fingerprint,
            parent: Some(job.clone()),
            stage_versions: makers.stage_versions,
            embedder: makers.embedder.filter(|_| embeds),
            time_limit: makers.time_limit,
        })
        .await
    }
}
