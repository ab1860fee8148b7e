//! What is told about a job's end.

use serde_json::{Value, json};

use crate::config::RunpodSettings;
use crate::host::runpod::{HandlerError, PROTOCOL_VERSION};

/// Larger answers belong into a store: RunPod refuses them at a size that it does not tell.
pub(super) const MAX_BODY_BYTES: usize = 1_000_000;
/// A chain of causes fits; a file's content does not.
const MAX_ERROR_BYTES: usize = 8_192;
/// Codes are words.
const MAX_CODE_CHARS: usize = 100;
/// Stands for what must not be told.
const HIDDEN: &str = "[hidden]";

/// Writes errors: as text, of bounded length, without secrets.
pub(super) struct Teller {
    hostname: String,
    worker_id: String,
    secrets: Vec<String>,
}

/// A result, and what is sent where the server refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResultBody {
    pub(super) json: Vec<u8>,
    pub(super) fallback: Vec<u8>,
}

impl Teller {
    pub(super) fn new(settings: &RunpodSettings) -> Self {
        let secrets = settings.key.iter().chain(&settings.secrets).map(|secret| secret.expose().to_owned());
        let mut secrets: Vec<String> = secrets.filter(|secret| !secret.is_empty()).collect();
        // A secret that begins with another one must not be left half told.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { hostname: settings.hostname.clone(), worker_id: settings.worker_id.clone(), secrets }
    }

    /// Makes the body of a job's result.
    ///
    /// An empty object would arrive as no output at all, so it is told in words.
    pub(super) fn result(&self, answer: Result<Value, HandlerError>, stops_pod: bool) -> ResultBody {
        let mut body = match answer {
            Ok(Value::Object(fields)) if fields.is_empty() => json!({"output": {"empty": true}}),
            Ok(output) => json!({ "output": output }),
            Err(error) => self.error(&error),
        };
        if stops_pod {
            body["stopPod"] = Value::Bool(true);
        }
        let mut text = body.to_string().into_bytes();
        if text.len() > MAX_BODY_BYTES {
            text = self.refusal("output_too_large", &too_large(text.len())).to_string().into_bytes();
        }
        let refused = "the server refused the result; what it names may be in the store";
        let fallback = self.refusal("result_refused", refused).to_string().into_bytes();
        ResultBody { json: text, fallback }
    }

    /// Replaces every secret in a text.
    pub(super) fn hidden(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), HIDDEN))
    }

    fn refusal(&self, code: &str, message: &str) -> Value {
        self.error(&HandlerError { code: code.to_owned(), message: message.to_owned(), retryable: false })
    }

    /// Makes the body of an error. It is one string: an object there is taken for success.
    fn error(&self, error: &HandlerError) -> Value {
        let code: String = self.hidden(&error.code).chars().take(MAX_CODE_CHARS).collect();
        let (mut message, mut mark) = (self.hidden(&error.message), "");
        loop {
            let text = self.error_text(&code, &format!("{message}{mark}"), error.retryable);
            let excess = text.len().saturating_sub(MAX_ERROR_BYTES);
            if excess == 0 || message.is_empty() {
                return json!({ "error": text });
            }
            // A byte is written as six at most, so this never cuts off more than has to go.
            let end = message.len() - (excess / 6).clamp(1, message.len());
            message.truncate(message.floor_char_boundary(end.min(MAX_ERROR_BYTES)));
            mark = "…";
        }
    }

    /// The first six fields are those of RunPod's own worker.
    fn error_text(&self, code: &str, message: &str, is_retryable: bool) -> String {
        let told = json!({
            "error_type": code,
            "error_message": message,
            "error_traceback": "",
            "hostname": self.hostname,
            "worker_id": self.worker_id,
            "runpod_version": PROTOCOL_VERSION,
            "doctown": {"code": code, "retryable": is_retryable},
        });
        told.to_string()
    }
}

/// Says by how much a body is too large.
pub(super) fn too_large(size_bytes: usize) -> String {
    format!(
        "{size_bytes} bytes, the limit is {MAX_BODY_BYTES}; put data into the store and answer with its name"
    )
}
