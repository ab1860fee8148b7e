//! What imports of all names bring in: `use a::*`, `from a import *`.

use std::rc::Rc;

use docpack::{Evidence, Language};

use crate::resolve::modules::{self, Module};
use crate::resolve::repository::FileIdx;
use crate::resolve::solver::{Answer, Found, Question, Solver, Value, Want, confidence, tidied};
use crate::resolve::words::Word;

/// The path of one star may begin with a name that another brings in: rounds in which such are looked for.
const MAX_ROUNDS: usize = 3;
/// Imports of a package that are looked at for its submodules.
const MAX_LOOKED_AT: usize = 256;

/// Of what a scope takes all names.
#[derive(Debug, Clone, Default)]
struct Brought {
    /// With the import that names each, in source order.
    modules: Rc<[(u32, Found)]>,
    /// Packages whose names are not known.
    outside: Rc<[Found]>,
}

/// The same, as far as it is known.
#[derive(Debug)]
pub(crate) struct Stars {
    brought: Brought,
    /// How deep the question lies that they are being found for; then some may be missing.
    open_at: Option<u32>,
}

impl Solver<'_> {
    /// Finds what all stars of a file bring in before any of them is asked for alone, and would lack itself.
    pub(crate) fn settle_stars(&mut self, file: FileIdx) {
        let language = self.repository.file(file).language;
        if matches!(language, Language::TypeScript | Language::JavaScript) {
            return;
        }
        let scopes = self.star_scopes(file);
        for scope in scopes {
            self.refill();
            self.brought(file, scope);
        }
    }

    /// Finds of what a scope takes all names, once.
    fn brought(&mut self, file: FileIdx, scope: u32) -> Brought {
        if let Some(known) = self.stars.get(&(file, scope)) {
            self.lacks = self.lacks.min(known.open_at.unwrap_or(u32::MAX));
            return known.brought.clone();
        }
        let Some(outer_lacks) = self.descend() else { return Brought::default() };
        let is_python = self.repository.file(file).language == Language::Python;
        let open_at = Some(self.depth);
        self.stars.insert((file, scope), Stars { brought: Brought::default(), open_at });
        let (mut modules, mut outside) = (Vec::new(), Answer::new());
        // A path in Python begins with no name that a star brings in.
        for _ in 0..if is_python { 1 } else { MAX_ROUNDS } {
            if !self.bring((file, scope), &mut modules, &mut outside) {
                break;
            }
        }
        modules.sort_by_key(|(import, _)| *import);
        let brought = Brought { modules: modules.into(), outside: outside.into() };
        if self.ascend(outer_lacks) {
            self.stars.insert((file, scope), Stars { brought: brought.clone(), open_at: None });
        } else {
            self.stars.remove(&(file, scope));
        }
        brought
    }

    /// Asks each star once more; what is found is known to those asked after it. False where nothing is new.
    fn bring(
        &mut self,
        (file, scope): (FileIdx, u32),
        modules: &mut Vec<(u32, Found)>,
        outside: &mut Answer,
    ) -> bool {
        let repository = self.repository;
        let is_python = repository.file(file).language == Language::Python;
        let mut has_more = false;
        for import in repository.stars(file, scope) {
            let n_known = (modules.len(), outside.len());
            for module in self.ask(Question::Import(file, import)) {
                let is_known =
                    |(of, known): &(u32, Found)| known.value == module.value && (!is_python || *of == import);
                match module.value {
                    // What a package outside holds is not known, so the name may come from elsewhere.
                    Value::External(_) if outside.iter().all(|known| known.value != module.value) => {
                        outside.push(module)
                    }
                    Value::External(_) | Value::Dynamic => {}
                    _ if modules.iter().any(is_known) => {}
                    _ => modules.push((import, module)),
                }
            }
            if n_known != (modules.len(), outside.len()) {
                has_more = true;
                let brought =
                    Brought { modules: modules.as_slice().into(), outside: outside.as_slice().into() };
                let open_at = self.stars.get(&(file, scope)).and_then(|stars| stars.open_at);
                self.stars.insert((file, scope), Stars { brought, open_at });
            }
        }
        has_more
    }

    /// Finds a name that a star import of this scope brings in, where it is read before `before` if at a known time.
    pub(crate) fn by_star(
        &mut self,
        file: FileIdx,
        scope: u32,
        name: Word,
        want: Want,
        before: Option<u32>,
    ) -> Answer {
        let repository = self.repository;
        let slim = repository.file(file);
        // `export * from` passes names on without binding them here.
        let is_script = matches!(slim.language, Language::TypeScript | Language::JavaScript);
        if is_script || repository.stars(file, scope).next().is_none() {
            return Answer::new();
        }
        let modules = self.brought(file, scope).modules;
        let mut answer = Answer::new();
        for (import, module) in modules.iter().rev() {
            let import = &slim.imports[*import as usize];
            if before.is_some_and(|before| before < import.byte_start) {
                continue;
            }
            let items = match slim.language {
                Language::Python => self.star_item(*module, name, want),
                _ => self.item(*module, name, want),
            };
            // Of two that Python runs one after the other, the last one binds the name.
            let is_last = slim.language == Language::Python && !items.is_empty() && !import.is_conditional;
            let items = items.into_iter().filter(|item| item.value != Value::Dynamic);
            answer.extend(items.map(|item| item.then(item.value, Evidence::Import, confidence::STAR_IMPORT)));
            if is_last {
                break;
            }
        }
        tidied(answer)
    }

    /// What the star imports of a file's scopes bring in under a name, all together.
    pub(crate) fn star_items(&mut self, file: FileIdx, name: Word, want: Want) -> Answer {
        let scopes = self.star_scopes(file);
        scopes.into_iter().flat_map(|scope| self.by_star(file, scope, name, want, None)).collect()
    }

    fn star_scopes(&self, file: FileIdx) -> Vec<u32> {
        let imports = &self.repository.file(file).imports;
        let mut scopes: Vec<u32> =
            self.repository.file_stars(file).map(|import| imports[import as usize].scope).collect();
        scopes.dedup();
        scopes
    }

    /// What a Python module gives under a name to those who take all its names.
    fn star_item(&mut self, module: Found, name: Word, want: Want) -> Answer {
        // Of a folder without `__init__` nothing is bound.
        let Value::File(file) = module.value else { return Answer::new() };
        let found = self.ask(Question::Passed(file, name));
        self.fitting(found, want).into_iter().map(|found| found.after(module)).collect()
    }

    /// Names in `__all__`; without one those that do not begin with an underscore.
    pub(crate) fn passed(&mut self, file: FileIdx, name: Word) -> Answer {
        let slim = self.repository.file(file);
        let is_listed = slim.exports.binary_search_by_key(&name, |export| export.name).is_ok();
        if !is_listed && (slim.lists_exports || self.text(name).starts_with('_')) {
            return Answer::new();
        }
        let bound = self.file_scope(file, 0, name, Want::Any, false);
        if !bound.is_empty() {
            return bound;
        }
        if is_listed || self.imports_child(file, name) {
            let child = modules::python_child(self.repository, Module::File(file), self.text(name));
            if let Some(found) = child.and_then(|child| self.module_value(child)) {
                return vec![found];
            }
        }
        self.by_star(file, 0, name, Want::Any, None)
    }

    /// A submodule that the package imports is bound in it.
    fn imports_child(&self, package: FileIdx, name: Word) -> bool {
        let name = self.text(name);
        let names_it = |module: Word| self.text(module).rsplit('.').any(|part| part == name);
        let imports = &self.repository.file(package).imports;
        imports.iter().take(MAX_LOOKED_AT).any(|import| names_it(import.module))
    }

    /// A name that nothing binds may come from the one outside module whose names are all imported.
    pub(crate) fn external_star(&mut self, file: FileIdx) -> Answer {
        let language = self.repository.file(file).language;
        let is_script = matches!(language, Language::TypeScript | Language::JavaScript);
        let scopes = if is_script { Vec::new() } else { self.star_scopes(file) };
        let mut packages = Answer::new();
        for scope in scopes {
            packages.extend_from_slice(&self.brought(file, scope).outside);
        }
        let packages = tidied(packages);
        if packages.len() == 1 { packages } else { Answer::new() }
    }
}
