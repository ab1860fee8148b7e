//! Packs of other minor versions: words and fields that this version does not define.

use docpack::verify::report;
use docpack::{Open, ReadLimits, WriteError, read};
use serde_json::Value;

use crate::sample::{pack, small};
use crate::unpacked::Unpacked;

/// The small pack after an edit of one entry, with all digests but those of the layers made to fit.
fn edited(entry: &str, edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.edit(entry, edit);
    unpacked.seal();
    unpacked.pack()
}

#[test]
fn unknown_words_are_kept_as_they_are() {
    let limits = ReadLimits::default();
    let java = |json: &mut Value| {
        for symbol in json["symbols"].as_array_mut().unwrap() {
            symbol["language"] = "java".into();
            symbol["kind"] = "annotation".into();
            symbol["visibility"] = "package_private".into();
            symbol["role"] = "vendored".into();
        }
    };
    let read_back = read(edited("nodes.json", java).as_slice(), &limits).unwrap();
    let symbol = &read_back.contents.nodes.symbols[0];
    assert_eq!((symbol.language.as_str(), symbol.kind.as_str()), ("java", "annotation"));
    assert_eq!(symbol.visibility.as_str(), "package_private");
    assert_eq!(symbol.role.as_ref().map(Open::as_str), Some("vendored"));
    let throws = |json: &mut Value| {
        json["edges"][0]["kind"] = "throws".into();
        json["edges"][0]["evidence"] = "bytecode".into();
    };
    let read_back = read(edited("graph.json", throws).as_slice(), &limits).unwrap();
    let edge = &read_back.contents.graph.edges[0];
    assert_eq!((edge.kind.as_str(), edge.evidence.as_str()), ("throws", "bytecode"));
}

#[test]
fn unknown_words_of_bodies_are_kept_and_noted() {
    let pack = edited("bodies.json", |json| {
        let body = &mut json["bodies"][0];
        body["conditions"][0]["kind"] = "retry".into();
        body["steps"][0]["kind"] = "measure".into();
        body["steps"][0]["effect"] = "graphics".into();
        body["steps"][0]["literals"][0]["kind"] = "colour".into();
    });
    let limits = ReadLimits::default();
    let bodies = read(pack.as_slice(), &limits).unwrap().contents.bodies.unwrap();
    assert_eq!(bodies.bodies[0].steps[0].kind.as_str(), "measure");
    let notes = lines(&report(pack.as_slice(), &limits).notes);
    let note =
        |field: &str, word: &str| format!("word_unknown in `bodies.json`: `{field}` is `{word}` in 1 record");
    let told = [("conditions.kind", "retry"), ("effect", "graphics"), ("literals.kind", "colour")];
    let mut expected: Vec<String> = told.iter().map(|(field, word)| note(field, word)).collect();
    expected.push(note("steps.kind", "measure"));
    assert_eq!(notes, expected);
}

#[test]
fn text_that_is_no_word_is_refused() {
    for text in ["", "Java", "c++", "\u{1b}[2J"] {
        let pack = edited("nodes.json", |json| json["symbols"][0]["language"] = text.into());
        assert_eq!(read(pack.as_slice(), &ReadLimits::default()).unwrap_err().code(), "json_malformed");
    }
}

#[test]
fn writer_refuses_words_that_it_does_not_know() {
    let mut contents = small();
    contents.nodes.symbols[0].language = Open::parse("java").unwrap();
    let error = docpack::write(&contents, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, WriteError::WordUnknown { entry: "nodes.json", field: "language", .. }));
    assert_eq!(
        error.to_string(),
        "`java` is not a word of docpack/1.1 for `language` in `nodes.json` (word_unknown)"
    );
}

