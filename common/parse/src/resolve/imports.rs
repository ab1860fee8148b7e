//! What an import brings in, and what a module gives to those who import it.

use docpack::{Evidence, Language};

use crate::resolve::bindings::binds;
use crate::resolve::modules::{self, Module};
use crate::resolve::repository::FileIdx;
use crate::resolve::slim::{SlimImported, Target};
use crate::resolve::solver::{
    Answer, Found, MAX_BINDINGS, Place, Question, Solver, Value, Want, confidence, tidied,
};
use crate::resolve::words::{Step, Word};

impl Solver<'_> {
    pub(crate) fn import(&mut self, file: FileIdx, idx: u32) -> Answer {
        let repository = self.repository;
        let slim = repository.file(file);
        let import = &slim.imports[idx as usize];
        let module = if slim.language == Language::Rust {
            self.rust_module(file, idx)
        } else {
            self.module(file, import.module)
        };
        let answer: Answer = match import.what {
            SlimImported::Module if slim.language == Language::Python => {
                self.python_module_import(file, idx, module)
            }
            SlimImported::Module if slim.language == Language::JavaScript => {
                module.into_iter().flat_map(|module| self.required(module)).collect()
            }
            SlimImported::Module | SlimImported::Star | SlimImported::SideEffect => module,
            SlimImported::Name(name) => {
                module.into_iter().flat_map(|module| self.taken(module, name)).collect()
            }
            SlimImported::Default => {
                module.into_iter().flat_map(|module| self.default_export(module)).collect()
            }
        };
        answer
            .into_iter()
            .map(|found| found.then(found.value, Evidence::Import, confidence::IMPORT))
            .collect()
    }

    fn module(&mut self, file: FileIdx, module: Word) -> Answer {
        let found = self.find_module(file, module);
        if let (Module::Folder(folder), Language::Go) = (found, self.repository.file(file).language) {
            let package = self.go_packages.imported(self.repository, file, folder);
            return vec![Found::new(Value::Package(package), Evidence::Import, confidence::IMPORT)];
        }
        self.module_value(found).into_iter().collect()
    }

    pub(crate) fn module_value(&mut self, module: Module<'_>) -> Option<Found> {
        match module {
            Module::File(file) => Some(Found::new(Value::File(file), Evidence::Import, confidence::IMPORT)),
            Module::Folder(folder) => {
                Some(Found::new(Value::Folder(folder), Evidence::Import, confidence::IMPORT))
            }
            Module::External(package) => Some(self.external(package)),
            Module::Missing => None,
        }
    }

    /// `import a.b` binds `a`; with another name it binds `a.b`.
    fn python_module_import(&mut self, file: FileIdx, idx: u32, module: Answer) -> Answer {
        let import = &self.repository.file(file).imports[idx as usize];
        let text = self.text(import.module);
        let Some((top, _)) = text.split_once('.').filter(|(top, _)| !top.is_empty()) else { return module };
        let Some(top) = import.local_name.filter(|name| self.text(*name) == top) else { return module };
        let found = self.find_module(file, top);
        self.module_value(found).into_iter().collect()
    }

    /// Reads the path before the last name of a `use`.
    pub(crate) fn rust_module(&mut self, file: FileIdx, idx: u32) -> Answer {
        let import = &self.repository.file(file).imports[idx as usize];
        let place = Place { file, scope: import.scope, byte_start: 0 };
        let mut answer = Answer::new();
        for (at, name) in self.text(import.module).split("::").filter(|name| !name.is_empty()).enumerate() {
            let Some(word) = self.word(name) else { return Answer::new() };
            answer = if at == 0 { self.first_of_use(place, word) } else { self.steps_into(answer, word) };
        }
        if answer.is_empty() && self.text(import.module).is_empty() {
            // `use name;`: a crate, or something of the same module.
            answer = self.rust_here(place);
        }
        answer
    }

    fn first_of_use(&mut self, place: Place, name: Word) -> Answer {
        let keyword = self.keyword(place, name, true);
        if !keyword.is_empty() {
            return keyword;
        }
        self.name(place, name, Want::Path, None)
    }

    fn steps_into(&mut self, answer: Answer, name: Word) -> Answer {
        let step = Step::Name { word: name, scoped: true };
        let next = answer.into_iter().flat_map(|found| self.step(found, step, Want::Path));
        tidied(next.collect())
    }

    /// Takes one name out of a module or type; a module with no such name still has submodules.
    fn taken(&mut self, module: Found, name: Word) -> Answer {
        let items = self.item(module, name, Want::Any);
        items.into_iter().filter(|found| found.value != Value::Dynamic).collect()
    }

    fn default_export(&mut self, module: Found) -> Answer {
        let Value::File(file) = module.value else { return vec![module] };
        for name in ["default", "module.exports", "export="] {
            let found =
                self.word(name).map(|name| self.ask(Question::Export(file, name))).unwrap_or_default();
            if !found.is_empty() {
                return found;
            }
        }
        // Without a default export, CommonJS hands over the module itself.
        let is_commonjs = self.repository.file(file).language == Language::JavaScript;
        if is_commonjs { vec![module] } else { Answer::new() }
    }

    /// Finds what `import("m")` names in a type: the one thing that a CommonJS module exports, else the module.
    pub(crate) fn imported_type(&mut self, file: FileIdx, module: Word, want: Want) -> Answer {
        let modules = self.module(file, module);
        match want {
            Want::Type => modules.into_iter().flat_map(|module| self.default_export(module)).collect(),
            _ => modules,
        }
    }

    /// What a module, package or type gives under a name.
    pub(crate) fn item(&mut self, module: Found, name: Word, want: Want) -> Answer {
        let found = match module.value {
            Value::File(file) => self.exported(file, name, want),
            Value::Folder(folder) => self.folder_item(folder, name),
            Value::Package(package) => self.package_item(package, name, want),
            _ => return self.step(module, Step::Name { word: name, scoped: true }, want),
        };
        let fitting = self.fitting(found, want);
        fitting.into_iter().map(|found| found.after(module)).collect()
    }

    /// A Python package without `__init__` has submodules only.
    fn folder_item(&mut self, folder: u32, name: Word) -> Answer {
        let child = modules::python_child(self.repository, Module::Folder(folder), self.text(name));
        child.and_then(|child| self.module_value(child)).into_iter().collect()
    }

    pub(crate) fn export(&mut self, file: FileIdx, name: Word) -> Answer {
        match self.repository.file(file).language {
            Language::TypeScript | Language::JavaScript => self.script_export(file, name),
            Language::Python => self.python_export(file, name),
            Language::Rust => self.module_item(file, 0, name),
            Language::Go => self.file_scope(file, 0, name, Want::Any, false),
        }
    }

    fn script_export(&mut self, file: FileIdx, name: Word) -> Answer {
        let repository = self.repository;
        let mut answer = Answer::new();
        let exports = &repository.file(file).exports;
        let start = exports.partition_point(|export| export.name < name);
        for export in exports[start..].iter().take_while(|export| export.name == name) {
            if let Some(import) =
                export.import.filter(|idx| (*idx as usize) < repository.file(file).imports.len())
            {
                answer.extend(self.ask(Question::Import(file, import)));
            } else if let Some(local) = export.local {
                answer.extend(self.file_scope(file, 0, local, Want::Any, true));
            }
        }
        // A file of declarations exports all of them, with or without the word.
        let declares =
            [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| repository.file(file).path.ends_with(end));
        if answer.is_empty() && declares {
            answer = self.file_scope(file, 0, name, Want::Any, true);
        }
        if answer.is_empty() && self.text(name) != "default" {
            answer = self.passed_on(file, name);
        }
        tidied(answer)
    }

    /// Follows `export * from`.
    fn passed_on(&mut self, file: FileIdx, name: Word) -> Answer {
        let repository = self.repository;
        let mut answer = Answer::new();
        for idx in repository.file_stars(file) {
            if !repository.file(file).imports[idx as usize].reexported {
                continue;
            }
            for module in self.ask(Question::Import(file, idx)) {
                if let Value::File(other) = module.value {
                    answer.extend(self.ask(Question::Export(other, name)));
                }
            }
        }
        answer
    }

    fn python_export(&mut self, file: FileIdx, name: Word) -> Answer {
        let bound = self.file_scope(file, 0, name, Want::Any, false);
        if !bound.is_empty() {
            return bound;
        }
        let child = modules::python_child(self.repository, Module::File(file), self.text(name));
        if let Some(found) = child.and_then(|child| self.module_value(child)) {
            return vec![found];
        }
        self.by_star(file, 0, name, Want::Any, None)
    }

    /// What a Rust module gives: its items, its files, then what it imports whole.
    pub(crate) fn module_item(&mut self, file: FileIdx, scope: u32, name: Word) -> Answer {
        if let Some(derive) = self.derive_macro(file, scope, name) {
            return self.file_scope(file, scope, derive, Want::Callable, false);
        }
        let mut answer = self.file_scope(file, scope, name, Want::Any, false);
        if scope == 0 {
            let children = modules::rust_children(self.repository, file, self.text(name));
            // Of several files a build takes one.
            let sure = if children.len() > 1 { confidence::PARTLY_KNOWN_IMPORT } else { confidence::IMPORT };
            let found = |child| Found::new(Value::File(child), Evidence::Import, sure);
            answer.extend(children.into_iter().map(found));
        }
        if answer.is_empty() {
            answer = self.by_star(file, scope, name, Want::Any, None);
        }
        if answer.is_empty() && scope == 0 {
            answer = self.exported_macro(file, name);
        }
        tidied(answer)
    }

    /// Finds the function that derives under this name for other crates.
    ///
    /// A crate of such macros exports nothing else; a trait of the same name is its own import.
    fn derive_macro(&self, file: FileIdx, scope: u32, name: Word) -> Option<Word> {
        let exports = &self.repository.file(file).exports;
        let found = exports.binary_search_by_key(&name, |export| export.name).ok().filter(|_| scope == 0)?;
        exports[found].local
    }

    /// `#[macro_export]` puts a macro at its crate's root, wherever it stands.
    fn exported_macro(&self, file: FileIdx, name: Word) -> Answer {
        let root = self.root(file);
        let all = self.macros.get(&name).map_or(&[][..], Vec::as_slice).iter().filter(|_| root == file);
        let ours = all.filter(|sym| self.root(sym.file) == root);
        ours.map(|sym| Found::new(Value::Symbol(*sym), Evidence::Import, confidence::STAR_IMPORT)).collect()
    }

    /// What a scope itself binds, without looking outwards.
    pub(crate) fn file_scope(
        &mut self,
        file: FileIdx,
        scope: u32,
        name: Word,
        want: Want,
        with_types: bool,
    ) -> Answer {
        let (start, bindings) = self.repository.bindings(file, scope, name);
        let n_before = bindings.len().saturating_sub(MAX_BINDINGS);
        let (start, bindings) = (start + n_before, &bindings[n_before..]);
        let is_bound = bindings.iter().any(|binding| binds(binding.target));
        let n_bindings = bindings.iter().filter(|binding| binds(binding.target)).count();
        let symbols: Vec<_> = bindings
            .iter()
            .filter_map(|binding| if let Target::Symbol(idx) = binding.target { Some(idx) } else { None })
            .collect();
        let all_symbols = symbols.len() == n_bindings && !with_types;
        let of = |idx: u32| crate::resolve::repository::Sym { file, idx };
        let all: Vec<_> = symbols.iter().map(|idx| of(*idx)).collect();
        let chosen = match (all_symbols, with_types) {
            (true, _) => self.chosen(all),
            (false, true) => self.without_overloads(all),
            (false, false) => all,
        };
        let mut answer = Answer::new();
        for (at, binding) in bindings.iter().enumerate() {
            let lost = matches!(binding.target, Target::Symbol(idx) if !chosen.contains(&of(idx)));
            if binds(binding.target) && !lost {
                answer.extend(self.ask(Question::Binding(file, (start + at) as u32)));
            }
        }
        if is_bound {
            answer = self.also_assigned(file, scope, name, answer);
        }
        self.fitting(tidied(answer), want)
    }
}
