//! A job that begins in the middle, for running one stage alone.

use std::collections::BTreeMap;

use crate::error::PipelineError;
use crate::id::UnitId;
use crate::job::list::{group_key, groups_of, marker_key, seal};
use crate::job::{Coordinator, NewJob, to_json};
use crate::key::{ArtifactKey, ArtifactRef};
use crate::plan::StageName;
use crate::port::Ports;
use crate::state::{Marker, Outcome, StateDocument, UnitResult};

impl<P: Ports> Coordinator<P> {
    /// Creates a job that stands right before `stage`, with these outputs of the stages before it.
    ///
    /// Returns the state and the unit to run: the one of `input` where the stage fans out. The
    /// artifacts are the caller's to write. Nothing is sent.
    pub async fn submit_at(
        &self,
        new: NewJob,
        stage: StageName,
        earlier: &BTreeMap<StageName, Vec<ArtifactRef>>,
        input: Option<&ArtifactRef>,
    ) -> Result<(StateDocument, UnitId), PipelineError> {
        let first = self.first_state(new);
        let mut state = self.entering(&first, stage.plan().phase);
        state.rev = 1;
        for (done, outputs) in earlier {
            self.finish(&mut state, *done, outputs).await?;
        }
        let unit = input.map_or_else(UnitId::whole, ArtifactRef::unit_id);
        if stage.plan().fan_out_from.is_some() {
            self.seal_into(&mut state, stage, vec![unit.clone()]).await?;
        }
        let key = ArtifactKey::State { job: &state.job }.of(&state.tenant);
        self.io().create(&key, &to_json(&state)).await?;
        Ok((state, unit))
    }

    /// Writes what a finished stage leaves: markers and, for a fan-out, its list and groups.
    async fn finish(
        &self,
        state: &mut StateDocument,
        stage: StageName,
        outputs: &[ArtifactRef],
    ) -> Result<(), PipelineError> {
        let is_fan_out = stage.plan().fan_out_from.is_some();
        let mut results: Vec<UnitResult> = Vec::with_capacity(outputs.len());
        for output in outputs {
            let unit = if is_fan_out { output.unit_id() } else { UnitId::whole() };
            let outcome = Outcome::Done {
                output: output.clone(),
                seals: None,
                resolved_commit: None,
                docpack: None,
                estimate: None,
                stats: BTreeMap::new(),
                shortfall: None,
            };
            let marker = Marker { try_number: 1, at: state.created_at, outcome };
            self.io().create(&marker_key(state, stage, &unit), &to_json(&marker)).await?;
            results.push(UnitResult { unit, output: Ok(output.clone()), shortfall: None });
        }
        if is_fan_out {
            self.seal_into(state, stage, results.iter().map(|result| result.unit.clone()).collect()).await?;
            for (group_idx, group) in groups_of(&results) {
                self.io().create(&group_key(state, stage, group_idx), &to_json(&group)).await?;
            }
        }
        Ok(())
    }

    async fn seal_into(
        &self,
        state: &mut StateDocument,
        stage: StageName,
        units: Vec<UnitId>,
    ) -> Result<(), PipelineError> {
        let list = seal(&self.io(), state, stage, units).await?;
        let key = ArtifactKey::State { job: &state.job }.of(&state.tenant);
        let list = list.map_err(|reason| PipelineError::Damaged { key, reason })?;
        state.sealed.insert(stage, list);
        Ok(())
    }
}
