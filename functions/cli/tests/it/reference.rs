//! The command reference of the user documentation is the program's own help.

use std::fmt::Write;
use std::path::Path;

use crate::program::World;

const HEAD: &str = "# Command reference\n\nThe help of every command, as `doctown help COMMAND` prints it.\n";

#[test]
fn command_reference_is_the_programs_own_help() {
    let mut page = HEAD.to_owned();
    add(&mut page, &World::new(), &[]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../website/docs/cli-reference.md");
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let stored = std::fs::read_to_string(&path).expect("the page is in the repository");
    assert!(
        stored == page,
        "website/docs/cli-reference.md is stale: run `UPDATE_REFERENCE=1 cargo test -p doctown --features full reference`"
    );
}

/// Adds the help of a command and of the commands below it, in the order of the help.
fn add(page: &mut String, world: &World, command: &[&str]) {
    let ran = world.run(&[&["help"], command].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let name = [&["doctown"], command].concat().join(" ");
    let help: Vec<&str> = ran.stdout.lines().map(str::trim_end).collect();
    let _ = write!(page, "\n## {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end());
    for below in help.iter().filter_map(|line| command_in(line)) {
        add(page, world, &[command, &[below]].concat());
    }
}

/// Returns the command that a line of a list of commands names.
fn command_in(line: &str) -> Option<&str> {
    let (name, about) = line.strip_prefix("  ")?.split_once("  ")?;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (is_name && name != "help" && !about.trim().is_empty()).then_some(name)
}
