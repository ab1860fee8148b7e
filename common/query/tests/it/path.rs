//! The shortest way from one symbol to another.

use proptest::prelude::*;
use query::{Map, path};

use crate::pack::{map, named};

fn way(map: &Map, from: usize, to: usize) -> Option<Vec<String>> {
    let route = path(map, from, to)?;
    let symbols: Vec<usize> = std::iter::once(from).chain(route.steps.iter().map(|step| step.to)).collect();
    Some(named(map, &symbols))
}

#[test]
fn the_shortest_way_wins_and_then_the_one_with_the_surest_weakest_step() {
    let map = map(
        &["a", "b", "c", "d", "e"],
        &[
            ("a calls b", 0.9),
            ("b calls e", 0.8),
            ("a calls c", 0.85),
            ("c calls e", 0.84),
            ("a calls d", 1.0),
            ("d calls b", 1.0),
            ("e calls a", 1.0),
        ],
    );
    assert_eq!(way(&map, 0, 4).unwrap(), ["a", "c", "e"]);
    assert_eq!(path(&map, 0, 4).unwrap().confidence, 840_000);
    assert_eq!(way(&map, 0, 0).unwrap(), ["a"]);
}

#[test]
fn uses_as_a_value_are_followed_only_where_calls_do_not_lead() {
    let edges = [("a references c", 1.0), ("a calls b", 1.0), ("b calls c", 1.0), ("c references d", 1.0)];
    let map = map(&["a", "b", "c", "d"], &edges);
    assert_eq!(way(&map, 0, 2).unwrap(), ["a", "b", "c"]);
    assert_eq!(way(&map, 0, 3).unwrap(), ["a", "c", "d"]);
    assert_eq!(way(&map, 3, 0), None);
}

const N: usize = 8;

/// Random calls between eight functions.
fn calls() -> impl Strategy<Value = Vec<(usize, usize, u32)>> {
    let pair = (0..N, 0..N, 50_u32..100);
    proptest::collection::vec(pair, 0..24).prop_map(|mut calls| {
        calls.sort();
        calls.dedup_by_key(|(a, b, _)| (*a, *b));
        calls
    })
}

fn of(calls: &[(usize, usize, u32)]) -> Map {
    let names: Vec<String> = (0..N).map(|at| format!("f{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let texts: Vec<(String, f64)> =
        calls.iter().map(|(a, b, sure)| (format!("f{a} calls f{b}"), f64::from(*sure) / 100.0)).collect();
    let edges: Vec<(&str, f64)> = texts.iter().map(|(text, sure)| (text.as_str(), *sure)).collect();
    map(&names, &edges)
}

/// Steps from one function to every other, by trying all ways of each length.
fn distances(calls: &[(usize, usize, u32)], from: usize) -> Vec<Option<usize>> {
    let mut found = vec![None; N];
    found[from] = Some(0);
    for length in 1..=N {
        for (a, b, _) in calls {
            if found[*a] == Some(length - 1) && found[*b].is_none() {
                found[*b] = Some(length);
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn a_way_is_a_chain_of_edges_of_the_least_length(calls in calls(), from in 0..N, to in 0..N) {
        let map = of(&calls);
        let route = path(&map, from, to);
        prop_assert_eq!(route.as_ref().map(|route| route.steps.len()), distances(&calls, from)[to]);
        let Some(route) = route else { return Ok(()) };
        let mut at = from;
        let mut weakest = 1_000_000;
        for step in &route.steps {
            let edge = map.lookup().edges()[step.edge];
            prop_assert_eq!((edge.source as usize, edge.target as usize), (step.from, step.to));
            prop_assert_eq!(step.from, at);
            at = step.to;
            weakest = weakest.min(edge.confidence);
        }
        prop_assert_eq!((at, route.confidence), (to, weakest));
    }

    #[test]
    fn impact_of_calls_is_everything_that_reaches_the_symbol_at_its_distance(calls in calls(), at in 0..N) {
        let map = of(&calls);
        let params = query::ImpactParams { max_depth: u32::MAX, min_confidence: 0 };
        let impact = query::impact(&map, at, params);
        let mut found: Vec<(usize, u32)> = impact.affected.iter().map(|it| (it.symbol, it.depth)).collect();
        found.sort();
        let expected: Vec<(usize, u32)> = (0..N)
            .filter(|from| *from != at)
            .filter_map(|from| Some((from, distances(&calls, from)[at]? as u32)))
            .collect();
        prop_assert_eq!(found, expected);
        prop_assert!(impact.is_complete);
    }
}
