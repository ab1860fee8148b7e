//! What was sent where: kept in the store, so that a dispatcher that comes later asks before it sends.

use pipeline::error::PipelineError;
use pipeline::key::{ArtifactKey, ArtifactPrefix, ObjectKey};
use pipeline::port::{Object, Ports, PutMode, StoreError, Version};
use pipeline::{ArtifactStore, Message, Timestamp};
use serde::{Deserialize, Serialize};

/// One sending of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dispatch {
    /// When it was claimed.
    pub(crate) at: Timestamp,
    /// The job's name at the endpoint; `None` until it is known.
    pub(crate) id: Option<String>,
}

/// The newest sending of a unit.
pub(crate) struct Newest {
    pub(crate) number: u32,
    pub(crate) dispatch: Dispatch,
}

/// Finds the newest sending of a unit.
pub(crate) async fn newest<P: Ports>(ports: &P, message: &Message) -> Result<Option<Newest>, PipelineError> {
    let Message { tenant, job, stage, unit, .. } = message;
    let prefix = ArtifactPrefix::Dispatches { job, stage: *stage, unit }.of(tenant);
    let Some(key) = ports.store().list(&prefix).await?.pop() else { return Ok(None) };
    let number = key.last_part().parse().unwrap_or(0);
    let Object { bytes, .. } = ports.store().get(&key).await?;
    let dispatch = serde_json::from_slice(&bytes)
        .map_err(|error| PipelineError::Damaged { key, reason: error.to_string() })?;
    Ok(Some(Newest { number, dispatch }))
}

/// Claims a sending; `None` when another dispatcher was faster.
pub(crate) async fn claim<P: Ports>(
    ports: &P,
    message: &Message,
    number: u32,
    at: Timestamp,
) -> Result<Option<Version>, PipelineError> {
    let bytes = to_json(&Dispatch { at, id: None });
    match ports.store().put(&key(message, number), bytes, PutMode::Create).await {
        Ok(version) => Ok(Some(version)),
        Err(StoreError::AlreadyExists { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Notes what a claimed sending is called at the endpoint.
pub(crate) async fn sent<P: Ports>(
    ports: &P,
    message: &Message,
    number: u32,
    claimed: Version,
    dispatch: &Dispatch,
) -> Result<(), PipelineError> {
    let update = PutMode::Update(claimed);
    match ports.store().put(&key(message, number), to_json(dispatch), update).await {
        // Refused only where the claim is gone with its job, or where this very write was applied before.
        Ok(_) | Err(StoreError::Precondition { .. } | StoreError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn key(message: &Message, number: u32) -> ObjectKey {
    let Message { tenant, job, stage, unit, .. } = message;
    ArtifactKey::Dispatch { job, stage: *stage, unit, number }.of(tenant)
}

fn to_json(dispatch: &Dispatch) -> Vec<u8> {
    serde_json::to_vec(dispatch).expect("a dispatch is a time and a word")
}
