//! What a bare name stands for at a place: scopes from the inside out, then what the language adds.

use std::rc::Rc;

use docpack::{Evidence, Language, SymbolKind};
use foldhash::{HashMap, HashMapExt};
use model::facts::ScopeKind;

use crate::resolve::bindings::binds;
use crate::resolve::builtins;
use crate::resolve::globals;
use crate::resolve::go::is_test;
use crate::resolve::members::{preferred, suits};
use crate::resolve::modules::{self, Module};
use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::slim::{SlimBinding, SlimImported, Target};
use crate::resolve::solver::{
    Answer, Found, MAX_BINDINGS, Place, Question, Solver, Value, Want, confidence, tidied,
};
use crate::resolve::words::{PathIdx, Word};

impl<'r> Solver<'r> {
    /// Looks a name up; `path` is the whole path that begins with it.
    pub(crate) fn name(&mut self, place: Place, name: Word, want: Want, path: Option<PathIdx>) -> Answer {
        let slim = self.repository.file(place.file);
        let mut scope = Some(place.scope);
        let mut left_body = false;
        while let Some(idx) = scope {
            let Some(current) = slim.scopes.get(idx as usize) else { break };
            let members_visible =
                current.kind != ScopeKind::Type || (slim.language == Language::Python && !left_body);
            // What a function reads is read at an unknown time.
            let before = (slim.language == Language::Python && !left_body).then_some(place.byte_start);
            let at = Place { scope: idx, ..place };
            let answer = self.bound_in(at, name, want, path, (members_visible, before));
            if !answer.is_empty() {
                return answer;
            }
            left_body |= current.kind == ScopeKind::Function;
            // Items of an outer module are not visible in an inner one.
            let ends = slim.language == Language::Rust && current.kind == ScopeKind::Module;
            scope = current.parent.filter(|_| !ends);
        }
        self.beyond_scopes(place, name, want)
    }

    fn bound_in(
        &mut self,
        place: Place,
        name: Word,
        want: Want,
        path: Option<PathIdx>,
        (members_visible, before): (bool, Option<u32>),
    ) -> Answer {
        let visible = self.visible(place, name, want, path, members_visible);
        let symbols: Vec<Sym> = visible
            .iter()
            .filter_map(|(_, target)| {
                if let Target::Symbol(idx) = target {
                    Some(Sym { file: place.file, idx: *idx })
                } else {
                    None
                }
            })
            .collect();
        if visible.len() == MAX_BINDINGS && symbols.len() < visible.len() {
            // There may be more, and what a variable holds that is set this often is not known.
            return vec![Found::dynamic()];
        }
        let chosen = if symbols.len() == visible.len() { self.chosen(symbols) } else { symbols };
        let mut answer = Answer::new();
        let mut has_unknown_import = false;
        let is_bound = !visible.is_empty();
        for (idx, target) in visible {
            if self.questions_left == 0 {
                self.lacks = 0;
                answer.push(Found::dynamic());
                break;
            }
            let dropped =
                matches!(target, Target::Symbol(idx) if !chosen.contains(&Sym { file: place.file, idx }));
            if !dropped {
                let given = self.ask(Question::Binding(place.file, idx));
                has_unknown_import |= given.is_empty() && matches!(target, Target::Import(_));
                answer.extend(given);
            }
        }
        if has_unknown_import {
            for found in &mut answer {
                found.confidence = found.confidence.min(confidence::PARTLY_KNOWN_IMPORT);
            }
        }
        if matches!(want, Want::Callable | Want::Holder) && !answer.is_empty() {
            answer = self.values_alone(answer);
        }
        if is_bound && members_visible {
            answer = self.also_assigned(place.file, place.scope, name, answer);
        }
        if answer.is_empty() && members_visible {
            answer = self.by_star(place.file, place.scope, name, want, before);
        }
        tidied(answer)
    }

    /// An import may bring in a TypeScript type beside the value of its name.
    fn values_alone(&self, answer: Answer) -> Answer {
        let repository = self.repository;
        let is_value = |found: &Found| match found.value {
            Value::Symbol(sym) => {
                repository.language(sym) != Language::TypeScript || !is_type_only(repository.kind(sym))
            }
            _ => true,
        };
        let values: Answer = answer.into_iter().filter(is_value).collect();
        if values.is_empty() { vec![Found::dynamic()] } else { values }
    }

