//! What comes back: text, how it ended, and what it used.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::classify;
use crate::failure::{ChatError, ErrorKind};

/// Tokens beyond this in one answer are a server's mistake; no model reads or writes as many.
const MAX_COUNTED_TOKENS: u64 = 100_000_000;

/// An answer of the model, whether or not it is a good one.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatReply {
    /// Empty where the model refused, or said nothing.
    pub text: String,
    pub refusal: Option<String>,
    pub finish: Finish,
    pub response_id: Option<String>,
    /// As the server names it; often with a date.
    pub response_model: Option<String>,
    /// `None` where the server does not count.
    pub usage: Option<Usage>,
    /// Of the attempt that brought it.
    pub latency: Duration,
    /// Requests that were made for it.
    pub n_tries: u32,
    /// What it cost in millionths of a dollar, rounded up; `None` without a price or without counts.
    pub cost_micro_usd: Option<u64>,
    /// What the provider may charge beyond that, at most: for this answer where it does not count, and for
    /// attempts before it that brought nothing.
    pub uncertain_micro_usd: u64,
}

/// Why the model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    Stop,
    /// The longest length was reached: the text is cut.
    Length,
    ContentFilter,
    /// Any other word, and none.
    #[serde(untagged)]
    Other(String),
}

/// Tokens as the server counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Part of the input.
    pub cached_input_tokens: u64,
    /// Part of the output.
    pub reasoning_tokens: u64,
}

impl ChatReply {
    /// Returns the text of an answer that is whole.
    pub fn answer(&self) -> Result<&str, ChatError> {
        let no_answer = |kind, message: &str| Err(ChatError::new(kind, message).with_tries(self.n_tries));
        if self.refusal.is_some() || self.finish == Finish::ContentFilter {
            return no_answer(ErrorKind::Refused, "the model declines to answer");
        }
        if self.finish == Finish::Length {
            return no_answer(ErrorKind::ReplyCut, "the answer ended at its longest length");
        }
        if self.text.trim().is_empty() {
            return no_answer(ErrorKind::EmptyReply, "the answer has no text");
        }
        Ok(&self.text)
    }

    /// Reads a chat completion.
    pub(crate) fn read(json: &str) -> Result<Self, ChatError> {
        let wire: Completion =
            serde_json::from_str(json).map_err(|_| bad("the reply is no chat completion"))?;
        let Some(choice) = wire.choices.into_iter().next() else {
            return Err(wire
                .error
                .map_or_else(|| bad("the reply has no choices"), |error| classify::hidden_refusal(&error)));
        };
        Ok(Self {
            text: choice.message.content.unwrap_or_default(),
            refusal: choice.message.refusal.filter(|refusal| !refusal.is_empty()),
            finish: Finish::named(choice.finish_reason.as_deref()),
            response_id: wire.id,
            response_model: wire.model,
            usage: wire.usage.map(Usage::from),
            latency: Duration::ZERO,
            n_tries: 0,
            cost_micro_usd: None,
            uncertain_micro_usd: 0,
        })
    }
}

fn bad(message: &str) -> ChatError {
    ChatError::new(ErrorKind::BadReply, message).with_status(200).maybe_charged()
}

impl Finish {
    fn named(reason: Option<&str>) -> Self {
        match reason {
            Some("stop") => Self::Stop,
            Some("length") => Self::Length,
            Some("content_filter") => Self::ContentFilter,
            other => Self::Other(other.unwrap_or("none").to_owned()),
        }
    }

    /// Returns the word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ContentFilter => "content_filter",
            Self::Other(word) => word,
        }
    }
}

#[derive(Deserialize)]
struct Completion {
    id: Option<String>,
    model: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<WireUsage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct WireUsage {
    prompt_tokens: u64,
    completion_tokens: u64,
    prompt_tokens_details: Option<InputDetails>,
    completion_tokens_details: Option<OutputDetails>,
}

#[derive(Deserialize)]
struct InputDetails {
    cached_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct OutputDetails {
    reasoning_tokens: Option<u64>,
}

impl From<WireUsage> for Usage {
    fn from(wire: WireUsage) -> Self {
        let cached = wire.prompt_tokens_details.and_then(|details| details.cached_tokens);
        let reasoning = wire.completion_tokens_details.and_then(|details| details.reasoning_tokens);
        Self {
            input_tokens: wire.prompt_tokens.min(MAX_COUNTED_TOKENS),
            output_tokens: wire.completion_tokens.min(MAX_COUNTED_TOKENS),
            cached_input_tokens: cached.unwrap_or(0).min(MAX_COUNTED_TOKENS),
            reasoning_tokens: reasoning.unwrap_or(0).min(MAX_COUNTED_TOKENS),
        }
    }
}
