//! Where a module that source names lies in the repository, by each language's conventions.

use docpack::Language;

use crate::manifests::{Dependency, file_name, folder, join};
use crate::resolve::repository::{FileIdx, FolderIdx, Repository};

/// Folders above a file that may be projects of their own.
const MAX_FOLDERS_ABOVE: usize = 32;
/// A module of one name that more projects have is not told apart.
const MAX_OTHER_ROOTS: usize = 64;

/// What a module's name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module<'t> {
    File(FileIdx),
    /// A Go package, or a Python package without `__init__`.
    Folder(FolderIdx),
    /// A package outside the repository.
    External(&'t str),
    /// It should lie in the repository, and does not.
    Missing,
}

/// Finds the module that an import statement of this file names.
pub(crate) fn find<'t>(repository: &Repository, from: FileIdx, module: &'t str) -> Module<'t> {
    match repository.file(from).language {
        Language::Python => python(repository, from, module),
        Language::TypeScript | Language::JavaScript => javascript(repository, from, module),
        Language::Go => go(repository, module),
        Language::Rust => Module::Missing,
    }
}

fn python<'t>(repository: &Repository, from: FileIdx, module: &'t str) -> Module<'t> {
    let dir = folder(&repository.file(from).path);
    let name = module.trim_start_matches('.');
    let n_dots = module.len() - name.len();
    let relative = name.replace('.', "/");
    if n_dots > 0 {
        let base = (1..n_dots).try_fold(dir, |dir, _| (!dir.is_empty()).then(|| folder(dir)));
        let found = base.and_then(|base| join(base, &relative)).and_then(|path| python_at(repository, &path));
        return found.unwrap_or(Module::Missing);
    }
    let first = name.split('.').next().unwrap_or(name);
    let mut is_ours = false;
    for root in python_roots(repository, dir) {
        let Some(path) = join(root, &relative) else { continue };
        if let Some(found) = python_at(repository, &path) {
            return found;
        }
        let top = join(root, first).and_then(|path| python_at(repository, &path));
        is_ours |= matches!(top, Some(Module::File(_)));
    }
    match (is_ours, elsewhere(repository, first, &relative)) {
        (_, Some(found)) => found,
        (true, None) => Module::Missing,
        (false, None) => Module::External(first),
    }
}

/// The folder above the importer's own package, then those of the projects around it, the nearest first.
fn python_roots<'r>(repository: &'r Repository, dir: &'r str) -> impl Iterator<Item = &'r str> {
    let mut own = dir;
    while !own.is_empty() && repository.find_file(&format!("{own}/__init__.py")).is_some() {
        own = folder(own);
    }
    let around = std::iter::successors(Some(dir), |dir| (!dir.is_empty()).then(|| folder(dir)));
    let of_project = |dir: &'r str| repository.manifests.python_roots.get(dir).into_iter().flatten();
    let named = around.take(MAX_FOLDERS_ABOVE).flat_map(of_project).map(String::as_str);
    [own].into_iter().chain(named).chain(["", "src", "lib"])
}

/// Finds a module in the other projects of the repository, where only one of them has it.
fn elsewhere<'t>(repository: &Repository, first: &str, relative: &str) -> Option<Module<'t>> {
    let roots = repository.python_roots(first);
    if roots.len() > MAX_OTHER_ROOTS {
        return None;
    }
    let mut found = roots.iter().filter_map(|root| python_at(repository, &join(root, relative)?));
    let one = found.next()?;
    found.all(|other| other == one).then_some(one)
}

