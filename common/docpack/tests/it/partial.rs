//! A pack that is read in part gives what the whole pack holds.

use std::io::Cursor;

use docpack::partial::Pack;
use docpack::records::Quality;
use docpack::write::write_with_lookup;
use docpack::{ByteRange, Contents, ReadLimits, entries, read, verify};

use crate::sample::{numbered, pack, small};
use crate::unpacked::Unpacked;

/// More than two gzip members of symbols, in parts of half of that.
const N_FILES: usize = 900;
const PART_BYTES: usize = 1_500_000;

fn open(bytes: Vec<u8>) -> Pack<Cursor<Vec<u8>>> {
    Pack::open(Cursor::new(bytes), ReadLimits::default()).unwrap()
}

fn indexed(contents: &Contents) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_with_lookup(contents, &mut bytes, PART_BYTES).unwrap();
    bytes
}

#[test]
fn rows_and_symbols_are_those_of_the_whole_pack() {
    let limits = ReadLimits::default();
    let (plain, bytes) = (pack(&numbered(N_FILES)).0, indexed(&numbered(N_FILES)));
    assert_eq!(verify(bytes.as_slice(), &limits), []);
    // Numbers are rounded as they are written.
    let contents = read(plain.as_slice(), &limits).unwrap().contents;
    assert!(read(bytes.as_slice(), &limits).unwrap().contents == contents);
    let (mut in_part, mut whole) = (open(bytes), open(plain));
    assert!(in_part.is_indexed() && !whole.is_indexed());
    let rows = in_part.lookup().unwrap();
    assert!(rows == whole.lookup().unwrap());
    assert_eq!(rows.symbols().len(), contents.nodes.symbols.len());
    for (row, symbol) in rows.symbols().iter().zip(&contents.nodes.symbols) {
        assert!(in_part.symbol(row).unwrap() == *symbol && whole.symbol(row).unwrap() == *symbol);
    }
    let texts = contents.source.as_ref().expect("the sample has source text");
    let range = ByteRange { start: 3, end: 20 };
    for file in texts.files().iter().step_by(100) {
        let text = texts.get(&file.file_path).map(|text| text[3..20].to_owned());
        assert!(text.is_some() && in_part.source(&file.file_path, range).unwrap() == text);
        assert!(whole.source(&file.file_path, range).unwrap() == text);
    }
    assert_eq!(in_part.source("missing.rs", range).unwrap(), None);
    assert!(in_part.bodies().unwrap() == contents.bodies && whole.bodies().unwrap() == contents.bodies);
    let quality: Quality = in_part.record(entries::QUALITY).unwrap();
    assert!(quality == contents.quality && whole.record::<Quality>(entries::QUALITY).unwrap() == quality);
}

#[test]
fn edges_are_found_by_their_places_among_the_rows() {
    for bytes in [indexed(&numbered(N_FILES)), pack(&numbered(N_FILES)).0] {
        let contents = read(bytes.as_slice(), &ReadLimits::default()).unwrap().contents;
        let mut in_part = open(bytes);
        let rows = in_part.lookup().unwrap();
        let last = contents.graph.edges.len() - 1;
        assert_eq!(rows.edges().len(), contents.graph.edges.len());
        let edges = in_part.edges(&rows, &[last, 0, 7]).unwrap();
        assert_eq!(edges.keys().copied().collect::<Vec<_>>(), [0, 7, last]);
        assert!(edges.iter().all(|(at, edge)| *edge == contents.graph.edges[*at]));
    }
}

#[test]
fn rows_of_symbols_are_read_without_relations() {
    let mut in_part = open(indexed(&numbered(N_FILES)));
    let all = in_part.lookup().unwrap();
    let symbols = in_part.symbol_rows().unwrap();
    assert!(symbols.symbols() == all.symbols() && symbols.edges().is_empty());
    assert_eq!(in_part.symbol(&symbols.symbols()[5]).unwrap().id, symbols.symbols()[5].id);
}

#[test]
fn records_of_some_entries_are_those_of_the_whole_pack() {
    for bytes in [indexed(&numbered(N_FILES)), pack(&numbered(N_FILES)).0] {
        let contents = read(bytes.as_slice(), &ReadLimits::default()).unwrap().contents;
        let found = open(bytes)
            .records(&[entries::NODES, entries::SOURCE_INDEX, entries::TOUR, entries::VECTORS])
            .unwrap();
        assert!(found.nodes == Some(contents.nodes) && found.source == contents.source);
        assert!(found.tour == contents.tour && found.vectors == contents.vectors);
        assert!(found.graph.is_none() && found.source_map.is_none());
    }
}

#[test]
fn packs_of_other_contents_have_other_manifests() {
    let digest = |bytes: Vec<u8>| open(bytes).manifest_digest();
    assert_eq!(digest(pack(&small()).0), digest(pack(&small()).0));
    assert_ne!(digest(pack(&small()).0), digest(pack(&numbered(2)).0));
}

#[test]
fn only_large_packs_have_a_lookup() {
    let manifest = pack(&small()).1.manifest;
    assert!(
        manifest.entries.iter().all(|entry| entry.path != entries::LOOKUP && entry.path != entries::PLACES)
    );
}

#[test]
fn layers_are_the_same_with_and_without_a_lookup() {
    let layers = |bytes: &[u8]| {
        let manifest = docpack::read_manifest(bytes, &ReadLimits::default()).unwrap();
        (manifest.facts_digest, manifest.semantics_digest, manifest.prose_digest)
    };
    assert_eq!(layers(&indexed(&small())), layers(&pack(&small()).0));
}

#[test]
fn a_pack_without_its_end_is_read_from_its_beginning() {
    let mut bytes = indexed(&small());
    bytes.truncate(bytes.len() - 5);
    let mut cut = open(bytes);
    assert!(!cut.is_indexed());
    assert_eq!(cut.lookup().unwrap().symbols().len(), small().nodes.symbols.len());
}

#[test]
fn a_lookup_that_the_records_contradict_is_noticed() {
    let mut unpacked = Unpacked::of(&indexed(&small()));
    let lookup = unpacked.bytes(entries::LOOKUP);
    let at = lookup.len() - 1;
    lookup[at] ^= 1;
    unpacked.seal();
    let found = verify(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), ["lookup_mismatch"]);
}
