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
fn a_limit_shows_the_first_rows_of_the_whole_list() {
    let world = World::new();
    let small = world.write("small", SMALL);
    world.build(&small, "small.docpack", &[]);
    for view in ["symbols", "edges", "clusters", "files"] {
        let first_row = |limit: &str| {
            let stdout = world.run(&["inspect", "small.docpack", view, "--limit", limit]).stdout;
            let row = stdout.lines().nth(1).unwrap_or_default();
            row.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(first_row("1"), first_row("0"), "{view}");
    }
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

#[test]
fn a_pack_sends_no_commands_to_the_terminal() {
    let world = World::new();
    let source = world.write("source", SMALL);
    let bytes = world.build(&source, "a.docpack", &[]);
    let mut contents = docpack::read(bytes.as_slice(), &docpack::ReadLimits::default()).unwrap().contents;
    let evil = "\u{1b}]0;PWNED\u{7}\u{1b}[2J\u{9b}1A\rexe.\u{202e}cod";
    contents.overviews.architecture.text = evil.to_owned();
    contents.overviews.modules.iter_mut().for_each(|module| module.text = evil.to_owned());
    for symbol in &mut contents.nodes.symbols {
        symbol.name = evil.to_owned();
        if let Some(documentation) = &mut symbol.documentation {
            documentation.summary = format!("two\nlines {evil}");
        }
    }
    contents.about.source.git_ref = Some(evil.to_owned());
    contents.about.generator.name = evil.to_owned();
    contents.quality.neighbour_search = "none".to_owned();
    let mut evil_pack = Vec::new();
    docpack::write(&contents, &mut evil_pack).unwrap();
    std::fs::write(world.path("evil.docpack"), evil_pack).unwrap();
    let is_command = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    for view in ["overview", "symbols", "edges", "clusters", "files", "quality", "manifest"] {
        let ran = world.run(&["inspect", "evil.docpack", view]);
        assert_eq!(ran.code, 0, "{view}: {}", ran.stderr);
        assert!(!ran.stdout.contains(is_command), "{view}: {:?}", ran.stdout);
        // Programs get what is there.
        let json = world.run(&["inspect", "evil.docpack", view, "--json"]);
        let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(value.to_string().contains("PWNED"), json.stdout.contains("PWNED"));
    }
    let overview = world.run(&["inspect", "evil.docpack", "overview"]).stdout;
    assert!(
        overview.starts_with("\\u{1b}]0;PWNED\\u{7}\\u{1b}[2J\\u{9b}1A\\rexe.\\u{202e}cod"),
        "{overview}"
    );
    // A row of a table is one line, whatever is in its cells.
    let symbols = world.run(&["inspect", "evil.docpack", "symbols"]).stdout;
    assert!(
        !symbols.contains("two\nlines") && symbols.lines().all(|line| !line.starts_with("lines")),
        "{symbols}"
    );
}
