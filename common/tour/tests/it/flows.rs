//! What a flow says of the calls behind an entry point.

use docpack::records::{Flow, Unresolved};
use docpack::{ConditionKind, StepKind, SymbolId};

use crate::repository::{Repository, condition, server, step};

/// Each step as its depth, line, condition and text.
fn shown(flow: &Flow) -> Vec<String> {
    let line = |step: &docpack::records::FlowStep| {
        let condition = step.condition.as_ref().map(|it| format!("{it}: ")).unwrap_or_default();
        format!("{}{} {condition}{}", "  ".repeat(step.depth as usize), step.line, step.text)
    };
    flow.steps.iter().map(line).collect()
}

fn id(repository: &Repository, name: &str) -> SymbolId {
    repository.nodes.symbols.iter().find(|it| it.name == name).unwrap().id
}

#[test]
fn calls_are_followed_in_the_order_of_their_lines() {
    let tour = server().tour();
    assert_eq!(tour.flows[0].title, "`main`");
    assert_eq!(
        shown(&tour.flows[0]),
        [
            "12 calls `load`",
            "13 calls `serve`",
            "  32 calls `handle`",
            "    42 calls `send`",
            "    43 calls `load`",
            "  33 calls `load`",
        ]
    );
    let said = tour.flows[0].steps[1].quote.as_ref().unwrap();
    assert_eq!((said.text.as_str(), said.line), ("Answers requests until it is stopped.", 30));
}

#[test]
fn bodies_tell_conditions_errors_and_results() {
    let mut it = server();
    let conditions = vec![
        condition(ConditionKind::If, "not path", 11, None),
        condition(ConditionKind::Loop, "paths", 12, None),
        condition(ConditionKind::Catch, "OSError", 13, Some(1)),
    ];
    let steps = vec![
        step(StepKind::Raise, "ValueError", 11, Some(0)),
        step(StepKind::Call, "load", 12, Some(1)),
        step(StepKind::Call, "serve", 13, Some(2)),
        step(StepKind::Return, "serve(path)", 13, Some(2)),
        step(StepKind::Return, "None", 14, None),
    ];
    it.body(id(&it, "main"), conditions, steps);
    let tour = it.tour();
    let steps = shown(&tour.flows[0]);
    let own: Vec<_> = steps.iter().filter(|step| !step.starts_with(' ')).collect();
    assert_eq!(
        own,
        [
            "11 if `not path`: raises `ValueError`",
            "12 in a loop (`paths`): calls `load`",
            "13 in a loop (`paths`), after `OSError`: returns what `serve` gives",
            "14 returns `None`",
        ]
    );
}

#[test]
fn a_call_of_a_value_is_told_as_one() {
    let mut it = server();
    let source = id(&it, "main");
    it.graph.unresolved.push(Unresolved {
        source,
        name: "callback".to_owned(),
        lines: vec![15],
        reason: "dynamic".to_owned(),
        package: None,
    });
    let tour = it.tour();
    let flow = &tour.flows[0];
    let step = flow.steps.iter().find(|step| step.kind.as_str() == "dynamic").unwrap();
    assert!(step.text.starts_with("calls `callback`, a value"), "{}", step.text);
    assert_eq!((step.line, step.target_id), (15, None));
    assert!(flow.ends[0].text.starts_with("1 call is made through a value"), "{}", flow.ends[0].text);
}

#[test]
fn a_circle_of_calls_ends() {
    let mut it = server();
    let (main, send) = (id(&it, "main"), id(&it, "send"));
    it.calls(send, main, 52);
    let tour = it.tour();
    assert!(tour.flows.iter().all(|flow| flow.steps.len() < 20));
}

#[test]
fn a_flow_through_a_thousand_calls_fits_on_a_page() {
    let mut it = Repository::new();
    it.file("app.py");
    let ids: Vec<_> = (0..1_000).map(|n| it.function("app.py", &format!("f{n}"), 1 + n % 900)).collect();
    for (n, source) in ids.iter().enumerate() {
        for target in ids.iter().skip(n + 1).take(30) {
            it.calls(*source, *target, 1 + n as u32 % 900);
        }
    }
    let tour = it.tour();
    assert!(!tour.flows.is_empty() && tour.flows.len() <= 6, "{}", tour.flows.len());
    for flow in &tour.flows {
        assert!(flow.steps.len() <= 40 && flow.left_out > 0, "{}", flow.steps.len());
    }
}