/// Finds a module or package at a path without extension.
pub(crate) fn python_at<'t>(repository: &Repository, path: &str) -> Option<Module<'t>> {
    let ends: &[&str] = match path {
        "" => &["__init__.py"],
        _ => &[".py", "/__init__.py", ".pyi", "/__init__.pyi"],
    };
    let mut name = path.to_owned();
    let mut file_with = |end: &&str| {
        name.truncate(path.len());
        name.push_str(end);
        repository.find_file(&name)
    };
    ends.iter().find_map(&mut file_with).map(Module::File).or_else(|| {
        let found = repository.find_folder(path)?;
        let dir = format!("{path}/");
        let holds_python = |file: &&crate::resolve::slim::SlimFile| {
            file.language == Language::Python && file.path.starts_with(&dir)
        };
        let start = repository.files.partition_point(|file| file.path < dir);
        let holds = repository.files[start..]
            .iter()
            .take_while(|file| file.path.starts_with(&dir))
            .find(holds_python)
            .is_some();
        holds.then_some(Module::Folder(found))
    })
}

/// Finds the submodule of a package.
pub(crate) fn python_child<'t>(
    repository: &Repository,
    package: Module<'_>,
    name: &str,
) -> Option<Module<'t>> {
    let dir = match package {
        Module::File(file) => folder_of_package(&repository.file(file).path)?,
        Module::Folder(idx) => repository.folders.get(idx as usize)?.0.as_str(),
        Module::External(_) | Module::Missing => return None,
    };
    python_at(repository, &join(dir, name)?)
}

fn folder_of_package(path: &str) -> Option<&str> {
    matches!(file_name(path), "__init__.py" | "__init__.pyi").then(|| folder(path))
}

const SCRIPT_EXTENSIONS: &[&str] =
    &[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts", ".d.mts", ".d.cts"];

fn javascript<'t>(repository: &Repository, from: FileIdx, specifier: &'t str) -> Module<'t> {
    let dir = folder(&repository.file(from).path);
    if specifier.starts_with('.') {
        let file = join(dir, specifier).and_then(|path| {
            let names_folder = specifier.ends_with('/') || matches!(file_name(specifier), "." | "..");
            let file = if names_folder { None } else { file_at(repository, &path) };
            file.or_else(|| folder_at(repository, &path))
        });
        return file.map_or(Module::Missing, Module::File);
    }
    let found = by_ts_config(repository, dir, specifier)
        .or_else(|| by_own_package(repository, dir, specifier))
        .or_else(|| by_package(repository, dir, specifier));
    found.map_or_else(|| Module::External(package_name(specifier)), Module::File)
}

/// Finds the script that a path stands for: a file, else what its folder holds.
fn script_at(repository: &Repository, path: &str) -> Option<FileIdx> {
    file_at(repository, path).or_else(|| folder_at(repository, path))
}

/// Finds the file that a path without, or with the built, extension stands for.
fn file_at(repository: &Repository, path: &str) -> Option<FileIdx> {
    let exact = repository.find_file(path);
    let built = [".js", ".jsx", ".mjs", ".cjs"].iter().find_map(|end| path.strip_suffix(end));
    let source = || {
        built.and_then(|stem| {
            ["ts", "tsx", "mts", "cts", "d.ts"]
                .iter()
                .find_map(|end| repository.find_file(&format!("{stem}.{end}")))
        })
    };
    exact.or_else(source).or_else(|| with_extension(repository, path))
}

fn with_extension(repository: &Repository, stem: &str) -> Option<FileIdx> {
    SCRIPT_EXTENSIONS.iter().find_map(|end| repository.find_file(&format!("{stem}{end}")))
}

/// Finds what a folder stands for: what its `package.json` names as `main`, else its index, else another entry.
fn folder_at(repository: &Repository, dir: &str) -> Option<FileIdx> {
    let package = repository.manifests.node_packages.get(dir);
    let entry = |entry: &String| {
        let built = || built_from(dir, entry).and_then(|source| with_index(repository, &source));
        with_index(repository, entry).or_else(built)
    };
    let main = package.and_then(|package| package.main.as_ref()).and_then(entry);
    let index = || with_extension(repository, &join(dir, "index")?);
    let others = || package?.entries.iter().find_map(entry);
    main.or_else(index).or_else(others)
}

