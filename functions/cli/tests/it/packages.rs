//! Published packages: those that the workspace itself depends on, and Python's own library.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::World;

/// Packages that hold Rust, and by the grammars' bindings also Go, JavaScript, Python and TypeScript.
const CRATES: &[&str] = &["tar", "petgraph", "serde_json", "tree-sitter-go", "tree-sitter-python"];
/// Folders of Python's library.
const PYTHON_PACKAGES: &[&str] = &["email", "json", "importlib"];

/// Where cargo keeps the sources of the packages that this workspace was built from.
fn crate_folders() -> Vec<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().expect("rustc compiled this");
    let host = String::from_utf8(host.stdout).expect("a tuple is ASCII");
    // What only other platforms need was never fetched.
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host.trim()])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs the tests, so it is there");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("packages are a list");
    let of_name = |name: &&str| {
        let package = packages.iter().find(|package| package["name"] == **name).expect("it is a dependency");
        let manifest = package["manifest_path"].as_str().expect("a path is text");
        Path::new(manifest).parent().expect("a manifest lies in a folder").to_owned()
    };
    CRATES.iter().map(of_name).collect()
}

fn python_folders() -> Vec<PathBuf> {
    let script = "import os; print(os.path.dirname(os.__file__))";
    let output = Command::new("python3").args(["-c", script]).output().expect("python3 is there");
    let library = PathBuf::from(String::from_utf8(output.stdout).expect("paths are UTF-8").trim());
    PYTHON_PACKAGES.iter().map(|name| library.join(name)).collect()
}

fn json(world: &World, arguments: &[&str]) -> Value {
    let ran = world.run(&[arguments, &["--json", "--limit", "0"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let value: Value = serde_json::from_str(&ran.stdout).expect("stdout is JSON");
    value["data"].clone()
}

#[test]
fn published_packages_build_verify_and_are_understood() {
    for folder in crate_folders().into_iter().chain(python_folders()) {
        let world = World::new();
        world.build(&folder, "a.docpack", &["--threads", "1"]);
        let verified = world.run(&["verify", "a.docpack"]);
        assert_eq!(verified.code, 0, "{}: {}", folder.display(), verified.stdout);
        let again = World::new().build(&folder, "a.docpack", &["--threads", "3"]);
        let first = std::fs::read(world.path("a.docpack")).expect("the pack was written");
        assert!(first == again, "{}: bytes differ with the number of threads", folder.display());

        let quality = json(&world, &["inspect", "a.docpack", "quality"]);
        for language in quality["languages"].as_array().expect("languages are a list") {
            let count = |name: &str| language["calls"][name].as_u64().expect("counts are numbers");
            let n_calls: u64 =
                ["resolved", "external", "ambiguous", "dynamic", "unknown"].map(count).iter().sum();
            // A call that nothing is known of is the exception in code that people publish, but for
            // grammars: what those call is given to them by the program that runs them.
            let told = format!("{}: {language}", folder.display());
            let is_grammar = language["language"] == "javascript";
            assert!(
                is_grammar || n_calls < 20 || (count("dynamic") + count("unknown")) * 2 < n_calls,
                "{told}"
            );
            // The grammars lag behind the newest syntax, and some tests are broken code on purpose.
            let (n_broken, n_files) = (language["files_with_errors"].as_u64(), language["files"].as_u64());
            assert!(n_broken.unwrap_or(u64::MAX) * 20 <= n_files.unwrap_or(0), "{told}");
        }
        let symbols = json(&world, &["inspect", "a.docpack", "symbols"]);
        let symbols = symbols.as_array().expect("symbols are a list");
        assert!(symbols.len() > 10, "{}", folder.display());
        for symbol in symbols {
            // A symbol of which there is nothing to say beyond its name has none.
            let Some(summary) = symbol["documentation"]["summary"].as_str() else { continue };
            assert!(summary.ends_with(['.', '!', '?', '…']), "{}: {summary}", symbol["qualified_name"]);
        }
    }
}
