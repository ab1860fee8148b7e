//! What a function that is handed to a call gets as parameters, in TypeScript and JavaScript.

use docpack::{Evidence, SymbolKind};

use crate::resolve::builtins;
use crate::resolve::repository::Sym;
use crate::resolve::results::map_gives;
use crate::resolve::slim::WrittenType;
use crate::resolve::slim_callbacks::{Callback, nth_parameter_type};
use crate::resolve::solver::{Answer, Found, Place, Solver, Value, Want, confidence};
use crate::resolve::type_text::{Named, Shape, named_type};
use crate::resolve::words::{Step, Word};

/// Overloads beyond these are generated.
const MAX_OVERLOADS: usize = 16;

impl Solver<'_> {
    /// What the function that is this argument of a call gets as this parameter.
    pub(crate) fn callback_parameter(&mut self, callee: Found, argument: u8, parameter: u8) -> Answer {
        let mut answer = Answer::new();
        for target in self.callee(callee) {
            let Value::Symbol(sym) = target.value else { return vec![Found::dynamic()] };
            let Some(taker) = self.taker(sym) else { return vec![Found::dynamic()] };
            for overload in self.overloads(taker) {
                let given = self.given_to_callback(overload, argument, parameter);
                answer.extend(given.into_iter().map(|found| {
                    found.after(target).then(found.value, Evidence::Type, confidence::INFERRED_TYPE)
                }));
            }
        }
        if answer.is_empty() { vec![Found::dynamic()] } else { answer }
    }

    /// What takes the arguments: of a class its constructor, which may be its base's.
    fn taker(&mut self, sym: Sym) -> Option<Sym> {
        if self.repository.kind(sym).is_callable() {
            return Some(sym);
        }
        let name = self.word("constructor").filter(|_| self.repository.kind(sym) == SymbolKind::Class)?;
        let ancestors = self.ancestors(sym);
        let known = ancestors.types.iter().take(if ancestors.is_all_known() { usize::MAX } else { 1 });
        known.copied().find_map(|class| self.repository.children_named(class, name).next())
    }

    /// What callers of a function see of it: its overloads without a body where it has such.
    pub(crate) fn overloads(&self, sym: Sym) -> Vec<Sym> {
        let repository = self.repository;
        let symbol = repository.symbol(sym);
        let Some(parent) = repository.parent(sym) else { return vec![sym] };
        let is_signature = |other: &Sym| {
            let found = repository.symbol(*other);
            !found.has_body
                && found.kind == symbol.kind
                && found.traits.is_static == symbol.traits.is_static
                && found.traits.is_member == symbol.traits.is_member
        };
        let seen: Vec<Sym> =
            repository.children_named(parent, symbol.name).filter(is_signature).take(MAX_OVERLOADS).collect();
        if seen.is_empty() { vec![sym] } else { seen }
    }

    /// What one function says it hands to a callback; nothing where it takes none there.
    fn given_to_callback(&mut self, sym: Sym, argument: u8, parameter: u8) -> Answer {
        let takes = &self.repository.symbol(sym).takes;
        match takes.iter().find(|(at, _)| *at == argument).map(|(_, callback)| callback) {
            Some(Callback::Takes(types)) => match types.get(usize::from(parameter)).copied().flatten() {
                Some(written) => self.typed_unless_chosen(self.place_outside(sym), written),
                None => vec![Found::dynamic()],
            },
            Some(Callback::Named(path)) => {
                let named = self.path(self.place_outside(sym), *path, Want::Type);
                match named.as_slice() {
                    [Found { value: Value::Symbol(alias), .. }]
                        if self.repository.kind(*alias) == SymbolKind::TypeAlias && *alias != sym =>
                    {
                        self.given_to_alias(*alias, parameter)
                    }
                    _ => vec![Found::dynamic()],
                }
            }
            None => Answer::new(),
        }
    }

    /// What a function gets as a parameter whose own type is written beside it: `const f: Handler = (c) => …`.
    pub(crate) fn parameter_of_type(&mut self, place: Place, nth: u8, text: &str) -> Answer {
        if let Some(written) = nth_parameter_type(text, usize::from(nth)) {
            return self.cast(place, written);
        }
        let named = named_type(self.repository.file(place.file).language, text);
        let Some(Named { shape: Shape::Plain, path, .. }) = named else { return vec![Found::dynamic()] };
        match self.class_named(place, path).as_slice() {
            [Found { value: Value::Symbol(alias), .. }]
                if self.repository.kind(*alias) == SymbolKind::TypeAlias =>
            {
                self.given_to_alias(*alias, nth)
            }
            _ => vec![Found::dynamic()],
        }
    }

    fn given_to_alias(&mut self, alias: Sym, parameter: u8) -> Answer {
        let takes = self.repository.symbol(alias).takes.first().map(|(_, callback)| callback);
        let Some(Callback::Takes(types)) = takes else { return vec![Found::dynamic()] };
        match types.get(usize::from(parameter)).copied().flatten() {
            Some(written) => self.typed_unless_chosen(self.place_outside(alias), written),
            None => vec![Found::dynamic()],
        }
    }

    /// A value of a written type; unknown where who calls chooses the type.
    pub(crate) fn typed_unless_chosen(&mut self, place: Place, written: WrittenType) -> Answer {
        let written = self.settled(place, written);
        let named = self.path(place, written.1, Want::Type);
        if named.iter().any(|found| matches!(found.value, Value::Bound(_))) {
            return vec![Found::dynamic()];
        }
        self.typed(place, written)
    }
}

