//! What travels through queues: ids, nothing else.

use docpack::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{JobId, Tenant, TraceId, UnitId};
use crate::plan::StageName;
use crate::state::StateDocument;

/// Version of [`Message`].
pub const MESSAGE_SCHEMA: &str = "doctown.unit/1";

/// Asks for one unit of work; everything else is read from the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// Always [`MESSAGE_SCHEMA`].
    pub schema: String,
    pub tenant: Tenant,
    pub job: JobId,
    pub stage: StageName,
    pub unit: UnitId,
    pub trace_id: TraceId,
    /// Who takes turns with whom in the queue, see [`QueueGroup`].
    #[serde(default, skip_serializing_if = "QueueGroup::is_shared")]
    pub group: QueueGroup,
    /// The sender's place in the trace, as W3C trace context writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
}

/// Whose messages a queue hands out in turn with those of others: nobody waits behind all that somebody else sent.
///
/// One account has as many groups as its plan has shares, so that a larger plan has more turns.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct QueueGroup(String);

impl QueueGroup {
    /// Names the group of one job of an account that has so many shares.
    ///
    /// The name does not tell the account: a job of a public repository says to nobody who asked for it.
    pub fn of(account: &Tenant, shares: u8, job: &JobId) -> Self {
        let of_job = Digest::of(job.as_str().as_bytes()).0[0];
        let account = Digest::of(format!("queue group of {account}").as_bytes()).hex();
        Self(format!("{}-{}", &account[..16], of_job % shares.max(1)))
    }

    /// Reads the group of a queue's text; whatever is no message shares one group.
    pub fn of_body(body: &str) -> Self {
        #[derive(Deserialize)]
        struct OnlyGroup {
            #[serde(default)]
            group: QueueGroup,
        }
        serde_json::from_str(body).map_or_else(|_| Self::default(), |OnlyGroup { group }| group)
    }

    /// Tells whether this is the group of everybody who has none.
    pub fn is_shared(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the name: at most 20 characters, letters, digits and `-`; empty of the shared group.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a message of this version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("message is not of the form `doctown.unit/1`: {reason}")]
    Malformed { reason: String },
    #[error("message has schema `{schema}`, expected `doctown.unit/1`")]
    UnknownSchema { schema: String },
}

impl Message {
    /// Asks for one unit of a job.
    pub fn new(state: &StateDocument, stage: StageName, unit: &UnitId, traceparent: Option<String>) -> Self {
        Self {
            schema: MESSAGE_SCHEMA.to_owned(),
            tenant: state.tenant.clone(),
            job: state.job.clone(),
            stage,
            unit: unit.clone(),
            trace_id: state.trace_id.clone(),
            group: state.queue_group.clone(),
            traceparent: Some(traceparent.unwrap_or_else(|| derived(state, stage, unit))),
        }
    }

    /// Reads a queue's text.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        let message: Self = serde_json::from_str(body)
            .map_err(|error| MessageError::Malformed { reason: error.to_string() })?;
        if message.schema != MESSAGE_SCHEMA {
            return Err(MessageError::UnknownSchema { schema: message.schema });
        }
        Ok(message)
    }

    /// Writes the text for a queue.
    pub fn to_body(&self) -> String {
        serde_json::to_string(self).expect("a message is plain data with string keys")
    }
}

/// Names a place in the job's trace where nobody traces, so that whoever does later hangs on to it.
fn derived(state: &StateDocument, stage: StageName, unit: &UnitId) -> String {
    let span = Digest::of(format!("{}/{stage}/{unit}", state.job).as_bytes()).hex();
    format!("00-{}-{}-01", state.trace_id, &span[..16])
}
