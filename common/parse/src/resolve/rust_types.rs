//! Types of Rust values with their arguments.

use foldhash::HashMap;

use docpack::{Evidence, SymbolKind};

use crate::resolve::repository::Sym;
use crate::resolve::rust_std;
use crate::resolve::solver::{Answer, Found, Place, Solver, Value, Want, confidence};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step, Word};
use crate::resolve::written::{MAX_BOUNDS, TypeIdx, Written};

/// Aliases and arguments within each other are followed this far.
const MAX_TYPE_DEPTH: u32 = 24;

/// A type that a value has, by index in [`Types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TyIdx(u32);

pub(crate) const UNKNOWN: TyIdx = TyIdx(0);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Ty {
    Unknown,
    Ours(Sym, Vec<TyIdx>),
    /// A type parameter with this bound.
    Bound(Sym),
    /// A type of the standard library; without a name one that has no members of interest.
    Std(&'static str, Vec<TyIdx>),
    External(Word),
    Tuple(Vec<TyIdx>),
    Slice(TyIdx),
    /// It has the members of all of these, none of which is such itself.
    All(Vec<TyIdx>),
}

/// Every type met so far.
#[derive(Debug)]
pub(crate) struct Types {
    all: Vec<Ty>,
    known: HashMap<Ty, TyIdx>,
}

impl Default for Types {
    fn default() -> Self {
        Self { all: vec![Ty::Unknown], known: HashMap::from_iter([(Ty::Unknown, UNKNOWN)]) }
    }
}

impl Types {
    pub(crate) fn get(&self, ty: TyIdx) -> &Ty {
        self.all.get(ty.0 as usize).unwrap_or(&Ty::Unknown)
    }

    pub(crate) fn intern(&mut self, ty: Ty) -> TyIdx {
        if let Some(known) = self.known.get(&ty) {
            return *known;
        }
        let idx = TyIdx(self.all.len() as u32);
        self.all.push(ty.clone());
        self.known.insert(ty, idx);
        idx
    }
}

/// What type parameters and `Self` stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Env {
    pub(crate) parameters: Vec<(Word, TyIdx)>,
    pub(crate) own: Option<TyIdx>,
}

impl Env {
    fn parameter(&self, name: Word) -> Option<TyIdx> {
        self.parameters.iter().find(|(word, _)| *word == name).map(|(_, ty)| *ty)
    }
}

