//! What can go wrong with a question, as decisions of the caller.

use std::time::Duration;

/// Longer messages of a server tell nothing more.
const MAX_MESSAGE_CHARS: usize = 300;

/// A question that was not answered, and what may be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", kind.code())]
pub struct ChatError {
    pub kind: ErrorKind,
    /// For people; holds no prompt and no key.
    pub message: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether the provider may charge for it although no answer came.
    pub may_have_cost: bool,
    /// What the provider may charge for attempts that brought nothing, in millionths of a dollar, at most.
    pub uncertain_micro_usd: u64,
    /// Requests that were made.
    pub n_tries: u32,
}

/// Kinds of failures; each has a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// The key is wrong, missing, or not allowed to ask.
    Unauthorised,
    /// The account has no money left.
    Quota,
    /// The base URL leads to something else.
    WrongUrl,
    RateLimited,
    /// Not reachable, or broken on its side.
    Unavailable,
    Timeout,
    /// An answer that is no chat completion.
    BadReply,
    ReplyTooLarge,
    ContextTooLong,
    ModelUnknown,
    /// Any other request that the server does not take.
    BadRequest,
    /// The model declines to answer.
    Refused,
    /// The answer ended at its longest length.
    ReplyCut,
    EmptyReply,
    /// The next request could cost more than is left.
    BudgetExceeded,
    /// A model without a price, under a budget.
    PriceUnknown,
    /// A batch that ended without answers.
    BatchFailed,
    /// A request of a batch that has no answer in it.
    BatchIncomplete,
}

impl ErrorKind {
    /// All of them, for tables and documentation.
    pub const ALL: [Self; 18] = [
        Self::Unauthorised,
        Self::Quota,
        Self::WrongUrl,
        Self::RateLimited,
        Self::Unavailable,
        Self::Timeout,
        Self::BadReply,
        Self::ReplyTooLarge,
        Self::ContextTooLong,
        Self::ModelUnknown,
        Self::BadRequest,
        Self::Refused,
        Self::ReplyCut,
        Self::EmptyReply,
        Self::BudgetExceeded,
        Self::PriceUnknown,
        Self::BatchFailed,
        Self::BatchIncomplete,
    ];

    /// Returns the stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unauthorised => "llm_unauthorised",
            Self::Quota => "llm_quota",
            Self::WrongUrl => "llm_wrong_url",
            Self::RateLimited => "llm_rate_limited",
            Self::Unavailable => "llm_unavailable",
            Self::Timeout => "llm_timeout",
            Self::BadReply => "llm_bad_reply",
            Self::ReplyTooLarge => "llm_reply_too_large",
            Self::ContextTooLong => "llm_context_too_long",
            Self::ModelUnknown => "llm_model_unknown",
            Self::BadRequest => "llm_bad_request",
            Self::Refused => "llm_refused",
            Self::ReplyCut => "llm_reply_cut",
            Self::EmptyReply => "llm_empty_reply",
            Self::BudgetExceeded => "budget_exceeded",
            Self::PriceUnknown => "llm_price_unknown",
            Self::BatchFailed => "llm_batch_failed",
            Self::BatchIncomplete => "llm_batch_incomplete",
        }
    }

    /// Tells whether the same question may be answered when it is asked again.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Timeout | Self::BadReply)
    }

    /// Tells whether no question at all will be answered until somebody mends something.
    pub fn is_endpoint_gone(self) -> bool {
        matches!(self, Self::Unauthorised | Self::Quota | Self::WrongUrl)
    }

    /// Tells whether another model of the endpoint may answer.
    pub fn wants_other_model(self) -> bool {
        match self {
            Self::ModelUnknown
            | Self::Unavailable
            | Self::Timeout
            | Self::BadReply
            | Self::ReplyTooLarge
            | Self::ContextTooLong
            | Self::BadRequest
            | Self::Refused
            | Self::ReplyCut
            | Self::EmptyReply
            | Self::PriceUnknown => true,
            Self::Unauthorised
            | Self::Quota
            | Self::WrongUrl
            | Self::RateLimited
            | Self::BudgetExceeded
            | Self::BatchFailed
            | Self::BatchIncomplete => false,
        }
    }

    /// Tells whether it says that the server is not there, rather than something of the question.
    pub(crate) fn is_outage(self) -> bool {
        matches!(self, Self::Unavailable | Self::Timeout)
    }
}

impl ChatError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = short(&message.into());
        Self {
            kind,
            message,
            status: None,
            retry_after: None,
            may_have_cost: false,
            uncertain_micro_usd: 0,
            n_tries: 0,
        }
    }

    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    pub(crate) fn with_wait(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }

    pub(crate) fn with_tries(self, n_tries: u32) -> Self {
        Self { n_tries, ..self }
    }

    pub(crate) fn maybe_charged(self) -> Self {
        Self { may_have_cost: true, ..self }
    }
}

/// One line, without what a terminal would obey.
fn short(message: &str) -> String {
    let plain = message.chars().map(|c| if c.is_control() { ' ' } else { c });
    let cut: String = plain.take(MAX_MESSAGE_CHARS).collect();
    if cut.trim().is_empty() { "no reason was given".to_owned() } else { cut.trim().to_owned() }
}
