//! What goes in comes out, and equal contents are equal bytes.

use docpack::{Contents, ReadLimits, SourceTexts, read, read_entries, read_manifest, read_member};
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

/// A pack in memory that counts what is read of it.
struct Counted<'a>(std::io::Cursor<&'a [u8]>, usize);

impl std::io::Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n_read = self.0.read(buffer)?;
        self.1 += n_read;
        Ok(n_read)
    }
}

impl std::io::Seek for Counted<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn text_of_one_file_is_read_without_the_rest_of_the_pack() {
    let mut contents = small();
    // Bytes that do not compress, in an entry before the texts.
    let noise = (0..20_000_u32).flat_map(|n| docpack::Digest::of(&n.to_le_bytes()).0).collect();
    contents.others.insert("history/noise.bin".to_owned(), noise);
    let (bytes, written) = pack(&contents);
    let mut input = Counted(std::io::Cursor::new(&bytes), 0);
    let limits = ReadLimits::default();
    let text = docpack::read_text(&mut input, &limits, &written.index, "src/http/header.rs").unwrap();
    assert_eq!(text.as_deref(), contents.source.as_ref().unwrap().get("src/http/header.rs"));
    // The reader takes 64 KiB at once: once for the manifest and once for each of two entries.
    assert!(bytes.len() > 600_000 && input.1 <= 3 << 16, "{} of {} bytes", input.1, bytes.len());
    let mut read = |path: &str| docpack::read_text(&mut input, &limits, &written.index, path).unwrap();
    assert_eq!(read("src/lib.rs"), None);
    contents.source = None;
    let (bytes, written) = pack(&contents);
    let without = docpack::read_text(std::io::Cursor::new(&bytes), &limits, &written.index, "README.md");
    assert_eq!(without.unwrap(), None);
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
        texts_of_files in btree_map("[a-z]{1,8}", any::<String>(), 0..4),
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
        let mut source = SourceTexts::default();
        for (path, text) in texts_of_files {
            source.push(path, &text, Vec::new()).unwrap();
        }
        contents.source = Some(source);
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
