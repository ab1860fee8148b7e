//! What only TypeScript and JavaScript have: `this`, overloads, constructors that are inherited.

use docpack::{Evidence, Language, SymbolKind};
use model::facts::RETURNED;

use crate::resolve::builtins;
use crate::resolve::members::{Base, preferred};
use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::slim::{SlimBinding, Target};
use crate::resolve::solver::{Answer, Found, MAX_BINDINGS, Place, Question, Solver, Value, Want, confidence};
use crate::resolve::type_text::{Named, Shape, named_type};
use crate::resolve::words::{PathIdx, Step, Word};

/// The name under which a module's one export is kept.
const DEFAULT: &str = "default";

impl Solver<'_> {
    /// What `this` is at a place: what the innermost function that has one of its own is called on.
    pub(crate) fn script_this(&mut self, place: Place) -> Answer {
        let repository = self.repository;
        let slim = repository.file(place.file);
        let word = self.word("this");
        let mut scope = Some(place.scope);
        while let Some((idx, current)) = scope.and_then(|idx| Some((idx, slim.scopes.get(idx as usize)?))) {
            let (start, bound) = word.map_or((0, &[][..]), |word| repository.bindings(place.file, idx, word));
            if !bound.is_empty() {
                return self.ask(Question::Binding(place.file, start as u32));
            }
            if let Some(value) = current.symbol.and_then(|idx| self.this_in(Sym { file: place.file, idx })) {
                return vec![Found::new(value, Evidence::Scope, confidence::SCOPE)];
            }
            scope = current.parent;
        }
        vec![Found::dynamic()]
    }

    /// What `this` is directly inside a symbol; nothing where it is what it is outside.
    fn this_in(&self, sym: Sym) -> Option<Value> {
        let symbol = self.repository.symbol(sym);
        if symbol.kind.is_type() {
            return Some(Value::Instance(sym));
        }
        let is_method = matches!(symbol.kind, SymbolKind::Method | SymbolKind::Constructor);
        if !is_method || symbol.traits.is_arrow {
            return None;
        }
        let holder = self.repository.parent(sym).filter(|holder| holder.idx != 0 && symbol.traits.is_member);
        Some(match holder {
            Some(holder) if symbol.traits.is_static => Value::Symbol(holder),
            Some(holder) => Value::Instance(holder),
            None => Value::Dynamic,
        })
    }

    pub(crate) fn is_script(&self, file: FileIdx) -> bool {
        matches!(self.repository.file(file).language, Language::TypeScript | Language::JavaScript)
    }

    pub(crate) fn is_script_alias(&self, sym: Sym) -> bool {
        self.repository.kind(sym) == SymbolKind::TypeAlias && self.is_script(sym.file)
    }

    /// A value of a type's other name: of an object type that has members, else of what the name stands for.
    pub(crate) fn of_script_alias(&mut self, found: Found, sym: Sym, shape: Shape) -> Answer {
        if self.repository.children(sym).next().is_some() {
            let own = Found { value: Value::Instance(sym), ..found };
            return vec![found.of_named_type(own, shape)];
        }
        let of = |target: Found| found.of_named_type(target, shape);
        let targets: Answer = self.ask(Question::Load(sym)).into_iter().map(of).collect();
        if targets.is_empty() { vec![Found::dynamic()] } else { targets }
    }

    /// A value of a type that has no name, only members.
    pub(crate) fn object_value(&mut self, place: Place, text: &str) -> Found {
        Found::new(self.object_type(place, text), Evidence::Type, confidence::DECLARED_TYPE)
    }

    /// What `value as Type` is.
    pub(crate) fn cast(&mut self, place: Place, text: &str) -> Answer {
        if let Some((nth, text)) = text.strip_prefix('^').and_then(|text| text.split_once(' ')) {
            return self.parameter_of_type(place, nth.parse().unwrap_or(u8::MAX), text);
        }
        let Some(Named { shape, path, within }) = named_type(self.repository.file(place.file).language, text)
        else {
            return vec![Found::dynamic()];
        };
        if shape == Shape::Composite {
            return vec![self.object_value(place, path)];
        }
        let repository = self.repository;
        let is_type =
            |found: &Found| matches!(found.value, Value::Symbol(sym) if repository.kind(sym).is_type());
        let (mut named, mut shape) = (self.class_named(place, path), shape);
        // A type of the repository under a name of the library comes first.
        for (name, held) in within.into_iter().rev() {
            let own = self.class_named(place, name);
            if own.iter().any(is_type) {
                (named, shape) = (own, held);
            }
        }
        let values: Answer =
            named.into_iter().flat_map(|found| self.instance_of(place, found, shape)).collect();
        if values.is_empty() { vec![Found::dynamic()] } else { values }
    }

    /// What calling a method gives; what it hands to a function, where that depends on what it is called on.
    pub(crate) fn script_called(&mut self, answer: &Answer, step: Step, next: Step) -> Option<Answer> {
        if let Some(given) = self.container_called(answer, step, next) {
            return Some(given);
        }
        if next != Step::Call {
            return None;
        }
        let mut given = Answer::new();
        for found in answer {
            if self.is_handed_back(*found, step) {
                given.push(Found::dynamic());
                continue;
            }
            for member in self.step(*found, step, Want::Callable) {
                match member.value {
                    Value::Symbol(method) if self.gives_receiver(method) => {
                        given.extend(self.receivers(*found));
                    }
                    _ => given.extend(self.step(member, Step::Call, Want::Any)),
                }
            }
        }
        Some(given)
    }

    /// Tells whether a call of the language's own gives what it was given, which may be the repository's.
    fn is_handed_back(&mut self, found: Found, step: Step) -> bool {
        let Step::Name { word, .. } = step else { return false };
        builtins::hands_back(self.text(word))
            && self.read(found).iter().any(|held| held.value == self.external("builtins").value)
    }

    /// Tells whether a method gives what it is called on, by its type or because it returns nothing else.
    fn gives_receiver(&self, method: Sym) -> bool {
        let repository = self.repository;
        let symbol = repository.symbol(method);
        if symbol.traits.returns_self {
            return true;
        }
        let Some((scope, name)) = symbol.scope.zip(self.word(RETURNED)).filter(|_| !symbol.traits.is_typed)
        else {
            return false;
        };
        let (_, returns) = repository.bindings(method.file, scope, name);
        let is_this = |binding: &SlimBinding| matches!(binding.target, Target::Assigned { value: Some(value), .. } if self.is_this(value));
        (1..=MAX_BINDINGS).contains(&returns.len()) && returns.iter().all(is_this)
    }

    /// Tells whether a path is `this` alone.
    pub(crate) fn is_this(&self, path: PathIdx) -> bool {
        matches!(self.repository.words.steps(path), [Step::Name { word, .. }] if self.text(*word) == "this")
    }

    fn receivers(&mut self, found: Found) -> Answer {
        let mut held = self.read(found);
        for value in &mut held {
            let is_kept = match value.value {
                Value::Instance(_) | Value::External(_) => true,
                Value::Symbol(sym) => self.repository.kind(sym).is_type(),
                _ => false,
            };
            if !is_kept {
                *value = Found::dynamic();
            }
        }
        held
    }

    /// Signatures without a body are further lines of the function that has one, else of the first.
    pub(crate) fn without_overloads(&self, all: Vec<Sym>) -> Vec<Sym> {
        let (callables, mut kept): (Vec<Sym>, Vec<Sym>) =
            all.into_iter().partition(|sym| self.repository.kind(*sym).is_callable());
        let with_body = preferred(callables, |sym| self.repository.symbol(*sym).has_body);
        let is_signature = with_body.iter().all(|sym| !self.repository.symbol(*sym).has_body);
        let n_kept = if is_signature { 1 } else { with_body.len() };
        kept.extend(with_body.into_iter().take(n_kept));
        kept
    }

    /// Who makes an `X` is told by the edge to X where X has no constructor of its own.
    pub(crate) fn script_constructor(&mut self, class: Sym, found: Found) -> Answer {
        let name = self.word("constructor");
        let own = name.and_then(|name| {
            self.repository.children_named(class, name).find(|child| self.repository.symbol(*child).has_body)
        });
        vec![Found { value: Value::Symbol(own.unwrap_or(class)), ..found }]
    }

    /// What `super(…)` runs: the constructor of the class that is extended.
    pub(crate) fn super_constructor(&mut self, class: Sym, found: Found) -> Answer {
        match self.bases.get(&class).and_then(|bases| bases.first()).copied() {
            Some(Base::Known(base)) if self.repository.kind(base) == SymbolKind::Class => {
                let through = found.then(Value::Symbol(base), Evidence::Hierarchy, confidence::HIERARCHY);
                self.script_constructor(base, through)
            }
            Some(Base::External(package)) => vec![Found { value: Value::External(package), ..found }],
            _ => vec![Found::dynamic()],
        }
    }
}

