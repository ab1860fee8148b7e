//! Packs of other versions, kept in `tests/compat` as text: each is opened, and nothing is wrong with it.

use docpack::verify::report;
use docpack::{Docpack, EdgeKind, Open, ReadLimits, read};

#[path = "../../../../tests/compat/pack.rs"]
mod packs;

fn opened(version: &str) -> Docpack {
    read(packs::pack(version).as_slice(), &ReadLimits::default()).unwrap()
}

/// Words of `records`, each once, in order.
fn words<'w>(records: impl Iterator<Item = &'w str>) -> Vec<&'w str> {
    let mut words: Vec<_> = records.collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[test]
fn every_pack_is_read_and_nothing_is_wrong_with_it() {
    for version in packs::VERSIONS {
        let bytes = packs::pack(version);
        let manifest = opened(version).manifest;
        assert_eq!(manifest.schema_version, format!("docpack/{version}"));
        assert_eq!(report(bytes.as_slice(), &ReadLimits::default()).violations, [], "{version}");
    }
}

#[test]
fn first_version_has_none_of_the_later_fields() {
    let old = opened("1.0");
    assert_eq!(report(packs::pack("1.0").as_slice(), &ReadLimits::default()).notes, []);
    let contents = old.contents;
    assert_eq!(contents.nodes.symbols.len(), 3);
    assert!(
        contents.nodes.symbols.iter().all(|symbol| symbol.role.is_none() && symbol.body_digest.is_none())
    );
    assert_eq!(contents.embeddings.map(|vectors| vectors.rows().len()), Some(3));
    assert!(contents.vectors.is_none() && contents.source.is_none());
}

#[test]
fn pack_of_the_first_version_is_written_again_as_one_of_this_version() {
    let mut again = Vec::new();
    let written = docpack::write(&opened("1.0").contents, &mut again).unwrap();
    assert_eq!(written.manifest.schema_version, docpack::entries::SCHEMA_VERSION);
    assert_eq!(written.manifest.facts_digest, opened("1.0").manifest.facts_digest);
    assert_eq!(report(again.as_slice(), &ReadLimits::default()), Default::default());
}

#[test]
fn words_and_entries_of_a_later_version_are_kept() {
    let contents = opened("1.7").contents;
    let symbols = &contents.nodes.symbols;
    assert_eq!(words(symbols.iter().map(|symbol| symbol.language.as_str())), ["java"]);
    assert_eq!(
        words(symbols.iter().map(|symbol| symbol.kind.as_str())),
        ["class", "compilation_unit", "method"]
    );
    assert_eq!(
        words(symbols.iter().filter_map(|it| it.role.as_ref()).map(Open::as_str)),
        ["fuzz_target", "product"]
    );
    let fuzzes = contents.graph.edges.iter().find(|edge| edge.kind.known().is_none()).unwrap();
    assert_eq!((fuzzes.kind.as_str(), fuzzes.evidence.as_str()), ("fuzzes", "bytecode"));
    assert_eq!(contents.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Calls).count(), 1);
    assert_eq!(contents.source_map.documents[0].role.as_str(), "tutorial");
    assert_eq!(contents.others.keys().collect::<Vec<_>>(), ["types.json", "types/0000.bin"]);
}

#[test]
fn vectors_and_texts_of_a_later_version_are_read() {
    let contents = opened("1.7").contents;
    let vectors = contents.vectors.unwrap();
    assert_eq!((vectors.count(), vectors.dimensions()), (3, 4));
    let row: Vec<f32> = vectors.row(2).unwrap().floats().collect();
    assert!((row[0] - 0.6).abs() < 0.004 && (row[1] - 0.8).abs() < 0.004, "{row:?}");
    let source = contents.source.unwrap();
    let greeter = contents.nodes.symbols.iter().find(|symbol| symbol.name == "greet").unwrap();
    let text = source.get(&greeter.file_path).unwrap();
    let range = greeter.byte_range.start as usize..greeter.byte_range.end as usize;
    assert!(text[range].starts_with("String greet(Person person) throws NoName {"));
    assert!(source.get("fuzz/GreeterFuzz.java").unwrap().contains("\"************************\""));
}

#[test]
fn what_is_unknown_is_noted() {
    let notes = report(packs::pack("1.7").as_slice(), &ReadLimits::default()).notes;
    let lines: Vec<String> = notes.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
