//! What goes in comes out, and equal contents are equal bytes.

use docpack::{Contents, ReadLimits, read, read_entries, read_manifest, read_member};

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
