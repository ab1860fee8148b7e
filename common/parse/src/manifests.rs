//! What a repository's manifests say about where its modules are, and what its files are for.
//!
//! Only names and folders are read. A manifest that is broken or too large is passed over: linking
//! then falls back on each language's own conventions.

mod programs;
mod roles;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

pub(crate) use self::roles::RoleRule;

/// Manifests are written by hand; a larger one is generated data of another kind.
pub const MAX_MANIFEST_BYTES: usize = 1 << 20;
/// More manifests than this are test data, not workspace members.
pub const MAX_MANIFESTS: usize = 10_000;

/// A project with more folders of modules than this is generated.
const MAX_PYTHON_ROOTS: usize = 32;

/// Manifests that describe their package, those that rarely stand beside another language's first: many
/// repositories carry a `package.json` for their tools alone.
const DESCRIBED_IN: [&str; 3] = ["Cargo.toml", "pyproject.toml", "package.json"];

/// Manifests of one repository, by the folder that holds them (empty for the root).
#[derive(Debug, Clone, Default)]
pub struct Manifests {
    n_added: usize,
    pub(crate) crates: BTreeMap<String, Crate>,
    pub(crate) go_modules: BTreeMap<String, String>,
    pub(crate) node_packages: BTreeMap<String, NodePackage>,
    pub(crate) ts_configs: BTreeMap<String, TsConfig>,
    /// Folders that the Python modules of a project are imported from, by the project's folder.
    pub(crate) python_roots: BTreeMap<String, BTreeSet<String>>,
    /// What files are for, by path; folders end with `/`.
    pub(crate) roles: BTreeMap<String, RoleRule>,
    /// What the manifests at the root say the package is, by the rank of the manifest.
    descriptions: BTreeMap<usize, String>,
}

/// One Cargo package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Crate {
    /// As it is named in source; empty for a virtual workspace.
    pub(crate) name: String,
    pub(crate) lib_path: String,
    /// Crates that it may name, as they are named in source.
    pub(crate) dependencies: BTreeMap<String, Dependency>,
    /// Crates that members of its workspace may ask for with `workspace = true`.
    pub(crate) workspace: BTreeMap<String, Dependency>,
}

