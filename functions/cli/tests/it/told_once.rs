//! Failures: each is printed once, in the words of somebody at a terminal.

use crate::program::{SMALL, World};

fn styles(world: &World) {
    world.write(
        "styles",
        "//- /README.md\n# Styles\n//- /a.css\nb { color: red }\n//- /deep/c.scss\n//- /Main.java\nclass Main {}\n",
    );
}

#[test]
fn a_source_without_code_is_refused_with_what_was_found_and_what_is_read() {
    let world = World::new();
    styles(&world);
    let ran = world.run(&["build", "styles", "--no-embeddings"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "error[no_source_code]: no source code to read: found 2 CSS files, 1 Java file and 1 Markdown file; \
             Doctown reads Rust, Python, TypeScript, JavaScript and Go\n"
        ),
        "{}",
        ran.stderr
    );
    assert!(!world.path("styles.docpack").exists());
    std::fs::create_dir(world.path("empty")).expect("folders can be made");
    let ran = world.run(&["build", "empty", "--no-embeddings"]);
    assert!(ran.code == 3 && ran.stderr.contains("the source has no files"), "{}", ran.stderr);
    world.write("small", SMALL);
    let ran = world.run(&["build", "small", "--no-embeddings", "--include", "*.md"]);
    assert!(ran.code == 3 && ran.stderr.contains("as not included"), "{}", ran.stderr);
}

#[test]
fn the_ingest_stage_alone_refuses_a_source_without_code() {
    let world = World::new();
    styles(&world);
    let request = r#"{"schema":"doctown.stage/1","stage":"ingest","request":{"source":"styles","options":{"embeddings":false}}}"#;
    std::fs::write(world.path("request.json"), request).expect("files can be written");
    let ran = world.run(&["stage", "ingest", "--input", "request.json"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the answer is JSON");
    assert_eq!((&answer["status"], &answer["error"]["code"]), (&"failed".into(), &"no_source_code".into()));
}

#[test]
fn a_failure_is_printed_once_with_and_without_quiet() {
    let world = World::new();
    styles(&world);
    for quiet in [[].as_slice(), &["-q"], &["-qq"]] {
        let arguments = [["build", "styles", "--no-embeddings"].as_slice(), quiet].concat();
        let ran = world.run(&arguments);
        assert_eq!(ran.stderr.matches("no source code to read").count(), 1, "{quiet:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("WARN"), "{}", ran.stderr);
    }
}

#[test]
fn sizes_are_in_the_units_of_people_and_flags_are_named() {
    let world = World::new();
    world.write("small", SMALL);
    let ran = world.run(&["build", "small", "--no-embeddings", "--max-total-bytes", "100"]);
    assert!(
        ran.stderr.contains("the limit is 100 bytes\n  help: raise the limit (`--max-total-bytes`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn files_that_are_no_packs_are_named_before_anything_else() {
    let world = World::new();
    world.write("small", SMALL);
    std::fs::write(world.path("bad.docpack"), "nothing").expect("files can be written");
    for (arguments, exit, message) in [
        (["verify", "."].as_slice(), 3, "error[pack_unreadable]: `.` is a folder\n"),
        (&["view", "small"], 3, "error[pack_unreadable]: `small` is a folder\n"),
        (&["export", "--html", "nope.docpack"], 3, "error[pack_unreadable]: `nope.docpack` does not exist\n"),
        (
            &["view", "bad.docpack"],
            7,
            "error[verification_failed]: `bad.docpack` failed verification: not_a_docpack: this is not a docpack: \
             it has no gzip header\n",
        ),
        (
            &["verify", "bad.docpack"],
            7,
            "error[verification_failed]: `bad.docpack` failed verification: 1 fault\n",
        ),
    ] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, exit, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(message), "{arguments:?}: {}", ran.stderr);
    }
}

#[cfg(not(feature = "aws"))]
#[test]
fn commands_of_other_builds_say_what_is_missing() {
    let ran = World::new().run(&["submit", "owner/repo"]);
    assert!(ran.code == 2 && ran.stderr.contains("error[built_without_aws]"), "{}", ran.stderr);
}

#[test]
fn one_source_file_is_a_source() {
    let world = World::new();
    world.write("", "//- /one.py\ndef greet():\n    return 1\n//- /one.rar\nx\n");
    let ran = world.run(&["build", "one.py", "--no-embeddings"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "one.docpack\n"), "{}", ran.stderr);
    assert!(world.run(&["inspect", "one.docpack", "symbols"]).stdout.contains("greet"));
    let ran = world.run(&["build", "one.rar", "--no-embeddings"]);
    assert!(ran.code == 3 && ran.stderr.contains("error[unsupported_input]"), "{}", ran.stderr);
}

#[test]
fn the_doctor_says_each_thing_once_and_ends_with_a_verdict() {
    let world = World::new().with("DOCTOWN_EMBEDDER", "minilm");
    let ran = world.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(all.matches("; run ").count() + all.matches("help: run ").count(), 1, "{all}");
    assert!(ran.stderr.contains("not ready for builds with vectors (embedding model)"), "{all}");
    assert_eq!(ran.stderr.lines().count(), 2, "{all}");
}
