//! Bad input gets a stable code, a cause, a next step and its exit code.

use crate::program::{SMALL, World};

/// Arguments, exit code, error code.
const REFUSED: &[(&[&str], i32, &str)] = &[
    (&["build", "nowhere/at/all/x.zip"], 3, "path_not_found"),
    (&["build", ""], 3, "invalid_url"),
    (&["build", "file:///etc/passwd"], 3, "scheme_not_allowed"),
    (&["build", "ssh://host/x"], 3, "scheme_not_allowed"),
    (&["build", "https://169.254.169.254/o/r", "--no-embeddings"], 3, "host_not_allowed"),
    (&["build", "https://127.0.0.1/o/r", "--no-embeddings"], 3, "host_not_allowed"),
    (&["build", "small", "--no-embeddings", "--max-total-bytes", "100"], 3, "repo_too_large"),
    (&["build", "small", "--no-embeddings", "--max-files", "2"], 3, "repo_too_large"),
    (&["build", "small", "--no-embeddings", "--include", "["], 2, "invalid_glob"),
    (&["build", "small", "--no-embeddings", "-o", "."], 2, "output_unusable"),
    (&["build", "small", "--no-embeddings", "-o", "no/such/folder/x.docpack"], 2, "output_unusable"),
    (&["build", "small", "--embedder", "minilm"], 1, "model_missing"),
    (&["build", "small", "--no-embeddings", "--clustering", "kmeans"], 1, "clustering_refused"),
    (&["inspect", "nothing.docpack"], 3, "pack_unreadable"),
    (&["inspect", "small/README.md"], 3, "not_a_docpack"),
    (&["verify", "nothing.docpack"], 3, "pack_unreadable"),
    (&["verify", "small/README.md"], 7, "verification_failed"),
    (&["stage", "bake", "--input", "x.json"], 2, "no_such_stage"),
    (&["stage", "ingest", "--input", "nothing.json"], 3, "input_unreadable"),
    (&["stage", "ingest", "--input", "small/README.md"], 3, "input_malformed"),
    (&["events", "no-such-job"], 3, "no_such_job"),
    (&["events", "../../etc"], 2, "job_id_malformed"),
];

#[test]
fn is_refused_with_a_code_a_cause_and_a_next_step() {
    for (arguments, exit, code) in REFUSED {
        let world = World::new();
        world.write("small", SMALL);
        let ran = world.run(arguments);
        assert_eq!(ran.code, *exit, "{arguments:?}: {}", ran.stderr);
        let codes: Vec<_> = code.split('|').map(|code| format!("error[{code}]: ")).collect();
        assert!(codes.iter().any(|code| ran.stderr.contains(code)), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("help: "), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{arguments:?}: {}", ran.stderr);
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let ran = world.run(&with_json);
        let last = ran.stderr.lines().last().unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(last).expect("the failure is JSON");
        assert!(code.split('|').any(|code| value["error"]["code"] == code), "{arguments:?}: {last}");
    }
}

#[test]
fn a_flipped_byte_fails_verification_with_exit_7() {
    let world = World::new();
    let small = world.write("small", SMALL);
    let mut bytes = world.build(&small, "small.docpack", &[]);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(world.path("bad.docpack"), &bytes).expect("files can be written");
    let ran = world.run(&["verify", "bad.docpack"]);
    assert_eq!(ran.code, 7, "{}", ran.stdout);
}

#[test]
fn hostile_sources_leave_a_pack_and_findings() {
    let world = World::new();
    let deep = format!("fn f() {{ {}1{} }}\n", "(".repeat(20_000), ")".repeat(20_000));
    let long_name = "x".repeat(100_000);
    let fixture = format!(
        "//- /deep.rs\n{deep}//- /nul.py\nx = 1\0\0\n//- /angles.ts\n{}\n//- /name.py\ndef {long_name}(): pass\n//- /<img src=x>.py\ndef constructor(): pass\n__proto__ = 1\n",
        "a<".repeat(20_000)
    );
    let hostile = world.write("hostile", &fixture);
    world.build(&hostile, "hostile.docpack", &[]);
    let ran = world.run(&["verify", "hostile.docpack"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn types_within_methods_of_their_own_name_make_a_pack_that_verifies() {
    let world = World::new();
    let source = world.write(
        "source",
        "//- /a.go\npackage a\ntype S struct{}\nfunc (s S) M() { type S struct{}; var x S; _ = x }\n\
         //- /a.rs\npub struct S;\nimpl S { pub fn g(&self) { struct S; impl S { fn h(&self) {} } S.h(); } }\n\
         //- /a.py\nclass A:\n    def f(self):\n        class A:\n            def f(self): pass\n        return A()\n\
         //- /a.ts\nexport class C { m() { class C { m() { return 1 } } return new C() } }\n",
    );
    world.build(&source, "a.docpack", &[]);
    let verified = world.run(&["verify", "a.docpack"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}
