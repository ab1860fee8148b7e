//! Finds the packages that were installed with the program, by where the program lies.
//!
//! A found folder is only a candidate: every file is checked by its digest before it is used.

use std::fs;
use std::path::{Path, PathBuf};

use crate::embedder::EmbedError;
use crate::model::PINNED;

/// The Python package that holds the weights and the tokenizer, and the folder of the library in its own.
const WHEEL_FOLDERS: [&str; 2] = ["doctown_model", "onnxruntime/capi"];
/// The npm package that holds the weights and the tokenizer; the library lies beside the program.
const NPM_FOLDER: &str = "@doctown/model";
/// The command of a checkout that makes the files out of published packages.
const CHECKOUT_COMMAND: &str = "scripts/setup-model";
/// A program is never this deep; an end for the walk up from it all the same.
const MAX_PARENTS: usize = 64;

/// Lists the folders that may hold the model's files: beside `program`, then the wheels that were installed
/// with it, then the npm packages.
pub fn folders_near(program: &Path) -> Vec<PathBuf> {
    let mut folders = beside(program);
    let packages = python_folders(program);
    folders.extend(packages.iter().flat_map(|packages| WHEEL_FOLDERS.map(|folder| packages.join(folder))));
    folders.extend(parents(program).map(|parent| parent.join("node_modules").join(NPM_FOLDER)));
    folders.retain(|folder| folder.is_dir());
    folders
}

/// Says how to mend `error`, with one command that fits the way in which `program` was installed.
pub fn mend_help(program: &Path, error: &EmbedError) -> String {
    let version = env!("CARGO_PKG_VERSION");
    if matches!(error, EmbedError::RuntimeNotPublished { .. }) {
        return "build without embeddings".to_owned();
    }
    if let Some(checkout) = parents(program).find(|parent| parent.join(CHECKOUT_COMMAND).is_file()) {
        return format!("run `{}`", checkout.join(CHECKOUT_COMMAND).display());
    }
    if error.is_of_fp32_weights() {
        return format!(
            "no package has the fp32 weights: build in int8, or run `{CHECKOUT_COMMAND}` in a checkout of the repository"
        );
    }
    let is_wrong = matches!(error, EmbedError::ModelHashMismatch { .. });
    if let Some(modules) = parents(program).find(|parent| parent.ends_with("node_modules")) {
        let global = if modules.ends_with("lib/node_modules") { " --global" } else { "" };
        let force = if is_wrong { " --force" } else { "" };
        return format!("run `npm install{global}{force} doctown@{version}`");
    }
    let installed = format!("doctown-{version}.dist-info");
    if python_folders(program).iter().any(|packages| packages.join(&installed).is_dir()) {
        let force = if is_wrong { " --force-reinstall" } else { "" };
        return format!("run `pip install{force} doctown-model=={version}`");
    }
    format!(
        "run `doctown setup --offline FOLDER`, where FOLDER holds the wheels `doctown-model` {version} and `onnxruntime` {}",
        PINNED.runtime.version
    )
}

fn beside(program: &Path) -> Vec<PathBuf> {
    let folder = program.parent();
    folder.into_iter().flat_map(|folder| [folder.to_owned(), folder.join("model")]).collect()
}

fn parents(program: &Path) -> impl Iterator<Item = &Path> {
    program.ancestors().skip(1).take(MAX_PARENTS)
}

/// Lists the folders of Python packages that belong to the folder of programs that `program` lies in.
fn python_folders(program: &Path) -> Vec<PathBuf> {
    let Some(prefix) = program.parent().and_then(Path::parent) else { return Vec::new() };
    // On Windows `Lib`, for a user `site-packages` alone; with `pip --target` the folder itself.
    let mut folders = vec![prefix.join("Lib/site-packages"), prefix.join("site-packages"), prefix.to_owned()];
    // A user's own install leaves out what the system has already.
    let system = [Path::new("/usr/local"), Path::new("/usr")];
    for prefix in [prefix].into_iter().chain(system) {
        for library in ["lib", "lib64"] {
            folders.extend(versions(&prefix.join(library)));
        }
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

/// Lists `python3`, `python3.11` and so on below `library`, sorted, with both names of their package folders.
fn versions(library: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(library).into_iter().flatten().flatten();
    let is_python = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("python3");
    let mut folders: Vec<PathBuf> = entries.filter(is_python).map(|entry| entry.path()).collect();
    folders.sort();
    folders
        .iter()
        .flat_map(|folder| ["site-packages", "dist-packages"].map(|packages| folder.join(packages)))
        .collect()
}
