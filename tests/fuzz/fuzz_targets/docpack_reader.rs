//! Arbitrary bytes for the reader: no panic, no memory beyond the limits, and a pack that reads can be written again.
//!
//! The first byte chooses how the rest is used: as the file, as the tar inside it, or as the entries of
//! a pack whose manifest states their true digests, so that the checks behind the digests are reached.

#![no_main]

use std::io::Write;

use docpack::verify::{Report, report};
use docpack::{Digest, ReadLimits, canonical, read, read_manifest};
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

/// Entries in archive order, each with what stands there when the input has nothing for it.
const ENTRIES: [(&str, &str); 12] = [
    ("layout.json", r#"{"clusters":[],"symbols":[]}"#),
    (
        "quality.json",
        r#"{"confidence_histogram":[],"languages":[],"neighbour_search":"none","summaries":{"extractive":0,"model":0,"rejected":0}}"#,
    ),
    ("clusters.json", r#"{"clusters":[]}"#),
    (
        "overviews.json",
        r#"{"architecture":{"source":"extractive","text":"","verdict":"extractive"},"modules":[]}"#,
    ),
    ("source_map.json", r#"{"files":[],"skipped":[]}"#),
    ("nodes.json", r#"{"symbols":[]}"#),
    (
        "graph.json",
        r#"{"ambiguous":[],"confidence_floor":0.8,"edges":[],"metrics":{"coupling":[],"density":0,"modularity":0},"unresolved":[]}"#,
    ),
    ("embeddings_index.json", r#"{"chunks":{}}"#),
    ("embeddings.bin", "\0\0\0\0\u{1}\0\0\0"),
    ("vectors.bin", "\0\0\0\0\u{1}\0\0\0"),
    ("source_index.json", r#"{"files":[{"bytes":0,"file_path":"a","offset":0,"part":0,"redactions":[]}]}"#),
    ("source/0000.txt", ""),
];

/// Parts of the input that stand for entries are divided by this byte, which no text entry has.
const DIVIDER: u8 = 0xff;

fuzz_target!(|input: &[u8]| {
    let Some((way, rest)) = input.split_first() else { return };
    match way % 3 {
        0 => check(rest),
        1 => check(&gzip(rest)),
        _ => check(&gzip(&sealed(rest))),
    }
});

fn check(pack: &[u8]) {
    let limits = ReadLimits {
        manifest_bytes: 100_000,
        entry_bytes: 1_000_000,
        embeddings_bytes: 1_000_000,
        total_bytes: 4_000_000,
        ..ReadLimits::default()
    };
    let Report { violations, notes } = report(pack, &limits);
    let manifest = read_manifest(pack, &limits);
    let Ok(docpack) = read(pack, &limits) else {
        assert!(!violations.is_empty(), "the verifier passed what the reader refuses");
        return;
    };
    assert_eq!(manifest.expect("the whole reads, so does its manifest"), docpack.manifest);
    // The writer refuses words of later versions, which are noted.
    if violations.is_empty() && notes.is_empty() {
        let mut again = Vec::new();
        let written =
            docpack::write(&docpack.contents, &mut again).expect("a pack that holds can be written");
        assert_eq!(report(again.as_slice(), &limits), Report::default(), "what was read and written holds too");
        assert_eq!(written.manifest.statistics, docpack.manifest.statistics);
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes every write")
}

/// A tar of the input's entries under a manifest that fits them.
fn sealed(input: &[u8]) -> Vec<u8> {
    let mut pieces = input.split(|byte| *byte == DIVIDER);
    let entries = ENTRIES.map(|(path, usual)| match pieces.next() {
        None | Some([]) => (path, usual.as_bytes()),
        Some(piece) => (path, piece),
    });
    let listed = entries.map(
        |(path, bytes)| json!({ "path": path, "bytes": bytes.len(), "sha256": Digest::of(bytes).hex() }),
    );
    let none = Digest::of(b"").to_string();
    let manifest = json!({
        "schema_version": "docpack/1.1", "docpack_id": none, "facts_digest": none,
        "semantics_digest": none, "prose_digest": none, "created_at": "1970-01-01T00:00:00Z",
        "source": { "tree_digest": none, "dirty": false },
        "generator": { "name": "fuzz", "version": "0" }, "options": {}, "missing": [],
        "statistics": { "file_count": 0, "symbol_count": 0, "edge_count": 0, "chunk_count": 0,
            "cluster_count": 0, "embedding_dimensions": 1 },
        "optional": { "has_embeddings": true, "has_symbol_contexts": false, "has_history": false,
            "has_insights": false, "has_vectors": true, "has_source": true },
        "checksum": { "algorithm": "sha256", "value": none }, "entries": listed,
    });
    let manifest = canonical::to_vec(&manifest).expect("the manifest is plain JSON");
    let mut tar = Vec::new();
    for (path, bytes) in std::iter::once(("manifest.json", manifest.as_slice())).chain(entries) {
        let mut header = tar::Header::new_ustar();
        header.set_path(path).expect("the names are short");
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.extend_from_slice(header.as_bytes());
        tar.extend_from_slice(bytes);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}
