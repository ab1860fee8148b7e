//! The committed document is that of the code, and holds together.

use std::collections::BTreeSet;
use std::path::PathBuf;

use doctown_trigger::contract::{Op, Place};
use doctown_trigger::{codes, openapi};
use serde_json::Value;

/// Set to any value, it rewrites the document instead of comparing it.
const UPDATE: &str = "UPDATE_SCHEMAS";

#[test]
fn committed_document_is_fresh() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let fresh = openapi::text();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "{} is stale, run `{UPDATE}=1 cargo test -p doctown-trigger openapi`",
        path.display()
    );
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document = openapi::document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 50, "{} references", references.len());
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("references stay within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

#[test]
fn operations_name_their_path_parameters_and_differ() {
    let mut seen = BTreeSet::new();
    for op in Op::ALL {
        let operation = op.operation();
        assert!(seen.insert((operation.path, format!("{:?}", operation.verb))), "{}", operation.id);
        for part in operation.path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let name = part.trim_end_matches('}');
            let is_named =
                |place| operation.params.iter().any(|param| param.name == name && param.place == place);
            assert!(is_named(Place::Path), "{}: {name}", operation.id);
        }
        assert!(!operation.answers.is_empty(), "{}", operation.id);
    }
}

#[test]
fn codes_are_words_and_differ() {
    let mut seen = BTreeSet::new();
    for code in codes::ALL {
        assert!(code.word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", code.word);
        assert!(seen.insert(code.word), "{}", code.word);
        assert!((400..600).contains(&code.status));
    }
}

/// The words of every `reject("word"` and `retry("word"` of the product's own code.
fn codes_of_stages() -> BTreeSet<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders: Vec<PathBuf> = ["common", "functions"].iter().map(|name| root.join(name)).collect();
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "tests" && name != "languages") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["reject(", "retry("] {
                    let arguments = text.split(call).skip(1).map(str::trim_start);
                    found.extend(
                        arguments.filter_map(|it| Some(it.strip_prefix('"')?.split('"').next()?.to_owned())),
                    );
                }
            }
        }
    }
    found
}

#[test]
fn every_code_that_a_stage_ends_with_has_a_help() {
    let listed: BTreeSet<String> =
        doctown_trigger::errors::table().items.into_iter().map(|row| row.code).collect();
    let of_stages = codes_of_stages();
    assert!(of_stages.len() > 15, "{of_stages:?}");
    let missing: Vec<_> = of_stages.difference(&listed).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
