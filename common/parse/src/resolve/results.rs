//! What calls and elements give, and what declared types and initialisers say of a value.

use docpack::{Evidence, Language, SymbolKind};
use model::facts::RETURNED;

use crate::resolve::repository::Sym;
use crate::resolve::rust_types::Env;
use crate::resolve::slim::{Target, WrittenType};
use crate::resolve::solver::{Answer, Found, MAX_BINDINGS, Place, Question, Solver, Value, Want, confidence};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step};

impl Solver<'_> {
    pub(crate) fn called(&mut self, from: Found) -> Answer {
        let repository = self.repository;
        match from.value {
            Value::Composite(idx) => self.composite_called(from, idx),
            Value::Instance(sym) if repository.language(sym) == Language::Go => {
                self.of_underlying(from, sym, Self::called)
            }
            Value::Symbol(sym) => {
                let kind = repository.kind(sym);
                if kind.is_callable() && !repository.symbol(sym).traits.is_getter {
                    return self
                        .ask(Question::Result(sym))
                        .into_iter()
                        .map(|found| found.after(from))
                        .collect();
                }
                match kind {
                    SymbolKind::TypeAlias if repository.language(sym) == Language::Go => {
                        let place = self.place_outside(sym);
                        self.instance_of(place, from, Shape::Plain)
                    }
                    SymbolKind::TypeAlias => {
                        let targets: Answer =
                            self.alias(sym).into_iter().map(|found| found.after(from)).collect();
                        targets.into_iter().flat_map(|found| self.called(found)).collect()
                    }
                    _ if kind.is_type() => {
                        vec![from.then(Value::Instance(sym), Evidence::Type, confidence::INFERRED_TYPE)]
                    }
                    SymbolKind::EnumVariant => match repository.parent(sym) {
                        Some(parent) => vec![from.then(
                            Value::Instance(parent),
                            Evidence::Type,
                            confidence::INFERRED_TYPE,
                        )],
                        None => vec![Found::dynamic()],
                    },
                    _ => {
                        let loaded = self.ask(Question::Load(sym));
                        let others: Vec<Found> =
                            loaded.into_iter().filter(|found| found.value != Value::Symbol(sym)).collect();
                        let is_variable = |value| matches!(value, Value::Symbol(other) if !repository.kind(other).is_callable() && !repository.kind(other).is_type());
                        others
                            .into_iter()
                            .filter(|found| !is_variable(found.value))
                            .flat_map(|found| self.called(found.after(from)))
                            .collect()
                    }
                }
            }
            Value::File(file) => {
                let whole = self.whole_module(file, from);
                let given: Answer =
                    whole.into_iter().flat_map(|found| self.step(found, Step::Call, Want::Any)).collect();
                if given.is_empty() { vec![Found::dynamic()] } else { given }
            }
            Value::Member(member, ty) => self.member_called(from, member, ty),
            Value::StdMethod(ty, method) => self.std_called(from, ty, method),
            Value::Instance(sym) if repository.language(sym) == Language::Python => {
                self.instance_called(from, sym)
            }
            // `super()` gives the bases' members.
            Value::Super(_) | Value::External(_) => vec![from],
            _ => vec![Found::dynamic()],
        }
    }

    fn instance_called(&mut self, from: Found, sym: Sym) -> Answer {
        let Some(name) = self.word("__call__") else { return vec![Found::dynamic()] };
        let methods = self.member(sym, name, Want::Callable, from);
        let answer = methods.into_iter().flat_map(|found| match found.value {
            Value::Symbol(method) => {
                self.ask(Question::Result(method)).into_iter().map(|result| result.after(found)).collect()
            }
            _ => vec![Found::dynamic()],
        });
        answer.collect()
    }

    pub(crate) fn indexed(&mut self, from: Found) -> Answer {
        match from.value {
            Value::Elements(sym) | Value::Entries(sym) => vec![Found { value: Value::Instance(sym), ..from }],
            Value::Composite(idx) => self.element(from, idx, false),
            Value::Instance(sym) => self.of_underlying(from, sym, Self::indexed),
            Value::Type(ty) => self.type_indexed(from, ty),
            Value::Member(member, ty) => {
                let loaded = self.member_loaded(from, member, ty);
                loaded.into_iter().flat_map(|found| self.indexed(found)).collect()
            }
            Value::External(_) => vec![from],
            Value::Symbol(sym) => {
                let kind = self.repository.kind(sym);
                if kind.is_type() || kind.is_callable() {
                    return vec![from];
                }
                let loaded = self.ask(Question::Load(sym));
                let others: Vec<Found> =
                    loaded.into_iter().filter(|found| !matches!(found.value, Value::Symbol(_))).collect();
                others.into_iter().flat_map(|found| self.indexed(found.after(from))).collect()
            }
            _ => vec![Found::dynamic()],
        }
    }

    /// What a loop over something gives: of a map its keys, or keys and values.
    pub(crate) fn looped_over(&mut self, from: Found) -> Answer {
        match from.value {
            Value::Entries(_) => vec![Found::dynamic()],
            Value::Symbol(sym) => {
                let kind = self.repository.kind(sym);
                if kind.is_type() || kind.is_callable() {
                    return vec![from];
                }
                let mut loaded = self.ask(Question::Load(sym));
                loaded.retain(|found| !matches!(found.value, Value::Symbol(_)));
                loaded.into_iter().flat_map(|found| self.looped_over(found.after(from))).collect()
            }
            _ => self.indexed(from),
        }
    }

    /// What a value of a written type is.
    pub(crate) fn typed(&mut self, place: Place, written: WrittenType) -> Answer {
        let (shape, path) = self.settled(place, written);
        if shape == Shape::Composite && self.is_script(place.file) {
            return vec![self.object_value(place, self.repository.words.path_text(path))];
        }
        if shape == Shape::Composite {
            return self.value_of_type(place, self.repository.words.path_text(path));
        }
        if let Shape::Whole(written) = shape {
            return self.rust_typed(place, written, &Env::default());
        }
        let answer = self.path(place, path, Want::Type);
        if answer.is_empty() {
            return vec![Found::dynamic()];
        }
        let mut values = Answer::new();
        for found in answer {
            values.extend(self.instance_of(place, found, shape));
        }
        values
    }

    /// What a written type is: names of the standard library are what the repository makes of them first.
    pub(crate) fn settled(&mut self, place: Place, (shape, path): WrittenType) -> WrittenType {
        let Shape::Within(idx) = shape else { return (shape, path) };
        let repository = self.repository;
        let within = repository.words.within_of(idx);
        let own = within.names.iter().find(|(name, _)| self.names_own_type(place, *name));
        own.map_or((within.shape, within.path), |(name, shape)| (*shape, *name))
    }

    /// Tells whether a path leads to a type of the repository.
    pub(crate) fn names_own_type(&mut self, place: Place, path: PathIdx) -> bool {
        let repository = self.repository;
        let answer = self.path(place, path, Want::Type);
        answer.iter().any(|found| matches!(found.value, Value::Symbol(sym) if repository.kind(sym).is_type()))
    }

    pub(crate) fn instance_of(&mut self, place: Place, found: Found, shape: Shape) -> Answer {
        let of = |found: Found, sym| {
            let value = match shape {
                Shape::Plain | Shape::Composite | Shape::Whole(_) | Shape::Within(_) => Value::Instance(sym),
                Shape::Element => Value::Elements(sym),
                Shape::Entry => Value::Entries(sym),
                Shape::Itself => Value::Symbol(sym),
            };
            vec![found.then(value, Evidence::Type, confidence::DECLARED_TYPE)]
        };
        match found.value {
            Value::Symbol(sym) if self.is_go_alias(sym) => {
                self.ask(Question::Underlying(sym)).into_iter().map(|value| value.after(found)).collect()
            }
            Value::Symbol(sym) if self.is_script_alias(sym) => self.of_script_alias(found, sym, shape),
            Value::Symbol(sym)
                if self.repository.kind(sym) == SymbolKind::TypeAlias
                    && self.repository.language(sym) != Language::Go =>
            {
                match self.alias(sym).as_slice() {
                    [Found { value: Value::Symbol(target), .. }]
                        if self.repository.kind(*target) != SymbolKind::TypeAlias =>
                    {
                        of(found, *target)
                    }
                    [target @ Found { value: Value::External(_), .. }] => vec![*target],
                    _ => vec![Found::dynamic()],
                }
            }
            Value::Symbol(sym) if self.repository.kind(sym).is_type() => of(found, sym),
            // Who calls a generic Go function chooses the type; the bound holds inside of it only.
            Value::Bound(sym) if self.repository.language(sym) == Language::Go && place.is_outside() => {
                vec![Found::dynamic()]
            }
            Value::Bound(sym) => of(found, sym),
            Value::File(file) => {
                let whole = self.whole_module(file, found);
                let values: Answer =
                    whole.into_iter().flat_map(|whole| self.instance_of(place, whole, shape)).collect();
                if values.is_empty() { vec![Found::dynamic()] } else { values }
            }
            Value::External(_) => vec![found],
            _ if self.is_script(place.file) => vec![found.of_named_type(found, shape)],
            _ => vec![Found::dynamic()],
        }
    }

    /// What calling a function gives: its declared result, in the terms of its own file.
    pub(crate) fn result(&mut self, sym: Sym) -> Answer {
        let symbol = self.repository.symbol(sym);
        if symbol.kind == SymbolKind::Constructor {
            let class = self.repository.parent(sym);
            return class.map_or(vec![Found::dynamic()], |class| {
                vec![Found::new(Value::Instance(class), Evidence::Type, confidence::INFERRED_TYPE)]
            });
        }
        let replaced = symbol.traits.is_decorated && self.repository.language(sym) == Language::Python;
        if let (true, false, Some(class)) =
            (symbol.traits.returns_self, replaced, self.repository.parent(sym))
        {
            return vec![Found::new(Value::Instance(class), Evidence::Type, confidence::DECLARED_TYPE)];
        }
        let is_script = self.is_script(sym.file);
        if is_script && symbol.traits.is_typed {
            return self.declared_results(sym);
        }
        // What `with` gives is what is yielded.
        let words = &self.repository.words;
        let yields = |(shape, _): &WrittenType| {
            symbol.traits.is_context_manager && words.settled(*shape) == Shape::Element
        };
        match symbol.value_type.filter(|written| !replaced || yields(written)) {
            Some(written) => self.typed(self.place_outside(sym), written),
            None if replaced || symbol.traits.is_generator => vec![Found::dynamic()],
            None => self.returned(sym),
        }
    }

    /// What callers of a typed function see that it gives; with overloads, all that it may.
    fn declared_results(&mut self, sym: Sym) -> Answer {
        let mut answer = Answer::new();
        for overload in self.overloads(sym) {
            answer.extend(match self.repository.symbol(overload).value_type {
                Some(written) => self.typed_unless_chosen(self.place_outside(overload), written),
                None => vec![Found::dynamic()],
            });
        }
        answer
    }

    /// What the statements of a function return; unknown where one of them is.
    fn returned(&mut self, sym: Sym) -> Answer {
        let repository = self.repository;
        let scope = repository.symbol(sym).scope;
        let Some((scope, name)) = scope.zip(self.word(RETURNED)) else { return vec![Found::dynamic()] };
        let (_, returns) = repository.bindings(sym.file, scope, name);
        if returns.len() > MAX_BINDINGS {
            return vec![Found::dynamic()];
        }
        let mut answer = Answer::new();
        for binding in returns {
            let place = Place { file: sym.file, scope, byte_start: binding.byte_start };
            answer.extend(match binding.target {
                Target::Local { value: Some(value), .. } => self.assigned(place, value),
                // An heir may be meant.
                Target::Assigned { value: Some(value), .. } if self.is_this(value) => vec![Found::dynamic()],
                Target::Assigned { scope, value: Some(value) } => {
                    self.assigned(Place { scope, ..place }, value)
                }
                _ => vec![Found::dynamic()],
            });
        }
        if answer.is_empty() { vec![Found::dynamic()] } else { answer }
    }

    /// What reading a variable, field or getter gives.
    pub(crate) fn load(&mut self, sym: Sym) -> Answer {
        let symbol = self.repository.symbol(sym);
        if symbol.kind.is_callable() {
            return if symbol.traits.is_getter { self.result(sym) } else { vec![Found::dynamic()] };
        }
        if let Some(written) = symbol.value_type {
            let place = self.place_outside(sym);
            let is_alias = symbol.kind == SymbolKind::TypeAlias;
            return if is_alias {
                self.typed_unless_chosen(place, written)
            } else {
                self.typed(place, written)
            };
        }
        let mut answer = Answer::new();
        for (place, target) in self.initialisers(sym) {
            answer.extend(match target {
                Target::Initialiser { written: Some(written), .. } => self.typed(place, written),
                Target::Initialiser { value: Some(value), .. } => self.assigned(place, value),
                _ => vec![Found::dynamic()],
            });
        }
        let answer = self.also_set(sym, self.holding_scope(sym), answer);
        if answer.is_empty() { vec![Found::dynamic()] } else { answer }
    }

    fn holding_scope(&self, sym: Sym) -> u32 {
        let parent = self.repository.parent(sym);
        parent.and_then(|parent| self.repository.symbol(parent).scope).unwrap_or(0)
    }

    /// What the scope that holds a variable sets it to.
    fn initialisers(&self, sym: Sym) -> Vec<(Place, Target)> {
        let repository = self.repository;
        let symbol = repository.symbol(sym);
        let scope = self.holding_scope(sym);
        let initialisers = repository.initialisers(sym.file, scope, symbol.name);
        let place = |byte_start| Place {
            file: sym.file,
            scope: repository.member_scope(sym, byte_start).unwrap_or(scope),
            byte_start,
        };
        if initialisers.len() > MAX_BINDINGS {
            return Vec::new();
        }
        let found =
            initialisers.iter().filter(|binding| matches!(binding.target, Target::Initialiser { .. }));
        found.map(|binding| (place(binding.byte_start), binding.target)).collect()
    }
}

/// What a map gives when a member of it is called.
pub(crate) fn map_gives(language: Language, value: Sym, member: &str) -> Option<Value> {
    match (language, member) {
        (_, "get") | (Language::Python, "pop" | "setdefault") => Some(Value::Instance(value)),
        (_, "values") => Some(Value::Elements(value)),
        (Language::Python, "copy") | (Language::TypeScript | Language::JavaScript, "set") => {
            Some(Value::Entries(value))
        }
        _ => None,
    }
}
