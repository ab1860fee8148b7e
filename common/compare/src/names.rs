//! The names by which code outside of the repository reaches a symbol, by each language's rules.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Import, SourceFile, SourceMap, Symbol};
use docpack::{Language, SymbolKind};

/// Rounds of following names that were imported from where they were imported; real code has two or three.
const MAX_ROUNDS: usize = 8;
/// Names of one symbol; cyclic exports would give more and more.
const MAX_NAMES: usize = 16;

/// Names of every symbol of a pack.
pub(crate) struct Names {
    public: Vec<BTreeSet<String>>,
    /// Every name that an import statement outside could use, promised or not, by language.
    reachable: BTreeMap<(String, String), BTreeSet<usize>>,
}

impl Names {
    pub(crate) fn of(
        source_map: &SourceMap,
        symbols: &[&Symbol],
        parents: &[Option<usize>],
        owners: &[Option<usize>],
    ) -> Self {
        let (modules, named, files) = (modules(symbols), named(symbols), files(source_map));
        let all = All { symbols, parents, owners, modules, named, files };
        let mut names = Self { public: vec![BTreeSet::new(); symbols.len()], reachable: BTreeMap::new() };
        for (at, symbol) in symbols.iter().enumerate() {
            names.add_reachable(symbol, symbol.qualified_name.clone(), at);
            if all.is_promised(at) {
                names.public[at].insert(symbol.qualified_name.clone());
            }
        }
        all.add_rust(&mut names);
        all.add_imports(&mut names);
        all.add_members(&mut names);
        names
    }

    /// Lists the names that the repository promises; none if the symbol is internal.
    pub(crate) fn public(&self, at: usize) -> &BTreeSet<String> {
        &self.public[at]
    }

    /// Finds the symbols that a name leads to.
    pub(crate) fn reached(&self, language: &str, name: &str) -> impl Iterator<Item = usize> {
        let found = self.reachable.get(&(language.to_owned(), name.to_owned()));
        found.into_iter().flatten().copied()
    }

    fn add_reachable(&mut self, symbol: &Symbol, name: String, at: usize) {
        self.reachable.entry((symbol.language.as_str().to_owned(), name)).or_default().insert(at);
    }

    fn add_public(&mut self, symbol: &Symbol, name: String, at: usize) {
        if self.public[at].len() < MAX_NAMES {
            self.add_reachable(symbol, name.clone(), at);
            self.public[at].insert(name);
        }
    }
}

/// What names follow from.
struct All<'a> {
    symbols: &'a [&'a Symbol],
    parents: &'a [Option<usize>],
    owners: &'a [Option<usize>],
    modules: BTreeMap<(&'a str, &'a str), usize>,
    named: BTreeMap<&'a str, Vec<usize>>,
    files: BTreeMap<&'a str, &'a SourceFile>,
}

fn files(source_map: &SourceMap) -> BTreeMap<&str, &SourceFile> {
    source_map.files.iter().map(|file| (file.file_path.as_str(), file)).collect()
}

fn named<'a>(symbols: &[&'a Symbol]) -> BTreeMap<&'a str, Vec<usize>> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, symbol) in symbols.iter().enumerate() {
        named.entry(&symbol.qualified_name).or_default().push(at);
    }
    named
}

fn modules<'a>(symbols: &[&'a Symbol]) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut modules = BTreeMap::new();
    for (at, symbol) in symbols.iter().enumerate().filter(|(_, it)| it.kind == SymbolKind::Module) {
        modules.entry((symbol.language.as_str(), symbol.qualified_name.as_str())).or_insert(at);
    }
    modules
}

/// A name as Python marks internal ones; `__name__` is not.
pub(crate) fn is_underscored(name: &str) -> bool {
    name.starts_with('_') && !(name.starts_with("__") && name.ends_with("__"))
}

impl<'a> All<'a> {
    fn language(&self, at: usize) -> Option<Language> {
        self.symbols[at].language.known()
    }

    fn module_of_file(&self, path: &str) -> Option<usize> {
        let start = self.symbols.partition_point(|it| it.file_path.as_str() < path);
        let in_file = self.symbols[start..].iter().take_while(|it| it.file_path == path);
        let found = in_file.enumerate().find(|(_, it)| it.kind == SymbolKind::Module);
        found.map(|(at, _)| start + at)
    }

