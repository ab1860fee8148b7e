//! Methods that `impl<T: Trait> Ext for T` gives to every type that has the trait.

use std::collections::BTreeSet;

use docpack::{Evidence, Language, SymbolKind};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::rust_types::{Env, Ty};
use crate::resolve::slim::{SlimImported, Target};
use crate::resolve::solver::{Answer, Found, Question, Solver, Value, Want, confidence};
use crate::resolve::type_text::Shape;
use crate::resolve::words::Word;
use crate::resolve::written::is_marker;

/// A method that more impls for all types give is not told apart.
const MAX_BLANKETS: usize = 32;

/// A method that an impl for all types gives.
#[derive(Debug, Clone)]
pub(crate) struct Blanket {
    /// The trait that has to be in scope.
    of_trait: Sym,
    member: Sym,
    /// Traits of the repository that a type has to have.
    bounds: Vec<Sym>,
    /// Whether there are others, of which nothing is known.
    has_unknown_bounds: bool,
}

impl Solver<'_> {
    /// Finds the methods of impls for all types, with those that the trait itself defines.
    pub(crate) fn collect_blankets(&mut self) {
        let repository = self.repository;
        for block in repository.symbols() {
            let Some(parameter) = self.blanket_parameter(block) else { continue };
            let heads = repository.file(block.file).heads.iter().filter(|(idx, ..)| *idx == block.idx);
            let mut implemented = heads.filter_map(|(_, path, _)| self.sole_type(block, *path));
            let Some(of_trait) = implemented.next() else { continue };
            drop(implemented);
            let (bounds, has_unknown_bounds) = self.blanket_bounds(block, parameter);
            let own: Vec<(Word, Sym)> = repository.children(block).collect();
            let names: BTreeSet<Word> = own.iter().map(|(name, _)| *name).collect();
            let defaults = repository.children(of_trait).filter(|(name, _)| !names.contains(name));
            for (name, member) in own.iter().copied().chain(defaults) {
                if repository.kind(member) == SymbolKind::Method {
                    let bounds = bounds.clone();
                    let blanket = Blanket { of_trait, member, bounds, has_unknown_bounds };
                    self.blankets.entry(name).or_default().push(blanket);
                }
            }
        }
    }

    /// The type parameter that an impl block is for, where that is all that its head names.
    fn blanket_parameter(&self, block: Sym) -> Option<Word> {
        let symbol = self.repository.symbol(block);
        if symbol.kind != SymbolKind::Impl || self.repository.language(block) != Language::Rust {
            return None;
        }
        let (Shape::Whole(written), _) = symbol.value_type? else { return None };
        let name = self.sole_name(written).filter(|name| symbol.generics.contains(name))?;
        // `impl<T> Ext for &T` is for references alone.
        self.text(symbol.name).ends_with(&format!(" for {}", self.text(name))).then_some(name)
    }

    fn blanket_bounds(&mut self, block: Sym, parameter: Word) -> (Vec<Sym>, bool) {
        let repository = self.repository;
        let scope = repository.symbol(block).scope.unwrap_or(0);
        let (_, bindings) = repository.bindings(block.file, scope, parameter);
        let (mut bounds, mut has_unknown) = (Vec::new(), false);
        for binding in bindings {
            let Target::Generic(Some((Shape::Whole(written), path))) = binding.target else { continue };
            if is_marker(repository.words.path_text(path)) {
                continue;
            }
            let place = self.place_outside(block);
            let ty = self.rust_type(place, written, &Env::default());
            let all = match self.types.get(ty) {
                Ty::All(all) => all.clone(),
                _ => vec![ty],
            };
            for bound in all {
                match self.types.get(bound) {
                    Ty::Ours(sym, _) => bounds.push(*sym),
                    _ => has_unknown = true,
                }
            }
        }
        (bounds, has_unknown)
    }

    /// A method that an impl for all types gives to a value, here of this type if of one of the repository's.
    ///
    /// What has a method of its own of that name is not asked for.
    pub(crate) fn blanket_member(&mut self, sym: Option<Sym>, name: Word, through: Found) -> Answer {
        let Some(all) = self.blankets.get(&name).filter(|all| all.len() <= MAX_BLANKETS).cloned() else {
            return Answer::new();
        };
        let file = self.asking;
        let types = sym.map(|sym| self.ancestors(sym));
        let mut answer = Answer::new();
        for blanket in all {
            let has = |bound: &Sym| types.as_ref().is_some_and(|types| types.types.contains(bound));
            if !blanket.bounds.iter().all(has) || !self.is_usable(file, blanket.of_trait) {
                continue;
            }
            let sure = match sym.is_some() && !blanket.has_unknown_bounds {
                true => confidence::HIERARCHY,
                false => confidence::PARTLY_KNOWN_IMPORT,
            };
            answer.push(through.then(Value::Symbol(blanket.member), Evidence::Hierarchy, sure));
        }
        answer
    }

    /// Tells whether a file defines a trait or imports it by its name, so that its methods can be called.
    fn is_usable(&mut self, file: FileIdx, of_trait: Sym) -> bool {
        if file == of_trait.file {
            return true;
        }
        if let Some(known) = self.usable.get(&(file, of_trait)) {
            return *known;
        }
        let Some(outer_lacks) = self.descend() else { return false };
        let is_it = |found: &Found| found.value == Value::Symbol(of_trait);
        let repository = self.repository;
        let name = repository.symbol(of_trait).name;
        let imports = (0..).zip(&repository.file(file).imports);
        let named: Vec<u32> = imports
            .filter(|(_, import)| import.what == SlimImported::Name(name))
            .map(|(idx, _)| idx)
            .collect();
        let is_usable = named.into_iter().any(|idx| self.ask(Question::Import(file, idx)).iter().any(is_it))
            || self.star_items(file, name, Want::Type).iter().any(is_it);
        if self.ascend(outer_lacks) {
            self.usable.insert((file, of_trait), is_usable);
        }
        is_usable
    }
}
