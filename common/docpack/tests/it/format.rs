//! The format as strangers see it: the manifest, the archive's bytes, and the README's worked example.

use docpack::canonical;
use docpack::{ChunkId, ClusterId, Digest, Language, SymbolId, SymbolKind};

use crate::sample::{pack, small};
use crate::unpacked::{Unpacked, tar_of};

#[test]
fn manifest_of_the_small_pack() {
    let manifest = Unpacked::of(&pack(&small()).0).manifest();
    let value: serde_json::Value = serde_json::to_value(&manifest).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn graph_and_nodes_of_the_small_pack() {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    let mut text = String::new();
    for entry in ["graph.json", "nodes.json"] {
        text.push_str(&String::from_utf8(unpacked.bytes(entry).clone()).unwrap().replace("},{", "},\n{"));
        text.push_str("\n\n");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn headers_are_fixed() {
    let (bytes, written) = pack(&small());
    for entry in &written.index.entries {
        let at = entry.offset as usize;
        // Byte 8 names the effort of compression, which differs for the embeddings.
        assert_eq!(&bytes[at..at + 8], b"\x1f\x8b\x08\0\0\0\0\0".as_slice(), "{}", entry.path);
        assert_eq!(bytes[at + 9], 0xff, "{}", entry.path);
    }
    let tar = tar_of(&bytes);
    let header = tar::Header::from_byte_slice(tar[..512].try_into().unwrap());
    assert_eq!(header.mode().unwrap(), 0o644);
    assert_eq!((header.uid().unwrap(), header.gid().unwrap(), header.mtime().unwrap()), (0, 0, 0));
    assert!(header.as_ustar().is_some());
    assert_eq!(&tar[tar.len() - 1024..], [0; 1024]);
}

/// Hashes parts as the README says, without this crate's help.
fn id_of(parts: &[&[u8]]) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(*part);
    }
    Digest::of(&bytes).hex()[..32].to_owned()
}

#[test]
fn readme_example_of_ids_holds() {
    let (path, name, signature) = ("src/lib.rs", "http::parse", "pub fn parse(input: &[u8])");
    let symbol = SymbolId::derive(Language::Rust, path, name, SymbolKind::Function, signature, 0);
    let parts: [&[u8]; 7] =
        [b"symbol", b"rust", path.as_bytes(), name.as_bytes(), b"function", signature.as_bytes(), &[0; 4]];
    assert_eq!(symbol.to_string(), format!("sym_{}", id_of(&parts)));
    let text = Digest::of(b"pub fn parse(input: &[u8]) {}");
    let chunk = ChunkId::derive(path, &text, 1);
    assert_eq!(
        chunk.to_string(),
        format!("chunk_{}", id_of(&[b"chunk", path.as_bytes(), &text.0, &[0, 0, 0, 1]]))
    );
    let cluster = ClusterId::derive(&[symbol]);
    assert_eq!(cluster.to_string(), format!("c_{}", id_of(&[b"cluster", &symbol.0])));
    let readme = include_str!("../../README.md");
    for id in [symbol.to_string(), chunk.to_string(), cluster.to_string()] {
        assert!(readme.contains(&id), "the README's example should say `{id}`");
    }
}

/// Computes the prose digest of the sample as the README says, without this crate's projection.
#[test]
fn prose_digest_follows_the_readme() {
    let contents = small();
    let mut unpacked = Unpacked::of(&pack(&contents).0);
    let line = |value: &serde_json::Value| [canonical::to_vec(value).unwrap(), b"\n".to_vec()].concat();
    let mut lines = String::new();
    let mut add = |name: &str, stream: &[u8]| lines += &format!("{}  {name}\n", Digest::of(stream).hex());
    let mut json =
        |entry: &str| -> serde_json::Value { serde_json::from_slice(unpacked.bytes(entry)).unwrap() };
    add("quality.json#summaries", &line(&json("quality.json")["summaries"]));
    add("overviews.json#architecture", &line(&json("overviews.json")["architecture"]));
    add("overviews.json#modules", &line(&json("overviews.json")["modules"][0]));
    let nodes = json("nodes.json");
    let documented =
        nodes["symbols"].as_array().unwrap().iter().filter(|symbol| !symbol["documentation"].is_null());
    let symbols: Vec<u8> = documented
        .flat_map(|symbol| {
            line(&serde_json::json!({ "documentation": symbol["documentation"], "id": symbol["id"] }))
        })
        .collect();
    add("nodes.json#symbols", &symbols);
    add("insights.json#words", &line(&json("insights.json")["words"][0]));
    assert_eq!(unpacked.manifest().prose_digest, Digest::of(lines.as_bytes()));
}

#[test]
fn readme_names_every_code() {
    let readme = include_str!("../../README.md");
    for code in docpack::verify::Code::ALL {
        let line = format!("| `{}` | {} |", code.as_str(), code.help());
        assert!(readme.contains(&line), "the README's table should have the line:\n{line}");
    }
}
