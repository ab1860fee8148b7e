//! The files of a batch: one JSON object a line, in and out.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::batch::{MAX_BATCH_BYTES, MAX_BATCH_REQUESTS};
use crate::body;
use crate::classify;
use crate::endpoint::Endpoint;
use crate::failure::{ChatError, ErrorKind};
use crate::prices::Price;
use crate::reply::ChatReply;
use crate::request::ChatRequest;

/// What each line asks for.
pub(super) const PATH: &str = "/v1/chat/completions";

#[derive(Serialize)]
struct Question<'a> {
    custom_id: &'a str,
    method: &'static str,
    url: &'static str,
    body: Box<RawValue>,
}

#[derive(Deserialize)]
struct Answer {
    custom_id: String,
    response: Option<Response>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Response {
    status_code: u16,
    body: Box<RawValue>,
}

/// Writes the questions in the order of their names.
pub(super) fn write(
    endpoint: &Endpoint,
    model: &str,
    requests: &BTreeMap<String, ChatRequest>,
) -> Result<Vec<u8>, ChatError> {
    let refused = |message: String| Err(ChatError::new(ErrorKind::BadRequest, message));
    if requests.is_empty() || requests.len() > MAX_BATCH_REQUESTS {
        return refused(format!("a batch has 1 to {MAX_BATCH_REQUESTS} requests, not {}", requests.len()));
    }
    let mut file = Vec::new();
    for (custom_id, request) in requests {
        let body = body::write(endpoint, model, request)?;
        let question = Question { custom_id, method: "POST", url: PATH, body };
        serde_json::to_writer(&mut file, &question).expect("texts and raw JSON can be written");
        file.push(b'\n');
        if file.len() > MAX_BATCH_BYTES {
            return refused(format!("a batch's file has at most {MAX_BATCH_BYTES} bytes; make two of it"));
        }
    }
    Ok(file)
}

/// Reads an output or an error file; the first line of a question counts, and strangers' lines do not.
pub(super) fn read(
    file: &[u8],
    questions: &BTreeSet<String>,
    price: Option<Price>,
    replies: &mut BTreeMap<String, Result<ChatReply, ChatError>>,
) -> Result<(), ChatError> {
    for line in file.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        let bad = |_| ChatError::new(ErrorKind::BadReply, "a line of the batch's file is no answer");
        let answer: Answer = serde_json::from_slice(line).map_err(bad)?;
        if questions.contains(&answer.custom_id) {
            let reply = reply(answer.response, answer.error.as_ref(), price);
            replies.entry(answer.custom_id).or_insert(reply);
        }
    }
    Ok(())
}

fn reply(
    response: Option<Response>,
    error: Option<&Value>,
    price: Option<Price>,
) -> Result<ChatReply, ChatError> {
    let Some(response) = response else {
        let message = error.and_then(|error| error.get("message")).and_then(Value::as_str);
        let message = message.unwrap_or("the batch has no answer to this question");
        return Err(ChatError::new(ErrorKind::BatchIncomplete, message));
    };
    let body = response.body.get();
    let status = StatusCode::from_u16(response.status_code).unwrap_or(StatusCode::BAD_GATEWAY);
    if !status.is_success() {
        return Err(classify::refusal(status, &HeaderMap::new(), body.as_bytes()));
    }
    let reply = ChatReply::read(body)?;
    let cost_micro_usd = price.zip(reply.usage).map(|(price, usage)| price.cost(&usage));
    Ok(ChatReply { cost_micro_usd, n_tries: 1, ..reply })
}
