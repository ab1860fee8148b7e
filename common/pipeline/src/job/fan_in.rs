//! Moving a job to its next phase: by set inclusion on the sealed list, by whoever looks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use docpack::Digest;

use crate::error::PipelineError;
use crate::id::{JobId, Tenant, UnitId};
use crate::job::list::{SealedUnits, group_key, marker_key, unit_result};
use crate::job::{Coordinator, MAX_ROUNDS, to_json};
use crate::key::{ArtifactPrefix, ObjectKey};
use crate::message::Message;
use crate::plan::{Phase, StageName};
use crate::port::{Clock, Ports, QueueName};
use crate::state::{
    Approval, Estimate, JobError, Marker, Missing, Outcome, SealedList, StateDocument, UnitResult,
};
use crate::time::Timestamp;

/// What led a worker to look at the job.
pub(crate) enum Seen<'a> {
    /// A unit's marker is there.
    Unit { stage: StageName, unit: &'a UnitId },
    /// Nothing in particular: the whole phase is looked at and what is missing is sent.
    Everything,
    /// As `Everything`, but sending is the caller's.
    ForReaper,
}

/// How the current phase stands.
pub(crate) enum Standing {
    /// Complete: the document to swap in.
    Complete(Box<StateDocument>),
    /// These units have no marker; nothing at all is missing when a marker came meanwhile.
    Missing(StageName, Vec<UnitId>),
    /// Not complete, and others will see to the rest.
    NotOurs,
}

impl<P: Ports> Coordinator<P> {
    /// Swaps phases while the current one is complete, then sends what is missing.
    ///
    /// Whoever tried a swap sends, won or lost: the winner alone could die before it has sent.
    pub(crate) async fn fan_in(
        &self,
        tenant: &Tenant,
        job: &JobId,
        seen: &Seen<'_>,
    ) -> Result<StateDocument, PipelineError> {
        let mut tried = false;
        for round in 0..MAX_ROUNDS {
            let (state, version) = self.read(tenant, job).await?;
            if state.phase.is_terminal() {
                self.close(&state).await?;
                return Ok(state);
            }
            match self.standing(&state, seen, tried).await? {
                Standing::Complete(next) => self.swap(&next, version, round).await?,
                Standing::NotOurs => return Ok(state),
                Standing::Missing(_, units) if units.is_empty() => {}
                Standing::Missing(stage, units) => {
                    if !matches!(seen, Seen::ForReaper) {
                        self.send(&state, stage, &units, Duration::ZERO).await?;
                    }
                    return Ok(state);
                }
            }
            tried = true;
        }
        Err(PipelineError::Unsettled { job: job.clone(), rounds: MAX_ROUNDS })
    }

    /// Looks how the current phase stands, as far as this observer has to know.
    pub(crate) async fn standing(
        &self,
        state: &StateDocument,
        seen: &Seen<'_>,
        tried: bool,
    ) -> Result<Standing, PipelineError> {
        let Some(stage) = state.phase.stage() else {
            return Ok(self.without_units(state));
        };
        let own = match seen {
            Seen::Unit { stage: seen_stage, unit } if !tried && seen_stage.plan().phase >= state.phase => {
                Some((*seen_stage, *unit))
            }
            // A message of an earlier stage is proof that its phase is over: its reader may be all that is left.
            _ => None,
        };
        if stage.plan().fan_out_from.is_none() {
            return self.single_standing(state, stage, own.is_none()).await;
        }
        self.fan_out_standing(state, stage, own).await
    }

    /// A phase without units: queued jobs begin; approval comes from outside, or not in time.
    fn without_units(&self, state: &StateDocument) -> Standing {
        match state.phase {
            Phase::Queued => Standing::Complete(Box::new(self.entering(state, Phase::Ingest))),
            Phase::AwaitingApproval if has_expired(state, self.ports.clock().now()) => {
                Standing::Complete(Box::new(self.after_approval(state, false, None)))
            }
            _ => Standing::NotOurs,
        }
    }

    /// Makes the document that follows an answer, or the lack of one.
    pub(crate) fn after_approval(
        &self,
        state: &StateDocument,
        granted: bool,
        limit_micro_usd: Option<u64>,
    ) -> StateDocument {
        let mut next = self.entering(state, Phase::Generate);
        let (estimate, at) = (state.estimate.as_ref().map(Estimate::digest), self.ports.clock().now());
        next.approval = estimate.map(|estimate| Approval { estimate, granted, limit_micro_usd, at });
        next
    }

