use docpack::{ConditionKind, Effect, Language, LiteralKind, Role, StepKind, SymbolKind};
use doctown_insight::{MAX_SUMMARY_CHARS, summarise};
use model::body::{Body, Condition, Literal, Step};
use model::context::{Listed, Neighbour, SymbolContext};
use model::facts::Parameter;

use crate::seeded::symbols::{blank, neighbour};

fn context(name: &str, kind: SymbolKind) -> SymbolContext {
    blank(Language::Rust, kind, name, &format!("crate::{name}"), "src/lib.rs")
}

fn with_inputs(mut context: SymbolContext, names: &[&str], returns: Option<&str>) -> SymbolContext {
    context.parameters = names
        .iter()
        .map(|name| Parameter { name: (*name).to_owned(), type_name: None, default: None })
        .collect();
    context.return_type = returns.map(str::to_owned);
    context
}

/// The text of the summary; `-` where there is none.
fn text(context: &SymbolContext) -> String {
    summarise(context).map_or_else(|| "-".to_owned(), |summary| summary.text)
}

fn functions(names: &[&str]) -> Vec<Neighbour> {
    names.iter().map(|name| neighbour(name, SymbolKind::Function)).collect()
}

fn listed(names: &[&str]) -> Listed {
    Listed { first: functions(names), n_all: names.len() as u32 }
}

fn step(kind: StepKind, text: &str, under: Option<u32>) -> Step {
    Step {
        kind,
        under,
        line: 1,
        byte_start: 0,
        text: text.to_owned(),
        arguments: Vec::new(),
        value: None,
        effect: None,
        literals: Vec::new(),
        is_awaited: false,
    }
}

fn condition(kind: ConditionKind, text: &str, within: Option<u32>) -> Condition {
    Condition { kind, text: text.to_owned(), line: 1, within }
}

fn with_body(mut context: SymbolContext, conditions: Vec<Condition>, steps: Vec<Step>) -> SymbolContext {
    context.body = Some(Box::new(Body { conditions, steps, is_cut: false }));
    context
}

#[test]
fn the_authors_words_come_first_then_the_callers() {
    let mut parse = context("parse", SymbolKind::Function);
    parse.doc_comment = Some("Parses a header. Panics never.".to_owned());
    parse.called_by = functions(&["read", "main"]);
    parse.n_called_by = 7;
    assert_eq!(text(&parse), "Parses a header. Called by `read`, `main` and 5 more.");
    let evidence = summarise(&parse).map(|it| it.evidence);
    assert_eq!(evidence.unwrap_or_default(), ["doc_comment", "called_by:read", "called_by:main"]);
}

#[test]
fn no_word_of_an_author_drops_a_comment() {
    for (name, doc) in [
        ("build", "Builds the system prompt for a chat."),
        ("start", "Starts a canary deployment of the service."),
        ("list", "Lists all TODO items of a store."),
        ("run", "Runs a command with sudo."),
        ("join", "Lets a user subscribe to a channel."),
        ("record", "Records a donation of a visitor."),
        ("count", "Counts the free first-class seats of a flight."),
        ("reset", "Makes new rules override all previous rules."),
        ("accounts", "Lists the accounts that were audited."),
        ("render", "Render a template by name with the given context."),
        ("renew", "License keys are renewed here."),
    ] {
        let mut symbol = context(name, SymbolKind::Function);
        symbol.doc_comment = Some(doc.to_owned());
        assert_eq!(text(&symbol), doc);
    }
}

#[test]
fn callers_in_tests_are_told_apart() {
    let mut parse = context("parse", SymbolKind::Function);
    parse.doc_comment = Some("Parses a header.".to_owned());
    parse.called_by = functions(&["read", "case_one", "case_two"]);
    (parse.n_called_by, parse.n_called_by_support) = (1_303, 1_302);
    assert_eq!(text(&parse), "Parses a header. Called by `read`; in tests by 1,302.");
    parse.called_by = functions(&["case_one", "case_two"]);
    (parse.n_called_by, parse.n_called_by_support) = (2, 2);
    assert_eq!(text(&parse), "Parses a header. Called only in tests, by `case_one` and `case_two`.");
    // Who calls a helper of tests needs no group of its own.
    parse.role = Role::Test;
    assert_eq!(text(&parse), "Parses a header. Called by `case_one` and `case_two`.");
}

