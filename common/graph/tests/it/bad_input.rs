//! Nothing, next to nothing, and what should not be.

use docpack::{ChunkId, Digest, EdgeKind, SymbolId};
use doctown_graph::{Clustering, RepositoryNotes, VectorError, Vectors, contexts, repository_context};
use model::assembly::NeighbourSearch;

use crate::fixture::{DIMENSIONS, Fixture, WEB, edge, params};

fn chunk_id(text: &str) -> ChunkId {
    ChunkId::derive(text, &Digest::of(text.as_bytes()), 0)
}

#[test]
fn nothing_gives_nothing() {
    let fixture = Fixture::default();
    let assembly = fixture.assemble_without_vectors();
    assert_eq!(assembly, model::assembly::Assembly::default());
    let whole = repository_context(&fixture.repository(), &assembly, RepositoryNotes::default());
    assert_eq!((whole.n_symbols, whole.modules.len()), (0, 0));
}

#[test]
fn one_symbol_is_one_cluster_in_the_middle() {
    let fixture = Fixture::parse("//- lib.rs\n");
    let assembly = fixture.assemble_without_vectors();
    assert_eq!(assembly.clusters.len(), 1);
    assert_eq!((assembly.layout.symbols[0].x, assembly.layout.symbols[0].y), (0.5, 0.5));
    assert_eq!(contexts(&fixture.repository(), &assembly).count(), 1);
}

#[test]
fn equal_vectors_are_all_related_and_one_dense_region() {
    let text: String = (0..30).map(|at| format!("//- src/f{at}.rs\nfn load_{at}\n")).collect();
    let fixture = Fixture::parse(&text);
    let ids: Vec<ChunkId> = fixture.files.iter().map(|file| file.chunks[0].chunk_id).collect();
    let mut row = [0.0; DIMENSIONS];
    row[0] = 1.0;
    let vectors = Vectors::new(ids.clone(), DIMENSIONS, row.repeat(ids.len())).expect("rows are fine");
    for &clustering in Clustering::ALL {
        let assembly = doctown_graph::assemble(&fixture.repository(), Some(&vectors), &params(clustering))
            .expect("works");
        assert_eq!(assembly.related.len(), 30 * 5, "{clustering:?}");
        assert!(assembly.clusters.iter().all(|cluster| cluster.cohesion >= 0.999), "{clustering:?}");
        assert_eq!(assembly.neighbour_search, NeighbourSearch::Exact);
    }
}

#[test]
fn vectors_of_unknown_chunks_and_of_length_zero_count_for_nothing() {
    let fixture = Fixture::parse(WEB);
    let known = fixture.files[0].chunks[0].chunk_id;
    let values = [vec![0.0; DIMENSIONS], vec![1.0; DIMENSIONS]].concat();
    let vectors =
        Vectors::new(vec![known, chunk_id("elsewhere")], DIMENSIONS, values).expect("rows are fine");
    let assembly =
        doctown_graph::assemble(&fixture.repository(), Some(&vectors), &params(Clustering::Communities));
    assert_eq!(assembly, Ok(fixture.assemble_without_vectors()));
}

#[test]
fn rows_that_are_no_vectors_are_refused() {
    let (a, b) = (chunk_id("a"), chunk_id("b"));
    assert_eq!(
        Vectors::new(vec![a, b], 2, vec![0.0; 3]),
        Err(VectorError::Shape { n_values: 3, n_chunks: 2, dimensions: 2 })
    );
    for value in [f32::NAN, f32::INFINITY] {
        assert_eq!(
            Vectors::new(vec![a, b], 1, vec![1.0, value]),
            Err(VectorError::NotFinite { chunk_id: b })
        );
    }
    assert_eq!(Vectors::new(vec![a, a], 1, vec![1.0, 2.0]), Err(VectorError::Repeated { chunk_id: a }));
    assert!(Vectors::new(Vec::new(), 384, Vec::new()).is_ok_and(|vectors| vectors.is_empty()));
}

#[test]
fn edges_and_parents_that_lead_nowhere_are_left_out() {
    let mut fixture = Fixture::parse(WEB);
    let expected = fixture.assemble(Clustering::Communities);
    let known = fixture.files[0].symbols[0].id;
    fixture.resolution.edges.push(edge(known, SymbolId([7; 16]), EdgeKind::Calls, Vec::new()));
    assert_eq!(fixture.assemble(Clustering::Communities), expected);
    for symbol in fixture.files.iter_mut().flat_map(|file| &mut file.symbols) {
        symbol.parent = Some(9_999);
    }
    assert_eq!(fixture.assemble(Clustering::Communities).metrics.len(), expected.metrics.len());
}

#[test]
fn parents_in_a_circle_end() {
    let mut fixture = Fixture::parse(WEB);
    for file in &mut fixture.files {
        let n_symbols = file.symbols.len() as u32;
        for (index, symbol) in (0_u32..).zip(&mut file.symbols) {
            symbol.parent = Some((index + 1) % n_symbols);
        }
    }
    for &clustering in Clustering::ALL {
        let assembly = fixture.assemble(clustering);
        assert_eq!(contexts(&fixture.repository(), &assembly).count(), assembly.metrics.len());
    }
}
