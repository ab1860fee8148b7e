//! Checks what a store holds of a job against what must always be true of it.

use std::collections::{BTreeMap, BTreeSet};

use docpack::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::PipelineError;
use crate::id::{JobId, Tenant, UnitId};
use crate::job::{group_key, groups_of, marker_key, unit_result};
use crate::key::{ArtifactKey, ArtifactPrefix, ArtifactRef, KeyPrefix, ObjectKey};
use crate::plan::{PLAN, Phase, StageName};
use crate::port::{Ports, StoreError};
use crate::retried::Retried;
use crate::state::{Marker, Outcome, SealedList, StateDocument, UnitResult};

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    /// Stable snake_case word.
    pub code: String,
    /// The object that it is about.
    pub key: String,
    pub message: String,
}

/// What a store holds besides jobs that hang together: whether each object can be read as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadBack {
    pub n_objects: u64,
    pub violations: Vec<Violation>,
}

impl ReadBack {
    /// Adds what was read under another prefix.
    pub fn add(&mut self, other: Self) {
        self.n_objects += other.n_objects;
        self.violations.extend(other.violations);
    }
}

/// Reads every object under a prefix, and hashes those that are named by their content.
///
/// A folder's store checks the digest that each of its files carries, so there every damaged byte of an
/// object is found; only the version tag in a file's head carries no digest.
pub async fn read_back<P: Ports>(ports: &P, prefix: &KeyPrefix) -> Result<ReadBack, PipelineError> {
    let io = Retried(ports);
    let mut read = ReadBack { n_objects: 0, violations: Vec::new() };
    let mut vanished = Vec::new();
    for key in io.list(prefix).await? {
        read.n_objects += 1;
        let mut report = |code: &str, message: String| {
            let code = code.to_owned();
            read.violations.push(Violation { code, key: key.to_string(), message });
        };
        match io.get(&key).await {
            Ok(object) => {
                let found = Digest::of(&object.bytes);
                if key.content_digest().is_some_and(|named| named != found) {
                    report("object_damaged", format!("its content has the digest {found}"));
                }
            }
            Err(StoreError::NotFound { .. }) => vanished.push(key),
            Err(StoreError::Refused { reason, .. } | StoreError::Damaged { reason, .. }) => {
                report("object_unreadable", reason);
            }
            Err(error) => return Err(error.into()),
        }
    }
    // An object removed meanwhile is fine; one that is still listed has lost its head.
    if !vanished.is_empty() {
        let listed: BTreeSet<ObjectKey> = io.list(prefix).await?.into_iter().collect();
        for key in vanished.iter().filter(|key| listed.contains(key)) {
            let (code, key) = ("object_unreadable".to_owned(), key.to_string());
            read.violations.push(Violation { code, key, message: "its head is damaged or cut".to_owned() });
        }
    }
    read.violations.sort();
    Ok(read)
}

/// Checks one job. With `deep`, every object of the job is read, and every artifact hashed.
///
/// A job that is being worked on may look half-done between two reads; check such a job twice.
pub async fn check_job<P: Ports>(
    ports: &P,
    tenant: &Tenant,
    job: &JobId,
    deep: bool,
) -> Result<Vec<Violation>, PipelineError> {
    let io = Retried(ports);
    let state = match io.state(tenant, job).await {
        Ok(Some((state, _))) => state,
        Ok(None) => return Err(PipelineError::NoSuchJob { job: job.clone() }),
        Err(PipelineError::StateDamaged { reason, .. }) => {
            let key = ArtifactKey::State { job }.of(tenant).to_string();
            return Ok(vec![Violation { code: "state_damaged".to_owned(), key, message: reason }]);
        }
        Err(error) => return Ok(vec![damage(error)?]),
    };
    let mut check = Check { io, state: &state, deep, found: Vec::new() };
    check.document();
    let indexed = check.index().await;
    check.step(indexed)?;
    for row in &PLAN {
        let staged = check.stage(row.stage).await;
        check.step(staged)?;
    }
    let packed = check.docpack().await;
    check.step(packed)?;
    if deep {
        let all = read_back(ports, &ArtifactPrefix::Job { job }.of(tenant)).await?;
        let is_new = |found: &Violation| check.found.iter().all(|known| known.key != found.key);
        let new: Vec<Violation> = all.violations.into_iter().filter(is_new).collect();
        check.found.extend(new);
    }
    check.found.sort();
    check.found.dedup();
    Ok(check.found)
}

