//! A model's reply to answers: strict JSON, else mechanical repair, else findings.
//!
//! Nothing here judges what an answer says; see [`crate::check`].

mod repair;

use std::collections::BTreeMap;

use docpack::records::InsightValue;
use families::{Answered, MAX_ANSWERED};
use serde::Serialize;
use serde_json::Value;

use crate::check::{Answer, Claim, MAX_CLAIM_CHARS, MAX_CLAIMS};
use crate::finding::Finding;

pub use repair::Repair;

/// Longer replies are not read: a hundred answers take a tenth of this.
pub const MAX_REPLY_BYTES: usize = 1 << 20;
/// Longer sentences are none; the rest is not even checked.
const MAX_SENTENCE_CHARS: usize = 2_000;
/// Longer members of a repeated claim equal nothing that was computed.
const MAX_REPEATED_CHARS: usize = 1_000;
/// Handles quoted in one finding.
const MAX_QUOTED: usize = 10;

/// What could be read of a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// By handle, in the order asked; at most one each.
    pub answers: Vec<Said>,
    /// What was wrong, each with the handle it is about, or an empty one.
    pub findings: Vec<(String, Finding)>,
    /// What had to be done to read it.
    pub repairs: Vec<Repair>,
}

/// What was said of one handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    pub handle: String,
    pub answer: Answer,
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
            "the reply has no list `answers` of objects with `id`, `claims` and `sentence`".to_owned(),
        );
        reply.miss(handles, &BTreeMap::new());
        return reply;
    };
    let mut found: BTreeMap<&str, Answer> = BTreeMap::new();
    for item in &items {
        reply.take(item, handles, &mut found);
    }
    reply.miss(handles, &found);
    reply.answers = handles
        .iter()
        .filter_map(|handle| Some(Said { handle: (*handle).to_owned(), answer: found.remove(handle)? }))
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
            // A question of its own has an answer without a frame.
            None if handles.len() == 1 && object.contains_key("claims") && !object.contains_key("id") => {
                Some(vec![with_id(handles[0].to_owned(), Value::Object(object))])
            }
            None if object.contains_key("id") => {
                repairs.push(Repair::Frame);
                Some(vec![Value::Object(object)])
            }
            None if object.keys().any(|key| handles.contains(&key.as_str())) => {
                repairs.push(Repair::Frame);
                let pairs = object.into_iter().map(|(id, answer)| with_id(id, answer));
                Some(pairs.collect())
            }
            None => None,
        },
        _ => None,
    }
}

/// An answer out of a map, with its key as the id.
fn with_id(id: String, answer: Value) -> Value {
    let mut members = match answer {
        Value::Object(members) => members,
        Value::String(text) => [("sentence".to_owned(), Value::String(text))].into_iter().collect(),
        _ => serde_json::Map::new(),
    };
    members.insert("id".to_owned(), Value::String(id));
    Value::Object(members)
}

/// Reads the claims and the sentence; a claim that has no kind is none.
fn answer(item: &Value) -> Answer {
    let flat = |text: &str, max: usize| {
        let head: String = text.chars().take(max).collect();
        head.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let member = |of: &Value, name: &str, max: usize| {
        of.get(name).and_then(Value::as_str).map_or(String::new(), |text| flat(text, max))
    };
    let claim = |of: &Value| {
        let text = |name| member(of, name, MAX_CLAIM_CHARS);
        Claim { kind: text("kind"), name: text("name"), value: text("value"), when: text("when") }
    };
    let claims = item.get("claims").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let repeated = claims.iter().filter(|claim| claim.get("claim").is_some()).take(MAX_ANSWERED);
    let own = claims.iter().filter(|claim| claim.get("claim").is_none()).take(MAX_CLAIMS).map(claim);
    Answer {
        claims: own.filter(|claim| !claim.kind.is_empty()).collect(),
        repeated: repeated.map(repeated_claim).collect(),
        sentence: member(item, "sentence", MAX_SENTENCE_CHARS),
    }
}

/// Reads a claim that repeats a computed one; members that are missing or of another form are empty.
fn repeated_claim(of: &Value) -> Answered {
    let text = |name: &str| {
        let text = of.get(name).and_then(Value::as_str).unwrap_or_default();
        text.chars().take(MAX_REPEATED_CHARS).collect::<String>()
    };
    let number = |name: &str| of.get(name).and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok());
    let value = match of.get("value").and_then(Value::as_u64) {
        Some(number) => InsightValue::Number(number),
        None => InsightValue::Text(text("value")),
    };
    Answered {
        claim: text("claim"),
        kind: text("kind"),
        subject: text("subject"),
        file: text("file"),
        // A line or a rank that no claim has.
        line: number("line").unwrap_or(u32::MAX),
        rank: number("rank").unwrap_or(u32::MAX),
        value,
    }
}

impl Reply {
    fn fault(&mut self, handle: &str, code: &'static str, message: String) {
        self.findings.push((handle.to_owned(), Finding::new(code, message)));
    }

    fn take<'h>(&mut self, item: &Value, handles: &[&'h str], found: &mut BTreeMap<&'h str, Answer>) {
        let Some(id) = item.get("id").and_then(Value::as_str) else {
            self.fault("", "no_id", "an answer has no text `id`".to_owned());
            return;
        };
        let Some(handle) = handles.iter().find(|handle| **handle == id) else {
            let shown: String = id.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
            self.fault("", "unknown_id", format!("there is no id `{shown}`"));
            return;
        };
        if item.get("claims").is_none() && item.get("sentence").is_none() {
            self.fault(handle, "no_answer", "the answer has neither `claims` nor `sentence`".to_owned());
            return;
        }
        let answer = answer(item);
        if found.contains_key(handle) {
            self.fault(handle, "duplicate_id", "there are two answers with this id".to_owned());
        } else {
            found.insert(handle, answer);
        }
    }

    fn miss(&mut self, handles: &[&str], found: &BTreeMap<&str, Answer>) {
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
