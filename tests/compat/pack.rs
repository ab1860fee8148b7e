//! Builds the packs of `tests/compat` from their text; included by the tests of several crates.

use std::fs;
use std::io::Write;
use std::path::Path;

/// Every folder with a pack.
pub(crate) const VERSIONS: [&str; 2] = ["1.0", "1.7"];

/// Puts the entries of a folder into an archive, in the order of its manifest.
pub(crate) fn pack(version: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat").join(version);
    let manifest: serde_json::Value = json(&folder.join("manifest.json"));
    let listed = manifest["entries"].as_array().expect("a manifest lists its entries").iter();
    let paths = listed.map(|entry| entry["path"].as_str().expect("an entry has a path"));
    let mut tar = Vec::new();
    for path in std::iter::once("manifest.json").chain(paths) {
        append(&mut tar, path, &bytes_of(&folder, path));
    }
    tar.resize(tar.len() + 1024, 0);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).and_then(|()| gzip.finish()).expect("memory takes every write")
}

/// Gives the bytes of an entry: JSON in canonical form, `.bin` from its hex digits, others as they are.
fn bytes_of(folder: &Path, path: &str) -> Vec<u8> {
    let file = folder.join(path);
    if path.ends_with(".json") {
        docpack::canonical::to_vec(&json(&file)).expect("JSON has a canonical form")
    } else if path.ends_with(".bin") {
        from_hex(&text(&file.with_extension("bin.hex")))
    } else {
        text(&file).into_bytes()
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> =
        text.split_whitespace().flat_map(str::chars).map(|digit| digit.to_digit(16).expect("hex")).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn append(tar: &mut Vec<u8>, path: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_ustar();
    header.set_path(path).expect("the paths are short");
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    tar.extend_from_slice(header.as_bytes());
    tar.extend_from_slice(bytes);
    tar.resize(tar.len().next_multiple_of(512), 0);
}

fn json(file: &Path) -> serde_json::Value {
    serde_json::from_str(&text(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
