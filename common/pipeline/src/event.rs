//! What happened, told to people and programs: CloudEvents 1.0 envelopes with typed payloads.
//!
//! An event decides nothing. Its identity is `job/stage/unit/try/n`; a job's own events are derived
//! from its state document, so they cannot be missing.

pub mod feed;
pub mod payload;
mod segment;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use feed::{Feed, step_events};
pub use payload::{CompletionStatus, Event};
pub(crate) use segment::EventBuffer;
pub(crate) use segment::{completion_event, lost_segment};
pub use segment::{job_events, read_events};

use crate::id::{TraceId, UnitId};
use crate::plan::StageName;
use crate::state::StateDocument;
use crate::time::Timestamp;

/// One event with what is needed to understand it alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// Always `1.0`.
    pub specversion: String,
    /// `job/stage/unit/try/n`.
    pub id: String,
    /// Always `doctown`.
    pub source: String,
    /// `job/stage/unit`.
    pub subject: String,
    pub time: Timestamp,
    /// Always `application/json`.
    pub datacontenttype: String,
    pub context: Context,
    pub meta: Meta,
    /// `type` and `data`.
    #[serde(flatten)]
    pub event: Event,
}

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Context {
    /// The repository's address; null for a local folder or archive.
    pub repo_url: Option<String>,
    pub git_ref: Option<String>,
    pub owner: String,
}

/// Where the event comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Meta {
    /// The version of the stage that spoke.
    pub producer_version: String,
    pub trace_id: TraceId,
    /// Equal for events that tell of the same effect, whichever try had it.
    pub idempotency_key: String,
    /// The job that this event's job repeats.
    pub parent_id: Option<String>,
    /// As whoever asked for the job gave them.
    pub tags: BTreeMap<String, String>,
}

/// Who speaks: one try of one unit.
#[derive(Debug, Clone)]
pub(crate) struct Speaker {
    pub(crate) context: Context,
    pub(crate) trace_id: TraceId,
    pub(crate) producer_version: String,
    pub(crate) parent_id: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// `job/stage/unit`.
    pub(crate) subject: String,
    pub(crate) try_number: u32,
}

impl Speaker {
    pub(crate) fn of_unit(state: &StateDocument, stage: StageName, unit: &UnitId, try_number: u32) -> Self {
        Self {
            context: Context::of(state),
            trace_id: state.trace_id.clone(),
            producer_version: state.stage_versions.get(&stage).cloned().unwrap_or_default(),
            parent_id: state.parent.as_ref().map(ToString::to_string),
            tags: state.request.tags.as_map().clone(),
            subject: format!("{}/{stage}/{unit}", state.job),
            try_number,
        }
    }

    /// Speaks for the job itself, outside any stage.
    pub(crate) fn of_job(state: &StateDocument) -> Self {
        Self {
            context: Context::of(state),
            trace_id: state.trace_id.clone(),
            producer_version: String::new(),
            parent_id: state.parent.as_ref().map(ToString::to_string),
            tags: state.request.tags.as_map().clone(),
            subject: state.job.to_string(),
            try_number: 0,
        }
    }

    /// Wraps the speaker's `n`-th event.
    pub(crate) fn envelope(&self, n: u64, time: Timestamp, event: Event) -> Envelope {
        Envelope {
            specversion: "1.0".to_owned(),
            id: format!("{}/{}/{n}", self.subject, self.try_number),
            source: "doctown".to_owned(),
            subject: self.subject.clone(),
            time,
            datacontenttype: "application/json".to_owned(),
            context: self.context.clone(),
            meta: Meta {
                producer_version: self.producer_version.clone(),
                trace_id: self.trace_id.clone(),
                idempotency_key: format!("{}/{}/{n}", self.subject, event.type_name()),
                parent_id: self.parent_id.clone(),
                tags: self.tags.clone(),
            },
            event,
        }
    }
}

impl Context {
    pub(crate) fn of(state: &StateDocument) -> Self {
        let source = &state.request.source;
        let is_address = source.starts_with("https://") || source.starts_with("http://");
        Self {
            // A local path says more about a machine than about a repository, so it is not told.
            repo_url: is_address.then(|| source.clone()),
            git_ref: state.request.options.git_ref.clone(),
            owner: state.owner.clone(),
        }
    }
}