/// Finds a file, else the index of a folder, whatever manifest lies there.
fn with_index(repository: &Repository, path: &str) -> Option<FileIdx> {
    file_at(repository, path).or_else(|| with_extension(repository, &join(path, "index")?))
}

/// Walks up to the nearest configuration whose patterns lead to a file.
fn by_ts_config(repository: &Repository, dir: &str, specifier: &str) -> Option<FileIdx> {
    let mut dir = dir;
    loop {
        if let Some(config) = repository.manifests.ts_configs.get(dir) {
            let by_pattern = config.paths.iter().find_map(|(pattern, targets)| {
                let rest = matched(pattern, specifier)?;
                targets.iter().find_map(|target| script_at(repository, &target.replacen('*', rest, 1)))
            });
            let by_base = || script_at(repository, &join(config.base_url.as_deref()?, specifier)?);
            if let Some(found) = by_pattern.or_else(by_base) {
                return Some(found);
            }
        }
        if dir.is_empty() {
            return None;
        }
        dir = folder(dir);
    }
}

/// Returns what the `*` of a pattern stands for.
fn matched<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    match pattern.split_once('*') {
        Some((before, after)) => text.strip_prefix(before)?.strip_suffix(after),
        None => (pattern == text).then_some(""),
    }
}

/// Finds the file that `imports` of the package around gives for `#name`: of several patterns the longest counts.
fn by_own_package(repository: &Repository, dir: &str, specifier: &str) -> Option<FileIdx> {
    if !specifier.starts_with('#') {
        return None;
    }
    let around = std::iter::successors(Some(dir), |dir| (!dir.is_empty()).then(|| folder(dir)));
    let package =
        around.take(MAX_FOLDERS_ABOVE).find_map(|dir| repository.manifests.node_packages.get(dir))?;
    let fitting = package
        .imports
        .iter()
        .filter_map(|(pattern, targets)| Some((pattern, matched(pattern, specifier)?, targets)));
    let (_, rest, targets) = fitting.max_by_key(|(pattern, ..)| pattern.find('*').unwrap_or(usize::MAX))?;
    targets.iter().find_map(|target| script_at(repository, &target.replacen('*', rest, 1)))
}

/// Finds the file that a workspace package gives for a bare or deep import.
fn by_package(repository: &Repository, from: &str, specifier: &str) -> Option<FileIdx> {
    let packages = &repository.manifests.node_packages;
    let name = package_name(specifier);
    let by_name = |name: &str| packages.iter().find(|(_, package)| package.name == name && !name.is_empty());
    let around = std::iter::successors(Some(from), |dir| (!dir.is_empty()).then(|| folder(dir)));
    let alias = around.take(MAX_FOLDERS_ABOVE).find_map(|dir| packages.get(dir)?.aliases.get(name));
    let (dir, package) = match alias {
        Some(Dependency::Folder(dir)) => packages.get_key_value(dir)?,
        Some(Dependency::Package(name)) => by_name(name)?,
        Some(Dependency::Workspace) | None => by_name(name)?,
    };
    let Some(rest) = specifier.strip_prefix(name)?.strip_prefix('/') else {
        let custom = ["src/index", "index", "src/main"].iter().filter_map(|path| join(dir, path));
        return package
            .entries
            .iter()
            .cloned()
            .chain(custom)
            .find_map(|entry| entry_at(repository, dir, &entry));
    };
    let exported = package.exports.iter().find_map(|(pattern, targets)| {
        let star = matched(pattern.strip_prefix("./")?, rest)?;
        targets.iter().find_map(|target| entry_at(repository, dir, &target.replacen('*', star, 1)))
    });
    exported.or_else(|| {
        ["", "src"].iter().find_map(|under| script_at(repository, &join(&join(dir, under)?, rest)?))
    })
}

/// Entries often name built files; the source lies in `src` under the same name.
fn entry_at(repository: &Repository, dir: &str, entry: &str) -> Option<FileIdx> {
    script_at(repository, entry).or_else(|| script_at(repository, &built_from(dir, entry)?))
}