#[test]
fn what_repeats_name_kind_and_parameters_is_left_out() {
    let function = with_inputs(context("parse", SymbolKind::Function), &["bytes", "limit"], Some("Header"));
    assert_eq!(text(&function), "-");
    let mut method = with_inputs(context("get", SymbolKind::Method), &["self", "url"], Some("Response"));
    method.parent = Some(neighbour("Client", SymbolKind::Class));
    assert_eq!(text(&method), "-");
    for kind in [SymbolKind::Field, SymbolKind::EnumVariant, SymbolKind::Constant, SymbolKind::Impl] {
        let mut symbol = context("name", kind);
        symbol.parent = Some(neighbour("Owner", SymbolKind::Struct));
        symbol.return_type = Some("String".to_owned());
        assert_eq!(text(&symbol), "-", "{kind}");
    }
    let getter = with_body(
        context("max_size", SymbolKind::Method),
        vec![],
        vec![step(StepKind::Return, "self._max_size", None)],
    );
    assert_eq!(text(&getter), "-");
}

#[test]
fn a_body_says_what_is_returned_and_when_it_fails() {
    let conditions = vec![
        condition(ConditionKind::If, "key in self.cache", None),
        condition(ConditionKind::Loop, "range(retries)", None),
        condition(ConditionKind::Catch, "ConnectionError", Some(1)),
    ];
    let mut fetch = step(StepKind::Call, "self.fetch", Some(1));
    fetch.effect = Some(Effect::Network);
    let mut keep = step(StepKind::Write, "self.cache[key]", Some(1));
    keep.value = Some("response".to_owned());
    let steps = vec![
        step(StepKind::Return, "self.cache[key]", Some(0)),
        fetch,
        keep,
        step(StepKind::Return, "response", Some(1)),
        step(StepKind::Raise, "Timeout", None),
    ];
    let mut get =
        with_body(with_inputs(context("get", SymbolKind::Method), &["key"], None), conditions, steps);
    get.language = Language::Python;
    assert_eq!(
        text(&get),
        "Uses the network through `fetch`; sets `cache[key]` to `response`; returns `self.cache[key]` if \
         `key in self.cache`, `response` in a loop over `range(retries)`; raises `Timeout`."
    );
    assert!(summarise(&get).is_some_and(|it| it.evidence.iter().all(|it| it == "body:1")));
}

#[test]
fn calls_are_told_in_their_order_with_what_they_are_given() {
    let conditions = vec![condition(ConditionKind::If, "!ok", None)];
    let mut refuse = step(StepKind::Call, "http.Error", Some(0));
    refuse.literals = vec![Literal { kind: LiteralKind::Status, text: "401".to_owned() }];
    let steps = vec![
        step(StepKind::Call, "len", None),
        step(StepKind::Call, "readToken", None),
        refuse,
        step(StepKind::Call, "next.serve", None),
    ];
    let mut guard = with_body(context("guard", SymbolKind::Function), conditions, steps);
    guard.language = Language::Go;
    guard.calls = functions(&["readToken", "serve"]);
    guard.n_calls = 2;
    assert_eq!(
        text(&guard),
        "Calls `readToken`, then `http.Error` with status 401 if `!ok`, then `next.serve`."
    );
}

#[test]
fn what_runs_in_a_closure_is_told_apart() {
    let conditions =
        vec![condition(ConditionKind::Closure, "", None), condition(ConditionKind::If, "ok", Some(0))];
    let steps = vec![
        step(StepKind::Call, "serve", Some(1)),
        step(StepKind::Return, "http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {…", None),
    ];
    let mut wrap = with_body(context("wrap", SymbolKind::Function), conditions, steps);
    wrap.language = Language::Go;
    wrap.calls = functions(&["serve"]);
    assert!(
        text(&wrap)
            .starts_with("Returns what `http.HandlerFunc` returns; an inner function calls `serve` if `ok`."),
        "{}",
        text(&wrap)
    );
}

