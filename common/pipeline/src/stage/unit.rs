//! What a running unit sees of the world.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use docpack::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StageError;
use crate::event::{Event, EventBuffer};
use crate::id::{JobId, UnitId};
use crate::key::{ArtifactKey, ArtifactRef, ObjectKey};
use crate::message::Message;
use crate::options::BuildOptions;
use crate::plan::StageName;
use crate::port::{ArtifactStore, Clock, Ports, PutMode, QueueName, StoreError, Version};
use crate::retried::Retried;
use crate::state::{DocpackRef, Marker, Outcome, StateDocument, UnitResult};
use crate::time::Timestamp;

/// Tells a unit's threads that its result is no longer wanted.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// Tells whether to stop; cheap enough for inner loops.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Asks to stop; there is no way back.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns [`StageError::Cancelled`] once the flag is set.
    pub fn check(&self) -> Result<(), StageError> {
        if self.is_set() { Err(StageError::Cancelled) } else { Ok(()) }
    }
}

/// One try of one unit. Clones share it, so tasks and threads may hold their own.
pub struct UnitRun<P> {
    parts: Arc<UnitParts<P>>,
}

impl<P> Clone for UnitRun<P> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts) }
    }
}

/// What a try is made of.
pub(crate) struct UnitParts<P> {
    pub(crate) ports: Arc<P>,
    pub(crate) state: StateDocument,
    pub(crate) stage: StageName,
    pub(crate) unit: UnitId,
    pub(crate) try_number: u32,
    /// Tries that count, this one included.
    pub(crate) n_counted: u32,
    /// When this try is cancelled for taking too long.
    pub(crate) ends_at: Timestamp,
    pub(crate) cancel: CancelFlag,
    pub(crate) events: Arc<EventBuffer>,
}

impl<P: Ports> UnitRun<P> {
    pub(crate) fn new(parts: UnitParts<P>) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Returns the job's state as it was when the try began.
    pub fn state(&self) -> &StateDocument {
        &self.parts.state
    }

    /// Returns the options of the job's request.
    pub fn options(&self) -> &BuildOptions {
        &self.parts.state.request.options
    }

    /// Returns the job's id.
    pub fn job(&self) -> &JobId {
        &self.parts.state.job
    }

    /// Returns the stage that is run.
    pub fn stage(&self) -> StageName {
        self.parts.stage
    }

    /// Returns the unit that is run.
    pub fn unit(&self) -> &UnitId {
        &self.parts.unit
    }

    /// Returns the number of this try, from 1.
    pub fn try_number(&self) -> u32 {
        self.parts.try_number
    }

    /// Returns how long this try may still take.
    pub fn time_left(&self) -> Duration {
        self.parts.ends_at.since(self.now())
    }

    /// Tells whether a failure of this try is the unit's end.
    pub fn is_last_try(&self) -> bool {
        self.parts.n_counted >= self.parts.stage.plan().max_attempts
    }

    /// Returns the flag to look at between steps of work; give a clone to every thread.
    pub fn cancel_flag(&self) -> &CancelFlag {
        &self.parts.cancel
    }

    /// Tells whether the result is no longer wanted.
    pub fn is_cancelled(&self) -> bool {
        self.parts.cancel.is_set()
    }

    /// Returns the present moment, for durations in events; no output may depend on it.
    pub fn now(&self) -> Timestamp {
        self.parts.ports.clock().now()
    }

    /// Tells what happened. Never fails and never waits; stored within about a second.
    pub fn emit(&self, event: impl Into<Event>) {
        let envelope = self.parts.events.push(self.now(), event.into());
        self.parts.ports.observe(&envelope);
    }

    /// Writes an artifact of this stage as JSON; writing equal content again changes nothing.
    pub async fn put_json<T: Serialize + Sync>(&self, value: &T) -> Result<ArtifactRef, StageError> {
        let bytes = serde_json::to_vec(value)
            .map_err(|error| StageError::reject("artifact_not_json", error.to_string()))?;
        self.put_bytes(bytes).await
    }