/// Returns the path that a built file of a package has in its `src`.
fn built_from(dir: &str, entry: &str) -> Option<String> {
    let inner = entry.strip_prefix(dir)?.trim_start_matches('/');
    let (built, rest) = inner.split_once('/')?;
    let is_built = matches!(built, "dist" | "lib" | "build" | "out" | "esm" | "cjs");
    is_built.then(|| join(&join(dir, "src")?, rest)).flatten()
}

/// Returns `@scope/name` or `name` of an import such as `@scope/name/deep`.
fn package_name(specifier: &str) -> &str {
    let bare = specifier.strip_prefix("node:").unwrap_or(specifier);
    let n_parts = if bare.starts_with('@') { 2 } else { 1 };
    let end = bare.match_indices('/').nth(n_parts - 1).map_or(bare.len(), |(at, _)| at);
    &bare[..end]
}

fn go<'t>(repository: &Repository, path: &'t str) -> Module<'t> {
    let mut is_ours = false;
    for (dir, module) in &repository.manifests.go_modules {
        // The standard library's own module is imported without its name.
        let rest = if module == "std" { Some(path) } else { path.strip_prefix(module.as_str()) };
        let Some(rest) = rest.filter(|rest| module == "std" || rest.is_empty() || rest.starts_with('/'))
        else {
            continue;
        };
        is_ours |= module != "std";
        let found = join(dir, rest).and_then(|dir| repository.find_folder(&dir));
        if let Some(found) = found.filter(|found| !repository.folder_files(*found).is_empty()) {
            return Module::Folder(found);
        }
    }
    if is_ours { Module::Missing } else { Module::External(path) }
}