    /// The innermost module around a line.
    fn module_at(&self, path: &str, line: u32) -> Option<usize> {
        let start = self.symbols.partition_point(|it| it.file_path.as_str() < path);
        let in_file = self.symbols[start..].iter().enumerate().take_while(|(_, it)| it.file_path == path);
        let around = in_file.filter(|(_, it)| {
            it.kind == SymbolKind::Module && it.line_range.start <= line && line <= it.line_range.end
        });
        let innermost = around.min_by_key(|(_, it)| it.byte_range.len());
        innermost.map(|(at, _)| start + at).or_else(|| self.module_of_file(path))
    }

    /// Tells whether a symbol's own place is a promise, apart from names that imports add.
    fn is_promised(&self, at: usize) -> bool {
        let symbol = self.symbols[at];
        if !symbol.exported || self.is_local(at) {
            return false;
        }
        let names = || symbol.qualified_name.split(['.', ':', '/']);
        match symbol.language.known() {
            Some(Language::Python) => !names().any(is_underscored),
            Some(Language::TypeScript | Language::JavaScript) => symbol.kind != SymbolKind::Module,
            Some(Language::Go) => {
                !symbol.file_path.ends_with("_test.go")
                    && !symbol.file_path.split('/').any(|folder| folder == "internal")
                    && !symbol.qualified_name.starts_with("main.")
                    && symbol.qualified_name != "main"
                    && self.owners[at].is_none_or(|owner| self.symbols[owner].exported)
            }
            // Names of Rust follow from the modules around a symbol; those of other languages are unknown.
            _ => false,
        }
    }

    /// Tells whether a symbol is inside of a function.
    fn is_local(&self, at: usize) -> bool {
        let mut above = self.parents[at];
        // A chain of parents cannot be longer than there are symbols.
        for _ in 0..self.symbols.len() {
            let Some(parent) = above else { return false };
            let kind = self.symbols[parent].kind.known();
            let is_field = matches!(self.symbols[at].kind.known(), Some(SymbolKind::Field));
            if kind.is_some_and(SymbolKind::is_callable) && !is_field {
                return true;
            }
            above = self.parents[parent];
        }
        true
    }

    /// Adds the names that Rust's `pub mod` and `pub use` give.
    fn add_rust(&self, names: &mut Names) {
        let is_rust = |at: usize| self.language(at) == Some(Language::Rust);
        let public_files = self.public_rust_files();
        let mut inside: BTreeMap<usize, BTreeMap<String, BTreeSet<usize>>> = BTreeMap::new();
        for at in (0..self.symbols.len()).filter(|at| is_rust(*at)) {
            let symbol = self.symbols[at];
            let Some((module, name)) = symbol.qualified_name.rsplit_once("::") else { continue };
            let Some(module) = self.modules.get(&(Language::Rust.as_str(), module)) else { continue };
            let is_file = symbol.kind == SymbolKind::Module && self.parents[at].is_none();
            let is_public =
                if is_file { public_files.contains(symbol.qualified_name.as_str()) } else { symbol.exported };
            if is_public && symbol.kind != SymbolKind::Impl && !self.is_local(at) {
                inside.entry(*module).or_default().entry(name.to_owned()).or_default().insert(at);
            }
        }
        for _ in 0..MAX_ROUNDS {
            if !self.add_uses(&mut inside) {
                break;
            }
        }
        let roots = self.modules.iter().filter(|((language, name), at)| {
            let path = self.symbols[**at].file_path.as_str();
            *language == Language::Rust.as_str()
                && !name.contains("::")
                && !path.ends_with("main.rs")
                && !path.contains("src/bin/")
        });
        for ((_, name), root) in roots {
            names.add_public(self.symbols[*root], (*name).to_owned(), *root);
            self.walk(*root, name, &inside, &mut vec![*root], names);
        }
        for (at, symbol) in self.symbols.iter().enumerate().filter(|(at, _)| is_rust(*at)) {
            // A macro that is exported stands at the root of its crate.
            if symbol.kind == SymbolKind::Macro && symbol.exported {
                let root = symbol.qualified_name.split("::").next().unwrap_or("crate");
                names.add_public(symbol, format!("{root}::{}", symbol.name), at);
            }
        }
    }

    /// The file modules that a `pub mod name;` declares.
    fn public_rust_files(&self) -> BTreeSet<String> {
        let mut public = BTreeSet::new();
        for (path, file) in &self.files {
            for import in file.imports.iter().filter(|it| is_declared(&it.raw, "pub mod ")) {
                let name = import.path.rsplit("::").next().unwrap_or_default();
                if let Some(module) = self.module_at(path, import.line) {
                    public.insert(format!("{}::{name}", self.symbols[module].qualified_name));
                }
            }
        }
        public
    }

