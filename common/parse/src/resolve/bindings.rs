//! What a name that is bound stands for: its declaration, and what it is set to later.

use docpack::{Evidence, Language};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::slim::Target;
use crate::resolve::solver::{
    Answer, Found, MAX_CANDIDATES, Place, Question, Solver, Value, Want, confidence, tidied,
};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step, Word};
use crate::resolve::written::Written;

impl Solver<'_> {
    /// What one binding gives.
    pub(crate) fn binding(&mut self, file: FileIdx, idx: u32) -> Answer {
        let binding = &self.repository.file(file).bindings[idx as usize];
        let place = Place { file, scope: binding.scope, byte_start: binding.byte_start.saturating_sub(1) };
        let found = |value| vec![Found::new(value, Evidence::Scope, confidence::SCOPE)];
        match binding.target {
            Target::Symbol(idx) => self.defined(Sym { file, idx }),
            Target::Import(idx) => self.ask(Question::Import(file, idx)),
            Target::Receiver { of_class } => match self.repository.enclosing_type(file, binding.scope) {
                Some(class) => found(if of_class { Value::Symbol(class) } else { Value::Instance(class) }),
                None => vec![Found::dynamic()],
            },
            Target::Generic(None) | Target::Parameter(None) => vec![Found::dynamic()],
            Target::Generic(Some((Shape::Whole(written), _)))
                if !matches!(self.repository.words.written_type(written), Written::Named { .. }) =>
            {
                self.bounded_by(place, written)
            }
            Target::Generic(Some(written)) => {
                let (_, bound) = self.settled(place, written);
                self.path(place, bound, Want::Type).into_iter().map(bounded).collect()
            }
            Target::Parameter(Some(written)) => self.typed(place, written),
            Target::Local { written: Some(written), .. } => self.typed(place, written),
            Target::Local { value: Some(value), .. } => {
                self.assigned(self.place_of_value(place, value), value)
            }
            Target::Assigned { scope, value: Some(value) } => self.assigned(Place { scope, ..place }, value),
            Target::Local { .. }
            | Target::Declared
            | Target::Assigned { .. }
            | Target::Set { .. }
            | Target::Initialiser { .. } => vec![Found::dynamic()],
        }
    }

    /// What a call hands to a function is read outside of that, where a parameter does not hide the callee.
    fn place_of_value(&self, place: Place, value: PathIdx) -> Place {
        let repository = self.repository;
        let is_handed = self.is_script(place.file)
            && repository.words.steps(value).iter().any(|step| matches!(step, Step::Closure { .. }));
        let outer = || repository.file(place.file).scopes.get(place.scope as usize)?.parent;
        match is_handed.then(outer).flatten() {
            Some(scope) => Place { scope, ..place },
            None => place,
        }
    }

    /// What a variable set from this path holds.
    pub(crate) fn assigned(&mut self, place: Place, value: PathIdx) -> Answer {
        let answer = self.path(place, value, Want::Holder);
        if answer.is_empty() {
            return vec![Found::dynamic()];
        }
        let repository = self.repository;
        // A Go variable keeps its type, whatever it is set to later.
        let keeps_type =
            |sym| repository.language(sym) == Language::Go && !repository.kind(sym).is_callable();
        let follow = |found: Found| match found.value {
            Value::Symbol(sym) if keeps_type(sym) => found,
            Value::Symbol(_) => found.then(found.value, Evidence::Flow, confidence::FLOW),
            Value::Instance(_) | Value::Type(_) | Value::Elements(_) | Value::Composite(_) => {
                found.then(found.value, Evidence::Type, confidence::INFERRED_TYPE)
            }
            _ => found,
        };
        answer.into_iter().map(follow).collect()
    }

    /// Adds what a variable is set to later, wherever that is; `declared` is what its declaration gives.
    pub(crate) fn also_assigned(
        &mut self,
        file: FileIdx,
        scope: u32,
        name: Word,
        declared: Answer,
    ) -> Answer {
        let (start, bindings) = self.repository.bindings(file, scope, name);
        let later: Vec<u32> = (start as u32..)
            .zip(bindings)
            .filter(|(_, binding)| matches!(binding.target, Target::Assigned { .. }))
            .map(|(idx, _)| idx)
            .take(MAX_CANDIDATES + 1)
            .collect();
        if later.is_empty() || self.keeps_type(file, &declared) {
            return declared;
        }
        let is_set_first = bindings
            .iter()
            .filter(|binding| binds(binding.target))
            .all(|binding| binding.target == Target::Declared);
        let mut answer = if is_set_first { Answer::new() } else { declared };
        if later.len() > MAX_CANDIDATES {
            return vec![Found::dynamic()];
        }
        for idx in later {
            answer.extend(self.ask(Question::Binding(file, idx)));
        }
        doubted(answer)
    }

    /// Adds what a variable that is a symbol is set to after its initialisers.
    pub(crate) fn also_set(&mut self, sym: Sym, scope: u32, initial: Answer) -> Answer {
        let repository = self.repository;
        let later = repository.initialisers(sym.file, scope, repository.symbol(sym).name).iter().filter_map(
            |binding| match binding.target {
                Target::Set { scope, value } => {
                    Some((Place { file: sym.file, scope, byte_start: binding.byte_start }, value))
                }
                _ => None,
            },
        );
        let later: Vec<_> = later.take(MAX_CANDIDATES + 1).collect();
        if later.is_empty() || self.keeps_type(sym.file, &initial) {
            return initial;
        }
        if later.len() > MAX_CANDIDATES {
            return vec![Found::dynamic()];
        }
        let mut answer = initial;
        for (place, value) in later {
            answer.extend(match value {
                Some(value) => self.assigned(place, value),
                None => vec![Found::dynamic()],
            });
        }
        doubted(answer)
    }

    /// In Go and TypeScript the first value gives a variable its type; only functions may change for others.
    fn keeps_type(&self, file: FileIdx, declared: &Answer) -> bool {
        let repository = self.repository;
        let is_typed = matches!(repository.file(file).language, Language::Go | Language::TypeScript);
        let is_instance = |found: &Found| {
            matches!(
                found.value,
                Value::Instance(_) | Value::Elements(_) | Value::Composite(_) | Value::Bound(_)
            )
        };
        let is_code =
            |found: &Found| matches!(found.value, Value::Symbol(sym) if repository.kind(sym).is_callable());
        is_typed && declared.iter().any(is_instance) && !declared.iter().any(is_code)
    }
}

/// Tells whether one of the bindings of a name makes it known by itself; what symbols are set to is not among them.
pub(crate) fn binds(target: Target) -> bool {
    !matches!(target, Target::Assigned { .. })
}

/// Where one of several values is not known, none of the others is sure.
fn doubted(answer: Answer) -> Answer {
    let is_unknown = |found: &Found| matches!(found.value, Value::Dynamic | Value::Composite(_));
    let mut answer = tidied(answer);
    if answer.iter().any(is_unknown) {
        for found in &mut answer {
            found.confidence = found.confidence.min(confidence::PARTLY_KNOWN_IMPORT);
        }
    }
    answer
}

fn bounded(found: Found) -> Found {
    match found.value {
        Value::Symbol(sym) => found.then(Value::Bound(sym), Evidence::Type, confidence::DECLARED_TYPE),
        Value::External(_) | Value::Bound(_) => found,
        _ => Found::dynamic(),
    }
}
