//! `doctown fsck`: what it looks at, and that it finds damage.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{SMALL, World};

/// Bytes before an object's content, and where the version tag lies, which no digest covers.
const HEAD_BYTES: usize = 72;

fn built() -> World {
    let world = World::new();
    let source = world.write("source", SMALL);
    world.build(&source, "a.docpack", &[]);
    world
}

/// The files that hold the store's objects.
fn objects(world: &World) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![world.path("home")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the home can be read") {
            let path = entry.expect("its entries too").path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.components().any(|part| part.as_os_str() == "objects") => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    files
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).expect("an object can be read");
    bytes[at] ^= 4;
    std::fs::write(path, bytes).expect("and written");
}

#[test]
fn a_deep_check_reads_every_object_and_says_so() {
    let world = built();
    let ran = world.run(&["fsck", "--deep"]);
    let n_objects = objects(&world).len();
    assert!(n_objects > 20, "{n_objects} objects");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains(&format!("{n_objects} objects read: 0 faults")), "{}", ran.stdout);
    // The job is over and is checked all the same.
    assert!(ran.stdout.contains(": 0 faults\n"), "{}", ran.stdout);
    let shallow = world.run(&["fsck", "--json"]);
    let report: Value = serde_json::from_str(&shallow.stdout).expect("stdout is JSON");
    assert_eq!(report["data"]["jobs"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(World::new().run(&["fsck"]).stdout, "there are no jobs\n");
}

#[test]
fn one_flipped_bit_in_any_object_is_found() {
    let world = built();
    for object in objects(&world) {
        let n_bytes = std::fs::metadata(&object).expect("it is there").len() as usize;
        // Its content where it has any, else its digest.
        let at = if n_bytes > HEAD_BYTES { (HEAD_BYTES + n_bytes) / 2 } else { HEAD_BYTES - 1 };
        flip(&object, at);
        let ran = world.run(&["fsck", "--deep"]);
        assert_eq!(ran.code, 7, "{}: {}{}", object.display(), ran.stdout, ran.stderr);
        let name = object.file_name().and_then(|name| name.to_str()).expect("names are ASCII");
        assert!(ran.stdout.contains(name), "{name} is not named: {}", ran.stdout);
        flip(&object, at);
    }
    assert_eq!(world.run(&["fsck", "--deep"]).code, 0);
}

#[test]
fn a_damaged_head_of_an_object_is_found() {
    let world = built();
    let object = objects(&world).into_iter().find(|path| path.to_string_lossy().contains("artifacts"));
    let object = object.expect("a build leaves artifacts");
    // The magic number, the size and the digest.
    for at in [0, 32, 40] {
        flip(&object, at);
        let ran = world.run(&["fsck", "--deep"]);
        assert_eq!(ran.code, 7, "byte {at}: {}{}", ran.stdout, ran.stderr);
        flip(&object, at);
    }
}

#[test]
fn a_damaged_job_is_a_violation_and_no_failure_of_the_store() {
    let world = built();
    let listed = world.run(&["fsck", "--json"]);
    let report: Value = serde_json::from_str(&listed.stdout).expect("stdout is JSON");
    let job = report["data"]["jobs"][0]["job"].as_str().expect("there is a job").to_owned();
    let state = objects(&world).into_iter().find(|path| path.ends_with("state.json"));
    flip(&state.expect("a job has a state"), HEAD_BYTES + 10);
    for arguments in [&["fsck"] as &[_], &["fsck", job.as_str()], &["fsck", job.as_str(), "--deep"]] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 7, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("state.json"), "{}", ran.stdout);
    }
    let absent = world.run(&["fsck", &format!("{job}x")]);
    assert_ne!(absent.code, 0);
}

#[test]
fn a_home_that_cannot_be_used_is_not_blamed_on_another_process() {
    let world = World::new();
    let source = world.write("source", SMALL);
    std::fs::write(world.path("file"), "not a folder").expect("files can be written");
    let home = world.path("file").to_str().expect("temporary paths are UTF-8").to_owned();
    let world = world.with("DOCTOWN_HOME", &home);
    let source = source.to_str().expect("temporary paths are UTF-8");
    let ran = world.run(&["build", source, "--no-embeddings", "-o", "a.docpack"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error[store_unavailable]") && ran.stderr.contains("permissions"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("another process"), "{}", ran.stderr);
}