    /// Adds what every `pub use` brings into its module; tells whether anything was new.
    fn add_uses(&self, inside: &mut BTreeMap<usize, BTreeMap<String, BTreeSet<usize>>>) -> bool {
        let mut has_new = false;
        for (path, file) in &self.files {
            if file.language != Language::Rust {
                continue;
            }
            for import in file.imports.iter().filter(|it| is_declared(&it.raw, "pub use ")) {
                let Some(module) = self.module_at(path, import.line) else { continue };
                for target in self.rust_targets(module, &import.path, inside) {
                    let is_module = self.symbols[target].kind == SymbolKind::Module;
                    if is_module && is_glob(import) {
                        for (name, found) in inside.get(&target).cloned().unwrap_or_default() {
                            let own = inside.entry(module).or_default().entry(name).or_default();
                            has_new |= found.into_iter().fold(false, |new, it| own.insert(it) | new);
                        }
                    } else {
                        let name = bound_name(import, "::");
                        has_new |= inside.entry(module).or_default().entry(name).or_default().insert(target);
                    }
                }
            }
        }
        has_new
    }

    /// Finds what a path within a module means.
    fn rust_targets(
        &self,
        module: usize,
        path: &str,
        inside: &BTreeMap<usize, BTreeMap<String, BTreeSet<usize>>>,
    ) -> Vec<usize> {
        let here = self.symbols[module].qualified_name.as_str();
        let root = here.split("::").next().unwrap_or(here);
        let (mut base, mut rest) = (here, path);
        loop {
            if let Some(behind) = rest.strip_prefix("self::") {
                rest = behind;
            } else if let Some(behind) = rest.strip_prefix("super::") {
                (base, rest) = (base.rsplit_once("::").map_or(base, |it| it.0), behind);
            } else if let Some(behind) = rest.strip_prefix("crate::") {
                (base, rest) = (root, behind);
            } else {
                break;
            }
        }
        for start in [base, root] {
            let full = format!("{start}::{rest}");
            let is_it = |at: &usize| self.symbols[*at].kind != SymbolKind::Impl;
            let found: Vec<usize> = self.symbols_named(&full).filter(is_it).collect();
            if !found.is_empty() {
                return found;
            }
            let (above, name) = full.rsplit_once("::").unwrap_or((start, rest));
            if let Some(above) = self.modules.get(&(Language::Rust.as_str(), above))
                && let Some(found) = inside.get(above).and_then(|it| it.get(name))
            {
                return found.iter().copied().collect();
            }
        }
        Vec::new()
    }

    fn symbols_named(&self, name: &str) -> impl Iterator<Item = usize> {
        self.named.get(name).into_iter().flatten().copied()
    }

    fn walk(
        &self,
        module: usize,
        path: &str,
        inside: &BTreeMap<usize, BTreeMap<String, BTreeSet<usize>>>,
        way: &mut Vec<usize>,
        names: &mut Names,
    ) {
        for (name, found) in inside.get(&module).into_iter().flatten() {
            let full = format!("{path}::{name}");
            for at in found {
                let is_new = !names.public[*at].contains(&full);
                names.add_public(self.symbols[*at], full.clone(), *at);
                if self.symbols[*at].kind == SymbolKind::Module && is_new && !way.contains(at) {
                    way.push(*at);
                    self.walk(*at, &full, inside, way, names);
                    way.pop();
                }
            }
        }
    }

    /// Adds the names that imports of Python and exports of JavaScript give.
    fn add_imports(&self, names: &mut Names) {
        for (path, file) in &self.files {
            let Some(module) = self.module_of_file(path) else { continue };
            let here = self.symbols[module].qualified_name.as_str();
            match file.language.known() {
                Some(Language::Python) => {
                    let is_public = path.ends_with("__init__.py") && !here.split('.').any(is_underscored);
                    for import in file.imports.iter().filter(|it| it.raw.starts_with("from ")) {
                        self.add_python_import(names, here, import, is_public);
                    }
                }
                Some(Language::TypeScript | Language::JavaScript) => {
                    for import in file.imports.iter().filter(|it| it.raw.starts_with("export")) {
                        self.add_script_export(names, path, here, import);
                    }
                }
                _ => {}
            }
        }
    }

