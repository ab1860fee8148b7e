//! What manifests say that files are for: targets of Cargo, folders that pytest reads, scripts of npm.

use std::collections::BTreeSet;

use docpack::Role;
use model::role::FoundRole;
use serde_json::Value as Json;

use super::{file_name, folder, join};

/// A manifest with more targets or scripts is generated.
const MAX_RULES: usize = 1_000;
/// npm scripts that run the product itself.
const RUNNING_SCRIPTS: &[&str] = &["start", "dev", "serve", "watch", "preview"];
/// Programs of npm scripts whose first argument is a file to run.
const RUNNERS: &[&str] = &["node", "tsx", "ts-node", "bun", "deno", "zx", "esno", "jiti"];

/// What a manifest says of one file, or of the files in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleRule {
    pub(crate) found: FoundRole,
    /// It holds whatever the file's path and name say.
    pub(crate) is_certain: bool,
    /// Only for files with this ending.
    pub(crate) ending: &'static str,
}

impl RoleRule {
    fn new(role: Role, reason: String, is_certain: bool, ending: &'static str) -> Self {
        Self { found: FoundRole::new(role, reason), is_certain, ending }
    }

    /// The role of a file that a package installs as programs: `luigi=luigi_run` names one with its function.
    pub(super) fn program(names: &BTreeSet<String>) -> Self {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Self::new(Role::Product, format!("manifest:program {}", names.join(" ")), false, "")
    }

    pub(crate) fn is_program(&self) -> bool {
        self.found.role == Role::Product
    }
}

/// By a file's path, or a folder's with `/` at its end.
pub(super) type Rules = Vec<(String, RoleRule)>;

/// Reads the targets of a Cargo package that are not its product, and its build script.
pub(super) fn of_cargo(dir: &str, table: &toml::Table) -> Rules {
    let mut rules = Rules::new();
    for (section, role) in [("test", Role::Test), ("bench", Role::Benchmark), ("example", Role::Example)] {
        let targets = table.get(section).and_then(toml::Value::as_array).into_iter().flatten();
        for target in targets.take(MAX_RULES) {
            let path = target.get("path").and_then(toml::Value::as_str).and_then(|path| join(dir, path));
            let Some(path) = path else { continue };
            let rule = |is_certain| RoleRule::new(role, format!("manifest:[[{section}]]"), is_certain, ".rs");
            // What lies beside a target's `main.rs` are its modules, except in the folder of the product.
            let home = folder(&path);
            if file_name(&path) == "main.rs" && home != dir && file_name(home) != "src" {
                rules.push((format!("{home}/"), rule(false)));
            }
            rules.push((path, rule(true)));
        }
    }
    let Some(package) = table.get("package") else { return rules };
    let build = package.get("build").map_or(Some("build.rs"), toml::Value::as_str);
    if let Some(path) = build.and_then(|path| join(dir, path)) {
        rules.push((path, RoleRule::new(Role::Script, "manifest:build".to_owned(), false, ".rs")));
    }
    rules
}

/// Reads the folders that `testpaths` of pytest names; a folder of the product holds tests beside its code.
pub(super) fn of_pyproject(dir: &str, table: &toml::Table) -> Rules {
    let options = ["pytest", "ini_options", "testpaths"];
    let paths = options.iter().try_fold(table.get("tool"), |value, key| Some(value?.get(key)));
    let Some(Some(paths)) = paths else { return Rules::new() };
    let listed = paths.as_array().into_iter().flatten().filter_map(toml::Value::as_str);
    let written = paths.as_str().into_iter().flat_map(str::split_whitespace);
    let name = table.get("project").and_then(|project| project.get("name")).and_then(toml::Value::as_str);
    testpaths(dir, listed.chain(written), name.unwrap_or_default())
}

/// The same of `setup.cfg`, where the folders stand on one line or on lines of their own.
pub(super) fn of_setup_cfg(dir: &str, text: &str) -> Rules {
    let section = text.split_once("[tool:pytest]").map_or("", |(_, rest)| rest);
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let mut lines = lines.skip_while(|line| !line.trim_start().starts_with("testpaths"));
    let first = lines.next().and_then(|line| line.split_once('=')).map_or("", |(_, paths)| paths);
    let more = lines.take_while(|line| line.starts_with(char::is_whitespace));
    let name = text.lines().find_map(|line| line.strip_prefix("name")?.trim_start().strip_prefix('='));
    let paths = std::iter::once(first).chain(more).flat_map(str::split_whitespace);
    testpaths(dir, paths, name.unwrap_or_default().trim())
}

fn testpaths<'a>(dir: &str, paths: impl Iterator<Item = &'a str>, package: &str) -> Rules {
    let package = package.replace('-', "_").to_lowercase();
    let is_of_product = |path: &str| {
        let last = file_name(path).to_lowercase();
        last.is_empty() || last == package || ["src", "lib", "doc", "docs", "."].contains(&last.as_str())
    };
    let folders = paths.take(MAX_RULES).map(|path| path.trim_start_matches("./").trim_end_matches('/'));
    let folders = folders.filter(|path| !is_of_product(path) && !path.contains(['*', '.']));
    let rule = || RoleRule::new(Role::Test, "manifest:testpaths".to_owned(), false, ".py");
    folders.filter_map(|path| Some((format!("{}/", join(dir, path)?), rule()))).collect()
}

/// Reads the files that the scripts of an npm package run.
pub(super) fn of_package(dir: &str, json: &Json) -> Rules {
    let scripts = json["scripts"].as_object().into_iter().flatten().take(MAX_RULES);
    let scripts = scripts.filter(|(name, _)| {
        let first = name.split(':').next().unwrap_or_default();
        !RUNNING_SCRIPTS.contains(&first)
    });
    scripts.flat_map(|(name, command)| run_by(dir, name, command.as_str().unwrap_or_default())).collect()
}

fn run_by(dir: &str, name: &str, command: &str) -> Rules {
    let words: Vec<&str> = command.split_whitespace().collect();
    let files = words.iter().enumerate().filter(|(_, word)| RUNNERS.contains(word)).filter_map(|(at, _)| {
        let mut arguments = words[at + 1..].iter().filter(|word| !word.starts_with('-') && **word != "run");
        arguments.next().map(|file| file.trim_matches(['"', '\'']))
    });
    let is_product = |file: &str| {
        let first = file.trim_start_matches("./").split('/').next().unwrap_or_default();
        matches!(first, "src" | "lib" | "app" | "dist" | "build")
    };
    let endings = [".js", ".cjs", ".mjs", ".ts", ".cts", ".mts"];
    let files = files.filter(|file| !is_product(file));
    let files =
        files.filter_map(|file| Some((file, *endings.iter().find(|ending| file.ends_with(**ending))?)));
    files
        .filter_map(|(file, ending)| {
            let rule = RoleRule::new(Role::Script, format!("manifest:scripts.{name}"), false, ending);
            Some((join(dir, file)?, rule))
        })
        .collect()
}