/// Finds the file of `mod name;`, as written in this file, where only one can be meant.
pub(crate) fn rust_child(repository: &Repository, file: FileIdx, name: &str) -> Option<FileIdx> {
    match rust_children(repository, file, name).as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// Finds the files of `mod name;`: where it says, and where its name leads if some line says nothing.
pub(crate) fn rust_children(repository: &Repository, file: FileIdx, name: &str) -> Vec<FileIdx> {
    let beside = || rust_child_beside(repository, file, name);
    let Some(word) = repository.words.known(name) else { return beside().into_iter().collect() };
    let Some(told) = repository.module_files(file, word) else { return beside().into_iter().collect() };
    let mut all = told.to_vec();
    if repository.has_module(file, word) {
        all.extend(beside().filter(|beside| !told.contains(beside)));
    }
    all
}

fn rust_child_beside(repository: &Repository, file: FileIdx, name: &str) -> Option<FileIdx> {
    let dir = rust_children_folder(repository, file);
    let at = |path: Option<String>| {
        path.and_then(|path| repository.find_file(&path)).filter(|found| *found != file)
    };
    at(join(&dir, &format!("{name}.rs"))).or_else(|| at(join(&dir, &format!("{name}/mod.rs"))))
}

/// `lib.rs`, `main.rs`, `mod.rs`, targets of their own and files named by a path have their children beside them.
fn rust_children_folder(repository: &Repository, file: FileIdx) -> String {
    let path = &repository.file(file).path;
    let dir = folder(path);
    let is_target = matches!(file_name(dir), "bin" | "tests" | "examples" | "benches");
    match file_name(path) {
        "lib.rs" | "main.rs" | "mod.rs" | "build.rs" => dir.to_owned(),
        _ if is_target || repository.module_parent(file).is_some() => dir.to_owned(),
        name => join(dir, name.trim_end_matches(".rs")).unwrap_or_default(),
    }
}

/// Finds the file whose `mod` leads to this one; where none can be read, the first that may have it.
pub(crate) fn rust_parent(repository: &Repository, file: FileIdx) -> Option<FileIdx> {
    rust_declaring(repository, file)
        .or_else(|| repository.module_parent(file))
        .or_else(|| rust_parents(repository, file).into_iter().next())
}

/// Finds the file that has a `mod` by this one's name, where this one is looked for.
pub(crate) fn rust_declaring(repository: &Repository, file: FileIdx) -> Option<FileIdx> {
    let (_, stem) = rust_module_name(&repository.file(file).path)?;
    let name = repository.words.known(stem)?;
    rust_parents(repository, file).into_iter().find(|parent| repository.has_module(*parent, name))
}

/// The folder that a module's file stands for itself in, and the module's name; roots of crates have none.
pub(crate) fn rust_module_name(path: &str) -> Option<(&str, &str)> {
    match file_name(path) {
        "lib.rs" | "main.rs" | "build.rs" => None,
        "mod.rs" => Some((folder(folder(path)), file_name(folder(path)))),
        name => Some((folder(path), name.trim_end_matches(".rs"))),
    }
}

/// Every file that may hold the `mod` of this one.
fn rust_parents(repository: &Repository, file: FileIdx) -> Vec<FileIdx> {
    let Some((dir, stem)) = rust_module_name(&repository.file(file).path) else { return Vec::new() };
    let is_target = matches!(file_name(dir), "bin" | "tests" | "examples" | "benches");
    let beside = ["mod.rs", "lib.rs", "main.rs"].iter().filter_map(|name| join(dir, name));
    let above = join(folder(dir), &format!("{}.rs", file_name(dir)));
    beside
        .chain(above)
        .filter_map(|path| repository.find_file(&path))
        .filter(|parent| *parent != file)
        .filter(|parent| !is_target || rust_child_beside(repository, *parent, stem) == Some(file))
        .collect()
}

/// A module lies at most this deep below its crate's root.
const MAX_MODULE_DEPTH: usize = 64;

/// Finds the crate root above a Rust file; other files are their own.
pub(crate) fn root(repository: &Repository, file: FileIdx) -> FileIdx {
    let mut root = file;
    if repository.file(file).language != Language::Rust {
        return root;
    }
    for _ in 0..MAX_MODULE_DEPTH {
        match rust_parent(repository, root) {
            Some(parent) => root = parent,
            None => break,
        }
    }
    root
}

/// Finds the library that a crate name stands for in this file.
pub(crate) fn rust_crate<'t>(repository: &Repository, file: FileIdx, name: &'t str) -> Option<Module<'t>> {
    if matches!(name, "std" | "core" | "alloc" | "proc_macro" | "test") {
        return Some(Module::External("std"));
    }
    let crates = &repository.manifests.crates;
    let mut dir = folder(&repository.file(file).path);
    let own = loop {
        match crates.get(dir).filter(|found| !found.name.is_empty()) {
            Some(found) => break Some(found),
            None if dir.is_empty() => break None,
            None => dir = folder(dir),
        }
    };
    let library = |path: &str| repository.find_file(path).map(Module::File);
    let by_name = |name: &str| {
        crates.values().find(|found| found.name == name).and_then(|found| library(&found.lib_path))
    };
    if own.is_some_and(|own| own.name == name) {
        return by_name(name);
    }
    let declared = match own.and_then(|own| own.dependencies.get(name)) {
        Some(Dependency::Workspace) => of_workspace(repository, dir, name),
        declared => declared,
    };
    match declared {
        Some(Dependency::Folder(dir)) => {
            crates.get(dir).and_then(|found| library(&found.lib_path)).or(Some(Module::External(name)))
        }
        Some(Dependency::Package(package)) => by_name(package).or(Some(Module::External(name))),
        Some(Dependency::Workspace) | None => by_name(name),
    }
}

/// Finds what the nearest workspace around a package says of a dependency.
fn of_workspace<'r>(repository: &'r Repository, dir: &str, name: &str) -> Option<&'r Dependency> {
    let crates = &repository.manifests.crates;
    let around = std::iter::successors(Some(dir), |dir| (!dir.is_empty()).then(|| folder(dir)));
    around.take(MAX_FOLDERS_ABOVE).find_map(|dir| crates.get(dir)?.workspace.get(name))
}
