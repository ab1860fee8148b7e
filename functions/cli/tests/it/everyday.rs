//! What a newcomer types first: the short form, the help, the overview.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::program::{SMALL, World};
use crate::socket::ask;

/// A world with a small program and a website of one page.
fn world() -> World {
    let world = World::new();
    world.write("small", SMALL);
    world.write("site", "//- /200.html\n<h1>Explorer</h1>\n");
    world
}

/// Runs a command that ends in a view, and returns its lines up to the address.
fn opened(world: &World, arguments: &[&str]) -> Vec<String> {
    let mut command = world.command(arguments);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program was built");
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        lines.push(line.expect("output is UTF-8"));
        if let Some(url) = lines.last().filter(|line| line.starts_with("http://")) {
            let address = url.trim_start_matches("http://").trim_end_matches("/view").to_owned();
            assert_eq!(ask(&address, None, "GET", "/view", "").status, 200);
            break;
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    lines
}

#[test]
fn a_source_alone_is_built_and_opened() {
    let world = world();
    let lines = opened(&world, &["small", "--no-embeddings", "--no-open", "--site", "site"]);
    assert_eq!(lines.first().map(String::as_str), Some("small.docpack"), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.starts_with("http://127.0.0.1:")), "{lines:?}");
    let lines = opened(&world, &["small.docpack", "--no-open", "--site", "site"]);
    assert!(lines.len() == 1 && lines[0].starts_with("http://127.0.0.1:"), "{lines:?}");
}

#[test]
fn a_source_is_not_built_where_its_pack_could_not_be_opened() {
    let world = world();
    let ran = world.run(&["small", "--no-embeddings", "--no-open", "--site", "small"]);
    assert!(ran.code == 1 && ran.stderr.contains("error[site_not_built]"), "{}", ran.stderr);
    assert!(!world.path("small.docpack").exists());
}

#[test]
fn commands_are_not_shadowed_and_mistyped_ones_get_a_suggestion() {
    let world = world();
    world.write("verify", SMALL);
    let ran = world.run(&["verify"]);
    assert!(ran.code == 2 && ran.stderr.contains("<PACK>"), "{}", ran.stderr);
    let ran = world.run(&["biuld", "small"]);
    assert!(ran.code == 2 && ran.stderr.contains("'build'"), "{}", ran.stderr);
}

#[test]
fn help_lists_every_command_once_with_everyday_ones_first() {
    let world = World::new();
    let (alone, help) = (world.run(&[]), world.run(&["--help"]));
    assert_eq!((alone.code, help.code), (0, 0), "{}", alone.stderr);
    assert_eq!(alone.stdout.trim_end(), help.stdout.trim_end());
    assert!(help.stdout.starts_with("Doctown "), "{}", help.stdout);
    let line_of = |name: &str| {
        let is_its =
            |line: &&str| line.strip_prefix("  ").is_some_and(|line| line.starts_with(&format!("{name} ")));
        assert_eq!(help.stdout.lines().filter(is_its).count(), 1, "{name}: {}", help.stdout);
        help.stdout.lines().position(|line| is_its(&line)).expect("it is listed")
    };
    for everyday in ["build", "view", "inspect", "verify", "export", "estimate", "serve", "doctor"] {
        for operator in ["stage", "events", "ledger", "fsck", "plan"] {
            assert!(line_of(everyday) < line_of(operator), "{everyday}, {operator}");
        }
    }
    assert!(!help.stdout.contains('\u{1b}'), "no colour where there is no terminal");
}

#[test]
fn inspect_shows_the_overview_and_refuses_half_a_pack() {
    let world = world();
    let pack = world.build(&world.path("small"), "small.docpack", &[]);
    let shown = world.run(&["inspect", "small.docpack"]);
    assert_eq!(shown.stdout, world.run(&["inspect", "small.docpack", "overview"]).stdout);
    std::fs::write(world.path("half.docpack"), &pack[..pack.len() - 400]).expect("files can be written");
    for view in [["inspect", "half.docpack"].as_slice(), &["inspect", "half.docpack", "manifest"]] {
        let ran = world.run(view);
        assert!(ran.code == 3 && ran.stdout.is_empty(), "{view:?}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn tables_are_whole_where_there_is_no_terminal() {
    let world = World::new();
    let name = "a_function_with_a_name_that_is_far_longer_than_any_column_of_a_terminal_could_ever_be";
    let folder = world.write("long", &format!("//- /a.py\ndef {name}():\n    pass\n"));
    world.build(&folder, "long.docpack", &[]);
    assert!(world.run(&["inspect", "long.docpack", "symbols"]).stdout.contains(name));
}

#[test]
fn a_pack_without_a_commit_claims_no_date() {
    let world = world();
    world.build(&world.path("small"), "small.docpack", &[]);
    let shown = world.run(&["inspect", "small.docpack", "manifest"]).stdout;
    assert!(shown.contains("symbols") && !shown.contains("1970"), "{shown}");
}