#[test]
fn fields_of_1_1_may_be_absent() {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    let remove = |record: &mut Value, fields: &[&str]| {
        fields.iter().for_each(|field| drop(record.as_object_mut().unwrap().remove(*field)));
    };
    unpacked.entries.retain(|(path, _)| path != "bodies.json");
    unpacked.edit("nodes.json", |json| {
        for symbol in json["symbols"].as_array_mut().unwrap() {
            remove(symbol, &["role", "role_reason", "body_digest"]);
        }
    });
    unpacked.edit("source_map.json", |json| {
        remove(json, &["documents"]);
        for file in json["files"].as_array_mut().unwrap() {
            remove(file, &["role", "role_reason"]);
        }
    });
    unpacked.edit("manifest.json", |json| {
        json["schema_version"] = "docpack/1.0".into();
        remove(&mut json["optional"], &["has_vectors", "has_source", "has_bodies", "has_tour"]);
    });
    unpacked.entries.retain(|(path, _)| path != "tour.json");
    unpacked.seal();
    let old = read(unpacked.pack().as_slice(), &ReadLimits::default()).unwrap();
    assert!(old.contents.source_map.documents.is_empty());
    let symbols = &old.contents.nodes.symbols;
    assert!(symbols.iter().all(|symbol| symbol.role.is_none() && symbol.body_digest.is_none()));
    assert!(!old.manifest.optional.has_tour && old.contents.tour.is_none());
    assert!(!old.manifest.optional.has_vectors && !old.manifest.optional.has_source);
    assert!(old.contents.bodies.is_none() && !old.manifest.optional.has_bodies);
}

/// Words as `code entry: detail`, as `doctown verify` prints them.
fn lines(found: &[docpack::Violation]) -> Vec<String> {
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn unknown_words_are_notes_and_all_else_is_still_checked() {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.edit("graph.json", |json| {
        let edges = json["edges"].as_array_mut().unwrap().iter_mut();
        let mut contains = edges.filter(|edge| edge["kind"] == "contains");
        contains.next().unwrap()["evidence"] = "bytecode".into();
        let second = contains.next().unwrap();
        second["evidence"] = "bytecode".into();
        second["confidence"] = 2.into();
    });
    unpacked.seal();
    let found = report(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(lines(&found.notes), ["word_unknown in `graph.json`: `evidence` is `bytecode` in 2 records"]);
    let codes: Vec<_> = found.violations.iter().map(|violation| violation.code).collect();
    assert_eq!(codes, ["facts_digest_mismatch", "value_out_of_range"]);
}

#[test]
fn later_version_is_noted_and_its_entries_may_be_in_layers_and_places_of_their_own() {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    unpacked.entries.insert(1, ("calls.bin".to_owned(), vec![1, 2, 3]));
    unpacked.edit("manifest.json", |json| {
        json["schema_version"] = "docpack/1.7".into();
        json["semantics_digest"] = json["facts_digest"].clone();
        json["statistics"]["edge_count"] = 9.into();
    });
    unpacked.edit("graph.json", |json| json["unresolved"][0]["reason"] = "removed".into());
    unpacked.seal();
    let found = report(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(found.violations, []);
    let codes: Vec<_> = found.notes.iter().map(|note| note.code).collect();
    let expected = [
        "version_later",
        "entry_unknown",
        "facts_digest_mismatch",
        "semantics_digest_mismatch",
        "statistics_mismatch",
        "word_unknown",
    ];
    assert_eq!(codes, expected);
}

#[test]
fn unknown_words_beyond_the_limit_are_not_listed() {
    let mut unpacked = Unpacked::of(&pack(&crate::sample::numbered(40)).0);
    unpacked.edit("nodes.json", |json| {
        for (n, symbol) in json["symbols"].as_array_mut().unwrap().iter_mut().enumerate() {
            symbol["visibility"] = format!("v{n}").into();
        }
    });
    unpacked.seal();
    let found = report(unpacked.pack().as_slice(), &ReadLimits::default());
    assert_eq!(found.notes.len(), docpack::verify::MAX_NOTES);
}
