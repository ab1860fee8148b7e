//! Values of types without a name, and what a named type is made of.
//!
//! A type is opened one layer a step, when a path asks for it, so that long types cost nothing unasked.

use foldhash::HashMap;

use docpack::{Evidence, Language, SymbolKind};

use crate::resolve::builtins;
use crate::resolve::go::written::{self, Written};
use crate::resolve::repository::Sym;
use crate::resolve::solver::{Answer, Found, Place, Question, Solver, Value, Want, confidence, tidied};
use crate::resolve::type_text::{Shape, object_field};
use crate::resolve::words::{Step, Word, Words};

/// Named types made of named types are followed this far; real chains have two or three.
const MAX_NAMED_CHAIN: usize = 8;

/// Index of a type without a name.
pub(crate) type CompositeIdx = u32;

/// Every unnamed type met so far, with the place where its names are read.
#[derive(Default)]
pub(crate) struct Composites {
    texts: Words,
    all: Vec<(Place, Word)>,
    known: HashMap<(Place, Word), CompositeIdx>,
}

impl Composites {
    fn intern(&mut self, place: Place, text: &str) -> CompositeIdx {
        let key = (place, self.texts.word(text));
        let next = self.all.len() as CompositeIdx;
        let idx = *self.known.entry(key).or_insert(next);
        if idx == next {
            self.all.push(key);
        }
        idx
    }

    fn get(&self, idx: CompositeIdx) -> Option<(Place, String)> {
        self.all.get(idx as usize).map(|(place, text)| (*place, self.texts.text(*text).to_owned()))
    }
}

impl Solver<'_> {
    /// What a value of a type written at this place is.
    pub(crate) fn value_of_type(&mut self, place: Place, text: &str) -> Answer {
        match written::outermost(text) {
            Written::Named(path) => self.value_of_named(place, path),
            Written::Other => vec![Found::dynamic()],
            _ => {
                let value = Value::Composite(self.composites.intern(place, text));
                vec![Found::new(value, Evidence::Type, confidence::DECLARED_TYPE)]
            }
        }
    }

    fn value_of_named(&mut self, place: Place, path: &str) -> Answer {
        let (first, member) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let want = if member.is_some() { Want::Path } else { Want::Type };
        let mut answer = match self.word(first) {
            Some(word) => self.name(place, word, want, None),
            None if builtins::namespace(Language::Go, first).is_some() => vec![self.external("builtin")],
            None => Answer::new(),
        };
        if let Some(member) = member {
            let Some(word) = self.word(member) else { return vec![Found::dynamic()] };
            let step = Step::Name { word, scoped: false };
            answer = answer.into_iter().flat_map(|found| self.step(found, step, Want::Type)).collect();
        }
        let answer: Answer =
            answer.into_iter().flat_map(|found| self.instance_of(place, found, Shape::Plain)).collect();
        if answer.is_empty() { vec![Found::dynamic()] } else { answer }
    }

    /// The type of an object in TypeScript and JavaScript.
    pub(crate) fn object_type(&mut self, place: Place, text: &str) -> Value {
        Value::Composite(self.composites.intern(place, text))
    }

    /// A call that takes a type: the language's own makes a value of it, any other is a call.
    pub(crate) fn made(&mut self, place: Place, answer: Answer, written: Word) -> Answer {
        let is_own = answer.iter().all(|found| matches!(found.value, Value::External(_)));
        if is_own {
            return self.value_of_type(place, self.text(written));
        }
        tidied(answer.into_iter().flat_map(|found| self.called(found)).collect())
    }

    /// Steps on from what a type defined by another is made of.
    pub(crate) fn of_underlying(
        &mut self,
        from: Found,
        sym: Sym,
        step: impl Fn(&mut Self, Found) -> Answer,
    ) -> Answer {
        let is_defined = self.repository.kind(sym) == SymbolKind::TypeAlias;
        let values = if is_defined { self.underlying(sym) } else { Answer::new() };
        let steps = |found: &Found| matches!(found.value, Value::Composite(_) | Value::External(_));
        let mut answer = Answer::new();
        for found in values.into_iter().filter(steps) {
            answer.extend(step(self, found.after(from)));
        }
        if answer.is_empty() { vec![Found::dynamic()] } else { answer }
    }

    pub(crate) fn is_go_alias(&self, sym: Sym) -> bool {
        self.repository.language(sym) == Language::Go && self.repository.symbol(sym).traits.is_alias
    }

    /// What a value of a type is whose own name is left out.
    pub(crate) fn made_of(&mut self, sym: Sym) -> Answer {
        let written = self.repository.symbol(sym).value_type;
        written.map_or(vec![Found::dynamic()], |written| self.typed(self.place_outside(sym), written))
    }

    /// What a value of this type is when the type's own name is left out.
    pub(crate) fn underlying(&mut self, sym: Sym) -> Answer {
        let mut values = self.ask(Question::Underlying(sym));
        for _ in 0..MAX_NAMED_CHAIN {
            let [Found { value: Value::Instance(named), .. }] = values.as_slice() else { break };
            if self.repository.kind(*named) != SymbolKind::TypeAlias {
                break;
            }
            values = self.ask(Question::Underlying(*named));
        }
        values
    }

    /// An element of an unnamed type, or its key as a loop gives it.
    pub(crate) fn element(&mut self, from: Found, idx: CompositeIdx, is_key: bool) -> Answer {
        let Some((place, text)) = self.composites.get(idx) else { return vec![Found::dynamic()] };
        let part = match written::outermost(&text) {
            Written::Elements { key, element } => {
                if is_key {
                    key
                } else {
                    Some(element)
                }
            }
            Written::Function { parameters, .. } => yielded(parameters, usize::from(!is_key)),
            _ => None,
        };
        self.part(from, place, part)
    }

    /// The result of calling a value of an unnamed type.
    pub(crate) fn composite_called(&mut self, from: Found, idx: CompositeIdx) -> Answer {
        let Some((place, text)) = self.composites.get(idx) else { return vec![Found::dynamic()] };
        let results = match written::outermost(&text) {
            Written::Function { results, .. } => Some(results),
            _ => None,
        };
        self.part(from, place, results)
    }

    /// A field of an unnamed struct, or one of several results.
    pub(crate) fn composite_member(&mut self, from: Found, idx: CompositeIdx, name: Word) -> Answer {
        let Some((place, text)) = self.composites.get(idx) else { return vec![Found::dynamic()] };
        let name = self.text(name);
        if self.is_script(place.file) {
            let field = object_field(&text, name).map(|written| self.cast(place, written));
            let values = field.unwrap_or_else(|| vec![Found::dynamic()]);
            return values.into_iter().map(|found| found.after(from)).collect();
        }
        let part = match written::outermost(&text) {
            Written::Results(list) => name.parse().ok().and_then(|nth| written::nth_type(list, nth)),
            Written::Struct(fields) => written::field(fields, name),
            _ if name == "@key" => return self.element(from, idx, true),
            _ => None,
        };
        self.part(from, place, part)
    }

    fn part(&mut self, from: Found, place: Place, part: Option<&str>) -> Answer {
        let Some(part) = part else { return vec![Found::dynamic()] };
        self.value_of_type(place, part).into_iter().map(|found| found.after(from)).collect()
    }
}

/// What a function that a loop ranges over hands on: `func(yield func(K, V) bool)`.
fn yielded(parameters: &str, nth: usize) -> Option<&str> {
    match written::outermost(written::nth_type(parameters, 0)?) {
        Written::Function { parameters, .. } => written::nth_type(parameters, nth),
        _ => None,
    }
}
