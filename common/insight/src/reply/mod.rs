//! A model's reply to answers: strict JSON, else mechanical repair, else findings.
//!
//! Nothing here judges what an answer says; see [`crate::check`].

mod repair;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::finding::Finding;

pub use repair::Repair;

/// Longer replies are not read: a hundred answers take a tenth of this.
pub const MAX_REPLY_BYTES: usize = 1 << 20;
/// Longer texts are no answer of any family; the rest is not even checked.
const MAX_ANSWER_CHARS: usize = 4_000;
/// Handles quoted in one finding.
const MAX_QUOTED: usize = 10;

/// What could be read of a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// By handle, in the order asked; at most one each.
    pub answers: Vec<Answer>,
    /// What was wrong, each with the handle it is about, or an empty one.
    pub findings: Vec<(String, Finding)>,
    /// What had to be done to read it.
    pub repairs: Vec<Repair>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub handle: String,
    pub text: String,
}

/// Reads the reply to a request for these handles; never fails, whatever the bytes.
pub fn read(text: &str, handles: &[&str]) -> Reply {
    let mut reply = Reply::default();
    if text.len() > MAX_REPLY_BYTES {
        reply.fault("", "reply_too_long", format!("the reply is longer than {MAX_REPLY_BYTES} bytes"));
        return reply;
    }
    let read = match serde_json::from_str(text.trim()) {
        Ok(value) => Some(value),
        Err(_) => repair::repaired(text, &mut reply.repairs),
    };
    let Some(value) = read else {
        reply.fault("", "not_json", "the reply is not the JSON object that was asked for".to_owned());
        reply.miss(handles, &BTreeMap::new());
        return reply;
    };
    let Some(items) = items(value, handles, &mut reply.repairs) else {
        reply.fault(
            "",
            "wrong_shape",
            "the reply has no list `answers` of objects with `id` and `summary`".to_owned(),
        );
        reply.miss(handles, &BTreeMap::new());
        return reply;
    };
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for item in &items {
        reply.take(item, handles, &mut found);
    }
    reply.miss(handles, &found);
    reply.answers = handles
        .iter()
        .filter_map(|handle| Some(Answer { handle: (*handle).to_owned(), text: found.remove(handle)? }))
        .collect();
    reply
}

/// The list of answers, also where a model left the frame away or answered by a map.
fn items(value: Value, handles: &[&str], repairs: &mut Vec<Repair>) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => {
            repairs.push(Repair::Frame);
            Some(items)
        }
        Value::Object(mut object) => match object.remove("answers") {
            Some(Value::Array(items)) => Some(items),
            Some(_) => None,
            None if object.contains_key("id") => {
                repairs.push(Repair::Frame);
                Some(vec![Value::Object(object)])
            }
            None if object.keys().any(|key| handles.contains(&key.as_str())) => {
                repairs.push(Repair::Frame);
                let pairs = object.into_iter().map(|(id, summary)| {
                    Value::Object(
                        [("id".to_owned(), Value::String(id)), ("summary".to_owned(), summary)]
                            .into_iter()
                            .collect(),
                    )
                });
                Some(pairs.collect())
            }
            None => None,
        },
        _ => None,
    }
}

impl Reply {
    fn fault(&mut self, handle: &str, code: &'static str, message: String) {
        self.findings.push((handle.to_owned(), Finding::new(code, message)));
    }

    fn take<'h>(&mut self, item: &Value, handles: &[&'h str], found: &mut BTreeMap<&'h str, String>) {
        let Some(id) = item.get("id").and_then(Value::as_str) else {
            self.fault("", "no_id", "an answer has no text `id`".to_owned());
            return;
        };
        let Some(handle) = handles.iter().find(|handle| **handle == id) else {
            let shown: String = id.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
            self.fault("", "unknown_id", format!("there is no id `{shown}`"));
            return;
        };
        let Some(text) = item.get("summary").and_then(Value::as_str) else {
            self.fault(handle, "not_text", "the summary is missing or is not text".to_owned());
            return;
        };
        let head: String = text.chars().take(MAX_ANSWER_CHARS).collect();
        let text = head.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            self.fault(handle, "empty_summary", "the summary is empty".to_owned());
        } else if found.contains_key(handle) {
            self.fault(handle, "duplicate_id", "there are two answers with this id".to_owned());
        } else {
            found.insert(handle, text);
        }
    }

    fn miss(&mut self, handles: &[&str], found: &BTreeMap<&str, String>) {
        let told = |handle: &str, reply: &Self| reply.findings.iter().any(|(of, _)| of == handle);
        let missing: Vec<&str> = handles
            .iter()
            .copied()
            .filter(|handle| !found.contains_key(handle) && !told(handle, self))
            .collect();
        if !missing.is_empty() {
            let more = if missing.len() > MAX_QUOTED { " and others" } else { "" };
            let shown = missing[..missing.len().min(MAX_QUOTED)].join(", ");
            self.fault("", "missing_id", format!("there is no answer for {shown}{more}"));
        }
    }
}