    async fn single_standing(
        &self,
        state: &StateDocument,
        stage: StageName,
        whole: bool,
    ) -> Result<Standing, PipelineError> {
        let unit = UnitId::whole();
        let marker = self.io().find_json::<Marker>(&marker_key(state, stage, &unit)).await?;
        Ok(match marker {
            Some(marker) => Standing::Complete(Box::new(self.after_single(state, stage, marker))),
            None if whole => Standing::Missing(stage, vec![unit]),
            None => Standing::NotOurs,
        })
    }

    async fn fan_out_standing(
        &self,
        state: &StateDocument,
        stage: StageName,
        own: Option<(StageName, &UnitId)>,
    ) -> Result<Standing, PipelineError> {
        let list = sealed_list(state, stage)?;
        let sealed = self.sealed.read(&self.io(), state, stage, list).await?;
        let mut grouped = self.grouped(state, stage).await?;
        let missing = match own {
            Some((_, unit)) => {
                self.group_own(state, stage, &sealed, unit, &mut grouped).await?;
                None
            }
            None => Some(self.group_all(state, stage, &sealed, &mut grouped).await?),
        };
        if grouped.len() >= sealed.n_groups() {
            return Ok(Standing::Complete(Box::new(self.after_fan_out(state, stage).await?)));
        }
        Ok(missing.map_or(Standing::NotOurs, |units| Standing::Missing(stage, units)))
    }

    /// Lists the groups that are known to be complete.
    async fn grouped(&self, state: &StateDocument, stage: StageName) -> Result<BTreeSet<u32>, PipelineError> {
        let prefix = ArtifactPrefix::GroupMarkers { job: &state.job, stage }.of(&state.tenant);
        let keys = self.io().list(&prefix).await?;
        Ok(keys.iter().filter_map(|key| key.last_part().parse().ok()).collect())
    }

    /// Sees to the group of one unit.
    async fn group_own(
        &self,
        state: &StateDocument,
        stage: StageName,
        sealed: &SealedUnits,
        unit: &UnitId,
        grouped: &mut BTreeSet<u32>,
    ) -> Result<(), PipelineError> {
        let Some(group_idx) = sealed.group_of(unit) else { return Ok(()) };
        let group = sealed.groups().find(|(idx, _)| *idx == group_idx);
        let Some((_, units)) = group.filter(|_| !grouped.contains(&group_idx)) else { return Ok(()) };
        let mut results = Vec::with_capacity(units.len());
        // Units start in order, so the last ones are the likeliest to be missing: one read then ends the look.
        for unit in units.iter().rev() {
            let Some(marker) = self.io().find_json(&marker_key(state, stage, unit)).await? else {
                return Ok(());
            };
            results.push(unit_result(unit, marker));
        }
        results.reverse();
        self.mark_group(&group_key(state, stage, group_idx), &results).await?;
        // Listed again: whoever completes another group at the same time must not miss this one, nor we theirs.
        *grouped = self.grouped(state, stage).await?;
        Ok(())
    }

    /// Sees to every group; returns the units that have no marker.
    async fn group_all(
        &self,
        state: &StateDocument,
        stage: StageName,
        sealed: &SealedUnits,
        grouped: &mut BTreeSet<u32>,
    ) -> Result<Vec<UnitId>, PipelineError> {
        let prefix = ArtifactPrefix::Markers { job: &state.job, stage }.of(&state.tenant);
        let keys = self.io().list(&prefix).await?;
        let marked: BTreeSet<&str> = keys.iter().map(ObjectKey::last_part).collect();
        let mut missing = Vec::new();
        for (group_idx, units) in
            sealed.groups().filter(|(idx, _)| !grouped.contains(idx)).collect::<Vec<_>>()
        {
            let unmarked: Vec<UnitId> =
                units.iter().filter(|unit| !marked.contains(unit.as_str())).cloned().collect();
            if unmarked.is_empty() {
                self.mark_group(
                    &group_key(state, stage, group_idx),
                    &self.results(state, stage, units).await?,
                )
                .await?;
            }
            missing.extend(unmarked);
        }
        *grouped = self.grouped(state, stage).await?;
        Ok(missing)
    }

    async fn results(
        &self,
        state: &StateDocument,
        stage: StageName,
        units: &[UnitId],
    ) -> Result<Vec<UnitResult>, PipelineError> {
        let mut results = Vec::with_capacity(units.len());
        for unit in units {
            results.push(unit_result(unit, self.io().json(&marker_key(state, stage, unit)).await?));
        }
        Ok(results)
    }

    /// Marks a group; two writers write the same bytes, since markers never change.
    async fn mark_group(&self, key: &ObjectKey, results: &[UnitResult]) -> Result<(), PipelineError> {
        self.io().create(key, &to_json(&results)).await?;
        Ok(())
    }

