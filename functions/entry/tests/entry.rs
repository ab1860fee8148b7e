//! The entry point beside functions that say what they were told.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

const SCRIPT: &str = "#!/bin/sh\nprintf '%s|' \"$0\" \"$@\"\nexit 7\n";

/// A folder with the entry point and two functions.
fn image() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::copy(env!("CARGO_BIN_EXE_doctown-entry"), folder.path().join("doctown-entry")).unwrap();
    for name in ["doctown-pack", "doctown-ingest", "doctown-pack.d", "other"] {
        let path = folder.path().join(name);
        std::fs::write(&path, SCRIPT).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(folder.join("doctown-entry")).args(arguments).output().expect("the entry point runs")
}

#[test]
fn becomes_the_function_that_is_named() {
    let image = image();
    let output = run(image.path(), &["ingest", "--once", "a b"]);
    let program = image.path().canonicalize().unwrap().join("doctown-ingest");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{}|--once|a b|", program.display()));
    assert_eq!(output.status.code(), Some(7), "the function's own code");
}

#[test]
fn names_the_functions_when_it_is_told_no_other() {
    let image = image();
    for arguments in [&[][..], &["--help"], &["embed"], &["entry"], &["../other"], &["pack.d"]] {
        let output = run(image.path(), arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.trim_end().ends_with("name one of: ingest, pack"), "{told}");
    }
}
