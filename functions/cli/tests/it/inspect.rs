//! What a person sees of a pack.

use crate::program::{SMALL, World};

#[test]
fn shows_symbols_edges_files_quality_and_overview() {
    let world = World::new();
    let small = world.write("small", SMALL);
    world.build(&small, "small.docpack", &[]);
    let mut shown = String::new();
    for view in ["overview", "files", "symbols", "edges", "quality", "clusters"] {
        let ran = world.run(&["inspect", "small.docpack", view, "--limit", "0"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        shown.push_str(&format!("== {view}\n{}\n", ran.stdout));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn every_view_is_json_too() {
    let world = World::new();
    let small = world.write("small", SMALL);
    world.build(&small, "small.docpack", &[]);
    for view in ["manifest", "symbols", "edges", "clusters", "files", "quality", "overview"] {
        let ran = world.run(&["inspect", "small.docpack", view, "--json"]);
        let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("stdout is one JSON value");
        assert_eq!(value["command"], "inspect", "{view}");
    }
}
