//! What a flow says of the calls behind an entry point.

use docpack::records::{Flow, Literal, Step, Unresolved};
use docpack::{ConditionKind, EdgeKind, LiteralKind, StepKind, SymbolId, SymbolKind};

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
    assert_eq!(tour.flows[0].title, "`main` in `src/app.py`");
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
    assert_eq!(step.text, "calls `callback`, which a variable holds");
    assert_eq!((step.line, step.target_id), (15, None));
    assert!(flow.ends[0].text.starts_with("1 call is not followed"), "{}", flow.ends[0].text);
}

/// A class whose method `serve` calls what its field holds; `start` puts `answer` into the field.
fn server_with_a_field() -> Repository {
    let mut it = server();
    let module = it.file("src/web.py");
    let class = it.symbol("src/web.py", "Server", SymbolKind::Class, 10, Some(module));
    let start = it.symbol("src/web.py", "start", SymbolKind::Method, 20, Some(class));
    let run = it.symbol("src/web.py", "run", SymbolKind::Method, 30, Some(class));
    let answer = it.function("src/web.py", "answer", 40);
    it.edge(start, answer, EdgeKind::References, 21);
    it.calls(answer, id(&it, "send"), 41);
    it.calls(id(&it, "main"), run, 14);
    let kept =
        Step { value: Some("wrap(answer)".to_owned()), ..step(StepKind::Write, "self.handler", 21, None) };
    it.body(start, Vec::new(), vec![kept]);
    it.body(run, Vec::new(), vec![step(StepKind::Call, "self.handler.respond", 31, None)]);
    it
}

#[test]
fn a_call_through_a_field_leads_to_what_was_put_into_it() {
    let tour = server_with_a_field().tour();
    let steps = shown(&tour.flows[0]);
    let call = "31 calls `self.handler.respond`, where `Server.start` (src/web.py:21) sets `handler` to `wrap(answer)`";
    let at = steps.iter().position(|step| step.trim_start() == call);
    assert!(at.is_some_and(|at| steps[at + 1].trim_start() == "41 calls `send`"), "{steps:#?}");
}

#[test]
fn a_lookup_in_a_table_names_who_fills_it() {
    let mut it = server();
    let fill = Step { value: Some("view".to_owned()), ..step(StepKind::Write, "app.views[name]", 22, None) };
    it.body(id(&it, "load"), Vec::new(), vec![fill]);
    it.body(
        id(&it, "handle"),
        Vec::new(),
        vec![step(StepKind::Return, "app.views[path](request)", 42, None)],
    );
    let tour = it.tour();
    let steps = shown(&tour.flows[0]);
    let wanted = "42 returns `app.views[path](request)`, where `load` (src/app.py:22) fills `views`";
    assert!(steps.iter().any(|step| step.trim_start() == wanted), "{steps:#?}");
}

#[test]
fn an_error_that_goes_on_is_raised_again() {
    let mut it = server();
    let conditions = vec![condition(ConditionKind::Otherwise, "ok", 10, None)];
    let message = Literal { kind: LiteralKind::Text.into(), text: "no way to\" f\"{path}".to_owned() };
    let steps = vec![
        step(StepKind::Raise, "", 10, Some(0)),
        Step { literals: vec![message], ..step(StepKind::Raise, "Lost", 11, None) },
        step(StepKind::Call, "load", 12, None),
        step(StepKind::Call, "serve", 13, None),
    ];
    it.body(id(&it, "main"), conditions, steps);
    let tour = it.tour();
    let steps = shown(&tour.flows[0]);
    assert_eq!(steps[0], "10 unless `ok`: raises the caught error again");
    assert_eq!(steps[1], "11 raises `Lost` with the message `no way to{path}`");
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