#[test]
fn an_error_that_go_hands_on_is_no_result_worth_telling() {
    let conditions = vec![condition(ConditionKind::If, "err != nil", None)];
    let steps = vec![
        step(StepKind::Return, "nil, err", Some(0)),
        step(StepKind::Return, "newArticle(row), nil", None),
    ];
    let mut load = with_body(context("load", SymbolKind::Function), conditions, steps);
    load.language = Language::Go;
    assert_eq!(text(&load), "Returns `newArticle(row)`.");
}

#[test]
fn what_stands_under_many_conditions_is_not_told_as_if_it_stood_under_few() {
    let conditions = vec![
        condition(ConditionKind::If, "a", None),
        condition(ConditionKind::If, "b", Some(0)),
        condition(ConditionKind::If, "c", Some(1)),
    ];
    let steps = vec![step(StepKind::Raise, "Deep", Some(2)), step(StepKind::Raise, "Shallow", Some(1))];
    let mut check = with_body(context("check", SymbolKind::Function), conditions, steps);
    check.language = Language::Python;
    assert_eq!(text(&check), "Raises `Shallow` if `a` and if `b`.");
}

#[test]
fn an_overriding_member_has_the_words_of_what_it_overrides() {
    let mut mount = context("Mount", SymbolKind::Method);
    mount.standing.overrides = Some(neighbour("Router.Mount", SymbolKind::Method));
    assert_eq!(text(&mount), "Overrides `Router.Mount`.");
    mount.standing.inherited_doc = Some("Mount attaches another handler along ./pattern/*".to_owned());
    assert_eq!(text(&mount), "As `Router.Mount`: Mount attaches another handler along ./pattern/*.");
}

#[test]
fn the_one_caller_says_what_a_helper_is_for() {
    let mut helper = context("helper", SymbolKind::Function);
    helper.called_by = functions(&["main"]);
    helper.n_called_by = 1;
    assert_eq!(text(&helper), "-", "others may call it");
    helper.callers_complete = true;
    assert_eq!(text(&helper), "Used only by `main`.");
}

#[test]
fn types_tell_what_they_hold_and_who_uses_them() {
    let mut point = context("Point", SymbolKind::Struct);
    point.members = vec![neighbour("x", SymbolKind::Field), neighbour("y", SymbolKind::Field)];
    point.n_members = 2;
    assert_eq!(text(&point), "Has `x` and `y`.");
    point.standing.returned_by = listed(&["origin"]);
    point.standing.taken_by = listed(&["draw", "move"]);
    assert_eq!(text(&point), "Has `x` and `y`. Returned by `origin`; taken by `draw` and `move`.");
    let mut colour = context("Colour", SymbolKind::Enum);
    colour.members = vec![neighbour("Red", SymbolKind::EnumVariant)];
    colour.n_members = 1;
    assert_eq!(text(&colour), "Is one of `Red`.");
}

#[test]
fn an_interface_of_call_signatures_is_not_said_to_be_empty() {
    let handler = context("Handler", SymbolKind::Interface);
    assert_eq!(text(&handler), "-");
}

#[test]
fn a_local_of_a_test_is_no_field_of_it() {
    let mut local = context("target", SymbolKind::Field);
    local.parent = Some(neighbour("TestRedirect", SymbolKind::Function));
    local.return_type = Some("string".to_owned());
    assert_eq!(text(&local), "-");
}

#[test]
fn a_file_is_told_by_what_it_defines() {
    let mut file = context("middleware", SymbolKind::Module);
    file.members = functions(&["Sunset"]);
    file.n_members = 1;
    assert_eq!(text(&file), "Defines `Sunset`.");
    file.standing.main_member =
        Some((neighbour("Sunset", SymbolKind::Function), "Sunset sets the header. Always.".to_owned()));
    assert_eq!(text(&file), "Defines `Sunset`. Sunset sets the header.");
    file.members = functions(&["Sunset", "New"]);
    file.n_members = 2;
    assert_eq!(text(&file), "Defines `Sunset` and `New`.", "a comment on one part is none on the whole");
    file.doc_comment = Some("Middlewares for old routes.".to_owned());
    assert_eq!(text(&file), "Middlewares for old routes. Defines `Sunset` and `New`.");
}

