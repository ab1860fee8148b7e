//! JSON out of text that is nearly JSON.
//!
//! Only what cannot change an answer's words is mended: what stands around the JSON, commas before a
//! closing bracket, line breaks inside of texts, and the brackets that a cut reply lacks.

use serde::Serialize;
use serde_json::Value;

/// Beginnings tried: prose before the JSON may hold brackets too.
const MAX_STARTS: usize = 8;
/// Deeper nesting is no answer.
const MAX_DEPTH: usize = 16;

/// What was done to a reply to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Fences or prose stood around the JSON.
    Surroundings,
    /// A comma stood before a closing bracket.
    TrailingComma,
    /// A text held a raw line break or another control character.
    RawControl,
    /// The end was missing; whole answers, and whole claims of the last one, were kept.
    CutEnd,
    /// The object around the answers was missing or was a map.
    Frame,
}

pub(super) fn repaired(text: &str, repairs: &mut Vec<Repair>) -> Option<Value> {
    let starts = text.match_indices(['{', '[']).map(|(at, _)| at).take(MAX_STARTS);
    for start in starts {
        let mut done = Vec::new();
        let mended = Mender::default().mend(&text[start..], &mut done);
        let Some(value) = mended.and_then(|(mended, n_read)| {
            let rest = &text[start + n_read..];
            if !text[..start].trim().is_empty() || !rest.trim().is_empty() {
                done.push(Repair::Surroundings);
            }
            serde_json::from_str::<Value>(&mended).ok().filter(|value| !is_hollow(value))
        }) else {
            continue;
        };
        repairs.extend(done);
        return Some(value);
    }
    None
}

/// Nothing of use: brackets out of prose.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.iter().any(Value::is_object),
        Value::Object(object) => object.is_empty(),
        _ => true,
    }
}

#[derive(Default)]
struct Mender {
    out: String,
    /// Closing brackets still owed.
    owed: Vec<char>,
    in_text: bool,
    is_escaped: bool,
    /// Length of `out`, and brackets owed, after the last whole object of a list.
    whole: Option<(usize, Vec<char>)>,
}

impl Mender {
    /// Returns the mended JSON and how many bytes of the input it was made from.
    fn mend(mut self, text: &str, repairs: &mut Vec<Repair>) -> Option<(String, usize)> {
        for (at, c) in text.char_indices() {
            if self.in_text {
                self.within_text(c, repairs);
                continue;
            }
            match c {
                '"' => self.in_text = true,
                '{' | '[' if self.owed.len() >= MAX_DEPTH => return None,
                '{' => self.owed.push('}'),
                '[' => self.owed.push(']'),
                '}' | ']' => {
                    if self.owed.pop() != Some(c) {
                        return None;
                    }
                    self.drop_comma(repairs);
                }
                _ => {}
            }
            self.out.push(c);
            if self.owed.is_empty() {
                return Some((self.out, at + c.len_utf8()));
            }
            if c == '}' && self.owed.last() == Some(&']') {
                self.whole = Some((self.out.len(), self.owed.clone()));
            }
        }
        let (n_whole, owed) = self.whole?;
        repairs.push(Repair::CutEnd);
        self.out.truncate(n_whole);
        self.out.extend(owed.iter().rev());
        Some((self.out, text.len()))
    }

    fn within_text(&mut self, c: char, repairs: &mut Vec<Repair>) {
        if c.is_control() {
            if !repairs.contains(&Repair::RawControl) {
                repairs.push(Repair::RawControl);
            }
            self.out.push(' ');
            self.is_escaped = false;
            return;
        }
        self.out.push(c);
        match c {
            _ if self.is_escaped => self.is_escaped = false,
            '\\' => self.is_escaped = true,
            '"' => self.in_text = false,
            _ => {}
        }
    }

    fn drop_comma(&mut self, repairs: &mut Vec<Repair>) {
        let kept = self.out.trim_end();
        if let Some(before) = kept.strip_suffix(',') {
            self.out.truncate(before.len());
            if !repairs.contains(&Repair::TrailingComma) {
                repairs.push(Repair::TrailingComma);
            }
        }
    }
}