    /// Writes an artifact of this stage as JSON and leaves its value to a later stage, where that runs in this process.
    pub async fn hand_over<T: Serialize + Send + Sync + 'static>(
        &self,
        value: T,
    ) -> Result<ArtifactRef, StageError> {
        let artifact = self.put_json(&value).await?;
        self.leave(&artifact, artifact.size_bytes, value);
        Ok(artifact)
    }

    /// Leaves what an artifact stands for to a later stage of this process, which may [take](Self::taken) it;
    /// `n_bytes` is about what it takes as JSON.
    pub fn leave<T: Send + 'static>(&self, artifact: &ArtifactRef, n_bytes: u64, value: T) {
        if let Some(handed_over) = self.parts.ports.handed_over() {
            handed_over.keep(self.key_of(artifact), n_bytes, value);
        }
    }

    /// Takes what an earlier stage of this process left.
    pub fn taken<T: 'static>(&self, artifact: &ArtifactRef) -> Option<T> {
        self.parts.ports.handed_over()?.take(&self.key_of(artifact))
    }

    /// Writes an artifact of this stage; writing equal content again changes nothing.
    pub async fn put_bytes(&self, bytes: Vec<u8>) -> Result<ArtifactRef, StageError> {
        let artifact =
            ArtifactRef { stage: self.stage(), digest: Digest::of(&bytes), size_bytes: bytes.len() as u64 };
        self.io().create(&self.key_of(&artifact), &bytes).await?;
        Ok(artifact)
    }

    /// Reads an artifact of this job as JSON.
    pub async fn get_json<T: DeserializeOwned + 'static>(
        &self,
        artifact: &ArtifactRef,
    ) -> Result<T, StageError> {
        self.get_json_named(artifact.stage, &artifact.digest).await
    }

    /// Reads an artifact of this job that another artifact names by its digest, as JSON.
    pub async fn get_json_named<T: DeserializeOwned + 'static>(
        &self,
        stage: StageName,
        digest: &Digest,
    ) -> Result<T, StageError> {
        let key = self.key(&ArtifactKey::Artifact { job: self.job(), stage, digest });
        match self.parts.ports.handed_over().and_then(|handed_over| handed_over.take(&key)) {
            Some(value) => Ok(value),
            None => parse_json(&self.get_checked(&key, digest).await?, stage),
        }
    }

    /// Reads several of them, in order.
    pub async fn get_all_json_named<T: DeserializeOwned + 'static>(
        &self,
        stage: StageName,
        digests: &[Digest],
    ) -> Result<Vec<T>, StageError> {
        let mut all = Vec::with_capacity(digests.len());
        for digest in digests {
            all.push(self.get_json_named(stage, digest).await?);
        }
        Ok(all)
    }

    /// Reads an artifact of this job and checks its digest; a damaged read is repeated once.
    pub async fn get_bytes(&self, artifact: &ArtifactRef) -> Result<Vec<u8>, StageError> {
        self.get_checked(&self.key_of(artifact), &artifact.digest).await
    }

    /// Reads the artifact that this unit of a fan-out is named after, as JSON.
    pub async fn input_json<T: DeserializeOwned + 'static>(&self) -> Result<T, StageError> {
        let (Some(digest), Some(writer)) = (self.unit().input_digest(), self.stage().plan().fan_out_from)
        else {
            return Err(StageError::reject(
                "unit_without_input",
                format!("unit `{}` names no input", self.unit()),
            ));
        };
        self.get_json_named(writer, &digest).await
    }

    /// Finds the output of a stage that is one unit.
    pub async fn output_of(&self, stage: StageName) -> Result<ArtifactRef, StageError> {
        let key = self.key(&ArtifactKey::Marker { job: self.job(), stage, unit: &UnitId::whole() });
        let marker: Marker = parse_json(&self.io().get(&key).await?.bytes, stage)?;
        match marker.outcome {
            Outcome::Done { output, .. } => Ok(output),
            Outcome::Failed { code, message } => Err(StageError::reject(
                "input_failed",
                format!("stage `{stage}` failed with {code}: {message}"),
            )),
        }
    }

    /// Reads the output of a stage that is one unit, as JSON.
    pub async fn output_json_of<T: DeserializeOwned + 'static>(
        &self,
        stage: StageName,
    ) -> Result<T, StageError> {
        self.get_json(&self.output_of(stage).await?).await
    }

    /// Lists the units of a finished fan-out in sealed order, each with its output or error code.
    pub async fn outputs_of(&self, stage: StageName) -> Result<Vec<UnitResult>, StageError> {
        Ok(crate::job::finished_units(&self.io(), self.state(), stage).await?)
    }

    /// Lets a unit of the stage that this one feeds begin before the list is sealed.
    ///
    /// Its input must have been written. A unit that is not in the sealed list later is ignored.
    pub async fn start_unit_early(&self, stage: StageName, unit: &UnitId) -> Result<(), StageError> {
        let message = Message::new(self.state(), stage, unit, self.parts.ports.traceparent());
        Ok(self.io().send(QueueName::work(stage), &message.to_body(), Duration::ZERO).await?)
    }

    /// Reads an entry of the vector cache, `None` when there is none; check what it holds.
    pub async fn get_cached_vectors(
        &self,
        class: &Digest,
        entry: &Digest,
    ) -> Result<Option<Vec<u8>>, StageError> {
        let key = self.key(&ArtifactKey::VectorCache { class, entry });
        Ok(self.io().find(&key).await?.map(|object| object.bytes))
    }

    /// Writes an entry of the vector cache over whatever is there.
    pub async fn put_cached_vectors(
        &self,
        class: &Digest,
        entry: &Digest,
        bytes: &[u8],
    ) -> Result<(), StageError> {
        let key = self.key(&ArtifactKey::VectorCache { class, entry });
        Ok(self.io().overwrite(&key, bytes).await?)
    }

    /// Reads a model's reply to a question that was asked before; check what it holds.
    pub async fn get_cached_reply(&self, question: &Digest) -> Result<Option<Vec<u8>>, StageError> {
        let key = self.key(&ArtifactKey::ReplyCache { question });
        Ok(self.io().find(&key).await?.map(|object| object.bytes))
    }

    /// Keeps a model's reply; where there is one already, that one stays, and the answer is `false`.
    pub async fn keep_reply(&self, question: &Digest, bytes: &[u8]) -> Result<bool, StageError> {
        let key = self.key(&ArtifactKey::ReplyCache { question });
        Ok(self.io().create(&key, bytes).await?)
    }

    /// Reads what an earlier try of this unit ordered.
    pub async fn get_batch(&self) -> Result<Option<Vec<u8>>, StageError> {
        Ok(self.io().find(&self.key(&self.batch_key())).await?.map(|object| object.bytes))
    }

    /// Notes what this unit ordered; `false` where another try was first.
    pub async fn put_batch(&self, bytes: &[u8]) -> Result<bool, StageError> {
        Ok(self.io().create(&self.key(&self.batch_key()), bytes).await?)
    }

    fn batch_key(&self) -> ArtifactKey<'_> {
        ArtifactKey::Batch { job: self.job(), stage: self.stage(), unit: self.unit() }
    }

    /// Reads what earlier tries of this unit may have paid for and never got; check what it holds.
    pub async fn get_lost(&self) -> Result<Option<Vec<u8>>, StageError> {
        Ok(self.io().find(&self.key(&self.lost_key())).await?.map(|object| object.bytes))
    }

    /// Notes what all tries up to this one may have paid for and never got.
    pub async fn put_lost(&self, bytes: &[u8]) -> Result<(), StageError> {
        Ok(self.io().overwrite(&self.key(&self.lost_key()), bytes).await?)
    }

    fn lost_key(&self) -> ArtifactKey<'_> {
        ArtifactKey::Lost { job: self.job(), stage: self.stage(), unit: self.unit() }
    }

    /// Reads the account that the units of this stage share, with the version to update it by.
    pub async fn get_account(&self) -> Result<Option<(Vec<u8>, Version)>, StageError> {
        let found = self.io().find(&self.key(&self.account_key())).await?;
        Ok(found.map(|object| (object.bytes, object.version)))
    }

    /// Writes the account unless somebody changed it since it was read; `false` may also mean an unclear answer.
    ///
    /// The caller reads it again and applies its change anew, so a change must be one that may be repeated.
    pub async fn put_account(&self, bytes: Vec<u8>, version: Option<Version>) -> Result<bool, StageError> {
        let mode = version.map_or(PutMode::Create, PutMode::Update);
        match self.parts.ports.store().put(&self.key(&self.account_key()), bytes, mode).await {
            Ok(_) => Ok(true),
            Err(
                StoreError::Precondition { .. }
                | StoreError::AlreadyExists { .. }
                | StoreError::NotFound { .. }
                | StoreError::Unknown { .. },
            ) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn account_key(&self) -> ArtifactKey<'_> {
        ArtifactKey::Account { job: self.job(), stage: self.stage() }
    }

    /// Writes what this try asked of models, a line for each call.
    pub async fn put_audit(&self, lines: &[u8]) -> Result<(), StageError> {
        let key = self.key(&ArtifactKey::Audit {
            job: self.job(),
            stage: self.stage(),
            unit: self.unit(),
            number: self.try_number(),
        });
        Ok(self.io().overwrite(&key, lines).await?)
    }

    /// Writes the finished docpack under its id and the digest of its bytes.
    pub async fn put_docpack(&self, docpack_id: Digest, bytes: &[u8]) -> Result<DocpackRef, StageError> {
        let docpack =
            DocpackRef { docpack_id, archive_sha256: Digest::of(bytes), size_bytes: bytes.len() as u64 };
        self.io().create(&docpack.key(&self.state().tenant), bytes).await?;
        Ok(docpack)
    }

    fn io(&self) -> Retried<'_, P> {
        Retried(&self.parts.ports)
    }

    fn key(&self, key: &ArtifactKey<'_>) -> ObjectKey {
        key.of(&self.state().tenant)
    }

    fn key_of(&self, artifact: &ArtifactRef) -> ObjectKey {
        self.key(&ArtifactKey::Artifact { job: self.job(), stage: artifact.stage, digest: &artifact.digest })
    }

    async fn get_checked(&self, key: &ObjectKey, digest: &Digest) -> Result<Vec<u8>, StageError> {
        for _ in 0..2 {
            let bytes = self.io().get(key).await?.bytes;
            if Digest::of(&bytes) == *digest {
                return Ok(bytes);
            }
        }
        Err(StageError::retry("artifact_damaged", format!("object `{key}` does not hash to its name")))
    }
}

fn parse_json<T: DeserializeOwned>(bytes: &[u8], stage: StageName) -> Result<T, StageError> {
    serde_json::from_slice(bytes).map_err(|error| {
        StageError::reject("artifact_not_json", format!("artifact of stage `{stage}`: {error}"))
    })
}