    fn add_python_import(&self, names: &mut Names, here: &str, import: &Import, is_public: bool) {
        if is_glob(import) {
            let within = format!("{}.", import.path);
            let members = self.symbols.iter().enumerate().filter(|(_, it)| {
                it.exported && it.qualified_name.strip_prefix(&within).is_some_and(|rest| !rest.contains('.'))
            });
            for (at, symbol) in members {
                self.add_import(names, symbol, format!("{here}.{}", symbol.name), at, is_public);
            }
            return;
        }
        let name = bound_name(import, ".");
        for at in self.symbols_named(&import.path) {
            let is_public = is_public && !is_underscored(&name);
            self.add_import(names, self.symbols[at], format!("{here}.{name}"), at, is_public);
        }
    }

    fn add_import(&self, names: &mut Names, symbol: &Symbol, name: String, at: usize, is_public: bool) {
        if is_public && symbol.kind != SymbolKind::Module {
            names.add_public(symbol, name, at);
        } else {
            names.add_reachable(symbol, name, at);
        }
    }

    fn add_script_export(&self, names: &mut Names, path: &str, here: &str, import: &Import) {
        let (from, name) = import.path.split_once('#').unwrap_or((&import.path, "*"));
        let folder = path.rsplit_once('/').map_or("", |it| it.0);
        let Some(module) = self.script_module(&joined(folder, from)) else { return };
        let there = self.symbols[module];
        let start = self.symbols.partition_point(|it| it.file_path < there.file_path);
        let in_file = self.symbols.iter().enumerate().skip(start);
        let in_file = in_file.take_while(|(_, it)| it.file_path == there.file_path);
        let exported = in_file.filter(|(_, it)| it.exported && it.kind != SymbolKind::Module);
        for (at, symbol) in exported.filter(|(at, _)| self.owners[*at] == Some(module)) {
            if name == "*" {
                names.add_reachable(symbol, format!("{here}.{}", symbol.name), at);
            } else if symbol.name == name {
                names.add_reachable(symbol, format!("{here}.{}", bound_name(import, "#")), at);
            }
        }
    }

    /// Finds the file that a relative path of an import means.
    fn script_module(&self, path: &str) -> Option<usize> {
        let bare = path.rsplit_once(".js").filter(|it| it.1.is_empty()).map_or(path, |it| it.0);
        let endings = ["", ".ts", ".tsx", ".js", ".jsx", ".mjs", "/index.ts", "/index.js", ".d.ts"];
        let mut paths = endings.iter().map(|ending| format!("{bare}{ending}"));
        paths.find(|path| self.files.contains_key(path.as_str())).and_then(|path| self.module_of_file(&path))
    }

    /// Adds the members of types under the types' names.
    fn add_members(&self, names: &mut Names) {
        // Types before their members, whatever is nested in what.
        let mut order: Vec<usize> = (0..self.symbols.len()).collect();
        order.sort_by_key(|at| self.symbols[*at].qualified_name.matches(['.', ':']).count());
        for at in order {
            let symbol = self.symbols[at];
            let Some(owner) = self.owners[at] else { continue };
            let is_type = self.symbols[owner].kind.known().is_some_and(SymbolKind::is_type);
            if !is_type || symbol.kind == SymbolKind::Impl {
                continue;
            }
            let mark = if self.language(at) == Some(Language::Rust) { "::" } else { "." };
            let of_owner: Vec<String> = names.public[owner].iter().cloned().collect();
            // A member of a trait's `impl` is promised by the trait.
            let is_of_trait =
                self.parents[at].is_some_and(|parent| self.symbols[parent].implements.is_some());
            let is_hidden = !symbol.exported || is_of_trait || is_underscored(&symbol.name) && mark == ".";
            for name in of_owner {
                let name = format!("{name}{mark}{}", symbol.name);
                if is_hidden {
                    names.add_reachable(symbol, name, at);
                } else {
                    names.add_public(symbol, name, at);
                }
            }
        }
    }
}

/// Tells whether a declaration begins with these words, after its attributes.
fn is_declared(raw: &str, words: &str) -> bool {
    raw.starts_with(words) || raw.starts_with('#') && raw.contains(&format!("] {words}"))
}

fn is_glob(import: &Import) -> bool {
    import.raw.contains('*') && !import.raw.contains(" as ")
}

/// The name that an import gives to what it brings: `b` of `a as b`.
fn bound_name(import: &Import, mark: &str) -> String {
    let name = import.path.rsplit(mark).next().unwrap_or(&import.path);
    let words: Vec<&str> = import
        .raw
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .filter(|word| !word.is_empty())
        .collect();
    let renamed = words.windows(3).find(|it| it[0] == name && it[1] == "as").map(|it| it[2]);
    renamed.unwrap_or(name).to_owned()
}

/// Resolves `.` and `..` of a path.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
