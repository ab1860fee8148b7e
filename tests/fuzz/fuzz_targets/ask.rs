//! Any question about any pack, and any reply of a model: no panic, and an answer within its limits.
//!
//! The input is divided into a question, a reply, the text of a document, and changes to the records of a small pack.

#![no_main]

use docpack::SourceTexts;
use docpack::records::{Bodies, Graph, Nodes, SourceMap, Tour};
use doctown_ask::{
    Answer, DEFAULT_ITEMS, Index, ItemKind, MAX_CLAIMS, MAX_ITEMS, Question, answer, compose, plain, prompt,
};
use libfuzzer_sys::fuzz_target;
use search::bytes::{Reader, Writer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[path = "../../../common/ask/tests/it/pack.rs"]
mod pack;

const DIVIDER: u8 = 0xff;
/// The document of the small pack.
const GUIDE: &str = "docs/guide.md";
/// More changes make an input slower, not stranger.
const MAX_CHANGES: usize = 32;
/// What an item shows at most: steps, and characters of a quote or a text.
const MAX_STEPS: usize = 10;
const MAX_CHARS: usize = 521;

fuzz_target!(|input: &[u8]| {
    let mut pieces = input.splitn(4, |byte| *byte == DIVIDER);
    let mut text = || String::from_utf8_lossy(pieces.next().unwrap_or_default()).into_owned();
    let (question, reply, document) = (text(), text(), text());
    let Ok(question) = Question::parse(&question) else { return };
    let pack = changed(&document, pieces.next().unwrap_or_default());
    let (records, limit) = (pack.records(), input.len() % (MAX_ITEMS + 2));
    let index = Index::of(&records);
    let near: Vec<(u32, f64)> = (0..8).map(|at| (at, 1.0 / f64::from(at + 1))).collect();
    let answer = answer(&records, &index, &question, &near, limit);
    check(&answer, limit, &reply);
    let mut out = Writer::default();
    index.write(&mut out);
    let stored = Index::read(&mut Reader::new(&out.bytes)).expect("what was written can be read");
    let again = doctown_ask::answer(&records, &stored, &question, &near, limit);
    assert_eq!(again, answer, "a stored index answers as a new one");
    assert!(pack.ask(question.text()).items.len() <= DEFAULT_ITEMS, "without vectors too");
});

/// Makes the small pack with another document, and changes its records as long as they stay records.
fn changed(document: &str, changes: &[u8]) -> pack::Pack {
    let mut it = pack::server();
    let texts = [(GUIDE.to_owned(), document.to_owned())].into();
    let (nodes, graph, source_map, bodies) = (&it.nodes, &it.graph, &it.source_map, it.bodies.as_ref());
    it.tour = Some(tour::tour(&tour::Records { nodes, graph, source_map, bodies, texts: &texts }));
    if !document.is_empty() {
        let mut source = SourceTexts::default();
        source.push(GUIDE.to_owned(), document, Vec::new()).expect("one short text fits");
        it.source = Some(source);
    }
    for change in changes.chunks_exact(4).take(MAX_CHANGES) {
        let [record, high, low, how] = change else { continue };
        let (at, how) = (usize::from(u16::from_be_bytes([*high, *low])), usize::from(*how));
        match record % 8 {
            0 | 1 => change_record::<Nodes>(&mut it.nodes, at, how),
            2 => change_record::<Graph>(&mut it.graph, at, how),
            3 => change_record::<SourceMap>(&mut it.source_map, at, how),
            4 => change_record::<Option<Bodies>>(&mut it.bodies, at, how),
            5 | 6 => change_record::<Option<Tour>>(&mut it.tour, at, how),
            _ if how == 0 => it.source = None,
            _ => {}
        }
    }
    it
}

fn change_record<T: Serialize + DeserializeOwned>(record: &mut T, at: usize, how: usize) {
    let Ok(mut value) = serde_json::to_value(&*record) else { return };
    let mut strings = Vec::new();
    collect_strings(&value, &mut strings);
    let n_values = count(&value);
    change_value(&mut value, &mut (at % n_values.max(1)), how, &strings);
    if let Ok(changed) = serde_json::from_value(value) {
        *record = changed;
    }
}

fn count(value: &Value) -> usize {
    1 + children(value).map(count).sum::<usize>()
}

fn collect_strings(value: &Value, found: &mut Vec<String>) {
    if let Value::String(text) = value {
        found.push(text.clone());
    }
    children(value).for_each(|it| collect_strings(it, found));
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(fields) => Box::new(fields.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// Changes the value that is reached after `left` others.
fn change_value(value: &mut Value, left: &mut usize, how: usize, strings: &[String]) -> bool {
    if *left == 0 {
        change_one(value, how, strings);
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|it| change_value(it, left, how, strings)),
        Value::Object(fields) => fields.values_mut().any(|it| change_value(it, left, how, strings)),
        _ => false,
    }
}

fn change_one(value: &mut Value, how: usize, strings: &[String]) {
    match value {
        Value::Null | Value::Object(_) => {}
        Value::Bool(is_set) => *is_set = !*is_set,
        Value::Number(_) => {
            *value = match how {
                0..64 => how.into(),
                64..128 => (how * 50).into(),
                128..192 => (u32::MAX - how as u32).into(),
                _ => 0.5.into(),
            };
        }
        Value::String(text) => match how {
            0 => text.clear(),
            1 => *text = text.repeat(200),
            2 => text.push_str("\u{0}\u{301}\u{1f600}\n\n# `\u{202e}"),
            _ => *text = strings[how % strings.len()].clone(),
        },
        Value::Array(items) if !items.is_empty() => {
            let at = how / 4 % items.len();
            match how % 4 {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                2 => items.swap(0, at),
                _ => items.clear(),
            }
        }
        Value::Array(_) => {}
    }
}

fn check(answer: &Answer, limit: usize, reply: &str) {
    assert!(answer.items.len() <= limit.clamp(1, MAX_ITEMS));
    for item in &answer.items {
        assert!(item.score.is_finite() && item.steps.len() <= MAX_STEPS);
        assert!(item.kind != ItemKind::Passage || item.quote.is_some() || item.text.is_none());
        let texts = item.text.iter().chain(item.quote.as_ref().map(|quote| &quote.text));
        texts.for_each(|text| assert!(text.chars().count() <= MAX_CHARS, "{text}"));
    }
    assert!(plain(answer, 80).lines().count() > 0 || answer.items.is_empty());
    assert!(!prompt(answer).user.is_empty());
    let Some(composed) = compose(answer, reply) else { return };
    assert!(composed.n_held <= composed.n_claims && composed.sentences.len() <= MAX_CLAIMS);
    for sentence in &composed.sentences {
        let item = answer.items.get(sentence.item as usize - 1).expect("a sentence names its item");
        let steps = item.steps.iter().map(|step| step.file_path.as_str());
        let mut places =
            steps.chain([item.file_path.as_str()]).chain(item.quote.iter().map(|it| it.file_path.as_str()));
        assert!(places.any(|path| path == sentence.file_path), "{sentence:?}");
    }
}
