//! Sealed lists of units and their completion, in groups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use docpack::Digest;

use crate::error::PipelineError;
use crate::id::UnitId;
use crate::job::to_json;
use crate::key::{ArtifactKey, ObjectKey};
use crate::plan::StageName;
use crate::port::Ports;
use crate::retried::Retried;
use crate::state::{Marker, Outcome, SealedList, StateDocument, UnitResult};

/// Units of one group; a handler looks at its own group only, so 10,000 units stay cheap.
pub(crate) const GROUP_UNITS: usize = 64;
/// Units of one list; a source at the default limit gives some 1,000.
const MAX_UNITS: usize = 50_000;
/// Lists held in memory: two per job that this process works on.
const MAX_CACHED_LISTS: usize = 16;

/// A sealed list with the position of each unit.
#[derive(Debug, Default)]
pub(crate) struct SealedUnits {
    pub(crate) units: Vec<UnitId>,
    positions: BTreeMap<UnitId, usize>,
}

impl SealedUnits {
    pub(crate) fn new(units: Vec<UnitId>) -> Self {
        let positions = units.iter().cloned().zip(0..).collect();
        Self { units, positions }
    }

    pub(crate) fn contains(&self, unit: &UnitId) -> bool {
        self.positions.contains_key(unit)
    }

    /// Finds the unit's group.
    pub(crate) fn group_of(&self, unit: &UnitId) -> Option<u32> {
        self.positions.get(unit).map(|position| (position / GROUP_UNITS) as u32)
    }

    /// Returns the groups in order, each with its index.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (u32, &[UnitId])> {
        groups_of(&self.units)
    }

    pub(crate) fn n_groups(&self) -> usize {
        self.units.len().div_ceil(GROUP_UNITS)
    }
}

/// Cuts what belongs to a sealed list, in its order, into groups.
pub(crate) fn groups_of<T>(list: &[T]) -> impl Iterator<Item = (u32, &[T])> {
    (0..).zip(list.chunks(GROUP_UNITS))
}

/// Sealed lists that were read already; they are immutable, so they never go stale.
#[derive(Debug, Default)]
pub(crate) struct SealedCache(Mutex<BTreeMap<Digest, Arc<SealedUnits>>>);

impl SealedCache {
    /// Reads the list of a stage.
    pub(crate) async fn read<P: Ports>(
        &self,
        io: &Retried<'_, P>,
        state: &StateDocument,
        stage: StageName,
        list: &SealedList,
    ) -> Result<Arc<SealedUnits>, PipelineError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&list.digest).cloned();
        if let Some(units) = known {
            return Ok(units);
        }
        let units = Arc::new(SealedUnits::new(read_list(io, state, stage, list).await?));
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= MAX_CACHED_LISTS {
            lists.clear();
        }
        lists.insert(list.digest, Arc::clone(&units));
        Ok(units)
    }
}

/// Reads a sealed list from the store; an empty one has no object.
async fn read_list<P: Ports>(
    io: &Retried<'_, P>,
    state: &StateDocument,
    stage: StageName,
    list: &SealedList,
) -> Result<Vec<UnitId>, PipelineError> {
    if list.n_units == 0 {
        return Ok(Vec::new());
    }
    let key = ArtifactKey::SealedList { job: &state.job, stage, digest: &list.digest }.of(&state.tenant);
    io.json(&key).await
}

/// Stores a list under its digest; the inner error says that it is too long.
pub(crate) async fn seal<P: Ports>(
    io: &Retried<'_, P>,
    state: &StateDocument,
    stage: StageName,
    units: Vec<UnitId>,
) -> Result<Result<SealedList, String>, PipelineError> {
    let mut seen = BTreeSet::new();
    let units: Vec<UnitId> = units.into_iter().filter(|unit| seen.insert(unit.clone())).collect();
    if units.len() > MAX_UNITS {
        return Ok(Err(format!("{} units of `{stage}`, the limit is {MAX_UNITS}", units.len())));
    }
    let bytes = to_json(&units);
    let list = SealedList { digest: Digest::of(&bytes), n_units: units.len() as u32 };
    if list.n_units > 0 {
        let key = ArtifactKey::SealedList { job: &state.job, stage, digest: &list.digest }.of(&state.tenant);
        io.create(&key, &bytes).await?;
    }
    Ok(Ok(list))
}

/// Lists the units of a finished fan-out in sealed order.
pub(crate) async fn finished_units<P: Ports>(
    io: &Retried<'_, P>,
    state: &StateDocument,
    stage: StageName,
) -> Result<Vec<UnitResult>, PipelineError> {
    let Some(list) = state.sealed.get(&stage) else { return Ok(Vec::new()) };
    let n_groups = (list.n_units as usize).div_ceil(GROUP_UNITS);
    let mut results = Vec::with_capacity(list.n_units as usize);
    for group_idx in (0..).take(n_groups) {
        results.extend(io.json::<Vec<UnitResult>>(&group_key(state, stage, group_idx)).await?);
    }
    Ok(results)
}

/// Names a group's marker.
pub(crate) fn group_key(state: &StateDocument, stage: StageName, group_idx: u32) -> ObjectKey {
    ArtifactKey::GroupMarker { job: &state.job, stage, group_idx }.of(&state.tenant)
}

/// Names a unit's marker.
pub(crate) fn marker_key(state: &StateDocument, stage: StageName, unit: &UnitId) -> ObjectKey {
    ArtifactKey::Marker { job: &state.job, stage, unit }.of(&state.tenant)
}

/// Says how a unit ended, in the words of a group's marker.
pub(crate) fn unit_result(unit: &UnitId, marker: Marker) -> UnitResult {
    let (output, shortfall) = match marker.outcome {
        Outcome::Done { output, shortfall, .. } => (Ok(output), shortfall),
        Outcome::Failed { code, .. } => (Err(code), None),
    };
    UnitResult { unit: unit.clone(), output, shortfall }
}
