//! A folder in, a pack out: equal for equal input, whatever the threads, and honest about its content.

use crate::program::{SMALL, World};

#[test]
fn builds_verifies_and_says_what_to_do_next() {
    let world = World::new();
    world.write("small", SMALL);
    let ran = world.run(&["build", "small", "--no-embeddings"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout, "small.docpack\n");
    assert!(ran.stderr.contains("next:\n  doctown view small.docpack "), "{}", ran.stderr);
    assert!(!ran.stderr.contains(['\r', '\u{1b}']), "no drawing where there is no terminal: {}", ran.stderr);
    let verified = world.run(&["verify", "small.docpack"]);
    assert_eq!((verified.code, verified.stderr.as_str()), (0, ""), "{}", verified.stdout);
    assert!(verified.stdout.starts_with("ok sha256:"), "{}", verified.stdout);
}

#[test]
fn threads_and_repetition_change_no_byte() {
    let world = World::new();
    let small = world.write("small", SMALL);
    let first = world.build(&small, "one.docpack", &["--threads", "1"]);
    let second = world.build(&small, "two.docpack", &["--threads", "4"]);
    let third = World::new().build(&small, "three.docpack", &[]);
    assert!(first == second && second == third);
}

#[test]
fn a_changed_folder_is_built_anew_each_time() {
    let world = World::new();
    for n in 1..=5 {
        let small = world.write("small", &format!("//- /a.py\ndef version_{n}():\n    pass\n"));
        world.build(&small, "small.docpack", &[]);
        let shown = world.run(&["inspect", "small.docpack", "symbols"]).stdout;
        assert!(shown.contains(&format!("version_{n}")), "build {n}: {shown}");
    }
}

#[test]
fn json_tells_the_whole_manifest() {
    let world = World::new();
    world.write("small", SMALL);
    let ran = world.run(&["build", "small", "--no-embeddings", "--json", "--quiet"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("stdout is one JSON value");
    assert_eq!(value["schema"], "doctown.cli/1");
    assert_eq!(value["data"]["status"], "completed");
    let manifest = &value["data"]["manifest"];
    // Nine files of the fixture have a language; the README, manifest, lock and data files have none.
    assert_eq!(manifest["statistics"]["file_count"], 9);
    assert_eq!(manifest["source"]["repo_url"], serde_json::Value::Null);
    assert_eq!(manifest["created_at"], "1970-01-01T00:00:00Z");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let world = World::new();
    let small = world.write("small", SMALL);
    world.build(&small, "small.docpack", &[]);
    let mut child = world
        .command(&["inspect", "small.docpack", "symbols"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn events_of_the_build_can_be_read_afterwards() {
    let world = World::new();
    let small = world.write("small", SMALL);
    let ran = world.run(&["build", small.to_str().expect("UTF-8"), "--no-embeddings", "--json"]);
    let built: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let job = built["data"]["job"].as_str().expect("the job has an id");
    let told = world.run(&["events", job, "--json"]);
    let types: Vec<String> = told
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["type"].to_string())
        .collect();
    for expected in [
        "job.created.v1",
        "ingest.completed.v1",
        "assembly.completed.v1",
        "pack.completed.v1",
        "job.completed.v1",
    ] {
        assert_eq!(
            types.iter().filter(|found| found.contains(expected)).count(),
            1,
            "{expected} in {types:?}"
        );
    }
    let whole = world.run(&["events", job]).stdout;
    let partly: Vec<_> = whole.lines().filter(|line| line.contains("ingest.file_partly_read.v1")).collect();
    // `broken.py` of the fixture is the one file with syntax errors.
    let said = r#"{"code":"syntax_error","file_path":"broken.py","line":1,"n_places":1}"#;
    assert!(matches!(partly[..], [line] if line.ends_with(said)), "{partly:?}");
    let files = world.run(&["inspect", "small.docpack", "files", "--filter", "broken"]).stdout;
    assert!(files.lines().any(|line| line.ends_with("syntax_error, line 1")), "{files}");
}

#[test]
fn completions_doctor_and_configuration_work_without_a_model() {
    let world = World::new().with("DOCTOWN_GITHUB_TOKEN", "ghp_secret_value");
    assert!(world.run(&["completions", "bash"]).stdout.contains("_doctown"));
    let config = world.run(&["config", "show"]);
    assert!(
        config.stdout.contains("DOCTOWN_HOME") && !config.stdout.contains("ghp_secret_value"),
        "{}",
        config.stdout
    );
    let doctor = world.run(&["doctor"]);
    assert_eq!(doctor.code, 0, "{}", doctor.stderr);
    assert!(doctor.stdout.contains("not installed (optional)"), "{}", doctor.stdout);
}