/// Where a dependency's code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dependency {
    /// Name of the package, which a rename may differ from.
    Package(String),
    /// Folder of a package in this repository.
    Folder(String),
    /// As the workspace around says under the same name.
    Workspace,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NodePackage {
    pub(crate) name: String,
    /// The file that `require` of the folder leads to.
    pub(crate) main: Option<String>,
    /// Packages that it imports by another name than their own.
    pub(crate) aliases: BTreeMap<String, Dependency>,
    /// Files that importing the bare name may lead to, best first.
    pub(crate) entries: Vec<String>,
    /// `./sub` or `./sub/*` to files.
    pub(crate) exports: Vec<(String, Vec<String>)>,
    /// What the package's own files may name: `#sub` or `#sub/*` to files.
    pub(crate) imports: Vec<(String, Vec<String>)>,
    /// Names of all packages that it depends on, for whatever it does.
    pub(crate) dependencies: BTreeSet<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TsConfig {
    pub(crate) base_url: Option<String>,
    /// Pattern with at most one `*`, and the folders it stands for.
    pub(crate) paths: Vec<(String, Vec<String>)>,
}

impl Manifests {
    /// Tells whether a file of this name is worth handing to [`Manifests::add`].
    pub fn is_manifest(path: &str) -> bool {
        let name = file_name(path);
        matches!(name, "Cargo.toml" | "go.mod" | "package.json" | "pyproject.toml" | "setup.cfg")
            || is_ts_config(name)
    }

    /// What the package at the root is, in the words of its manifest.
    pub fn description(&self) -> Option<&str> {
        self.descriptions.values().next().map(String::as_str)
    }

    /// Reads one manifest; what is no manifest, broken or too large changes nothing.
    pub fn add(&mut self, path: &str, text: &str) {
        if text.len() > MAX_MANIFEST_BYTES || self.n_added == MAX_MANIFESTS {
            return;
        }
        self.n_added += 1;
        let dir = folder(path).to_owned();
        if let Some(rank) = DESCRIBED_IN.iter().position(|name| *name == path)
            && let Some(description) = read_description(path, text)
        {
            self.descriptions.insert(rank, description);
        }
        match file_name(path) {
            "Cargo.toml" => {
                let Ok(table) = text.parse::<toml::Table>() else { return };
                self.roles.extend(roles::of_cargo(&dir, &table));
                self.add_programs(programs::of_cargo(&dir, &table));
                drop(read_cargo(&dir, &table).map(|found| self.crates.insert(dir, found)));
            }
            "go.mod" => drop(read_go_mod(text).map(|module| self.go_modules.insert(dir, module))),
            "package.json" => {
                let Some(json) = read_json(text) else { return };
                self.roles.extend(roles::of_package(&dir, &json));
                self.add_programs(programs::of_package(&dir, &json));
                self.node_packages.insert(dir.clone(), read_package(&dir, &json));
            }
            "pyproject.toml" => {
                let table = text.parse::<toml::Table>().unwrap_or_default();
                self.roles.extend(roles::of_pyproject(&dir, &table));
                self.add_python_roots(&dir, read_pyproject(&dir, &table));
                self.add_programs(programs::of_pyproject(&self.python_roots[&dir], &table));
            }
            "setup.cfg" => {
                self.roles.extend(roles::of_setup_cfg(&dir, text));
                self.add_python_roots(&dir, read_setup_cfg(&dir, text));
                self.add_programs(programs::of_setup_cfg(&self.python_roots[&dir], text));
            }
            name if is_ts_config(name) => {
                // `tsconfig.json` wins over its variants (`tsconfig.build.json`), which extend it.
                let found = read_json(text).map(|json| read_ts_config(&dir, &json));
                if let Some(config) =
                    found.filter(|_| name == "tsconfig.json" || !self.ts_configs.contains_key(&dir))
                {
                    self.ts_configs.insert(dir, config);
                }
            }
            _ => {}
        }
    }

    /// What a manifest says of a file's role otherwise comes first.
    fn add_programs(&mut self, programs: programs::Programs) {
        for (path, names) in programs {
            self.roles.entry(path).or_insert_with(|| RoleRule::program(&names));
        }
    }

    /// A project's own folder and its `src` are such folders too.
    fn add_python_roots(&mut self, dir: &str, named: Vec<String>) {
        let roots = self.python_roots.entry(dir.to_owned()).or_default();
        roots.insert(dir.to_owned());
        roots.extend(join(dir, "src"));
        roots.extend(named.into_iter().take(MAX_PYTHON_ROOTS));
    }
}

fn is_ts_config(name: &str) -> bool {
    (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json")
}

/// Returns the folder of a path, empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

pub(crate) fn file_name(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

/// Joins a relative path to a folder; `None` when it leaves the repository.
pub(crate) fn join(dir: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Reads the one line that registries show of a package.
fn read_description(path: &str, text: &str) -> Option<String> {
    let description = if path.ends_with(".json") {
        read_json(text)?["description"].as_str()?.to_owned()
    } else {
        let table: toml::Table = text.parse().ok()?;
        let section = table
            .get("package")
            .or_else(|| table.get("project"))
            .or_else(|| table.get("tool")?.get("poetry"));
        section?.get("description")?.as_str()?.to_owned()
    };
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn read_cargo(dir: &str, table: &toml::Table) -> Option<Crate> {
    let string = |section: &str, key: &str| table.get(section)?.get(key)?.as_str();
    let package = string("package", "name").unwrap_or_default();
    let read = |section: Option<&toml::Value>| {
        let entries = section.and_then(toml::Value::as_table).into_iter().flatten();
        let entries = entries.map(|(name, value)| (crate_name(name), dependency(dir, name, value)));
        entries.collect::<BTreeMap<_, _>>()
    };
    let mut dependencies = BTreeMap::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        dependencies.extend(read(table.get(section)));
    }
    Some(Crate {
        name: crate_name(string("lib", "name").unwrap_or(package)),
        lib_path: join(dir, string("lib", "path").unwrap_or("src/lib.rs"))?,
        dependencies,
        workspace: read(table.get("workspace").and_then(|workspace| workspace.get("dependencies"))),
    })
}

fn dependency(dir: &str, name: &str, value: &toml::Value) -> Dependency {
    if value.get("workspace").and_then(toml::Value::as_bool) == Some(true) {
        return Dependency::Workspace;
    }
    let path = value.get("path").and_then(toml::Value::as_str).and_then(|path| join(dir, path));
    let package = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
    path.map_or_else(|| Dependency::Package(crate_name(package)), Dependency::Folder)
}

fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

fn read_go_mod(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| line.starts_with("module"))?;
    let module = line.strip_prefix("module")?.split("//").next()?.trim().trim_matches('"');
    (!module.is_empty()).then(|| module.to_owned())
}

fn read_package(dir: &str, json: &Json) -> NodePackage {
    let mut package =
        NodePackage { name: json["name"].as_str().unwrap_or_default().to_owned(), ..NodePackage::default() };
    let exports = &json["exports"];
    let by_path = exports.as_object().filter(|map| map.keys().any(|key| key.starts_with('.')));
    for (key, target) in by_path.into_iter().flatten() {
        let files = targets(dir, target);
        if key == "." {
            package.entries.extend(files);
        } else {
            package.exports.push((key.clone(), files));
        }
    }
    if by_path.is_none() {
        package.entries.extend(targets(dir, exports));
    }
    let imports = json["imports"].as_object().into_iter().flatten();
    package.imports.extend(imports.map(|(key, target)| (key.clone(), targets(dir, target))));
    package.main = json["main"].as_str().and_then(|path| join(dir, path));
    for section in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] {
        let entries = json[section].as_object().into_iter().flatten();
        package.dependencies.extend(entries.clone().map(|(name, _)| name.clone()));
        let named = entries.filter_map(|(name, range)| Some((name, alias(dir, name, range.as_str()?)?)));
        package.aliases.extend(named.map(|(name, of)| (name.clone(), of)));
    }
    for key in ["source", "module", "main", "types", "typings"] {
        package.entries.extend(json[key].as_str().and_then(|path| join(dir, path)));
    }
    package
}

/// Reads the package that a range stands for: `workspace:@a/b@*`, `npm:b@^1`, `file:../b`; none for a plain range.
fn alias(dir: &str, name: &str, range: &str) -> Option<Dependency> {
    let (protocol, rest) = range.split_once(':')?;
    if rest.starts_with('.') && matches!(protocol, "workspace" | "file" | "link" | "portal") {
        return join(dir, rest).map(Dependency::Folder);
    }
    // The first letter may be the `@` of a scope.
    let end = rest.char_indices().skip(1).find(|(_, c)| *c == '@').map_or(rest.len(), |(at, _)| at);
    let package = &rest[..end];
    let is_name = package.starts_with(|c: char| c == '@' || c.is_ascii_alphabetic());
    (matches!(protocol, "workspace" | "npm") && is_name && package != name)
        .then(|| Dependency::Package(package.to_owned()))
}

/// Conditions nested deeper than this are not written by people.
const MAX_CONDITIONS: usize = 64;

/// Collects every file that the conditions of an `exports` or `imports` value lead to.
fn targets(dir: &str, value: &Json) -> Vec<String> {
    let mut files = Vec::new();
    let mut open = vec![value];
    for _ in 0..MAX_CONDITIONS {
        match open.pop() {
            Some(Json::String(path)) => files.extend(join(dir, path)),
            Some(Json::Object(map)) => open.extend(map.values().rev()),
            Some(Json::Array(list)) => open.extend(list.iter().rev()),
            Some(_) => {}
            None => break,
        }
    }
    files
}

fn read_ts_config(dir: &str, json: &Json) -> TsConfig {
    let options = &json["compilerOptions"];
    let base_url = options["baseUrl"].as_str().and_then(|base| join(dir, base));
    let base = base_url.clone().unwrap_or_else(|| dir.to_owned());
    let paths = options["paths"].as_object().into_iter().flatten().map(|(pattern, list)| {
        let targets = list.as_array().into_iter().flatten().filter_map(Json::as_str);
        (pattern.clone(), targets.filter_map(|target| join(&base, target)).collect())
    });
    TsConfig { base_url, paths: paths.collect() }
}

fn read_pyproject(dir: &str, table: &toml::Table) -> Vec<String> {
    let tool = |keys: &[&str]| keys.iter().try_fold(table.get("tool")?, |value, key| value.get(key));
    let mut roots = Vec::new();
    let where_ = tool(&["setuptools", "packages", "find", "where"]).and_then(toml::Value::as_array);
    roots.extend(where_.into_iter().flatten().filter_map(|root| join(dir, root.as_str()?)));
    let package_dir =
        tool(&["setuptools", "package-dir"]).and_then(|map| map.get("")).and_then(toml::Value::as_str);
    roots.extend(package_dir.and_then(|root| join(dir, root)));
    let from = tool(&["poetry", "packages"]).and_then(toml::Value::as_array);
    roots.extend(from.into_iter().flatten().filter_map(|package| join(dir, package.get("from")?.as_str()?)));
    roots
}

fn read_setup_cfg(dir: &str, text: &str) -> Vec<String> {
    let found = text
        .lines()
        .map(str::trim)
        .filter_map(|line| line.strip_prefix("where")?.trim_start().strip_prefix('='));
    found.filter_map(|root| join(dir, root.trim())).collect()
}

/// Reads JSON as editors write it: with comments and trailing commas.
fn read_json(text: &str) -> Option<Json> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&without_comments(text))).ok()
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => {
                length = (1 + rest[1..].chars().next().map_or(0, char::len_utf8)).min(rest.len())
            }
            '/' if !in_string && rest.starts_with("//") => {
                rest = rest.find('\n').map_or("", |at| &rest[at..]);
                continue;
            }
            '/' if !in_string && rest.starts_with("/*") => {
                rest = rest[2..].find("*/").map_or("", |at| &rest[at + 4..]);
                continue;
            }
            '}' | ']' if !in_string => {
                let kept = out.trim_end().strip_suffix(',').map(str::len);
                out.truncate(kept.unwrap_or(out.len()));
            }
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_names_become_source_names() {
        let mut manifests = Manifests::default();
        let text = "[package]\nname = \"my-net\"\n[dependencies]\nserde = \"1\"\nwire = { path = \"../wire\" }\nlog2 = { package = \"fast-log\" }";
        manifests.add("crates/net/Cargo.toml", text);
        let found = &manifests.crates["crates/net"];
        assert_eq!((found.name.as_str(), found.lib_path.as_str()), ("my_net", "crates/net/src/lib.rs"));
        assert_eq!(found.dependencies["wire"], Dependency::Folder("crates/wire".to_owned()));
        assert_eq!(found.dependencies["log2"], Dependency::Package("fast_log".to_owned()));
    }

    #[test]
    fn ranges_may_name_another_package() {
        let shown = |range: &str| alias("packages/a", "kern", range);
        let package = |name: &str| Some(Dependency::Package(name.to_owned()));
        assert_eq!(shown("workspace:@acme/core@*"), package("@acme/core"));
        assert_eq!(shown("workspace:core@^1.0.0"), package("core"));
        assert_eq!(shown("npm:@acme/core"), package("@acme/core"));
        assert_eq!(shown("file:../core"), Some(Dependency::Folder("packages/core".to_owned())));
        for plain in
            ["workspace:*", "workspace:^", "workspace:~1.2", "^1.0.0", "github:a/b", "npm:kern@1", ""]
        {
            assert_eq!(shown(plain), None, "{plain}");
        }
    }

    #[test]
    fn configurations_may_hold_comments_and_trailing_commas() {
        let mut manifests = Manifests::default();
        let text = "{ // note\n \"compilerOptions\": { \"baseUrl\": \"src\", /* , } */ \"paths\": { \"@/*\": [\"./app/*\",], }, },\n}";
        manifests.add("web/tsconfig.json", text);
        let found = &manifests.ts_configs["web"];
        assert_eq!(found.base_url.as_deref(), Some("web/src"));
        assert_eq!(found.paths, [("@/*".to_owned(), vec!["web/src/app/*".to_owned()])]);
    }

    #[test]
    fn exports_and_main_give_entries() {
        let mut manifests = Manifests::default();
        let text = r#"{"name":"@a/b","main":"dist/x.js","exports":{".":{"import":"./src/index.ts"},"./util":"./src/util.ts"}}"#;
        manifests.add("packages/b/package.json", text);
        let found = &manifests.node_packages["packages/b"];
        assert_eq!(found.entries, ["packages/b/src/index.ts", "packages/b/dist/x.js"]);
        assert_eq!(found.exports, [("./util".to_owned(), vec!["packages/b/src/util.ts".to_owned()])]);
    }

    #[test]
    fn the_root_describes_the_whole() {
        let mut manifests = Manifests::default();
        manifests.add("package.json", r#"{"name":"tools","description":"Tools of the site."}"#);
        manifests.add("crates/a/Cargo.toml", "[package]\nname = \"a\"\ndescription = \"A part.\"");
        assert_eq!(manifests.description(), Some("Tools of the site."));
        manifests
            .add("pyproject.toml", "[project]\nname = \"a\"\ndescription = \"\"\"\nParses\n  dates.\"\"\"");
        assert_eq!(manifests.description(), Some("Parses dates."));
        manifests.add("Cargo.toml", "[package]\nname = \"a\"\ndescription = { workspace = true }");
        assert_eq!(manifests.description(), Some("Parses dates."));
    }

    #[test]
    fn manifests_say_what_files_are_for() {
        let mut manifests = Manifests::default();
        manifests.add(
            "a/Cargo.toml",
            "[package]\nname = \"a\"\n[[test]]\nname = \"it\"\npath = \"it/main.rs\"\n[[bench]]\nname = \"b\"\n[[example]]\nname = \"c\"\npath = \"c.rs\"",
        );
        manifests.add(
            "pyproject.toml",
            "[project]\nname = \"my-pack\"\n[tool.pytest.ini_options]\ntestpaths = [\"checks\", \"my_pack\", \"src\"]",
        );
        manifests.add(
            "b/setup.cfg",
            "[metadata]\nname = b\n[tool:pytest]\ntestpaths =\n    checks/unit\n    docs\n[x]\n",
        );
        manifests.add(
            "web/package.json",
            r#"{"scripts":{"build":"tsc && node --trace ./make/all.mjs","start":"node server.js","check":"node src/main.js"}}"#,
        );
        let shown: Vec<String> = manifests
            .roles
            .iter()
            .map(|(path, rule)| format!("{path} {} {}", rule.found.role, rule.found.reason))
            .collect();
        assert_eq!(
            shown,
            [
                "a/build.rs script manifest:build",
                "a/c.rs example manifest:[[example]]",
                "a/it/ test manifest:[[test]]",
                "a/it/main.rs test manifest:[[test]]",
                "a/src/main.rs product manifest:program a",
                "b/checks/unit/ test manifest:testpaths",
                "checks/ test manifest:testpaths",
                "web/make/all.mjs script manifest:scripts.build",
            ]
        );
    }

    #[test]
    fn paths_stay_within_the_repository() {
        assert_eq!(join("a/b", "../c").as_deref(), Some("a/c"));
        assert_eq!(join("a", "../../etc"), None);
    }

    #[test]
    fn python_projects_have_roots_of_their_own() {
        let mut manifests = Manifests::default();
        manifests.add("a/pyproject.toml", "[tool.setuptools.packages.find]\nwhere = [\"lib\"]");
        manifests.add("setup.cfg", "[options]\n");
        let roots: Vec<&str> = manifests.python_roots["a"].iter().map(String::as_str).collect();
        assert_eq!(roots, ["a", "a/lib", "a/src"]);
        assert_eq!(manifests.python_roots[""].len(), 2);
    }

    #[test]
    fn broken_manifests_change_nothing() {
        let mut manifests = Manifests::default();
        for name in ["Cargo.toml", "go.mod", "package.json", "pyproject.toml", "tsconfig.json", "setup.cfg"] {
            manifests.add(name, "{ \"a\\");
            manifests.add(name, "[[[[");
        }
        assert!(
            manifests.crates.is_empty()
                && manifests.go_modules.is_empty()
                && manifests.node_packages.is_empty()
        );
    }
}