/// Turns an object that cannot be read, or understood, into a violation; other errors stay errors.
fn damage(error: PipelineError) -> Result<Violation, PipelineError> {
    let (code, key, message) = match error {
        PipelineError::Store(StoreError::Refused { key, reason } | StoreError::Damaged { key, reason }) => {
            ("object_unreadable", key, reason)
        }
        PipelineError::Damaged { key, reason } => ("object_damaged", key.to_string(), reason),
        error => return Err(error),
    };
    Ok(Violation { code: code.to_owned(), key, message })
}

struct Check<'a, P> {
    io: Retried<'a, P>,
    state: &'a StateDocument,
    deep: bool,
    found: Vec<Violation>,
}

impl<P: Ports> Check<'_, P> {
    fn report(&mut self, code: &str, key: &ObjectKey, message: String) {
        self.found.push(Violation { code: code.to_owned(), key: key.to_string(), message });
    }

    /// Goes on with the next step where one met a damaged object.
    fn step(&mut self, result: Result<(), PipelineError>) -> Result<(), PipelineError> {
        if let Err(error) = result {
            self.found.push(damage(error)?);
        }
        Ok(())
    }

    fn key(&self, key: &ArtifactKey<'_>) -> ObjectKey {
        key.of(&self.state.tenant)
    }

    /// The document agrees with itself.
    fn document(&mut self) {
        let state = self.state;
        let key = self.key(&ArtifactKey::State { job: &state.job });
        let phases: Vec<Phase> = state.phases.iter().map(|entry| entry.phase).collect();
        if phases.last() != Some(&state.phase) || !phases.is_sorted_by(|a, b| a < b) {
            self.report("phases_not_in_order", &key, format!("phase `{}` after {phases:?}", state.phase));
        }
        if state.rev != phases.len() as u64 {
            self.report(
                "revision_skipped",
                &key,
                format!("revision {} of {} phases", state.rev, phases.len()),
            );
        }
        let has_result = matches!(state.phase, Phase::Completed | Phase::Partial);
        if has_result != state.result.is_some() {
            self.report(
                "result_misplaced",
                &key,
                format!("phase `{}`, result {:?}", state.phase, state.result),
            );
        }
        if (state.phase == Phase::Failed) != state.error.is_some() {
            self.report("error_misplaced", &key, format!("phase `{}`, error {:?}", state.phase, state.error));
        }
    }

    /// A job that is not over is in the index, else the reaper cannot find it.
    async fn index(&mut self) -> Result<(), PipelineError> {
        let key = self.key(&ArtifactKey::Active { job: &self.state.job });
        let is_indexed = self.io.find(&key).await?.is_some();
        match (is_indexed, self.state.phase.is_terminal()) {
            (false, false) => self.report("not_in_index", &key, "a job that is not over".to_owned()),
            (true, true) => self.report("left_in_index", &key, "a job that is over".to_owned()),
            _ => {}
        }
        Ok(())
    }

    async fn stage(&mut self, stage: StageName) -> Result<(), PipelineError> {
        let markers = self.markers(stage).await?;
        let units = match (stage.plan().fan_out_from, self.state.sealed.get(&stage)) {
            (None, _) => vec![UnitId::whole()],
            (Some(_), Some(list)) => self.sealed(stage, list).await?,
            (Some(_), None) => return Ok(()),
        };
        if self.is_past(stage) {
            for unit in units.iter().filter(|unit| !markers.contains_key(unit.as_str())) {
                let key = marker_key(self.state, stage, unit);
                self.report("unit_without_marker", &key, format!("stage `{stage}` is over"));
            }
        }
        self.groups(stage, &units, &markers).await?;
        for (unit, marker) in &markers {
            self.marker(stage, unit, marker).await?;
        }
        Ok(())
    }

    /// A job in a later phase went through this one, unless it was ended on the way.
    fn is_past(&self, stage: StageName) -> bool {
        let entered = self.state.phases.iter().map(|entry| entry.phase);
        entered
            .filter(|phase| !matches!(phase, Phase::Failed | Phase::Cancelled))
            .any(|phase| phase > stage.plan().phase)
    }

    async fn markers(&mut self, stage: StageName) -> Result<BTreeMap<String, Marker>, PipelineError> {
        let prefix = ArtifactPrefix::Markers { job: &self.state.job, stage }.of(&self.state.tenant);
        let mut markers = BTreeMap::new();
        for key in self.io.list(&prefix).await? {
            match self.io.json::<Marker>(&key).await {
                Ok(marker) => drop(markers.insert(key.last_part().to_owned(), marker)),
                Err(PipelineError::Damaged { reason, .. }) => self.report("marker_damaged", &key, reason),
                Err(error) => return Err(error),
            }
        }
        Ok(markers)
    }

    async fn sealed(&mut self, stage: StageName, list: &SealedList) -> Result<Vec<UnitId>, PipelineError> {
        if list.n_units == 0 {
            return Ok(Vec::new());
        }
        let key = self.key(&ArtifactKey::SealedList { job: &self.state.job, stage, digest: &list.digest });
        let Some(object) = self.io.find(&key).await? else {
            self.report("sealed_list_missing", &key, format!("stage `{stage}`"));
            return Ok(Vec::new());
        };
        let units: Vec<UnitId> = serde_json::from_slice(&object.bytes).unwrap_or_default();
        if Digest::of(&object.bytes) != list.digest || units.len() != list.n_units as usize {
            self.report(
                "sealed_list_damaged",
                &key,
                format!("{} units, {} sealed", units.len(), list.n_units),
            );
        }
        Ok(units)
    }

    /// A group's marker says what its units' markers say.
    async fn groups(
        &mut self,
        stage: StageName,
        units: &[UnitId],
        markers: &BTreeMap<String, Marker>,
    ) -> Result<(), PipelineError> {
        if stage.plan().fan_out_from.is_none() {
            return Ok(());
        }
        for (group_idx, members) in groups_of(units) {
            let key = group_key(self.state, stage, group_idx);
            let grouped = self.io.find_json::<Vec<UnitResult>>(&key).await?;
            let expected: Option<Vec<UnitResult>> = members
                .iter()
                .map(|unit| Some(unit_result(unit, markers.get(unit.as_str())?.clone())))
                .collect();
            match grouped {
                Some(grouped) if Some(&grouped) != expected.as_ref() => {
                    self.report("group_differs", &key, "from its units' markers".to_owned());
                }
                None if self.is_past(stage) => self.report("group_missing", &key, format!("stage `{stage}`")),
                _ => {}
            }
        }
        Ok(())
    }

    /// What a marker points at is there and hashes to its name; the try that wrote it had begun.
    async fn marker(&mut self, stage: StageName, unit: &str, marker: &Marker) -> Result<(), PipelineError> {
        let Ok(unit) = unit.parse::<UnitId>() else { return Ok(()) };
        let key = marker_key(self.state, stage, &unit);
        let prefix =
            ArtifactPrefix::Tries { job: &self.state.job, stage, unit: &unit }.of(&self.state.tenant);
        let tries: BTreeSet<u32> =
            self.io.list(&prefix).await?.iter().filter_map(|key| key.last_part().parse().ok()).collect();
        if !tries.contains(&marker.try_number) {
            self.report("try_missing", &key, format!("written by try {}", marker.try_number));
        }
        if let Outcome::Done { output, .. } = &marker.outcome {
            self.artifact(output).await?;
        }
        Ok(())
    }

    async fn artifact(&mut self, artifact: &ArtifactRef) -> Result<(), PipelineError> {
        let key = self.key(&ArtifactKey::Artifact {
            job: &self.state.job,
            stage: artifact.stage,
            digest: &artifact.digest,
        });
        self.content(&key, &artifact.digest, artifact.size_bytes).await
    }

    async fn docpack(&mut self) -> Result<(), PipelineError> {
        let Some(docpack) = &self.state.result else { return Ok(()) };
        let key = docpack.key(&self.state.tenant);
        self.content(&key, &docpack.archive_sha256, docpack.size_bytes).await
    }

    async fn content(
        &mut self,
        key: &ObjectKey,
        digest: &Digest,
        size_bytes: u64,
    ) -> Result<(), PipelineError> {
        if !self.deep {
            // One byte tells whether it is there, and costs as much as asking.
            match self.io.get_range(key, 0..1).await {
                Ok(_) => {}
                Err(StoreError::NotFound { .. }) => {
                    self.report("artifact_missing", key, "something points at it".to_owned());
                }
                Err(error) => return Err(error.into()),
            }
            return Ok(());
        }
        let Some(object) = self.io.find(key).await? else {
            self.report("artifact_missing", key, "something points at it".to_owned());
            return Ok(());
        };
        if Digest::of(&object.bytes) != *digest || object.bytes.len() as u64 != size_bytes {
            self.report(
                "artifact_damaged",
                key,
                format!("{} bytes, {size_bytes} written", object.bytes.len()),
            );
        }
        Ok(())
    }
}
