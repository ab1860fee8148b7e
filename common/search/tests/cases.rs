//! Documents, queries and their hits, as `cases.json` has them for both implementations.

use std::path::Path;

use doctown_search::{Document, Hit, Index, Kind, Query, Tier};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Cases {
    documents: Vec<Document<'static>>,
    cases: Vec<Case>,
}

#[derive(Serialize, Deserialize)]
struct Case {
    query: String,
    near: Vec<(u32, f64)>,
    n_matches: usize,
    hits: Vec<Hit>,
}

const LIMIT: usize = 12;

fn cases() -> Cases {
    serde_json::from_str(include_str!("cases.json")).expect("the file holds cases")
}

fn index(documents: &[Document<'_>]) -> Index {
    let mut index = Index::default();
    documents.iter().for_each(|document| index.add(document));
    index
}

#[test]
fn queries_find_what_the_cases_say() {
    let mut cases = cases();
    let index = index(&cases.documents);
    let is_update = std::env::var_os("UPDATE_CASES").is_some();
    for case in &mut cases.cases {
        let found = index.search(&Query::parse(&case.query), &case.near, |_| true, LIMIT);
        if is_update {
            (case.n_matches, case.hits) = (found.n_matches, found.hits);
        } else {
            assert_eq!((found.n_matches, &found.hits), (case.n_matches, &case.hits), "`{}`", case.query);
        }
    }
    if is_update {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases.json");
        let text = serde_json::to_string_pretty(&cases).expect("cases are JSON");
        std::fs::write(path, text + "\n").expect("the file is written");
    }
}

#[test]
fn an_exact_name_stays_first_whatever_the_vectors_say() {
    let cases = cases();
    let index = index(&cases.documents);
    let symbols = (0..).zip(&cases.documents).filter(|(_, document)| document.kind == Kind::Symbol);
    for (place, document) in symbols {
        let near: Vec<(u32, f64)> =
            (0..index.len() as u32).filter(|it| *it != place).map(|it| (it, 0.99)).collect();
        let found = index.search(&Query::parse(&document.qualified_name), &near, |_| true, 1);
        assert_eq!(found.hits[0].tier, Tier::Exact, "{}", document.qualified_name);
        assert_eq!(found.hits[0].document, place, "{}", document.qualified_name);
    }
}

#[test]
fn definitions_come_before_tests_examples_and_fields_of_the_same_name() {
    let cases = cases();
    let index = index(&cases.documents);
    for (query, order) in [
        ("Flask", &["flask.app.Flask", "tests.test_config.test_custom.Flask"] as &[&str]),
        ("url_for", &["flask.helpers.url_for", "flask.app.Flask.url_for", "examples.shop.url_for"]),
        ("router", &["crate::app::App::router", "crate::routing::Router"]),
    ] {
        let found = index.search(&Query::parse(query), &[], |_| true, order.len());
        let names: Vec<&str> =
            found.hits.iter().map(|hit| &*cases.documents[hit.document as usize].qualified_name).collect();
        assert_eq!(names, order, "{query}");
    }
}

#[test]
fn tests_come_first_only_where_a_question_asks_for_them() {
    let cases = cases();
    let index = index(&cases.documents);
    let first = |query: &str| {
        let found = index.search(&Query::parse(query), &[], |_| true, 1);
        cases.documents[found.hits[0].document as usize].role.clone().into_owned()
    };
    assert_eq!(first("generate a URL to an endpoint"), "product");
    assert_eq!(first("tests generating a URL for an endpoint"), "test");
}

#[test]
fn a_shorter_list_is_the_beginning_of_a_longer_one() {
    let cases = cases();
    let index = index(&cases.documents);
    for case in &cases.cases {
        let search = |limit| index.search(&Query::parse(&case.query), &case.near, |_| true, limit);
        let (short, long) = (search(3), search(20));
        assert_eq!(short.hits[..], long.hits[..short.hits.len()]);
        assert_eq!(short.n_matches, long.n_matches);
    }
}
