//! Callers, callees, and what may be one.

use query::{OpenCall, Reference, callees, callers, open_calls, possible_callers};

use crate::pack::{map_with, named};

fn symbols(found: &[Reference]) -> Vec<usize> {
    found.iter().map(|found| found.symbol).collect()
}

#[test]
fn callers_and_callees_are_calls_and_uses_as_a_value_by_place() {
    let edges = [
        ("z calls f", 0.9),
        ("a references f", 0.9),
        ("m imports f", 0.9),
        ("m related f", 0.9),
        ("f calls f", 1.0),
    ];
    let map = map_with(&["f", "function a@b.py", "function z@a.py", "function m@a.py"], &edges, &[]);
    assert_eq!(named(&map, &symbols(&callers(&map, 0))), ["z", "a", "f"]);
    assert_eq!(named(&map, &symbols(&callees(&map, 0))), ["f"]);
    assert_eq!(named(&map, &symbols(&callees(&map, 2))), ["f"]);
    assert_eq!(callees(&map, 3), []);
}

#[test]
fn an_ambiguous_call_is_a_possible_caller_of_each_candidate_and_an_open_call_of_its_source() {
    let map = map_with(&["a", "f", "g"], &[], &["a run f,g"]);
    for target in [1, 2] {
        let found = possible_callers(&map, target);
        assert_eq!(found.iter().map(|row| row.source).collect::<Vec<_>>(), [0]);
    }
    assert!(matches!(open_calls(&map, 0).as_slice(), [OpenCall::Ambiguous(row)] if row.line == 7));
    assert!(possible_callers(&map, 0).is_empty() && open_calls(&map, 1).is_empty());
}

#[test]
fn a_class_is_called_by_its_constructor() {
    let edges = [
        ("A contains A.new", 1.0),
        ("b calls A.new", 0.9),
        ("A contains A.run", 1.0),
        ("c calls A.run", 0.9),
    ];
    let map =
        map_with(&["class A", "constructor A.new", "b", "c", "method A.run", "d"], &edges, &["d A A.new"]);
    assert_eq!(named(&map, &symbols(&callers(&map, 0))), ["b"]);
    assert_eq!(possible_callers(&map, 0).iter().map(|row| row.source).collect::<Vec<_>>(), [5]);
}
