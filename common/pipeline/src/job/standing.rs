//! How far each stage of a job is, for people who watch.

use std::collections::BTreeMap;

use crate::error::PipelineError;
use crate::key::{ArtifactPrefix, ObjectKey};
use crate::plan::StageName;
use crate::port::Ports;
use crate::retried::Retried;
use crate::state::{Marker, Outcome, StateDocument};
use crate::time::Timestamp;

/// How far one stage is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageStanding {
    pub stage: StageName,
    /// `None` until the list is sealed.
    pub n_units: Option<u32>,
    pub n_done: u32,
    /// When the last of the units that are done was.
    pub last_done_at: Option<Timestamp>,
    /// The units' own counts, added up.
    pub counts: BTreeMap<String, u64>,
}

/// Markers of one job that were read already; they never change.
#[derive(Debug, Default)]
pub struct SeenMarkers(BTreeMap<ObjectKey, (Timestamp, BTreeMap<String, u64>)>);

/// Reads how far every stage is; `seen` keeps what need not be read again.
pub async fn standing<P: Ports>(
    ports: &P,
    state: &StateDocument,
    seen: &mut SeenMarkers,
) -> Result<Vec<StageStanding>, PipelineError> {
    let io = Retried(ports);
    let mut stages = Vec::new();
    for stage in StageName::ALL {
        let mut standing = StageStanding {
            stage,
            n_units: n_units(state, stage),
            n_done: 0,
            last_done_at: None,
            counts: BTreeMap::new(),
        };
        for key in io.list(&ArtifactPrefix::Markers { job: &state.job, stage }.of(&state.tenant)).await? {
            if !seen.0.contains_key(&key) {
                let marker: Marker = io.json(&key).await?;
                seen.0.insert(key.clone(), (marker.at, counts(marker)));
            }
            let Some((at, counts)) = seen.0.get(&key) else { continue };
            standing.n_done += 1;
            standing.last_done_at = standing.last_done_at.max(Some(*at));
            for (name, count) in counts {
                *standing.counts.entry(name.clone()).or_insert(0) += count;
            }
        }
        stages.push(standing);
    }
    Ok(stages)
}

fn n_units(state: &StateDocument, stage: StageName) -> Option<u32> {
    match stage.plan().fan_out_from {
        Some(_) => state.sealed.get(&stage).map(|list| list.n_units),
        None => Some(1),
    }
}

fn counts(marker: Marker) -> BTreeMap<String, u64> {
    match marker.outcome {
        Outcome::Done { stats, .. } => stats,
        Outcome::Failed { .. } => BTreeMap::new(),
    }
}
