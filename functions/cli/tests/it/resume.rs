//! Kill -9 at chosen moments, run again: it resumes, and the pack is byte-identical.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::program::World;

/// Enough files that a build passes through every stage while a test can see it.
const N_FILES: usize = 400;

fn source(world: &World) -> std::path::PathBuf {
    let mut fixture = String::new();
    for n in 0..N_FILES {
        fixture.push_str(&format!(
            "//- /pkg/mod_{n}.py\n\"\"\"Part {n}.\"\"\"\nfrom pkg.mod_{} import work_{} as before\n\n\ndef work_{n}(value):\n    \"\"\"Works on a value in part {n}.\"\"\"\n    return before(value) + {n}\n\n\nclass Holder{n}:\n    def hold(self, value):\n        return work_{n}(value)\n",
            (n + N_FILES - 1) % N_FILES,
            (n + N_FILES - 1) % N_FILES,
        ));
    }
    world.write("source", &fixture)
}

/// Whether any object of the store has a name with this in it.
fn store_has(folder: &Path, part: &str) -> bool {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.to_string_lossy().contains(part) && path.is_file() {
                return true;
            }
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    false
}

fn start(world: &World, folder: &Path) -> Child {
    let arguments = ["build", folder.to_str().expect("UTF-8"), "--no-embeddings", "-o", "again.docpack"];
    let mut command = world.command(&arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

/// Watches the store until the moment has come or the build is over; kills it without warning.
fn kill_when(mut child: Child, store: &Path, part: &str) -> bool {
    loop {
        if store_has(store, part) {
            child.kill().expect("the child is ours");
            let status = child.wait().expect("the child is ours");
            return !status.success();
        }
        if child.try_wait().expect("the child is ours").is_some() {
            return false;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_killed_build_resumes_to_the_same_bytes() {
    let undisturbed = World::new();
    let folder = source(&undisturbed);
    let expected = undisturbed.build(&folder, "whole.docpack", &[]);
    // A job's state, facts of some files, the end of ingest, of assemble, words for some symbols.
    let moments = ["/state.json", "/artifacts/v", "/done/ingest/", "/done/assemble/", "/done/generate/"];
    let mut n_killed = 0;
    for moment in moments {
        let world = World::new();
        n_killed += usize::from(kill_when(start(&world, &folder), &world.path("home/store"), moment));
        let bytes = world.build(&folder, "again.docpack", &[]);
        assert!(bytes == expected, "killed at {moment}");
    }
    assert!(n_killed >= 2, "only {n_killed} builds were killed before their end: make the source larger");
}

#[test]
fn a_folder_that_changed_after_the_kill_is_read_anew() {
    let world = World::new();
    let folder = source(&world);
    let n_killed = usize::from(kill_when(start(&world, &folder), &world.path("home/store"), "/done/ingest/"));
    std::fs::write(folder.join("late.py"), "def added_later():\n    pass\n").expect("files can be written");
    world.build(&folder, "again.docpack", &[]);
    let shown = world.run(&["inspect", "again.docpack", "symbols", "--filter", "added_later"]).stdout;
    assert!(shown.contains("late.py"), "killed {n_killed}: {shown}");
}