    /// Makes the document that follows the end of a stage of one unit.
    fn after_single(&self, state: &StateDocument, stage: StageName, marker: Marker) -> StateDocument {
        let Outcome::Done { seals, resolved_commit, docpack, estimate, .. } = marker.outcome else {
            return self.after_failure(state, stage, marker);
        };
        let mut next = self.entering(state, next_phase(state));
        if next.phase == Phase::AwaitingApproval {
            next.approval_expires_at = Some(approval_expiry(state, self.ports.clock().now()));
        }
        next.estimate = estimate.map(|estimate| *estimate).or(next.estimate);
        if let Some(fed) = stage.seals() {
            next.sealed.insert(fed, seals.unwrap_or_else(empty_list));
        }
        next.resolved_commit = resolved_commit.or(next.resolved_commit);
        next.result = docpack.or(next.result);
        next
    }

    fn after_failure(&self, state: &StateDocument, stage: StageName, marker: Marker) -> StateDocument {
        let mut next = self.entering(state, Phase::Failed);
        if let Outcome::Failed { code, message } = marker.outcome {
            next.error = Some(JobError { code, message, stage: Some(stage), unit: Some(UnitId::whole()) });
        }
        next
    }

    /// Makes the document that follows the end of a fan-out; lost units are noted, or fail the job.
    async fn after_fan_out(
        &self,
        state: &StateDocument,
        stage: StageName,
    ) -> Result<StateDocument, PipelineError> {
        let mut lost: BTreeMap<String, (u32, UnitId)> = BTreeMap::new();
        let mut short: BTreeMap<String, u32> = BTreeMap::new();
        for result in super::finished_units(&self.io(), state, stage).await? {
            if let Err(code) = result.output {
                lost.entry(code).or_insert((0, result.unit)).0 += 1;
            } else if let Some(code) = result.shortfall {
                *short.entry(code).or_insert(0) += 1;
            }
        }
        let first = lost.first_key_value().map(|(code, (_, unit))| (code.clone(), unit.clone()));
        if let Some((code, unit)) = first.filter(|_| stage.plan().required) {
            let mut next = self.entering(state, Phase::Failed);
            let message =
                format!("{} units of stage `{stage}` were lost", lost.values().map(|(n, _)| n).sum::<u32>());
            next.error = Some(JobError { code, message, stage: Some(stage), unit: Some(unit) });
            return Ok(next);
        }
        let mut next = self.entering(state, next_phase(state));
        let lost = lost.into_iter().map(|(code, (n_units, _))| (code, n_units));
        next.missing.extend(lost.chain(short).map(|(code, n_units)| Missing { stage, code, n_units }));
        Ok(next)
    }

    /// Sends the messages of units; duplicates are harmless.
    pub(crate) async fn send(
        &self,
        state: &StateDocument,
        stage: StageName,
        units: &[UnitId],
        delay: Duration,
    ) -> Result<(), PipelineError> {
        for unit in units {
            let body = Message::new(state, stage, unit, self.ports.traceparent()).to_body();
            self.io().send(QueueName::work(stage), &body, delay).await?;
        }
        Ok(())
    }
}

/// Returns the phase that follows when the current one went well.
fn next_phase(state: &StateDocument) -> Phase {
    match state.phase {
        Phase::Queued => Phase::Ingest,
        Phase::Ingest => Phase::Embed,
        Phase::Embed => Phase::Assemble,
        Phase::Assemble if state.request.options.approve => Phase::AwaitingApproval,
        Phase::Assemble | Phase::AwaitingApproval => Phase::Generate,
        Phase::Generate => Phase::Pack,
        _ if state.missing.is_empty() => Phase::Completed,
        _ => Phase::Partial,
    }
}

/// Half of what is left until the deadline: the other half is for the rest of the work.
fn approval_expiry(state: &StateDocument, now: Timestamp) -> Timestamp {
    now.plus(state.deadline.since(now) / 2)
}

fn has_expired(state: &StateDocument, now: Timestamp) -> bool {
    state.approval_expires_at.is_none_or(|expires_at| expires_at <= now)
}

/// The list of a stage that had nothing to hand on.
fn empty_list() -> SealedList {
    SealedList { digest: Digest::of(b"[]"), n_units: 0 }
}

fn sealed_list(state: &StateDocument, stage: StageName) -> Result<&SealedList, PipelineError> {
    state.sealed.get(&stage).ok_or_else(|| PipelineError::Damaged {
        key: crate::key::ArtifactKey::State { job: &state.job }.of(&state.tenant),
        reason: format!("phase `{}` without a sealed list of `{stage}`", state.phase),
    })
}
