//! What is built at set times, and which of those times were seen to.

use docpack::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::job::{Coordinator, to_json};
use crate::key::ArtifactKey;
use crate::port::Ports;
use crate::time::Timestamp;

impl<P: Ports> Coordinator<P> {
    /// Reads the list of schedules, in the form of whoever wrote it.
    pub async fn schedules<T: DeserializeOwned>(&self, tenant: &Tenant) -> Result<Option<T>, PipelineError> {
        self.io().find_json(&ArtifactKey::Schedules.of(tenant)).await
    }

    /// Writes the list of schedules over the one before.
    pub async fn put_schedules<T: Serialize>(&self, tenant: &Tenant, list: &T) -> Result<(), PipelineError> {
        self.note_tenant(tenant).await?;
        Ok(self.io().overwrite(&ArtifactKey::Schedules.of(tenant), &to_json(list)).await?)
    }

    /// Tells whether a window of a schedule was seen to.
    pub async fn window_is_done(
        &self,
        tenant: &Tenant,
        schedule: &Digest,
        window: Timestamp,
    ) -> Result<bool, PipelineError> {
        let key = ArtifactKey::ScheduleWindow { schedule, window }.of(tenant);
        Ok(self.io().find(&key).await?.is_some())
    }

    /// Notes that a window of a schedule was seen to, by this job; the first note stays.
    pub async fn window_done(
        &self,
        tenant: &Tenant,
        schedule: &Digest,
        window: Timestamp,
        job: &JobId,
    ) -> Result<(), PipelineError> {
        let key = ArtifactKey::ScheduleWindow { schedule, window }.of(tenant);
        self.io().create(&key, &to_json(job)).await?;
        Ok(())
    }
}
