//! Replies as models write them, whole and broken.

use std::fmt::Write;

use doctown_insight::ask_again;
use doctown_insight::reply::{MAX_REPLY_BYTES, read};
use proptest::prelude::*;

#[test]
fn replies_and_what_is_read_of_them() {
    let replies = [
        ("strict", r#"{"answers":[{"id":"s1","summary":"Opens."},{"id":"s2","summary":"Closes."}]}"#),
        ("other order", r#"{"answers":[{"id":"s2","summary":"Closes."},{"summary":"Opens.","id":"s1"}]}"#),
        (
            "fenced",
            "```json\n{\"answers\":[{\"id\":\"s1\",\"summary\":\"Opens.\"},{\"id\":\"s2\",\"summary\":\"Closes.\"}]}\n```",
        ),
        (
            "prose around",
            "Sure {ok}! {\"answers\":[{\"id\":\"s1\",\"summary\":\"A } b.\"},{\"id\":\"s2\",\"summary\":\"C.\"},]} Done.",
        ),
        ("bare list", r#"[{"id":"s1","summary":"Opens."},{"id":"s2","summary":"Closes."}]"#),
        ("one object", r#"{"id":"s1","summary":"Opens."}"#),
        ("a map", r#"{"s1":"Opens.","s2":"Closes."}"#),
        ("cut in a text", r#"{"answers":[{"id":"s1","summary":"Opens."},{"id":"s2","summary":"Clo"#),
        ("cut after a comma", r#"{"answers":[{"id":"s1","summary":"Opens."},"#),
        ("cut before any", r#"{"answers":[{"id":"s1","#),
        (
            "raw line break",
            "{\"answers\":[{\"id\":\"s1\",\"summary\":\"Opens\nit.\"},{\"id\":\"s2\",\"summary\":\"Closes.\"}]}",
        ),
        ("unknown id", r#"{"answers":[{"id":"s1","summary":"Opens."},{"id":"s9","summary":"Else."}]}"#),
        (
            "twice",
            r#"{"answers":[{"id":"s1","summary":"Opens."},{"id":"s1","summary":"Other."},{"id":"s2","summary":"C."}]}"#,
        ),
        (
            "not text",
            r#"{"answers":[{"id":"s1","summary":7},{"id":"s2","summary":" "},{"id":3,"summary":"x"}]}"#,
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
        let answers: Vec<_> = reply.answers.iter().map(|it| format!("{}={:?}", it.handle, it.text)).collect();
        let findings: Vec<_> = reply.findings.iter().map(|(of, it)| format!("{}{of}", it.code)).collect();
        writeln!(told, "{name}: {} | {} | {:?}", answers.join(" "), findings.join(" "), reply.repairs)
            .expect("memory takes every byte");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_was_wrong_can_be_told_to_the_model() {
    let reply =
        read(r#"{"answers":[{"id":"s1","summary":7},{"id":"`<x>\u0000","summary":"y"}]}"#, &["s1", "s2"]);
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
        let items: Vec<_> = handles.iter().zip(&texts).map(|(id, summary)| serde_json::json!({"id": id, "summary": summary})).collect();
        let whole = serde_json::json!({ "answers": items }).to_string();
        let mut at = (whole.len() as f64 * cut) as usize;
        while !whole.is_char_boundary(at) {
            at -= 1;
        }
        for answer in read(&whole[..at], &handles).answers {
            let idx = handles.iter().position(|it| *it == answer.handle).expect("handles are closed");
            let expected = texts[idx].split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(answer.text, expected);
        }
    }

    /// Whatever a model sends, reading ends and every answer has a handle that was asked for.
    #[test]
    fn nothing_panics(text in "([\\[\\]{},:\"\\\\ ]|answers|id|s1|summary|[ -~]|\\PC){0,200}") {
        let reply = read(&text, &["s1"]);
        prop_assert!(reply.answers.len() <= 1);
        prop_assert!(!reply.answers.is_empty() || !reply.findings.is_empty());
    }
}