/// Lists, sets and maps, and what is awaited.
impl Solver<'_> {
    /// What a method of a container gives or hands on; nothing where no container is called.
    pub(crate) fn container_called(&mut self, answer: &Answer, step: Step, next: Step) -> Option<Answer> {
        let Step::Name { word, .. } = step else { return None };
        let mut held = Answer::new();
        for found in answer {
            held.extend(self.read(*found));
        }
        let is_container = |found: &Found| matches!(found.value, Value::Elements(_) | Value::Entries(_));
        if !held.iter().any(is_container) {
            return self.awaited_then(&held, step, next);
        }
        let method = self.text(word);
        let value = |found: Found| {
            let value = match (found.value, next) {
                (Value::Elements(sym), Step::Call) => list_gives(sym, method),
                (Value::Entries(sym), Step::Call) => map_gives(self.repository.language(sym), sym, method),
                (Value::Elements(sym), Step::Closure { argument: 0, parameter }) => {
                    list_hands(sym, method, parameter)
                }
                (Value::Entries(sym), Step::Closure { argument: 0, parameter: 0 }) if method == "forEach" => {
                    Some(Value::Instance(sym))
                }
                _ => None,
            };
            value.map_or(Found::dynamic(), |value| {
                found.then(value, Evidence::Type, confidence::DECLARED_TYPE)
            })
        };
        Some(held.into_iter().map(value).collect())
    }

    /// A member of a map, or of a record the value under that name.
    pub(crate) fn entry_named(&mut self, from: Found, value: Sym, name: Word, want: Want) -> Found {
        match want {
            _ if builtins::is_map_member(self.text(name)) => self.external("builtins"),
            Want::Callable => Found::dynamic(),
            _ => from.then(Value::Instance(value), Evidence::Type, confidence::DECLARED_TYPE),
        }
    }

    /// `promise.then((value) => …)`: a promise of a value is followed as the value.
    fn awaited_then(&mut self, held: &Answer, step: Step, next: Step) -> Option<Answer> {
        let Step::Name { word, .. } = step else { return None };
        let Step::Closure { argument: 0, parameter: 0 } = next else { return None };
        let [Found { value: Value::Instance(sym), .. }] = held.as_slice() else { return None };
        let has_own = self
            .ancestors(*sym)
            .types
            .iter()
            .any(|of| self.repository.children_named(*of, word).next().is_some());
        let is_value = self.text(word) == "then" && !has_own && self.ancestors(*sym).is_all_known();
        is_value.then(|| held.clone())
    }
}

fn list_gives(element: Sym, method: &str) -> Option<Value> {
    match method {
        "find" | "findLast" | "pop" | "shift" | "at" => Some(Value::Instance(element)),
        "filter" | "slice" | "concat" | "reverse" | "sort" | "splice" | "toSorted" | "toReversed"
        | "toSpliced" | "fill" | "values" | "add" => Some(Value::Elements(element)),
        _ => None,
    }
}

/// What a list hands to a function that goes over it.
fn list_hands(element: Sym, method: &str, parameter: u8) -> Option<Value> {
    match (method, parameter) {
        (
            "every" | "filter" | "find" | "findIndex" | "findLast" | "findLastIndex" | "flatMap" | "forEach"
            | "map" | "some",
            0,
        )
        | ("sort" | "toSorted", 0 | 1)
        | ("reduce" | "reduceRight", 1) => Some(Value::Instance(element)),
        _ => None,
    }
}
