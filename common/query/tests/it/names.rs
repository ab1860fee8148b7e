//! What a text means.

use query::{Map, Named, find};

use crate::pack::{map, named};

fn flask() -> Map {
    map(
        &[
            "class flask.Scaffold",
            "method flask.Scaffold.route",
            "class flask.Flask",
            "method flask.Flask.run",
            "function cli.run",
            "struct http::Header@src/http.rs",
            "impl http::Header@src/http.rs",
            "method http::Header::parse@src/http.rs",
            "function Setup",
            "function setup",
        ],
        &[
            ("flask.Scaffold contains flask.Scaffold.route", 1.0),
            ("flask.Flask contains flask.Flask.run", 1.0),
            ("flask.Flask extends flask.Scaffold", 0.97),
        ],
    )
}

fn meant(text: &str) -> Vec<String> {
    let map = flask();
    match find(&map, text, &|_| true) {
        Named::One(at) => named(&map, &[at]),
        Named::Inherited { by, symbol } => named(&map, &[by, symbol]),
        Named::Several(found) => named(&map, &found),
        Named::Nothing { near } => near.iter().map(|at| format!("near {}", map.name(*at))).collect(),
    }
}

#[test]
fn a_symbol_is_found_by_id_name_end_of_name_and_place() {
    let map = flask();
    let id = map.symbol(3).id.to_string();
    for text in
        [id.as_str(), "flask.Flask.run", "Flask.run", "src/code.py:37", "./src/code.py:31", "code.py:40"]
    {
        assert_eq!(meant(text), ["flask.Flask.run"], "{text}");
    }
    for text in ["parse", "Header::parse", "Header.parse", "http/Header#parse", "header.PARSE", "http.rs:75"]
    {
        assert_eq!(meant(text), ["http::Header::parse"], "{text}");
    }
}

#[test]
fn several_matches_are_all_given() {
    assert_eq!(meant("run"), ["flask.Flask.run", "cli.run"]);
    assert_eq!(meant("src/other.py:3"), Vec::<String>::new());
}

#[test]
fn a_name_in_its_own_case_wins_and_a_type_wins_over_its_impl() {
    assert_eq!(meant("setup"), ["setup"]);
    assert_eq!(meant("SETUP"), ["Setup", "setup"]);
    assert_eq!(meant("Header"), ["http::Header"]);
}

#[test]
fn a_member_is_found_in_the_base_that_defines_it() {
    assert_eq!(meant("Flask.route"), ["flask.Flask", "flask.Scaffold.route"]);
    assert_eq!(meant("Flask.missing"), Vec::<String>::new());
}

#[test]
fn a_mistyped_name_gets_suggestions() {
    assert_eq!(meant("rout"), ["near route"]);
    assert_eq!(meant("Flask.rnu"), ["near run"]);
    assert_eq!(meant(""), Vec::<String>::new());
    assert_eq!(meant("..."), Vec::<String>::new());
}

#[test]
fn classes_that_extend_each_other_end_the_search() {
    let map = map(&["class a.A", "class a.B"], &[("a.A extends a.B", 1.0), ("a.B extends a.A", 1.0)]);
    assert_eq!(find(&map, "A.run", &|_| true), Named::Nothing { near: vec![] });
}
