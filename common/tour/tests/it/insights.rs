//! The standing questions, answered out of records.

use docpack::records::{CallCounts, Complexity, Insight, Insights, LanguageQuality, Quality};
use docpack::{ConditionKind, Effect, Language, Role, StepKind, SymbolKind};

use crate::repository::{Repository, condition, server, step};

fn quality(calls: CallCounts) -> Quality {
    let row = LanguageQuality {
        language: Language::Python.into(),
        files: 1,
        files_with_errors: 0,
        error_nodes: 0,
        calls,
    };
    Quality { languages: vec![row], ..Quality::default() }
}

fn insights(it: &Repository) -> Insights {
    let bodies = Some(&it.bodies).filter(|bodies| !bodies.bodies.is_empty());
    let (nodes, graph, source_map, texts) = (&it.nodes, &it.graph, &it.source_map, &it.texts);
    let records = doctown_tour::Records { nodes, graph, source_map, bodies, texts };
    let (tour, insights) = doctown_tour::tour_and_insights(&records, &quality(CallCounts::default()));
    assert_eq!(tour, it.tour(), "the tour is the same whether or not questions are answered");
    insights
}

/// Lists the statements of one kind.
fn told(insight: Option<&Insight>, kind: &str) -> Vec<String> {
    let groups = insight.into_iter().flat_map(|it| &it.groups).filter(|group| group.kind == kind);
    groups.flat_map(|group| &group.claims).map(|claim| claim.text.clone()).collect()
}

#[test]
fn every_claim_has_evidence_and_a_value_where_something_is_measured() {
    let mut it = server();
    it.document(
        "README.md",
        "# app\n\nApp answers requests from people.\n\n## Features\n\n- Small and fast\n",
    );
    let found = insights(&it);
    assert!(!found.families.is_empty());
    for group in found.families.iter().flat_map(|insight| &insight.groups) {
        for claim in &group.claims {
            assert!(claim.quote.is_some() || !claim.evidence.is_empty(), "{claim:?}");
            assert_eq!(claim.value.is_some(), group.measure.is_some(), "{claim:?}");
        }
    }
    let purpose = found.family("purpose").unwrap();
    assert_eq!(purpose.groups[0].claims[0].quote.as_ref().unwrap().text, "App answers requests from people.");
}

#[test]
fn outliers_of_complexity_are_told_and_the_usual_is_not() {
    let mut it = server();
    let knot = it.function("src/app.py", "knot", 60);
    it.edit(knot).complexity = Some(Complexity { cyclomatic: 31, cognitive: 40 });
    for at in 0..60 {
        let plain = it.function("src/app.py", &format!("plain{at}"), 70 + at * 10);
        it.edit(plain).complexity = Some(Complexity { cyclomatic: 16, cognitive: 3 });
    }
    let found = insights(&it);
    let told = told(found.family("risks"), "complex");
    assert_eq!(told[0], "`knot` has 31 decisions in 10 lines.");
    assert_eq!(told.len(), 2, "two in a hundred of 61 are two: {told:?}");
}

#[test]
fn what_many_files_use_and_no_test_reaches_is_told() {
    let mut it = server();
    it.file("src/base.py");
    let (seen, unseen) = (it.function("src/base.py", "seen", 10), it.function("src/base.py", "unseen", 20));
    for path in ["src/b.py", "src/c.py", "src/d.py"] {
        it.file(path);
        let user = it.function(path, "user", 10);
        it.calls(user, seen, 12);
        it.calls(user, unseen, 13);
    }
    it.file_of("tests/test_base.py", Role::Test);
    let test = it.function("tests/test_base.py", "test_seen", 10);
    it.calls(test, seen, 11);
    assert_eq!(told(insights(&it).family("risks"), "untested"), ["`unseen` is used in 3 other files."]);
}

#[test]
fn an_error_that_nothing_is_done_with_is_told_and_one_that_is_logged_is_not() {
    let mut it = server();
    let silent = it.function("src/app.py", "silent", 60);
    let logged = it.function("src/app.py", "logged", 70);
    let caught = |line| vec![condition(ConditionKind::Catch, "OSError", line, None)];
    it.body(silent, caught(62), vec![step(StepKind::Call, "read", 61, None)]);
    it.body(logged, caught(72), vec![step(StepKind::Call, "log.warning", 73, Some(0))]);
    let found = insights(&it);
    assert_eq!(told(found.family("risks"), "swallowed"), ["`silent` catches `OSError` and goes on."]);
    assert_eq!(told(found.family("errors"), "caught").len(), 2);
}

#[test]
fn an_effect_is_told_where_nothing_between_it_and_the_program_catches() {
    let mut it = Repository::new();
    it.file("src/app.py");
    let main = it.function("src/app.py", "main", 10);
    let open = it.function("src/app.py", "fetch", 20);
    let guard = it.function("src/app.py", "guard", 30);
    let behind = it.function("src/app.py", "behind", 40);
    it.calls(main, open, 11);
    it.calls(main, guard, 12);
    it.calls(guard, behind, 31);
    let mut call = step(StepKind::Call, "requests.get", 21, None);
    call.effect = Some(Effect::Network.into());
    it.body(main, Vec::new(), vec![step(StepKind::Call, "fetch", 11, None)]);
    it.body(open, Vec::new(), vec![call.clone()]);
    it.body(guard, vec![condition(ConditionKind::Catch, "OSError", 32, None)], Vec::new());
    it.body(behind, Vec::new(), vec![call]);
    let told = told(insights(&it).family("risks"), "unguarded");
    assert_eq!(told, ["`fetch` uses the network by `requests.get`."]);
}

#[test]
fn a_large_share_of_open_calls_is_a_risk() {
    let it = server();
    let (nodes, graph, source_map, texts) = (&it.nodes, &it.graph, &it.source_map, &it.texts);
    let records = doctown_tour::Records { nodes, graph, source_map, bodies: None, texts };
    let calls = CallCounts { resolved: 60, ambiguous: 10, external: 20, dynamic: 5, unknown: 5 };
    let (_, found) = doctown_tour::tour_and_insights(&records, &quality(calls));
    let told = told(found.family("risks"), "uncertain_calls");
    let said = "Of 100 calls of Python, 20 in 100 lead to no known target: 10 ambiguous, 5 through values, 5 unknown.";
    assert_eq!(told, [said]);
}

#[test]
fn answers_are_bounded_and_the_rest_is_counted() {
    let mut it = server();
    for at in 0..40 {
        let kind = it.symbol("src/app.py", &format!("Kind{at}Error"), SymbolKind::Class, 100 + at, None);
        it.edit(kind).bases = vec!["Exception".to_owned()];
    }
    let found = insights(&it);
    let group = &found.family("errors").unwrap().groups[0];
    assert_eq!((group.claims.len(), group.left_out), (8, 32));
    assert!(found.families.iter().flat_map(Insight::claims).all(|claim| claim.evidence.len() <= 3));
}
