//! Audit records: one line for each question that a stage asked a language model, in the order of the stages.

use crate::error::PipelineError;
use crate::id::{JobId, Tenant};
use crate::key::{ArtifactPrefix, KeyPrefix};
use crate::port::Ports;
use crate::retried::Retried;

/// Reads every line of a job's audit, by unit, try and place.
pub async fn read_audit<P: Ports>(
    ports: &P,
    tenant: &Tenant,
    job: &JobId,
) -> Result<Vec<String>, PipelineError> {
    read(ports, &ArtifactPrefix::Audits { job }.of(tenant)).await
}

/// Reads the line of every question that was asked outside of a job, the oldest first.
pub async fn read_question_audit<P: Ports>(ports: &P, tenant: &Tenant) -> Result<Vec<String>, PipelineError> {
    read(ports, &ArtifactPrefix::QuestionAudits.of(tenant)).await
}

async fn read<P: Ports>(ports: &P, prefix: &KeyPrefix) -> Result<Vec<String>, PipelineError> {
    let io = Retried(ports);
    let mut lines = Vec::new();
    for key in io.list(prefix).await? {
        let object = io.get(&key).await?;
        let text = String::from_utf8(object.bytes).map_err(|error| PipelineError::Damaged {
            key: key.clone(),
            reason: format!("it is not UTF-8: {error}"),
        })?;
        lines.extend(text.lines().map(str::to_owned));
    }
    Ok(lines)
}
