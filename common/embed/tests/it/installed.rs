//! The packages that were installed with a program, found by where it lies.

use std::fs;
use std::path::{Path, PathBuf};

use doctown_embed::{EmbedError, folders_near, mend_help};

/// Makes an empty program and empty folders below one root, and returns the program.
fn install(root: &Path, program: &str, folders: &[&str]) -> PathBuf {
    for folder in folders {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let program = root.join(program);
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::write(&program, "").unwrap();
    program
}

/// Each way to install, with the folders that hold the model's files.
const LAYOUTS: &[(&str, &[&str])] = &[
    (
        "venv/bin/doctown",
        &[
            "venv/lib/python3.11/site-packages/doctown_model",
            "venv/lib/python3.11/site-packages/onnxruntime/capi",
        ],
    ),
    ("usr/bin/doctown", &["usr/lib/python3/dist-packages/doctown_model"]),
    ("env/Scripts/doctown.exe", &["env/Lib/site-packages/doctown_model"]),
    ("target/bin/doctown", &["target/doctown_model", "target/onnxruntime/capi"]),
    ("app/node_modules/@doctown/linux-x64/bin/doctown", &["app/node_modules/@doctown/model"]),
    (
        "app/node_modules/.pnpm/p@1/node_modules/@doctown/linux-x64/bin/doctown",
        &["app/node_modules/.pnpm/p@1/node_modules/@doctown/model"],
    ),
    ("doctown-0.1.0/doctown", &["doctown-0.1.0/model"]),
];

#[test]
fn packages_are_found_by_where_the_program_lies() {
    for (program, folders) in LAYOUTS {
        let root = tempfile::tempdir().unwrap();
        let found = folders_near(&install(root.path(), program, folders));
        for folder in *folders {
            assert!(found.contains(&root.path().join(folder)), "{folder} of {program} is not in {found:?}");
        }
    }
}

#[test]
fn a_program_alone_has_no_packages() {
    let root = tempfile::tempdir().unwrap();
    let program = install(root.path(), "somewhere/else/doctown", &[]);
    let ours = |folder: &PathBuf| folder.starts_with(root.path());
    assert_eq!(
        folders_near(&program).into_iter().filter(ours).collect::<Vec<_>>(),
        [program.parent().unwrap()]
    );
}

#[test]
fn the_command_that_mends_fits_the_way_the_program_was_installed() {
    let version = env!("CARGO_PKG_VERSION");
    let installed = format!("venv/lib/python3.12/site-packages/doctown-{version}.dist-info");
    for (program, folder, said) in [
        ("venv/bin/doctown", installed.as_str(), "run `pip install doctown-model=="),
        ("app/node_modules/@doctown/linux-x64/bin/doctown", "app", "run `npm install doctown@"),
        ("usr/lib/node_modules/@doctown/linux-x64/bin/doctown", "usr", "run `npm install --global doctown@"),
        ("opt/doctown", "opt", "run `doctown setup --offline FOLDER`"),
    ] {
        let root = tempfile::tempdir().unwrap();
        let program = install(root.path(), program, &[folder]);
        let missing = EmbedError::ModelMissing { path: "model/tokenizer.json".into() };
        assert!(mend_help(&program, &missing).starts_with(said), "{}", mend_help(&program, &missing));
    }
}

#[test]
fn help_for_fp32_weights_names_no_package() {
    let root = tempfile::tempdir().unwrap();
    let program = install(root.path(), "venv/bin/doctown", &[]);
    let missing = EmbedError::ModelMissing { path: "model/model.onnx".into() };
    assert!(mend_help(&program, &missing).starts_with("no package has the fp32 weights"));
}

#[test]
fn a_checkout_is_told_its_own_script() {
    let root = tempfile::tempdir().unwrap();
    let program = install(root.path(), "target/debug/doctown", &["scripts"]);
    fs::write(root.path().join("scripts/setup-model"), "").unwrap();
    let missing = EmbedError::ModelMissing { path: "model/model.onnx".into() };
    let script = root.path().join("scripts/setup-model");
    assert_eq!(mend_help(&program, &missing), format!("run `{}`", script.display()));
}