impl Found {
    /// A value of the type that a name stands for, held as the type around the name says.
    pub(crate) fn of_named_type(self, target: Found, shape: Shape) -> Found {
        let declared = |value| self.then(value, Evidence::Type, confidence::DECLARED_TYPE);
        match (target.value, shape) {
            (Value::External(_), _) => target,
            (value @ (Value::Composite(_) | Value::Elements(_) | Value::Entries(_)), Shape::Plain) => {
                declared(value)
            }
            (Value::Instance(of), Shape::Element) => declared(Value::Elements(of)),
            (Value::Instance(of), Shape::Entry) => declared(Value::Entries(of)),
            (value @ Value::Instance(_), _) => declared(value),
            _ => Found::dynamic(),
        }
    }
}

/// CommonJS: what a module hands over is one thing, which may have members.
impl Solver<'_> {
    /// What `require` gives: the one thing that a module exports, else the module.
    pub(crate) fn required(&mut self, module: Found) -> Answer {
        let Value::File(file) = module.value else { return vec![module] };
        let repository = self.repository;
        let slim = repository.file(file);
        let is_default = |name: Word| self.text(name) == DEFAULT;
        let is_sole = slim.language == Language::JavaScript
            && !slim.exports.is_empty()
            && slim.exports.iter().all(|export| is_default(export.name));
        let found = if is_sole { self.default_of(file) } else { Answer::new() };
        if found.is_empty() { vec![module] } else { found }
    }

    /// What a module exports under a name; in CommonJS also a member of the one thing that it is.
    pub(crate) fn exported(&mut self, file: FileIdx, name: Word, want: Want) -> Answer {
        let found = self.ask(Question::Export(file, name));
        let is_script = self.repository.file(file).language == Language::JavaScript;
        if !found.is_empty() || !is_script {
            return found;
        }
        if self.text(name) == "exports" {
            return vec![Found::new(Value::File(file), Evidence::Scope, confidence::SCOPE)];
        }
        if self.text(name) == DEFAULT {
            return found;
        }
        let step = Step::Name { word: name, scoped: false };
        let wholes = self.default_of(file);
        wholes.into_iter().flat_map(|whole| self.step(whole, step, want)).collect()
    }

    /// Finds what a CommonJS module exports as a whole, which may have exports by name beside it.
    pub(crate) fn whole_module(&mut self, file: FileIdx, from: Found) -> Answer {
        match self.repository.file(file).language {
            Language::JavaScript => {
                self.default_of(file).into_iter().map(|whole| whole.after(from)).collect()
            }
            _ => Answer::new(),
        }
    }

    /// The same, where a module is; anything else is itself.
    pub(crate) fn whole_of(&mut self, found: Found) -> Answer {
        let Value::File(file) = found.value else { return vec![found] };
        let whole = self.whole_module(file, found);
        if whole.is_empty() { vec![found] } else { whole }
    }

    fn default_of(&mut self, file: FileIdx) -> Answer {
        let found = self.word(DEFAULT).map(|name| self.ask(Question::Export(file, name))).unwrap_or_default();
        found.into_iter().filter(|found| matches!(found.value, Value::Symbol(_))).collect()
    }
}
