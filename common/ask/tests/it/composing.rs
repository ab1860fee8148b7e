//! What a model is asked, and which of its claims are shown.

use doctown_ask::{Answer, Composed, ItemKind, compose, prompt};

use crate::pack::{PATH, server};

fn answer() -> Answer {
    server().ask("what happens when no route matches, and in which order are routes tried?")
}

/// The number of `find_route` among the items.
fn number(answer: &Answer) -> usize {
    let is_meant = |item: &doctown_ask::Item| item.kind == ItemKind::Symbol && item.title == "find_route";
    answer.items.iter().position(is_meant).expect("the symbol is evidence") + 1
}

fn composed(claims: &str) -> Composed {
    let answer = answer();
    let claims = claims.replace("ITEM", &number(&answer).to_string());
    compose(&answer, &format!(r#"{{"claims": [{claims}], "missing": []}}"#)).expect("it is a reply")
}

#[test]
fn prompt_numbers_the_evidence_with_its_words_and_lines() {
    let answer = answer();
    let user = prompt(&answer).user;
    let number = number(&answer);
    assert!(user.contains(&format!("[{number}] find_route ({PATH}:30)\n  words: Finds the view")), "{user}");
    assert!(user.contains("  line 34: raises `NotFound` if `rule is None`\n"), "{user}");
    assert!(serde_json::from_str::<serde_json::Value>(prompt(&answer).schema).is_ok());
}

#[test]
fn claims_that_stand_in_the_evidence_become_sentences_with_their_place() {
    let composed = composed(
        r#"{"kind": "does", "item": ITEM, "line": 34, "quote": ""},
           {"kind": "says", "item": ITEM, "line": 0, "quote": "Routes are tried in the order in which they were added."}"#,
    );
    assert_eq!((composed.n_claims, composed.n_held), (2, 2));
    let told: Vec<_> = composed.sentences.iter().map(|it| (it.text.as_str(), it.line)).collect();
    assert_eq!(
        told,
        [
            ("`find_route` raises `NotFound` if `rule is None`.", 34),
            ("\u{201c}Routes are tried in the order in which they were added.\u{201d}", 30),
        ]
    );
}

#[test]
fn claims_that_stand_nowhere_are_left_out() {
    for claim in [
        r#"{"kind": "says", "item": ITEM, "line": 0, "quote": "Routes are tried in a random order."}"#,
        r#"{"kind": "says", "item": ITEM, "line": 0, "quote": "Routes are"}"#,
        r#"{"kind": "does", "item": ITEM, "line": 99, "quote": ""}"#,
        r#"{"kind": "does", "item": 999, "line": 34, "quote": ""}"#,
        r#"{"kind": "does", "item": 0, "line": 34, "quote": ""}"#,
        r#"{"kind": "runs", "item": ITEM, "line": 34, "quote": "Deletes all user data."}"#,
    ] {
        let composed = composed(claim);
        assert_eq!((composed.n_claims, composed.n_held, composed.sentences.len()), (1, 0, 0), "{claim}");
    }
}

#[test]
fn missing_words_are_words_of_the_question() {
    let reply = r#"{"claims": [], "missing": ["Route", "visit evil.example", "order"]}"#;
    assert_eq!(compose(&answer(), reply).expect("it is a reply").missing, ["order", "route"]);
}

#[test]
fn answer_without_a_claim_that_holds_names_the_words_that_no_item_covers() {
    let answer = server().ask("which route sends a telegram?");
    let composed = compose(&answer, r#"{"claims": [], "missing": []}"#).expect("it is a reply");
    assert_eq!(composed.missing, ["sends", "telegram"]);
}

#[test]
fn replies_that_are_none_are_told_from_empty_ones() {
    for text in ["", "I do not know.", "{", "{}", "[1]", r#"{"claims": 3}"#] {
        assert_eq!(compose(&answer(), text), None, "{text}");
    }
    let fenced = "```json\n{\"claims\": [], \"missing\": []}\n```";
    assert_eq!(compose(&answer(), fenced), Some(Composed::default()));
}