#[test]
fn what_only_the_own_type_does_with_a_field_is_left_out() {
    let mut field = context("code", SymbolKind::Field);
    field.standing.read_by = listed(&["Writer.status"]);
    assert_eq!(text(&field), "-");
    field.standing.set_by =
        Listed { first: vec![neighbour("Writer.new", SymbolKind::Constructor)], n_all: 1 };
    assert_eq!(text(&field), "-", "a constructor sets every field");
    field.standing.set_by = listed(&["Writer.write_header"]);
    assert_eq!(text(&field), "Set by `Writer.write_header`; used by `Writer.status`.");
}

#[test]
fn results_that_only_the_body_knows_are_left_out() {
    let returns = |text: &str| vec![step(StepKind::Return, text, None)];
    let told = |language, value: &str| {
        let mut open = with_body(context("open", SymbolKind::Function), vec![], returns(value));
        open.language = language;
        text(&open)
    };
    let long = |call: &str| format!("{call}(\"a text that is much too long to be shown within a sentence\")");
    assert_eq!(told(Language::Python, "headers"), "-");
    assert_eq!(told(Language::Rust, &long("Ok")), "-");
    assert_eq!(told(Language::Python, &long("super")), "-");
    assert_eq!(told(Language::Go, &long("errors.New")), "Returns an error.");
    assert_eq!(told(Language::Go, &long("store.load")), "Returns what `store.load` returns.");
}

#[test]
fn a_type_that_an_implementation_fills_in_is_seen_in_its_signature() {
    let mut alias = context("Error", SymbolKind::TypeAlias);
    alias.return_type = Some("Infallible".to_owned());
    assert_eq!(text(&alias), "Another name for `Infallible`.");
    alias.parent = Some(neighbour("impl Service for Route", SymbolKind::Impl));
    assert_eq!(text(&alias), "-");
}

#[test]
fn values_tell_what_they_are_and_where_they_are_used() {
    let mut limit = context("LIMIT", SymbolKind::Constant);
    limit.standing.value = Some("100".to_owned());
    limit.standing.read_by = listed(&["parse"]);
    assert_eq!(text(&limit), "Set to `100`. Used by `parse`.");
}

#[test]
fn tests_tell_what_they_exercise() {
    let mut case = context("test_parses_empty_header", SymbolKind::Function);
    case.attributes = vec!["#[test]".to_owned()];
    assert_eq!(text(&case), "-");
    case.calls = functions(&["parse"]);
    case.n_calls = 1;
    assert_eq!(text(&case), "Tests `parse`.");
}

#[test]
fn recursion_is_not_told_as_a_caller() {
    let mut walk = context("walk", SymbolKind::Function);
    walk.doc_comment = Some("Walks the tree.".to_owned());
    walk.called_by = vec![Neighbour { id: walk.id, ..neighbour("walk", SymbolKind::Function) }];
    walk.n_called_by = 1;
    assert_eq!(text(&walk), "Walks the tree.");
}

#[test]
fn a_comment_that_repeats_the_name_is_passed_over() {
    let mut client = context("HttpClient", SymbolKind::Class);
    client.doc_comment = Some("The HTTP client class.".to_owned());
    assert_eq!(text(&client), "-");
    client.doc_comment = Some("HTTP client. Keeps connections open.".to_owned());
    assert_eq!(text(&client), "Keeps connections open.");
}

#[test]
fn no_summary_passes_the_limit() {
    let mut long = context("x", SymbolKind::Function);
    long.doc_comment = Some("word ".repeat(100));
    long.called_by =
        (0..9).map(|n| neighbour(&format!("a_rather_long_name_{n}"), SymbolKind::Function)).collect();
    long.n_called_by = 9;
    assert!(text(&long).chars().count() <= MAX_SUMMARY_CHARS);
    let mut wide = context("y", SymbolKind::Class);
    wide.members = functions(&["p"; 3]);
    wide.bases = vec!["N".repeat(400)];
    assert!(text(&wide).chars().count() <= MAX_SUMMARY_CHARS);
}
