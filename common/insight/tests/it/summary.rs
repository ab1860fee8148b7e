use docpack::{Language, Role, SymbolKind};
use doctown_insight::{MAX_SUMMARY_CHARS, summarise};
use model::context::{Neighbour, SymbolContext};
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

fn text(context: &SymbolContext) -> String {
    summarise(context).text
}

#[test]
fn the_authors_words_come_first_then_the_callers() {
    let mut parse = context("parse", SymbolKind::Function);
    parse.doc_comment = Some("Parses a header. Panics never.".to_owned());
    parse.called_by = vec![neighbour("read", SymbolKind::Function), neighbour("main", SymbolKind::Function)];
    parse.n_called_by = 7;
    assert_eq!(text(&parse), "Parses a header. Called by `read`, `main` and 5 more.");
    assert_eq!(summarise(&parse).evidence, ["doc_comment", "called_by:read", "called_by:main"]);
}

#[test]
fn callers_in_tests_are_told_apart() {
    let mut parse = context("parse", SymbolKind::Function);
    parse.doc_comment = Some("Parses a header.".to_owned());
    let named = |names: &[&str]| names.iter().map(|name| neighbour(name, SymbolKind::Function)).collect();
    parse.called_by = named(&["read", "case_one", "case_two"]);
    (parse.n_called_by, parse.n_called_by_support) = (1_303, 1_302);
    assert_eq!(text(&parse), "Parses a header. Called by `read`; in tests by 1,302.");
    parse.called_by = named(&["case_one", "case_two"]);
    (parse.n_called_by, parse.n_called_by_support) = (2, 2);
    assert_eq!(text(&parse), "Parses a header. Called only in tests, by `case_one` and `case_two`.");
    // Who calls a helper of tests needs no group of its own.
    parse.role = Role::Test;
    assert_eq!(text(&parse), "Parses a header. Called by `case_one` and `case_two`.");
}

#[test]
fn without_a_comment_the_signature_speaks() {
    let function = with_inputs(context("parse", SymbolKind::Function), &["bytes", "limit"], Some("Header"));
    assert_eq!(text(&function), "Function that takes `bytes` and `limit` and returns `Header`.");
    let bare = context("run", SymbolKind::Function);
    assert_eq!(text(&bare), "Function `run`.");
}

#[test]
fn methods_name_their_type() {
    let mut method = with_inputs(context("get", SymbolKind::Method), &["self", "url"], Some("Response"));
    method.parent = Some(neighbour("Client", SymbolKind::Class));
    method.modifiers = vec!["async".to_owned()];
    method.calls = vec![neighbour("send", SymbolKind::Method)];
    method.n_calls = 1;
    assert_eq!(
        text(&method),
        "Asynchronous method of `Client` that takes `url` and returns `Response`. Calls `send`."
    );
}

#[test]
fn impl_blocks_give_trait_methods_their_trait() {
    let mut fmt = with_inputs(context("fmt", SymbolKind::Method), &["&self", "f"], Some("fmt::Result"));
    fmt.parent = Some(neighbour("impl Display for Foo", SymbolKind::Impl));
    assert_eq!(text(&fmt), "Implements `fmt` of `Display` for `Foo`, returning `fmt::Result`.");
    let mut new = with_inputs(context("new", SymbolKind::Function), &["size"], Some("Self"));
    new.parent = Some(neighbour("impl Foo", SymbolKind::Impl));
    assert_eq!(text(&new), "Creates a `Foo` from `size`.");
}

#[test]
fn types_tell_what_they_hold() {
    let mut point = context("Point", SymbolKind::Struct);
    point.members = vec![neighbour("x", SymbolKind::Field), neighbour("y", SymbolKind::Field)];
    point.n_members = 2;
    assert_eq!(text(&point), "Struct with 2 fields: `x` and `y`.");
    let mut colour = context("Colour", SymbolKind::Enum);
    colour.members = vec![neighbour("Red", SymbolKind::EnumVariant)];
    colour.n_members = 1;
    assert_eq!(text(&colour), "Enum with 1 variant: `Red`.");
}

#[test]
fn tests_are_called_tests() {
    let mut case = context("test_parses_empty_header", SymbolKind::Function);
    case.attributes = vec!["#[test]".to_owned()];
    assert_eq!(text(&case), "Test case: parses empty header.");
    case.name = "TestRenderHTMLDebug2Panics".to_owned();
    assert_eq!(text(&case), "Test case: render HTML debug2 panics.");
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
    client.doc_comment = Some("HTTP client.".to_owned());
    assert_eq!(text(&client), "Class without members.");
}

#[test]
fn no_summary_passes_the_limit() {
    let mut long = context("x", SymbolKind::Function);
    long.doc_comment = Some("word ".repeat(100));
    long.called_by =
        (0..9).map(|n| neighbour(&format!("a_rather_long_name_{n}"), SymbolKind::Function)).collect();
    long.n_called_by = 9;
    assert!(text(&long).chars().count() <= MAX_SUMMARY_CHARS);
    let mut wide = with_inputs(context("y", SymbolKind::Function), &[], Some("T"));
    wide.parameters =
        (0..3).map(|_| Parameter { name: "p".repeat(40), type_name: None, default: None }).collect();
    wide.parent = Some(neighbour(&"N".repeat(400), SymbolKind::Class));
    assert!(text(&wide).chars().count() <= MAX_SUMMARY_CHARS);
}
