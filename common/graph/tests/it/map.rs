//! Metrics, related edges and positions.

use doctown_graph::{Clustering, MAX_RELATED_EDGES, RELATED_FLOOR};

use crate::fixture::{Fixture, WEB};

#[test]
fn disks_lie_apart_within_the_square_and_hold_their_symbols() {
    let fixture = Fixture::parse(WEB);
    let assembly = fixture.assemble(Clustering::Communities);
    let disks = &assembly.layout.clusters;
    for (at, a) in disks.iter().enumerate() {
        let fits = |place: f64| a.radius <= place && place <= 1.0 - a.radius;
        assert!(fits(a.x) && fits(a.y), "{a:?}");
        for b in &disks[at + 1..] {
            assert!((a.x - b.x).hypot(a.y - b.y) > a.radius + b.radius, "{a:?} {b:?}");
        }
    }
    for position in &assembly.layout.symbols {
        let metrics = assembly.metrics.iter().find(|it| it.id == position.id).expect("one per symbol");
        let disk =
            disks.iter().find(|it| Some(it.cluster_id) == metrics.cluster_id).expect("one per cluster");
        assert!(
            (disk.x - position.x).hypot(disk.y - position.y) <= disk.radius,
            "{}",
            fixture.name(position.id)
        );
    }
}

#[test]
fn related_edges_keep_to_their_limits() {
    let fixture = Fixture::parse(WEB);
    let related = fixture.assemble(Clustering::Communities).related;
    assert!(!related.is_empty());
    assert!(related.iter().all(|edge| edge.weight.is_some_and(|weight| weight > f64::from(RELATED_FLOOR))));
    for of_one in related.chunk_by(|a, b| a.source == b.source) {
        assert!(of_one.len() <= MAX_RELATED_EDGES);
        assert!(of_one.is_sorted_by(|a, b| a.weight >= b.weight));
    }
    let pairs: Vec<(&str, &str)> =
        related.iter().map(|it| (fixture.name(it.source), fixture.name(it.target))).collect();
    // What encloses or is enclosed is no discovery, and a test is none for the code it tests.
    assert!(
        pairs.iter().all(|(a, b)| !a.starts_with(&format!("{b}::")) && !b.starts_with(&format!("{a}::")))
    );
    assert!(pairs.iter().all(|(a, b)| a.starts_with("tests") || !b.starts_with("tests")));
}

#[test]
fn degrees_count_callers_and_tests_do_not_make_central() {
    let fixture = Fixture::parse(
        "//- src/a.rs\nfn core_step\nfn edge_case\nfn run -> core_step\nfn walk -> core_step\n\
         //- tests/a.rs\nfn t1 -> edge_case\nfn t2 -> edge_case\nfn t3 -> edge_case\n",
    );
    let assembly = fixture.assemble_without_vectors();
    let of =
        |name: &str| assembly.metrics.iter().find(|it| fixture.name(it.id) == name).expect("in the fixture");
    assert_eq!((of("src::a::core_step").in_degree, of("src::a::run").out_degree), (2, 1));
    assert_eq!(of("src::a::edge_case").in_degree, 3);
    assert_eq!(of("src::a::core_step").centrality, 1.0);
    assert!(of("src::a::edge_case").centrality <= 1.0);
    // 5 of 9 * 8 ordered pairs: seven functions and two files.
    assert_eq!(assembly.density, 0.069444);
    assert_eq!(assembly.coupling.len(), 1);
    assert_eq!((assembly.coupling[0].from.as_str(), assembly.coupling[0].weight), ("tests", 3));
}
