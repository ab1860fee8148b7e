//! Long entries go on in parts, and where they are cut shows nowhere but in the list of entries.

use docpack::{ReadLimits, read, verify};

use crate::sample::{numbered, pack};
use crate::unpacked::Unpacked;

#[test]
fn parts_join_to_the_same_contents_and_layers() {
    let contents = numbered(12);
    let mut cut = Vec::new();
    let written = docpack::write::write_in_parts(&contents, &mut cut, 4_000).unwrap();
    let paths: Vec<&str> = written.manifest.entries.iter().map(|entry| entry.path.as_str()).collect();
    for part in ["nodes.0002.json", "graph.0001.json", "bodies.0001.json"] {
        assert!(paths.contains(&part), "{paths:?}");
    }
    assert_eq!(verify(cut.as_slice(), &ReadLimits::default()), []);
    let (whole, written_whole) = pack(&contents);
    let limits = ReadLimits::default();
    assert!(
        read(cut.as_slice(), &limits).unwrap().contents == read(whole.as_slice(), &limits).unwrap().contents
    );
    let layers = |manifest: &docpack::records::Manifest| {
        (manifest.facts_digest, manifest.semantics_digest, manifest.prose_digest)
    };
    assert_eq!(layers(&written.manifest), layers(&written_whole.manifest));
    let largest = Unpacked::of(&cut)
        .entries
        .iter()
        .filter(|(path, _)| path.starts_with("nodes"))
        .map(|(_, bytes)| bytes.len())
        .max();
    assert!(largest < Some(4_100), "a part is no longer than its limit and its brackets: {largest:?}");
}

#[test]
fn part_that_is_missing_or_out_of_order_is_noticed() {
    let mut cut = Vec::new();
    docpack::write::write_in_parts(&numbered(12), &mut cut, 4_000).unwrap();
    let mut unpacked = Unpacked::of(&cut);
    unpacked.entries.retain(|(path, _)| path != "nodes.0001.json");
    unpacked.seal();
    let error = read(unpacked.pack().as_slice(), &ReadLimits::default()).unwrap_err();
    assert_eq!(error.to_string(), "entry `nodes.0001.json` is missing");
}