    /// Finds the bindings of a scope that a use at this place can mean.
    fn visible(
        &self,
        place: Place,
        name: Word,
        want: Want,
        path: Option<PathIdx>,
        members_visible: bool,
    ) -> Vec<(u32, Target)> {
        let language = self.repository.file(place.file).language;
        let (start, bindings) = self.repository.bindings(place.file, place.scope, name);
        let numbered = |(idx, binding): (usize, &'r SlimBinding)| ((start + idx) as u32, binding);
        let is_meant = |(_, binding): &(u32, &SlimBinding)| {
            (members_visible || matches!(binding.target, Target::Generic(_)))
                && binds(binding.target)
                && self.is_in_namespace(place.file, binding.target, want)
        };
        let all = bindings.iter().enumerate().map(numbered);
        if matches!(language, Language::Rust | Language::Go) && place.scope != 0 {
            let n_earlier = bindings.partition_point(|binding| binding.byte_start <= place.byte_start);
            let is_set = |(_, binding): &(u32, &SlimBinding)| {
                is_variable(binding.target)
                    && (language == Language::Rust || !self.sets_itself(binding, path))
            };
            let last = all.clone().take(n_earlier).rev().take(MAX_BINDINGS);
            if let Some((idx, binding)) = last.filter(is_meant).find(is_set) {
                return vec![(idx, binding.target)];
            }
            return all
                .take(MAX_BINDINGS)
                .filter(is_meant)
                .filter(|(_, binding)| !is_variable(binding.target))
                .map(|(idx, binding)| (idx, binding.target))
                .collect();
        }
        let n_before = bindings.len().saturating_sub(MAX_BINDINGS);
        let all: Vec<(u32, &SlimBinding)> = all.skip(n_before).filter(is_meant).collect();
        let all = preferred(all, |(_, binding)| binding.target != Target::Declared);
        let all = preferred(all, |(_, binding)| self.is_preferred(place.file, binding.target, want));
        all.into_iter().map(|(idx, binding)| (idx, binding.target)).collect()
    }

    /// `let x = x.get()` reads the `x` before it.
    fn sets_itself(&self, binding: &SlimBinding, path: Option<PathIdx>) -> bool {
        let (Target::Local { value: Some(value), .. }, Some(path)) = (binding.target, path) else {
            return false;
        };
        self.repository.words.steps(value).starts_with(self.repository.words.steps(path))
    }

    /// Rust, TypeScript and Go tell types, values and macros of one name apart.
    fn is_in_namespace(&self, file: FileIdx, target: Target, want: Want) -> bool {
        let slim = self.repository.file(file);
        match (slim.language, target) {
            (Language::Rust, Target::Symbol(idx)) => {
                let kind = slim.symbols[idx as usize].kind;
                match want {
                    Want::Macro => kind == SymbolKind::Macro,
                    Want::Type | Want::Path => suits(kind, Want::Path),
                    Want::Callable | Want::Holder => !matches!(
                        kind,
                        SymbolKind::Macro | SymbolKind::Module | SymbolKind::Impl | SymbolKind::Trait
                    ),
                    Want::Any => kind != SymbolKind::Impl,
                }
            }
            (Language::Rust, target) if is_variable(target) => {
                !matches!(want, Want::Type | Want::Path | Want::Macro)
            }
            (Language::TypeScript, Target::Symbol(idx)) => match want {
                Want::Type => suits(slim.symbols[idx as usize].kind, Want::Path),
                Want::Callable | Want::Holder => !is_type_only(slim.symbols[idx as usize].kind),
                _ => true,
            },
            (Language::TypeScript, target) if is_variable(target) => want != Want::Type,
            // What compiles names no variable where a type stands.
            (Language::Go, target) if is_variable(target) => !matches!(want, Want::Type | Want::Path),
            _ => true,
        }
    }

    fn is_preferred(&self, file: FileIdx, target: Target, want: Want) -> bool {
        match target {
            Target::Symbol(idx) => suits(self.repository.file(file).symbols[idx as usize].kind, want),
            _ => true,
        }
    }

    /// A definition as found from within its own file.
    pub(crate) fn defined(&mut self, sym: Sym) -> Answer {
        let symbol = self.repository.symbol(sym);
        let is_module_line = symbol.kind == SymbolKind::Module && symbol.scope.is_none() && sym.idx != 0;
        let child = is_module_line
            .then(|| modules::rust_child(self.repository, sym.file, self.text(symbol.name)))
            .flatten();
        vec![Found::new(child.map_or(Value::Symbol(sym), Value::File), Evidence::Scope, confidence::SCOPE)]
    }

    fn beyond_scopes(&mut self, place: Place, name: Word, want: Want) -> Answer {
        let repository = self.repository;
        let slim = repository.file(place.file);
        let text = self.text(name);
        let found = match slim.language {
            Language::Go => self.in_package(place.file, name, want),
            Language::Rust => self.in_crate(place, name, want),
            _ => Answer::new(),
        };
        if !found.is_empty() {
            return found;
        }
        if slim.language == Language::JavaScript && matches!(text, "exports" | "module") {
            return vec![Found::new(Value::File(place.file), Evidence::Scope, confidence::SCOPE)];
        }
        if let Some(namespace) = builtins::namespace(slim.language, text) {
            return vec![self.external(namespace)];
        }
        if self.is_script(place.file)
            && let Some(package) = globals::framework(&repository.manifests, &slim.path, text)
        {
            return vec![self.external(package)];
        }
        self.external_star(place.file)
    }

    /// Other files of the same Go package, then imports whose local name is the package's own.
    fn in_package(&mut self, file: FileIdx, name: Word, want: Want) -> Answer {
        let Some(package) = self.go_packages.own(self.repository, file) else { return Answer::new() };
        let module = Found::new(Value::Package(package), Evidence::Scope, confidence::SCOPE);
        let items = self.item(module, name, want);
        if items.is_empty() { self.unnamed_go_import(file, name) } else { items }
    }

    fn unnamed_go_import(&mut self, file: FileIdx, name: Word) -> Answer {
        let by_name = match self.unnamed_go_imports.get(&file) {
            Some(known) => Rc::clone(known),
            None => {
                let found = Rc::new(self.go_imports_by_name(file));
                self.unnamed_go_imports.insert(file, Rc::clone(&found));
                found
            }
        };
        let import = by_name.get(self.text(name)).copied();
        import.map_or_else(Answer::new, |idx| self.ask(Question::Import(file, idx)))
    }

    fn go_imports_by_name(&self, file: FileIdx) -> HashMap<&'r str, u32> {
        let mut by_name = HashMap::new();
        for (idx, import) in (0..).zip(&self.repository.file(file).imports) {
            if import.what == SlimImported::Module {
                by_name.entry(self.go_package_name(file, import.module)).or_insert(idx);
            }
        }
        by_name
    }

