//! A reply as the cache keeps it, for jobs and for single questions.

use llm::{ChatReply, Finish};
use pipeline::StageError;
use serde::{Deserialize, Serialize};

/// Version of [`KeptReply`]; a reply kept under another version counts as absent.
const REPLY_SCHEMA: &str = "doctown.reply/1";

/// A reply as the cache keeps it, a refusal or a cut one too: asking again must cost nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptReply {
    schema: String,
    pub(crate) text: String,
    pub(crate) is_refused: bool,
    pub(crate) is_whole: bool,
    model: Option<String>,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) cost_micro_usd: u64,
    /// What may have been charged beyond that: the server did not count, or an attempt before brought nothing.
    #[serde(default)]
    pub(crate) uncertain_micro_usd: u64,
    /// Who paid for it: a unit of a job, or `ask` and a docpack.
    pub(crate) job: String,
    pub(crate) unit: String,
}

impl KeptReply {
    pub(crate) fn of(reply: &ChatReply, job: String, unit: String) -> Self {
        let usage = reply.usage.unwrap_or_default();
        Self {
            schema: REPLY_SCHEMA.to_owned(),
            text: reply.text.clone(),
            is_refused: reply.refusal.is_some() || reply.finish == Finish::ContentFilter,
            is_whole: reply.finish != Finish::Length,
            model: reply.response_model.clone(),
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            cost_micro_usd: reply.cost_micro_usd.unwrap_or(0),
            uncertain_micro_usd: reply.uncertain_micro_usd,
            job,
            unit,
        }
    }

    /// Reads what the cache holds; `None` for another version.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let kept: Self = serde_json::from_slice(bytes).ok()?;
        (kept.schema == REPLY_SCHEMA).then_some(kept)
    }

    pub(crate) fn bytes(&self) -> Result<Vec<u8>, StageError> {
        serde_json::to_vec(self).map_err(|error| StageError::reject("reply_not_json", error.to_string()))
    }
}
