//! The house rules of ARCHITECTURE.md that a machine can check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A crate may depend only on crates of a lower level.
const LEVELS: [(&str, u32); 37] = [
    ("docpack", 0),
    ("doctown-prose", 0),
    ("doctown-families", 1),
    ("doctown-model", 1),
    ("doctown-parse", 2),
    ("doctown-graph", 2),
    ("doctown-insight", 2),
    ("doctown-search", 2),
    ("doctown-query", 2),
    ("doctown-compare", 2),
    ("doctown-history", 2),
    ("doctown-tour", 2),
    ("doctown-pipeline", 2),
    ("doctown-ask", 3),
    ("doctown-preview", 3),
    ("doctown-publish", 3),
    ("doctown-source", 4),
    ("doctown-embed", 4),
    ("doctown-llm", 4),
    ("doctown-database", 4),
    ("doctown-ledger", 5),
    ("doctown-accounts", 5),
    ("doctown-github", 5),
    ("doctown-billing", 6),
    ("doctown-writing", 6),
    ("doctown-runtime", 5),
    ("doctown-stage-ingest", 7),
    ("doctown-stage-embed", 7),
    ("doctown-stage-assemble", 7),
    ("doctown-stage-generate", 7),
    ("doctown-stage-pack", 7),
    ("doctown-dispatch", 7),
    ("doctown-entry", 7),
    ("doctown-schedule", 8),
    ("doctown-trigger", 8),
    ("doctown", 9),
    ("doctown-tests", 10),
];
/// Crates below this level compute; they do no I/O.
const FIRST_LEVEL_WITH_IO: u32 = 4;
const IO_CRATES: [&str; 10] = [
    "sqlx",
    "tokio",
    "reqwest",
    "async-openai",
    "gix",
    "ort",
    "aws-sdk-s3",
    "aws-sdk-sqs",
    "ignore",
    "tracing-subscriber",
];
const IO_WORDS: [&str; 7] =
    ["std::fs", "std::env", "std::net", "std::process", "SystemTime", "Instant::now", "std::thread::sleep"];

struct Package {
    name: String,
    level: u32,
    folder: PathBuf,
    dependencies: Vec<String>,
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs, since it runs this test");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let levels = BTreeMap::from(LEVELS);
    let list = metadata["packages"].as_array().expect("metadata lists packages");
    list.iter()
        .map(|package| {
            let name = package["name"].as_str().expect("a package has a name").to_owned();
            let level =
                *levels.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` has no level in this test"));
            let manifest = Path::new(package["manifest_path"].as_str().expect("a package has a manifest"));
            let dependencies = package["dependencies"].as_array().expect("dependencies are a list");
            let normal = dependencies.iter().filter(|d| d["kind"].is_null());
            let dependencies =
                normal.map(|d| d["name"].as_str().expect("a dependency has a name").to_owned()).collect();
            Package {
                name,
                level,
                folder: manifest.parent().expect("a manifest lies in a folder").to_owned(),
                dependencies,
            }
        })
        .collect()
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a crate has a src folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), std::fs::read_to_string(&path).expect("sources are UTF-8")));
            }
        }
    }
    found
}

/// Lines of code, without comments, texts in quotes and a trailing test module.
fn code_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split('"').step_by(2).collect::<Vec<_>>().join("\"\""))
}

#[test]
fn crates_depend_only_on_lower_layers() {
    let levels = BTreeMap::from(LEVELS);
    for package in packages() {
        for dependency in &package.dependencies {
            let Some(level) = levels.get(dependency.as_str()) else { continue };
            assert!(*level < package.level, "`{}` may not depend on `{dependency}`", package.name);
        }
    }
}

#[test]
fn what_computes_does_no_io() {
    for package in packages().iter().filter(|package| package.level < FIRST_LEVEL_WITH_IO) {
        for dependency in &package.dependencies {
            assert!(
                !IO_CRATES.contains(&dependency.as_str()),
                "`{}` may not depend on `{dependency}`",
                package.name
            );
        }
        for (path, text) in sources(&package.folder) {
            for word in IO_WORDS {
                assert!(
                    !code_lines(&text).any(|line| line.contains(word)),
                    "{} names `{word}`",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn only_one_crate_links_the_model_runtime_talks_to_models_or_reads_the_environment() {
    for package in packages().iter().filter(|package| package.name != "doctown-tests") {
        let links_ort = package.dependencies.iter().any(|dependency| dependency == "ort");
        assert!(!links_ort || package.name == "doctown-embed", "`{}` may not depend on `ort`", package.name);
        let asks = package.dependencies.iter().any(|dependency| dependency == "async-openai");
        assert!(
            !asks || package.name == "doctown-llm",
            "`{}` may not depend on `async-openai`",
            package.name
        );
        if package.name == "doctown-runtime" {
            continue;
        }
        for (path, text) in sources(&package.folder) {
            let reads = code_lines(&text).any(|line| line.contains("env::var") || line.contains("env::vars"));
            assert!(!reads, "{} reads the environment", path.display());
        }
    }
}

#[test]
fn stages_name_no_store_or_queue_of_one_vendor() {
    for package in packages().iter().filter(|package| package.level == 6) {
        for (path, text) in sources(&package.folder) {
            let named =
                code_lines(&text).any(|line| line.contains("aws_sdk") || line.contains("DirectoryStore"));
            assert!(!named, "{} names an adapter", path.display());
        }
    }
}
