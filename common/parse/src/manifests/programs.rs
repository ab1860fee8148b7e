//! Which files the programs of a package start in: `[project.scripts]`, `[[bin]]` and `bin`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::join;

/// A package with more programs is generated.
const MAX_PROGRAMS: usize = 200;
/// Folders of what a build writes; the source of a file in them lies in `src`.
const BUILT: [&str; 4] = ["dist", "build", "lib", "out"];

/// Files by path, each with its programs: `luigi=luigi_run`, or the name alone where the file itself is run.
///
/// No file is looked up: of several places that a file may have, all are named.
pub(super) type Programs = BTreeMap<String, BTreeSet<String>>;

/// Reads the programs of a Cargo package; one that is never published below the root is a tool of its authors.
pub(super) fn of_cargo(dir: &str, table: &toml::Table) -> Programs {
    let mut programs = Programs::new();
    let Some(package) = table.get("package") else { return programs };
    let is_private = package.get("publish").and_then(toml::Value::as_bool) == Some(false);
    let name = package.get("name").and_then(toml::Value::as_str).unwrap_or_default();
    if name.is_empty() || is_private && !dir.is_empty() {
        return programs;
    }
    let mut add = |path: &str, name: &str| {
        if let Some(path) = join(dir, path) {
            programs.entry(path).or_default().insert(word(name));
        }
    };
    let bins = table.get("bin").and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    for bin in bins.iter().take(MAX_PROGRAMS) {
        let string = |key: &str| bin.get(key).and_then(toml::Value::as_str);
        let own = string("name").unwrap_or(name);
        match string("path") {
            Some(path) => add(path, own),
            None if own == name => add("src/main.rs", own),
            None => {
                add(&format!("src/bin/{own}.rs"), own);
                add(&format!("src/bin/{own}/main.rs"), own);
            }
        }
    }
    if bins.is_empty() {
        add("src/main.rs", name);
    }
    programs
}

/// Reads the programs of an npm package.
pub(super) fn of_package(dir: &str, json: &Json) -> Programs {
    let mut programs = Programs::new();
    let own = json["name"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let named = json["bin"].as_object().into_iter().flatten();
    let named = named.filter_map(|(name, path)| Some((name.as_str(), path.as_str()?)));
    for (name, path) in
        json["bin"].as_str().map(|path| (own, path)).into_iter().chain(named).take(MAX_PROGRAMS)
    {
        for path in sources(path) {
            if let Some(path) = join(dir, &path) {
                programs.entry(path).or_default().insert(word(name));
            }
        }
    }
    programs
}

/// Lists where the source of a file may be that a package names: `dist/cli.js` may come from `src/cli.ts`.
fn sources(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("./");
    let mut found = vec![path.to_owned()];
    let built = path.split_once('/').filter(|(first, _)| BUILT.contains(first));
    if let Some((_, rest)) = built {
        let stem = rest.rsplit_once('.').map_or(rest, |(stem, _)| stem);
        found.extend(["ts", "mts", "tsx", "js", "mjs"].map(|ending| format!("src/{stem}.{ending}")));
    }
    found
}

/// Reads `[project.scripts]` of a Python project, or those of Poetry.
pub(super) fn of_pyproject(roots: &BTreeSet<String>, table: &toml::Table) -> Programs {
    let scripts = |section: Option<&toml::Value>| section?.get("scripts")?.as_table().cloned();
    let of_project = scripts(table.get("project"));
    let found = of_project.or_else(|| scripts(table.get("tool").and_then(|tool| tool.get("poetry"))));
    let found = found.unwrap_or_default();
    let pairs = found.iter().filter_map(|(name, target)| Some((name.as_str(), target.as_str()?)));
    of_python(roots, pairs)
}

/// Reads the `console_scripts` of `setup.cfg`.
pub(super) fn of_setup_cfg(roots: &BTreeSet<String>, text: &str) -> Programs {
    let section = text.split_once("[options.entry_points]").map_or("", |(_, rest)| rest);
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let lines = lines.skip_while(|line| !line.trim_start().starts_with("console_scripts"));
    let lines = lines.skip(1).take_while(|line| line.starts_with(char::is_whitespace));
    of_python(roots, lines.filter_map(|line| line.split_once('=')))
}

/// Finds the modules of targets such as `luigi.cmdline:luigi_run`.
fn of_python<'a>(roots: &BTreeSet<String>, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Programs {
    let mut programs = Programs::new();
    for (name, target) in pairs.take(MAX_PROGRAMS) {
        let (module, callable) = target.trim().split_once(':').unwrap_or((target.trim(), ""));
        // Extras stand in brackets behind the target.
        let callable = callable.split([' ', '[']).next().unwrap_or_default();
        let module = module.replace('.', "/");
        let program = match callable {
            "" => word(name),
            callable => format!("{}={callable}", word(name)),
        };
        for root in roots {
            for path in [format!("{module}.py"), format!("{module}/__init__.py")] {
                if let Some(path) = join(root, &path) {
                    programs.entry(path).or_default().insert(program.clone());
                }
            }
        }
    }
    programs
}

/// A name without what divides programs in a reason.
fn word(name: &str) -> String {
    name.trim().replace(['=', ' '], "-")
}
