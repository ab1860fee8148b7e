//! What a server's refusal means, whatever shape it has.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::backoff;
use crate::failure::{ChatError, ErrorKind};

/// What servers say of themselves, after their differences are taken out.
struct Told {
    /// In lower case: `code` and `type` as words, and the message.
    words: String,
    message: String,
}

/// Reads an answer whose status is no success.
pub(crate) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ChatError {
    let told = Told::read(status, body);
    let kind = kind_of(status.as_u16(), &told.words);
    let error = ChatError::new(kind, told.message).with_status(status.as_u16());
    let error = error.with_wait(backoff::retry_after(status, headers));
    // A gateway that lost patience says nothing of what the model did behind it.
    if status == StatusCode::GATEWAY_TIMEOUT { error.maybe_charged() } else { error }
}

/// Reads an error that came with a status of success, as some gateways send it.
pub(crate) fn hidden_refusal(error: &Value) -> ChatError {
    let wrapped = serde_json::json!({ "error": error }).to_string();
    let code = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let status = code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::BAD_GATEWAY);
    refusal(status, &HeaderMap::new(), wrapped.as_bytes())
}

fn kind_of(status: u16, words: &str) -> ErrorKind {
    let says = |list: &[&str]| list.iter().any(|word| words.contains(word));
    let no_money = says(&[
        "insufficient_quota",
        "insufficient_balance",
        "billing_hard_limit",
        "exceeded your current quota",
    ]);
    let no_model = says(&["model_not_found", "deploymentnotfound", "invalid model id"])
        || (words.contains("model")
            && says(&["not found", "does not exist", "not exist", "unknown model", "no such model"]));
    let too_long = says(&[
        "context_length_exceeded",
        "exceed_context_size",
        "context length",
        "context size",
        "context window",
        "maximum context",
        "too many tokens",
        "prompt is too long",
    ]);
    let filtered = says(&["content_filter", "content_policy_violation"]);
    match status {
        400 | 403 if filtered => ErrorKind::Refused,
        402 => ErrorKind::Quota,
        429 | 403 if no_money => ErrorKind::Quota,
        429 => ErrorKind::RateLimited,
        400 | 403 | 404 | 422 if no_model => ErrorKind::ModelUnknown,
        401 | 403 | 407 => ErrorKind::Unauthorised,
        400 | 413 | 422 | 500 if too_long => ErrorKind::ContextTooLong,
        413 => ErrorKind::ContextTooLong,
        300..=399 | 404 | 405 | 410 => ErrorKind::WrongUrl,
        408 => ErrorKind::Timeout,
        409 | 425 | 500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::BadRequest,
    }
}

impl Told {
    fn read(status: StatusCode, body: &[u8]) -> Self {
        let Ok(json) = serde_json::from_slice::<Value>(body) else {
            // A page for people, of a proxy or a web server: its status is all that it tells.
            return Self {
                words: String::new(),
                message: format!("the server answers {status}, without JSON"),
            };
        };
        // {"error":{…}}, {"error":"…"}, {"message":…} and {"detail":…} are all in use.
        let error = json.get("error").unwrap_or(&json);
        let text = |name: &str| error.get(name).map(word).unwrap_or_default();
        let message =
            [word(error), text("message"), text("detail")].into_iter().find(|found| !found.is_empty());
        let message = message.unwrap_or_else(|| format!("the server answers {status}"));
        let words = format!("{} {} {message}", text("code"), text("type")).to_lowercase();
        Self { words, message }
    }
}

/// A code may be a number: it is a word then too, instead of an error in reading the error.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