    /// The name a Go package gives itself, else the last part of its path that is no version.
    fn go_package_name(&self, file: FileIdx, module: Word) -> &'r str {
        let repository = self.repository;
        let path = self.text(module);
        if let Module::Folder(folder) = modules::find(repository, file, path) {
            let importable = |file: &&FileIdx| !is_test(repository, **file);
            let own = repository
                .folder_files(folder)
                .iter()
                .filter(importable)
                .find_map(|file| repository.file(*file).symbols.first());
            if let Some(own) = own {
                return self.text(own.name).rsplit(['/', '.']).next().unwrap_or_default();
            }
        }
        let is_version = |part: &&str| {
            part.len() > 1 && part.starts_with('v') && part[1..].bytes().all(|b| b.is_ascii_digit())
        };
        let last = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
        last.split('.').next().unwrap_or(last).trim_start_matches("go-")
    }

    /// Rust: crates by name, and macros by textual order.
    fn in_crate(&mut self, place: Place, name: Word, want: Want) -> Answer {
        let repository = self.repository;
        if want == Want::Macro {
            let root = self.root(place.file);
            let all = self.macros.get(&name).cloned().unwrap_or_default();
            let ours: Vec<Sym> = all.into_iter().filter(|sym| self.root(sym.file) == root).collect();
            return ours
                .into_iter()
                .map(|sym| Found::new(Value::Symbol(sym), Evidence::Scope, confidence::STAR_IMPORT))
                .collect();
        }
        if want != Want::Path {
            return Answer::new();
        }
        match modules::rust_crate(repository, place.file, self.text(name)) {
            Some(Module::File(file)) => {
                vec![Found::new(Value::File(file), Evidence::Import, confidence::IMPORT)]
            }
            Some(Module::External(package)) => vec![self.external(package)],
            _ => Answer::new(),
        }
    }
}

/// Interfaces and type aliases are gone when the program runs.
fn is_type_only(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Interface | SymbolKind::TypeAlias)
}

fn is_variable(target: Target) -> bool {
    matches!(target, Target::Receiver { .. } | Target::Parameter(_) | Target::Local { .. } | Target::Declared)
}
