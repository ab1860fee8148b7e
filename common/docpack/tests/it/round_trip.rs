//! What goes in comes out, and equal contents are equal bytes.

use docpack::{Contents, ReadLimits, read, read_entries, read_manifest, read_member};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::sample::{numbered, pack, small};

/// Contents as a pack gives them back: numbers rounded.
fn rounded(contents: &Contents) -> Contents {
    let mut rounded = contents.clone();
    for symbol in &mut rounded.nodes.symbols {
        symbol.centrality = docpack::canonical::round6(symbol.centrality);
    }
    for edge in &mut rounded.graph.edges {
        edge.weight = edge.weight.map(docpack::canonical::round6);
    }
    for position in &mut rounded.layout.symbols {
        position.y = docpack::canonical::round6(position.y);
    }
    rounded
}

#[test]
fn contents_come_back() {
    let contents = numbered(5);
    let (bytes, written) = pack(&contents);
    let read = read(bytes.as_slice(), &ReadLimits::default()).unwrap();
    assert_eq!(read.contents, rounded(&contents));
    assert_eq!(read.manifest, written.manifest);
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    let contents = numbered(3);
    let (first, _) = pack(&contents);
    let (second, _) = pack(&contents.clone());
    assert!(first == second);
    let back = read(first.as_slice(), &ReadLimits::default()).unwrap();
    assert!(pack(&back.contents).0 == first, "what was read is written as it was");
}

#[test]
fn manifest_alone_and_single_entries_can_be_read() {
    let (bytes, written) = pack(&small());
    let limits = ReadLimits::default();
    assert_eq!(read_manifest(bytes.as_slice(), &limits).unwrap(), written.manifest);
    let (_, entries) = read_entries(bytes.as_slice(), &limits, &["nodes.json"]).unwrap();
    assert_eq!(entries.keys().collect::<Vec<_>>(), ["nodes.json"]);
}

#[test]
fn index_gives_the_range_of_each_entry() {
    let (bytes, written) = pack(&small());
    for entry in &written.index.entries {
        let range = entry.offset as usize..(entry.offset + entry.length) as usize;
        let (path, _) = read_member(&bytes[range], &ReadLimits::default()).unwrap();
        assert_eq!(path, entry.path);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text, any number that is rounded, and any further entry come back as they were.
    #[test]
    fn any_contents_come_back(
        n_files in 1..4_usize,
        texts in vec((any::<String>(), option::of(any::<String>()), 0.0..1.0_f64), 4),
        options in btree_map(any::<String>(), any::<String>(), 0..4),
        weight in option::of(-1e9..1e9_f64),
        history in option::of(vec(any::<u8>(), 0..2_000)),
    ) {
        let mut contents = numbered(n_files);
        for (symbol, (name, doc, centrality)) in contents.nodes.symbols.iter_mut().zip(texts) {
            symbol.name = name;
            symbol.doc_comment = doc;
            symbol.centrality = centrality;
        }
        contents.about.options = serde_json::json!(options);
        contents.graph.edges[0].weight = weight;
        if let Some(bytes) = history {
            contents.others.insert("history/commits.bin".to_owned(), bytes);
        }
        let (bytes, written) = pack(&contents);
        let read = read(bytes.as_slice(), &ReadLimits::default()).unwrap();
        prop_assert_eq!(&read.contents, &rounded(&contents));
        prop_assert_eq!(&read.manifest, &written.manifest);
        prop_assert!(pack(&read.contents).0 == bytes);
    }
}
