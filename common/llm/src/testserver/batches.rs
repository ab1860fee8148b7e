//! The Files and Batch endpoints, in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::testserver::scenario::Answer;
use crate::testserver::{Answerer, Question, Request};

/// How batches go.
#[derive(Debug, Clone, Default)]
pub struct BatchScript {
    /// Looks until a batch is over.
    pub n_polls: usize,
    /// Questions that get an error of their own.
    pub fails: BTreeSet<String>,
    /// Questions that no file names.
    pub loses: BTreeSet<String>,
    pub end: BatchEnd,
    /// How the first orders of a batch go.
    pub orders: VecDeque<Order>,
}

/// How an order of a batch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 503, and nothing came of it.
    Busy,
    /// The connection is closed; whether a batch came of it cannot be known.
    Lost,
}

/// How a batch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatchEnd {
    #[default]
    Completed,
    /// Questions that were to be lost are named in the error file.
    Expired,
    Failed,
}

#[derive(Default)]
pub(super) struct Batches {
    files: BTreeMap<String, Vec<u8>>,
    batches: BTreeMap<String, Batch>,
    n_orders: usize,
}

/// Of the file that was sent.
#[derive(Deserialize)]
struct Line {
    custom_id: String,
    body: Box<RawValue>,
}

struct Batch {
    input: String,
    n_polls: usize,
    is_cancelled: bool,
}

impl Batches {
    pub(super) fn answer(&mut self, request: &Request, script: &BatchScript, answerer: &Answerer) -> Answer {
        let path: Vec<&str> = request.path.trim_matches('/').split('/').skip(1).collect();
        let found = match (request.method.as_str(), path.as_slice()) {
            ("POST", ["files"]) => self.take_file(request),
            ("GET", ["files", id, "content"]) => self
                .files
                .get(*id)
                .map(|file| Answer::text(200, "application/jsonl", &String::from_utf8_lossy(file))),
            ("POST", ["batches"]) => {
                self.n_orders += 1;
                match script.orders.get(self.n_orders - 1) {
                    Some(Order::Busy) => Some(Answer::error(503, "server_error", None, "Please try again.")),
                    Some(Order::Lost) => Some(Answer::closed()),
                    None => self.start(&request.json()),
                }
            }
            ("GET", ["batches", id]) => self.look(id, script, answerer),
            ("POST", ["batches", id, "cancel"]) => self.cancel(id),
            _ => None,
        };
        let unknown = || Answer::error(404, "invalid_request_error", None, "No such thing here.");
        found.unwrap_or_else(unknown)
    }

    fn take_file(&mut self, request: &Request) -> Option<Answer> {
        let boundary = request.header("content-type")?.split("boundary=").nth(1)?;
        let content = part(&request.body, boundary, "file")?;
        let id = format!("file-{}", self.files.len() + 1);
        let told = json!({"id": id, "object": "file", "bytes": content.len(), "created_at": 1_700_000_000,
            "filename": "requests.jsonl", "purpose": "batch", "status": "processed"});
        self.files.insert(id, content);
        Some(Answer::json(&told))
    }

    fn start(&mut self, order: &Value) -> Option<Answer> {
        let input = order["input_file_id"].as_str().filter(|id| self.files.contains_key(*id))?.to_owned();
        let id = format!("batch_{}", self.batches.len() + 1);
        self.batches.insert(id.clone(), Batch { input, n_polls: 0, is_cancelled: false });
        Some(Answer::json(&told(&id, "validating")))
    }

    fn cancel(&mut self, id: &str) -> Option<Answer> {
        self.batches.get_mut(id)?.is_cancelled = true;
        Some(Answer::json(&told(id, "cancelling")))
    }

    fn look(&mut self, id: &str, script: &BatchScript, answerer: &Answerer) -> Option<Answer> {
        let batch = self.batches.get_mut(id)?;
        batch.n_polls += 1;
        if batch.is_cancelled {
            return Some(Answer::json(&told(id, "cancelled")));
        }
        if batch.n_polls <= script.n_polls {
            return Some(Answer::json(&told(id, "in_progress")));
        }
        if script.end == BatchEnd::Failed {
            let mut failed = told(id, "failed");
            failed["errors"] = json!({"object": "list", "data": [{"code": "invalid_json_line",
                "message": "This line is not parseable as valid JSON.", "param": null, "line": 1}]});
            return Some(Answer::json(&failed));
        }
        let input = self.files.get(&batch.input)?.clone();
        Some(Answer::json(&self.finish(id, &input, script, answerer)))
    }

    /// Answers all questions, the last one first: a batch keeps no order.
    fn finish(&mut self, id: &str, input: &[u8], script: &BatchScript, answerer: &Answerer) -> Value {
        let (mut output, mut errors, mut counts) = (String::new(), String::new(), [0, 0, 0]);
        let text = String::from_utf8_lossy(input);
        for (number, line) in text.lines().rev().enumerate() {
            counts[0] += 1;
            let Ok(Line { custom_id: name, body }) = serde_json::from_str(line) else { continue };
            let name = name.as_str();
            if script.loses.contains(name) {
                if script.end == BatchEnd::Expired {
                    let error = json!({"code": "batch_expired", "message": "This request could not be executed before the completion window expired."});
                    errors += &row(number, name, &Value::Null, &error);
                }
            } else if script.fails.contains(name) {
                counts[2] += 1;
                let body = json!({"error": {"message": "This model's maximum context length is 128000 tokens.",
                    "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}});
                let response = json!({"status_code": 400, "request_id": "req_1", "body": body});
                errors += &row(number, name, &response, &Value::Null);
            } else if let Some(asked) = Question::read(body.get().as_bytes()) {
                counts[1] += 1;
                let body = asked.completion(&Value::from(answerer(&asked)), &Value::Null, "stop", number);
                let response = json!({"status_code": 200, "request_id": "req_1", "body": body});
                output += &row(number, name, &response, &Value::Null);
            }
        }
        let state = if script.end == BatchEnd::Expired { "expired" } else { "completed" };
        let mut finished = told(id, state);
        finished["request_counts"] = json!({"total": counts[0], "completed": counts[1], "failed": counts[2]});
        for (member, content) in [("output_file_id", output), ("error_file_id", errors)] {
            if !content.is_empty() {
                let file = format!("{member}-{id}");
                finished[member] = json!(file);
                self.files.insert(file, content.into_bytes());
            }
        }
        finished
    }
}

fn row(number: usize, name: &str, response: &Value, error: &Value) -> String {
    let id = format!("batch_req_{number}");
    format!("{}\n", json!({"id": id, "custom_id": name, "response": response, "error": error}))
}

fn told(id: &str, status: &str) -> Value {
    json!({"id": id, "object": "batch", "endpoint": "/v1/chat/completions", "errors": null,
        "input_file_id": "file-1", "completion_window": "24h", "status": status, "output_file_id": null,
        "error_file_id": null, "created_at": 1_700_000_000,
        "request_counts": {"total": 0, "completed": 0, "failed": 0}, "metadata": null})
}

/// Finds a named part of a multipart body.
fn part(body: &[u8], boundary: &str, name: &str) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let boundary = format!("--{boundary}");
    let mut parts = text.split(&boundary).filter_map(|part| part.split_once("\r\n\r\n"));
    let named = format!("name=\"{name}\"");
    let (_, content) = parts.find(|(head, _)| head.contains(&named))?;
    Some(content.strip_suffix("\r\n").unwrap_or(content).as_bytes().to_vec())
}
