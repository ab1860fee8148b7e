//! What a change may affect.

use query::{ImpactParams, Map, impact};

use crate::pack::map;

const ALL: ImpactParams = ImpactParams { max_depth: u32::MAX, min_confidence: 0 };

/// Each affected symbol as `depth relation name confidence`.
fn affected(map: &Map, symbol: usize, params: ImpactParams) -> Vec<String> {
    let found = impact(map, symbol, params).affected;
    let text = found.iter().map(|it| {
        let (through, name) = (it.through.as_str(), map.qualified_name(it.symbol));
        format!("{} {through} {name} {}", it.depth, f64::from(it.confidence) / 1e6)
    });
    text.collect()
}

#[test]
fn callers_are_followed_with_the_weakest_step_as_their_confidence() {
    let edges = [("b calls a", 0.9), ("c references b", 0.95), ("d calls c", 0.8), ("a calls d", 1.0)];
    let map = map(&["a", "b", "c", "d"], &edges);
    assert_eq!(affected(&map, 0, ALL), ["1 calls b 0.9", "2 references c 0.9", "3 calls d 0.8"]);
    let near = ImpactParams { max_depth: 1, ..ALL };
    assert_eq!(affected(&map, 0, near), ["1 calls b 0.9"]);
    let sure = ImpactParams { min_confidence: 850_000, ..ALL };
    assert_eq!(affected(&map, 0, sure), ["1 calls b 0.9", "2 references c 0.9"]);
}

#[test]
fn a_method_affects_what_replaces_it_and_the_callers_of_what_it_replaces() {
    let map = map(
        &[
            "class Base",
            "method Base.run",
            "class Mid",
            "method Mid.run",
            "class Sub",
            "method Sub.run",
            "function start",
            "method Sub.stop",
        ],
        &[
            ("Base contains Base.run", 1.0),
            ("Mid contains Mid.run", 1.0),
            ("Sub contains Sub.run", 1.0),
            ("Sub contains Sub.stop", 1.0),
            ("Mid extends Base", 0.97),
            ("Sub extends Mid", 0.9),
            ("start calls Base.run", 0.95),
        ],
    );
    assert_eq!(
        affected(&map, 3, ALL),
        ["1 overrides Base.run 0.97", "1 overrides Sub.run 0.9", "2 calls start 0.95"]
    );
}

#[test]
fn a_type_affects_users_of_its_members_subtypes_and_what_names_it() {
    let map = map(
        &["class A", "method A.run", "class B", "use_type", "caller", "calls_user", "names_b"],
        &[
            ("A contains A.run", 1.0),
            ("B extends A", 0.97),
            ("use_type references_type A", 0.9),
            ("caller calls A.run", 0.95),
            ("calls_user calls use_type", 0.9),
            ("names_b references_type B", 0.9),
        ],
    );
    assert_eq!(
        affected(&map, 0, ALL),
        [
            "1 calls caller 0.95",
            "1 extends B 0.97",
            "1 references_type use_type 0.9",
            "2 calls calls_user 0.9",
            "2 references_type names_b 0.9",
        ]
    );
}

#[test]
fn the_surest_of_several_ways_is_told() {
    let edges =
        [("b references_type A", 1.0), ("b calls A", 0.8), ("b calls A.run", 0.9), ("A contains A.run", 1.0)];
    let map = map(&["class A", "method A.run", "b"], &edges);
    assert_eq!(affected(&map, 0, ALL), ["1 calls b 0.9"]);
}
