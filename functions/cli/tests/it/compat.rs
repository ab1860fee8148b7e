//! `inspect` and `verify` on the packs of `tests/compat`, which other versions wrote.

use serde_json::Value;

use crate::program::World;

#[path = "../../../../tests/compat/pack.rs"]
mod packs;

/// A world with one pack from `tests/compat`, as `a.docpack`.
fn world_with(version: &str) -> World {
    let world = World::new();
    std::fs::write(world.path("a.docpack"), packs::pack(version)).unwrap();
    world
}

#[test]
fn every_view_of_a_pack_of_another_version_is_shown() {
    for version in packs::VERSIONS {
        let world = world_with(version);
        for view in ["manifest", "symbols", "edges", "clusters", "files", "quality", "overview"] {
            let ran = world.run(&["inspect", "a.docpack", view]);
            assert_eq!(ran.code, 0, "{version} {view}: {}", ran.stderr);
        }
    }
}

#[test]
fn unknown_words_are_shown_as_they_are() {
    let world = world_with("1.7");
    let symbols = world.run(&["inspect", "a.docpack", "symbols"]).stdout;
    assert!(symbols.contains("compilation_unit"), "{symbols}");
    let edges = world.run(&["inspect", "a.docpack", "edges"]).stdout;
    assert!(edges.contains("fuzzes") && edges.contains("bytecode"), "{edges}");
    let files = world.run(&["inspect", "a.docpack", "files"]).stdout;
    assert!(files.contains("java"), "{files}");
}

#[test]
fn verify_passes_a_pack_of_another_version_and_prints_notes_apart() {
    let old = world_with("1.0").run(&["verify", "a.docpack"]);
    assert_eq!((old.code, old.stdout.lines().count()), (0, 1), "{}", old.stdout);
    let world = world_with("1.7");
    let ran = world.run(&["verify", "a.docpack"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (first, notes) = ran.stdout.split_once('\n').unwrap();
    assert!(first.starts_with("ok sha256:"), "{first}");
    assert!(notes.lines().all(|line| line.starts_with("note: ")), "{notes}");
    assert!(
        notes.contains("note: word_unknown in `nodes.json`: `language` is `java` in 5 records\n"),
        "{notes}"
    );
    let json = world.run(&["verify", "a.docpack", "--json"]);
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    let data = &value["data"];
    assert_eq!((json.code, &data["ok"], &data["violations"]), (0, &true.into(), &Value::Array(Vec::new())));
    assert_eq!(data["notes"].as_array().map(Vec::len), Some(notes.lines().count()));
    assert_eq!(data["notes"][0]["code"], "version_later");
}
