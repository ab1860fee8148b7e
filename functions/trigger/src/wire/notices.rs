//! Messages about the ends of jobs.

use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a webhook can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum WebhookEvent {
    /// A job has its docpack, with everything or with the parts that its phase `partial` leaves.
    #[serde(rename = "job.completed")]
    JobCompleted,
    #[serde(rename = "job.failed")]
    JobFailed,
    #[serde(rename = "job.cancelled")]
    JobCancelled,
}

impl WebhookEvent {
    pub(crate) const ALL: [Self; 3] = [Self::JobCompleted, Self::JobFailed, Self::JobCancelled];

    /// Returns its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::JobCompleted => "job.completed",
            Self::JobFailed => "job.failed",
            Self::JobCancelled => "job.cancelled",
        }
    }
}

/// An address to post events to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhookRequest {
    /// `https` only, reachable from the internet.
    #[schemars(length(min = 1, max = 2048))]
    pub url: String,
    /// All of them without it.
    #[serde(default)]
    pub events: Option<Vec<WebhookEvent>>,
}

/// A webhook of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookSummary {
    pub id: String,
    pub url: String,
    pub events: Vec<WebhookEvent>,
    pub created_at: Timestamp,
    /// When the address answered 410, and is told nothing more.
    pub gone_at: Option<Timestamp>,
}

/// The webhooks of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Webhooks {
    pub items: Vec<WebhookSummary>,
    /// Whether there is a secret that messages are signed with.
    pub has_secret: bool,
}

/// What messages are signed with, by the rules of Standard Webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SigningSecret {
    /// `whsec_` and 32 bytes in base64; in this answer only.
    pub secret: String,
    /// Until when messages also carry a signature with the secret before it.
    pub previous_until: Option<Timestamp>,
}

/// A message about the end of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageSummary {
    pub id: String,
    /// The header `webhook-id`, and `id` in the body.
    pub event_id: String,
    pub event: String,
    /// `webhook`, `callback` or `mail`.
    pub channel: String,
    /// The address that it goes to.
    pub target: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    pub attempts: u64,
    /// What came of the last attempt.
    pub answer: Option<String>,
    pub created_at: Timestamp,
    /// When it is sent next; null once it is over.
    pub next_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// The newest messages of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Messages {
    pub items: Vec<MessageSummary>,
}

/// Which ends of jobs are told by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailWishesRequest {
    pub on_finished: bool,
    pub on_failed: bool,
}

/// How an account is told about its jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notifications {
    /// The address at GitHub; null where GitHub names none.
    pub email: Option<String>,
    /// Whether this server sends e-mail.
    pub sends_mail: bool,
    /// Whether this server sends webhooks.
    pub sends_webhooks: bool,
    pub on_finished: bool,
    pub on_failed: bool,
}
