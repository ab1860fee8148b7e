//! Bodies of any size and shape are read within limits.

use model::body::{MAX_ARGUMENTS, MAX_CONDITIONS, MAX_STEPS, MAX_TEXT_BYTES};

use super::body;
use crate::languages::read;

#[test]
fn steps_beyond_the_limit_are_left_out_and_told() {
    let exact = format!("def f():\n{}", "    g()\n".repeat(MAX_STEPS));
    let facts = read("a.py", &exact);
    assert_eq!((body(&facts, "f").steps.len(), body(&facts, "f").is_cut), (MAX_STEPS, false));
    let more = format!("{exact}    g()\n");
    let facts = read("a.py", &more);
    assert_eq!((body(&facts, "f").steps.len(), body(&facts, "f").is_cut), (MAX_STEPS, true));
}

#[test]
fn conditions_beyond_the_limit_end_the_body() {
    let text: String = (0..200).map(|n| format!("    if a{n}:\n        g()\n")).collect();
    let facts = read("a.py", &format!("def f():\n{text}"));
    let body = body(&facts, "f");
    assert_eq!((body.conditions.len(), body.is_cut), (MAX_CONDITIONS, true));
    let deep: String = (1..200).map(|n| format!("{}if a:\n", " ".repeat(n))).collect();
    let facts = read("a.py", &format!("def f():\n{deep}{}g()\n", " ".repeat(200)));
    assert!(super::body(&facts, "f").is_cut);
}

#[test]
fn texts_are_cut_at_a_character() {
    let long = "ä".repeat(MAX_TEXT_BYTES);
    let text = format!("def f(a='{long}'):\n    g('{long}')\n    return '{long}'\n");
    let facts = read("a.py", &text);
    let steps = &body(&facts, "f").steps;
    let default = facts.symbols[1].parameters[0].default.clone().expect("it has a default");
    for text in [&default, &steps[0].arguments[0], &steps[1].text] {
        assert!(text.ends_with("ä…") && text.len() <= MAX_TEXT_BYTES + '…'.len_utf8(), "{text}");
    }
}

#[test]
fn arguments_beyond_the_limit_are_left_out() {
    let facts = read("a.py", "def f():\n    g(1, 2, 3, 4, 5, 6, 7, 8, 9)\n");
    assert_eq!(body(&facts, "f").steps[0].arguments.len(), MAX_ARGUMENTS);
}

#[test]
fn long_chains_are_read_without_recursion() {
    let calls = format!("def f():\n    return a{}\n", ".b()".repeat(3_000));
    read("a.py", &calls);
    let nested = format!("def f():\n    return {}1{}\n", "g(".repeat(3_000), ")".repeat(3_000));
    read("a.py", &nested);
    let chain: String = (0..3_000).map(|n| format!("    elif a == {n}:\n        g()\n")).collect();
    let facts = read("a.py", &format!("def f():\n    if a:\n        g()\n{chain}"));
    assert!(body(&facts, "f").is_cut);
}
