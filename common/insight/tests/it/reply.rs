//! Replies as models write them, whole and broken.

use std::fmt::Write;

use doctown_insight::ask_again;
use doctown_insight::reply::{MAX_REPLY_BYTES, read};
use proptest::prelude::*;

#[test]
fn replies_and_what_is_read_of_them() {
    let replies = [
        ("strict", r#"{"answers":[{"id":"s1","sentence":"Opens."},{"id":"s2","sentence":"Closes."}]}"#),
        ("other order", r#"{"answers":[{"id":"s2","sentence":"Closes."},{"sentence":"Opens.","id":"s1"}]}"#),
        (
            "fenced",
            "```json\n{\"answers\":[{\"id\":\"s1\",\"sentence\":\"Opens.\"},{\"id\":\"s2\",\"sentence\":\"Closes.\"}]}\n```",
        ),
        (
            "prose around",
            "Sure {ok}! {\"answers\":[{\"id\":\"s1\",\"sentence\":\"A } b.\"},{\"id\":\"s2\",\"sentence\":\"C.\"},]} Done.",
        ),
        ("bare list", r#"[{"id":"s1","sentence":"Opens."},{"id":"s2","sentence":"Closes."}]"#),
        ("one object", r#"{"id":"s1","sentence":"Opens."}"#),
        ("a map", r#"{"s1":"Opens.","s2":"Closes."}"#),
        ("cut in a text", r#"{"answers":[{"id":"s1","sentence":"Opens."},{"id":"s2","sentence":"Clo"#),
        ("cut after a comma", r#"{"answers":[{"id":"s1","sentence":"Opens."},"#),
        ("cut before any", r#"{"answers":[{"id":"s1","#),
        (
            "raw line break",
            "{\"answers\":[{\"id\":\"s1\",\"sentence\":\"Opens\nit.\"},{\"id\":\"s2\",\"sentence\":\"Closes.\"}]}",
        ),
        ("unknown id", r#"{"answers":[{"id":"s1","sentence":"Opens."},{"id":"s9","sentence":"Else."}]}"#),
        (
            "twice",
            r#"{"answers":[{"id":"s1","sentence":"Opens."},{"id":"s1","sentence":"Other."},{"id":"s2","sentence":"C."}]}"#,
        ),
        (
            "not text",
            r#"{"answers":[{"id":"s1","sentence":7},{"id":"s2","sentence":" "},{"id":3,"sentence":"x"}]}"#,
        ),
        (
            "claims",
            r#"{"answers":[{"id":"s1","claims":[{"kind":"calls","name":"f","value":"","when":""},{"kind":""}],"sentence":""},{"id":"s2","claims":7}]}"#,
        ),
        (
            "cut in a claim",
            r#"{"answers":[{"id":"s1","claims":[{"kind":"calls","name":"f","value":"","when":""},{"kind":"ret"#,
        ),
        ("null", "null"),
        ("wrong frame", r#"{"answers":"none"}"#),
        ("refusal", "I cannot help with that."),
        ("empty", ""),
        ("wrong brackets", r#"{"answers":[{"id":"s1"]]}"#),
    ];
    let mut told = String::new();
    for (name, text) in replies {
        let reply = read(text, &["s1", "s2"]);
        let answers: Vec<_> = reply
            .answers
            .iter()
            .map(|it| format!("{}={:?}", it.handle, it.answer.sentence) + &"+".repeat(it.answer.claims.len()))
            .collect();
        let findings: Vec<_> = reply.findings.iter().map(|(of, it)| format!("{}{of}", it.code)).collect();
        writeln!(told, "{name}: {} | {} | {:?}", answers.join(" "), findings.join(" "), reply.repairs)
            .expect("memory takes every byte");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_was_wrong_can_be_told_to_the_model() {
    let reply =
        read(r#"{"answers":[{"id":"s1","sentence":7},{"id":"`<x>\u0000","sentence":"y"}]}"#, &["s1", "s2"]);
    insta::assert_snapshot!(ask_again(reply.findings.iter().map(|(of, it)| (of.as_str(), it))));
}

#[test]
fn ten_megabytes_are_not_read() {
    let reply = read(&"{\"answers\":[".repeat(1_000_000), &["s1"]);
    assert!(reply.answers.is_empty() && reply.findings[0].1.code == "reply_too_long");
    assert!(read(&"[".repeat(MAX_REPLY_BYTES), &["s1"]).answers.is_empty());
}

proptest! {
    /// Cut anywhere, a reply gives a beginning of its answers and never a broken one.
    #[test]
    fn a_cut_reply_keeps_whole_answers(texts in prop::collection::vec("[ -~äß]{1,20}x", 1..6), cut in 0.0_f64..1.0) {
        let handles: Vec<String> = (1..=texts.len()).map(|n| format!("s{n}")).collect();
        let handles: Vec<&str> = handles.iter().map(String::as_str).collect();
        let items: Vec<_> = handles.iter().zip(&texts).map(|(id, summary)| serde_json::json!({"id": id, "sentence": summary})).collect();
        let whole = serde_json::json!({ "answers": items }).to_string();
        let mut at = (whole.len() as f64 * cut) as usize;
        while !whole.is_char_boundary(at) {
            at -= 1;
        }
        for answer in read(&whole[..at], &handles).answers {
            let idx = handles.iter().position(|it| *it == answer.handle).expect("handles are closed");
            let expected = texts[idx].split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(answer.answer.sentence, expected);
        }
    }

    /// Whatever a model sends, reading ends and every answer has a handle that was asked for.
    #[test]
    fn nothing_panics(text in "([\\[\\]{},:\"\\\\ ]|answers|id|s1|claims|sentence|[ -~]|\\PC){0,200}") {
        let reply = read(&text, &["s1"]);
        prop_assert!(reply.answers.len() <= 1);
        prop_assert!(!reply.answers.is_empty() || !reply.findings.is_empty());
    }
}
