//! `doctown setup`: what it finds, and what it says where something is missing.

use crate::program::World;

#[test]
fn a_missing_model_is_named_with_the_command_that_brings_it() {
    let world = World::new();
    let ran = world.run(&["setup"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("FAIL  model_int8.onnx"), "{}", ran.stdout);
    assert!(ran.stderr.contains("error[model_missing]: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("help: run `"), "{}", ran.stderr);
}

#[test]
fn every_missing_file_is_in_the_json() {
    let ran = World::new().run(&["setup", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one line of JSON");
    let names: Vec<_> = said["data"].as_array().expect("a list").iter().map(|file| &file["name"]).collect();
    assert_eq!(names.len(), 3, "{said}");
    assert!(
        said["data"].as_array().is_some_and(|files| files.iter().all(|file| file["path"].is_null())),
        "{said}"
    );
}

#[test]
fn a_folder_that_cannot_be_read_or_lacks_the_files_has_a_code() {
    let world = World::new();
    for (folder, exit, code) in [("nowhere", 3, "setup_folder_unreadable"), (".", 1, "model_missing")] {
        let ran = world.run(&["setup", "--offline", folder]);
        assert_eq!(ran.code, exit, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("error[{code}]: ")), "{}", ran.stderr);
        assert!(ran.stderr.contains("help: "), "{}", ran.stderr);
    }
}

#[test]
fn a_wrong_file_is_not_copied() {
    let world = World::new();
    world.write(
        "carried",
        "//- /libonnxruntime.so.1.31.1\nno library\n//- /tokenizer.json\n{}\n//- /model_int8.onnx\n-\n",
    );
    let ran = world.run(&["setup", "--offline", "carried"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("error[model_hash_mismatch]: "), "{}", ran.stderr);
    let copied = std::fs::read_dir(world.path("home/model")).map_or(0, Iterator::count);
    assert_eq!(copied, 0);
}