impl Solver<'_> {
    /// What a value of a type is.
    pub(crate) fn value_of(&self, ty: TyIdx) -> Value {
        match self.types.get(ty) {
            Ty::Unknown => Value::Dynamic,
            Ty::Ours(sym, arguments) if arguments.is_empty() => Value::Instance(*sym),
            Ty::Bound(sym) => Value::Bound(*sym),
            Ty::External(package) => Value::External(*package),
            _ => Value::Type(ty),
        }
    }

    pub(crate) fn type_of(&mut self, value: Value) -> TyIdx {
        match value {
            Value::Type(ty) => ty,
            Value::Instance(sym) => self.types.intern(Ty::Ours(sym, Vec::new())),
            Value::Bound(sym) => self.types.intern(Ty::Bound(sym)),
            Value::External(package) => self.types.intern(Ty::External(package)),
            _ => UNKNOWN,
        }
    }

    /// What a value of a written type is, where type parameters stand for what `env` says.
    pub(crate) fn rust_typed(&mut self, place: Place, written: TypeIdx, env: &Env) -> Answer {
        let Written::Named { path, arguments } = self.repository.words.written_type(written).clone() else {
            let ty = self.rust_type(place, written, env);
            return vec![Found::new(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE)];
        };
        if let Some(ty) = self.known_in(place, path, env) {
            return vec![Found::new(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE)];
        }
        let answer = self.path(place, path, Want::Type);
        if answer.is_empty() {
            return vec![Found::dynamic()];
        }
        let mut values = Answer::new();
        for found in answer {
            let ty = self.named(place, found, path, &arguments, env);
            values.push(found.then(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE));
        }
        values
    }

    /// Finds the one type that is meant.
    pub(crate) fn rust_type(&mut self, place: Place, written: TypeIdx, env: &Env) -> TyIdx {
        if self.type_depth == MAX_TYPE_DEPTH || self.questions_left == 0 {
            return UNKNOWN;
        }
        self.type_depth += 1;
        self.questions_left -= 1;
        let ty = self.rust_type_within(place, written, env);
        self.type_depth -= 1;
        ty
    }

    fn rust_type_within(&mut self, place: Place, written: TypeIdx, env: &Env) -> TyIdx {
        match self.repository.words.written_type(written).clone() {
            Written::Tuple(parts) => {
                let parts = parts.into_iter().map(|part| self.rust_type(place, part, env)).collect();
                self.types.intern(Ty::Tuple(parts))
            }
            Written::Slice(element) => {
                let element = self.rust_type(place, element, env);
                self.types.intern(Ty::Slice(element))
            }
            Written::Bounds(bounds) => {
                let bounds = bounds.into_iter().map(|bound| self.rust_type(place, bound, env)).collect();
                self.all_of(bounds)
            }
            Written::Named { path, arguments } => {
                if let Some(ty) = self.known_in(place, path, env) {
                    return ty;
                }
                let answer = self.path(place, path, Want::Type);
                match answer.as_slice() {
                    [found] if f64::from(found.confidence) >= model::resolution::CONFIDENCE_FLOOR * 100.0 => {
                        self.named(place, *found, path, &arguments, env)
                    }
                    _ => UNKNOWN,
                }
            }
            Written::Function { .. } | Written::Unknown => UNKNOWN,
        }
    }

    fn all_of(&mut self, bounds: Vec<TyIdx>) -> TyIdx {
        let mut all = Vec::new();
        for bound in bounds {
            match self.types.get(bound) {
                Ty::All(inner) => all.extend(inner.iter().copied()),
                _ => all.push(bound),
            }
        }
        all.sort_unstable();
        all.dedup();
        all.truncate(MAX_BOUNDS);
        match all.as_slice() {
            [one] => *one,
            _ => self.types.intern(Ty::All(all)),
        }
    }

    /// What a type parameter of these bounds is.
    pub(crate) fn bounded_by(&mut self, place: Place, written: TypeIdx) -> Answer {
        let ty = self.rust_type(place, written, &Env::default());
        vec![Found::new(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE)]
    }

    /// A type parameter, or `Self`.
    fn known_in(&mut self, place: Place, path: PathIdx, env: &Env) -> Option<TyIdx> {
        let [Step::Name { word, .. }] = self.repository.words.steps(path) else { return None };
        if self.text(*word) == "Self" {
            return env.own.or_else(|| self.self_type(place));
        }
        env.parameter(*word)
    }

    fn named(
        &mut self,
        place: Place,
        found: Found,
        path: PathIdx,
        arguments: &[TypeIdx],
        env: &Env,
    ) -> TyIdx {
        match found.value {
            Value::Symbol(sym)
                if self.repository.kind(sym).is_type()
                    || self.repository.kind(sym) == SymbolKind::TypeAlias =>
            {
                let arguments: Vec<TyIdx> =
                    arguments.iter().map(|argument| self.rust_type(place, *argument, env)).collect();
                match self.repository.kind(sym) {
                    SymbolKind::TypeAlias => self.alias_type(sym, &arguments, env),
                    _ => self.types.intern(Ty::Ours(sym, arguments)),
                }
            }
            Value::External(package) => {
                let last = match self.repository.words.steps(path) {
                    [.., Step::Name { word, .. }] => self.text(*word),
                    _ => "",
                };
                match rust_std::known(last).filter(|_| self.packages.text(package) == "std") {
                    Some(name) => {
                        let arguments =
                            arguments.iter().map(|argument| self.rust_type(place, *argument, env)).collect();
                        self.types.intern(Ty::Std(name, arguments))
                    }
                    None => self.types.intern(Ty::External(package)),
                }
            }
            Value::Bound(sym) => self.types.intern(Ty::Bound(sym)),
            Value::Type(ty) => ty,
            _ => UNKNOWN,
        }
    }

    fn alias_type(&mut self, sym: Sym, arguments: &[TyIdx], env: &Env) -> TyIdx {
        let symbol = self.repository.symbol(sym);
        let Some((Shape::Whole(written), _)) = symbol.value_type else { return UNKNOWN };
        let mut parameters: Vec<(Word, TyIdx)> =
            symbol.generics.iter().copied().zip(arguments.iter().copied()).collect();
        let place = self.place_outside(sym);
        for (name, default) in &symbol.defaults {
            if parameters.iter().all(|(given, _)| given != name) {
                let ty = self.rust_type(place, *default, env);
                parameters.push((*name, ty));
            }
        }
        self.rust_type(place, written, &Env { parameters, own: env.own })
    }

    /// What `Self` is at a place: the target of the impl block with its arguments, or the type.
    pub(crate) fn self_type(&mut self, place: Place) -> Option<TyIdx> {
        let sym = self.repository.enclosing_type(place.file, place.scope)?;
        if self.repository.kind(sym) != SymbolKind::Impl {
            return Some(self.types.intern(Ty::Ours(sym, Vec::new())));
        }
        let (Shape::Whole(written), _) = self.repository.symbol(sym).value_type? else { return None };
        let outside = self.place_outside(sym);
        Some(self.rust_type(outside, written, &Env::default()))
    }

    /// What type parameters of the type around a member stand for in a value of it.
    pub(crate) fn env_of(&self, member: Sym, receiver: TyIdx) -> Env {
        let own = Some(receiver);
        let (Ty::Ours(sym, arguments), Some(parent)) =
            (self.types.get(receiver), self.repository.parent(member))
        else {
            return Env { own, ..Env::default() };
        };
        let holder = self.repository.symbol(parent);
        let mut parameters = Vec::new();
        if holder.kind == SymbolKind::Impl {
            let written = holder.value_type.map(|(shape, _)| shape);
            let Some(Shape::Whole(written)) = written else { return Env { own, parameters } };
            let Written::Named { arguments: names, .. } = self.repository.words.written_type(written) else {
                return Env { own, parameters };
            };
            for (name, argument) in names.iter().zip(arguments) {
                if let Some(word) = self.sole_name(*name).filter(|word| holder.generics.contains(word)) {
                    parameters.push((word, *argument));
                }
            }
        } else {
            let generics = &self.repository.symbol(*sym).generics;
            parameters.extend(generics.iter().copied().zip(arguments.iter().copied()));
        }
        Env { parameters, own }
    }

    pub(crate) fn sole_name(&self, written: TypeIdx) -> Option<Word> {
        let Written::Named { path, .. } = self.repository.words.written_type(written) else { return None };
        match self.repository.words.steps(*path) {
            [Step::Name { word, .. }] => Some(*word),
            _ => None,
        }
    }

    /// Follows Rust's type aliases to the type itself.
    pub(crate) fn unaliased(&mut self, sym: Sym) -> Option<Sym> {
        if self.repository.kind(sym) != SymbolKind::TypeAlias {
            return Some(sym);
        }
        let ty = self.alias_type(sym, &[], &Env::default());
        match self.types.get(ty) {
            Ty::Ours(target, _) => Some(*target),
            _ => None,
        }
    }
}
