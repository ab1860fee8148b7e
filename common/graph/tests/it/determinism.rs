//! The order of the input, and threads, change nothing.

use doctown_graph::{Clustering, Repository, Vectors, contexts, repository_context};
use model::assembly::Assembly;
use model::resolution::Resolution;
use proptest::prelude::*;

use crate::fixture::{DIMENSIONS, Fixture, WEB, params};

/// Assembles with files, edges and vectors in the given orders.
fn assemble_shuffled(fixture: &Fixture, clustering: Clustering, by: u64) -> Assembly {
    let mut shuffled = fixture.clone();
    shuffle(&mut shuffled.files, by);
    shuffle(&mut shuffled.resolution.edges, by);
    for file in &mut shuffled.files {
        shuffle(&mut file.chunks, by);
    }
    let vectors = shuffled.vectors();
    doctown_graph::assemble(&shuffled.repository(), Some(&vectors), &params(clustering))
        .expect("vectors are there")
}

/// Orders by a hash of position and `by`.
fn shuffle<T>(items: &mut Vec<T>, by: u64) {
    let mut keyed: Vec<(u64, T)> = items
        .drain(..)
        .zip(0_u64..)
        .map(|(item, at)| ((at + 1).wrapping_mul(by | 1).rotate_left(17) ^ by, item))
        .collect();
    keyed.sort_by_key(|it| it.0);
    items.extend(keyed.into_iter().map(|it| it.1));
}

#[test]
fn shuffled_input_gives_the_same_assembly() {
    let fixture = Fixture::parse(WEB);
    for &clustering in Clustering::ALL {
        let straight = fixture.assemble(clustering);
        for by in [0x9e37_79b9_7f4a_7c15, 0xdead_beef_1234_5677] {
            assert_eq!(assemble_shuffled(&fixture, clustering, by), straight, "{clustering:?}");
        }
    }
}

#[test]
fn threads_change_nothing() {
    let fixture = Fixture::parse(WEB);
    let straight = fixture.assemble(Clustering::Communities);
    let in_threads: Vec<Assembly> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| fixture.assemble(Clustering::Communities))).collect();
        threads.into_iter().map(|thread| thread.join().expect("assembling does not panic")).collect()
    });
    assert!(in_threads.iter().all(|assembly| *assembly == straight));
}

/// A repository of a few files with names, calls and vectors drawn at random.
fn any_fixture() -> impl Strategy<Value = (Fixture, Vec<f32>)> {
    let name =
        prop::sample::select(vec!["load", "query", "http_get", "render", "Token", "parse", "x", "größe", ""]);
    let symbol =
        (prop::sample::select(vec!["fn", "struct", "enum_variant", "module", "impl"]), name, 0_usize..3);
    let files = prop::collection::vec(prop::collection::vec(symbol, 0..8), 0..6);
    let calls = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..30);
    let values = prop::collection::vec(-1.0_f32..1.0, 40 * DIMENSIONS);
    (files, calls, values).prop_map(|(files, calls, values)| {
        let mut text = String::new();
        for (at, symbols) in files.iter().enumerate() {
            text += &format!("//- src/part{}/file{at}.rs\n", at % 2);
            symbols
                .iter()
                .for_each(|(kind, name, depth)| text += &format!("{}{kind} {name}\n", " ".repeat(*depth)));
        }
        let mut fixture = Fixture::parse(&text);
        let ids: Vec<_> =
            fixture.files.iter().flat_map(|file| &file.symbols).map(|symbol| symbol.id).collect();
        if !ids.is_empty() {
            let edges = calls.iter().map(|(from, to)| {
                crate::fixture::edge(*from.get(&ids), *to.get(&ids), docpack::EdgeKind::Calls, Vec::new())
            });
            fixture.resolution.edges.extend(edges);
        }
        (fixture, values)
    })
}

/// The first rows of `values` for the chunks of the fixture, in its order.
fn vectors(fixture: &Fixture, values: &[f32]) -> Vectors {
    let mut ids: Vec<_> =
        fixture.files.iter().flat_map(|file| &file.chunks).map(|chunk| chunk.chunk_id).collect();
    ids.sort_unstable();
    ids.truncate(values.len() / DIMENSIONS);
    let values = values[..ids.len() * DIMENSIONS].to_vec();
    Vectors::new(ids, DIMENSIONS, values).expect("ids differ and values are finite")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_one_result((fixture, values) in any_fixture(), by in any::<u64>()) {
        let mut shuffled = fixture.clone();
        shuffle(&mut shuffled.files, by);
        // Edges of one pair and kind may differ in their sites only; the linker leaves one of each.
        let key = |edge: &model::resolution::Edge| (edge.source, edge.target, edge.kind);
        shuffled.resolution.edges.sort_by_key(key);
        shuffled.resolution.edges.dedup_by_key(|edge| key(edge));
        shuffle(&mut shuffled.resolution.edges, by);
        let vectors = vectors(&fixture, &values);
        let params = params(Clustering::Communities);
        let straight = doctown_graph::assemble(&fixture.repository(), Some(&vectors), &params).expect("needs nothing");
        let turned = doctown_graph::assemble(&shuffled.repository(), Some(&vectors), &params).expect("needs nothing");
        prop_assert_eq!(&straight, &turned);
        let told = |fixture: &Fixture| {
            let repository = fixture.repository();
            (contexts(&repository, &straight).collect::<Vec<_>>(), repository_context(&repository, &straight, Default::default()))
        };
        prop_assert_eq!(told(&fixture), told(&shuffled));
        let disks = &straight.layout.clusters;
        for (at, a) in disks.iter().enumerate() {
            let apart = |b: &model::assembly::ClusterPosition| (a.x - b.x).hypot(a.y - b.y) > a.radius + b.radius;
            prop_assert!(disks[at + 1..].iter().all(apart));
        }
        for position in &straight.layout.symbols {
            prop_assert!((0.0..=1.0).contains(&position.x) && (0.0..=1.0).contains(&position.y));
        }
    }
}

#[test]
fn equal_ids_count_once() {
    let fixture = Fixture::parse(WEB);
    let twice: Vec<_> = fixture.files.iter().chain(&fixture.files).collect();
    let resolution = Resolution::default();
    assert_eq!(Repository::new(twice, &resolution).len(), fixture.repository().len());
}
