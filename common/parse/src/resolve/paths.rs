//! What a whole path stands for, step by step.

use docpack::{Evidence, Language, SymbolKind};

use crate::resolve::builtins;
use crate::resolve::members::{preferred, suits};
use crate::resolve::modules;
use crate::resolve::repository::Sym;
use crate::resolve::solver::{
    Answer, Found, MAX_OPEN_STEPS, Place, Question, Solver, Value, Want, confidence, tidied,
};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step, Word};

impl Solver<'_> {
    /// Follows a path from a place; empty when its first name is bound nowhere or a step is missing.
    pub(crate) fn path(&mut self, place: Place, path: PathIdx, want: Want) -> Answer {
        let asking = std::mem::replace(&mut self.asking, place.file);
        let answer = self.followed(place, path, want);
        self.asking = asking;
        answer
    }

    fn followed(&mut self, place: Place, path: PathIdx, want: Want) -> Answer {
        let repository = self.repository;
        let steps = repository.words.steps(path);
        let Some((first, rest)) = steps.split_first() else { return Answer::new() };
        let is_go_type = want == Want::Type && repository.file(place.file).language == Language::Go;
        let first_want = if is_go_type && !rest.is_empty() { Want::Path } else { wanted(rest.first(), want) };
        let mut answer = self.first(place, *first, first_want, path);
        let is_python = repository.file(place.file).language == Language::Python;
        let is_script = self.is_script(place.file);
        let mut is_called = false;
        for (at, step) in rest.iter().enumerate() {
            if std::mem::take(&mut is_called) {
                continue;
            }
            if let (Step::Name { word, .. }, Some(Step::Call)) = (step, rest.get(at + 1))
                && is_python
            {
                // What some methods give depends on what they are called on.
                is_called = true;
                let next = answer.into_iter().flat_map(|found| self.method_called(found, *word));
                answer = tidied(next.collect());
                continue;
            }
            if let (true, Step::Name { .. }, Some(next @ (Step::Call | Step::Closure { .. }))) =
                (is_script, step, rest.get(at + 1))
                && let Some(given) = self.script_called(&answer, *step, *next)
            {
                is_called = true;
                answer = tidied(given);
                continue;
            }
            let want = wanted(rest.get(at + 1), want);
            if let Step::Typed(written) = *step {
                answer = match self.text(written).strip_prefix(':') {
                    Some(types) => self.narrowed(place, answer, types),
                    None => self.made(place, answer, written),
                };
                continue;
            }
            if let (Step::Pattern { .. }, true) = (step, answer.is_empty()) {
                answer.push(Found::dynamic());
            }
            let next = answer.into_iter().flat_map(|found| match *step {
                Step::Name { word, scoped: true } if self.is_written_trait(found, steps[at]) => {
                    let of_trait = self.step(found, *step, want);
                    self.as_far_as_decided(of_trait, found, word)
                }
                Step::Pattern { path, field } => self.matched(place, found, path, field),
                step => self.step(found, step, want),
            });
            answer = tidied(next.collect());
        }
        let ends: Answer = answer.into_iter().flat_map(|found| self.end(found, want)).collect();
        tidied(ends)
    }

    /// Tells whether the path so far is a Rust trait by its own name; `Self` in a trait is whatever implements it.
    fn is_written_trait(&self, found: Found, step: Step) -> bool {
        let Value::Symbol(sym) = found.value else { return false };
        let is_self = matches!(step, Step::Name { word, .. } if self.text(word) == "Self");
        self.repository.language(sym) == Language::Rust
            && self.repository.kind(sym) == SymbolKind::Trait
            && !is_self
    }

    /// `Trait::method(x)` runs what the type of `x` has; it is the trait's own only where no type has another.
    fn as_far_as_decided(&self, answer: Answer, of_trait: Found, method: Word) -> Answer {
        let Value::Symbol(sym) = of_trait.value else { return answer };
        if !self.implemented.contains(&(sym, method)) {
            return answer;
        }
        let doubt = |found: Found| Found {
            confidence: found.confidence.min(confidence::PARTLY_KNOWN_IMPORT),
            ..found
        };
        answer.into_iter().map(doubt).collect()
    }

    /// What the end of a path stands for: a method for itself, a field that is read for what it holds.
    fn end(&mut self, found: Found, want: Want) -> Answer {
        let Value::Member(member, ty) = found.value else { return vec![found] };
        if want == Want::Callable || self.repository.kind(member).is_callable() {
            return vec![Found { value: Value::Symbol(member), ..found }];
        }
        self.member_loaded(found, member, ty)
    }

    fn first(&mut self, place: Place, step: Step, want: Want, path: PathIdx) -> Answer {
        let word = match step {
            Step::Name { word, .. } => word,
            Step::Imported(module) => return self.imported_type(place.file, module, want),
            Step::Typed(written) if self.is_script(place.file) => {
                return self.cast(place, self.text(written));
            }
            Step::Typed(written) => return self.value_of_type(place, self.text(written)),
            _ => return vec![Found::dynamic()],
        };
        let keyword = self.keyword(place, word, want == Want::Path);
        if keyword.is_empty() { self.name(place, word, want, Some(path)) } else { keyword }
    }

    /// What `self`, `this`, `super`, `Self` and `crate` stand for; empty for other names.
    pub(crate) fn keyword(&mut self, place: Place, word: Word, is_path: bool) -> Answer {
        let file = place.file;
        let here = |value| vec![Found::new(value, Evidence::Scope, confidence::SCOPE)];
        match (self.repository.file(file).language, self.text(word)) {
            (Language::Rust, "crate" | "$crate") => here(Value::File(self.root(file))),
            (Language::Rust, "self") if is_path => self.rust_here(place),
            (Language::Rust, "super") => self.rust_above(place),
            (Language::Rust, "Self") => {
                self.own_type(place).map_or(vec![Found::dynamic()], |sym| here(Value::Symbol(sym)))
            }
            (Language::TypeScript | Language::JavaScript, "this") => self.script_this(place),
            (Language::Rust, "self") => match self.self_type(place) {
                Some(ty) => here(self.value_of(ty)),
                None => vec![Found::dynamic()],
            },
            (Language::Python | Language::TypeScript | Language::JavaScript, "super") => {
                self.own_type(place).map_or(vec![Found::dynamic()], |sym| here(Value::Super(sym)))
            }
            _ => Answer::new(),
        }
    }

    /// The type whose body holds the place; for an impl block its target.
    fn own_type(&mut self, place: Place) -> Option<Sym> {
        let sym = self.repository.enclosing_type(place.file, place.scope)?;
        match self.repository.kind(sym) {
            SymbolKind::Impl => {
                self.repository.symbol(sym).owner.and_then(|path| self.sole_impl_target(sym, path))
            }
            _ => Some(sym),
        }
    }

    fn sole_impl_target(&mut self, sym: Sym, path: PathIdx) -> Option<Sym> {
        let place = self.place_outside(sym);
        let answer = self.path(Place { scope: self.outer_scope(sym), ..place }, path, Want::Type);
        match answer.as_slice() {
            [Found { value: Value::Symbol(target), .. }] => self.unaliased(*target),
            _ => None,
        }
    }

    fn outer_scope(&self, sym: Sym) -> u32 {
        let slim = self.repository.file(sym.file);
        self.repository.symbol(sym).scope.and_then(|scope| slim.scopes[scope as usize].parent).unwrap_or(0)
    }

    /// The module that holds the place.
    pub(crate) fn rust_here(&mut self, place: Place) -> Answer {
        let scope = self.repository.module_scope(place.file, place.scope);
        let inline = self
            .repository
            .file(place.file)
            .scopes
            .get(scope as usize)
            .and_then(|found| found.symbol)
            .filter(|_| scope != 0);
        let value =
            inline.map_or(Value::File(place.file), |idx| Value::Symbol(Sym { file: place.file, idx }));
        vec![Found::new(value, Evidence::Scope, confidence::SCOPE)]
    }

    fn rust_above(&mut self, place: Place) -> Answer {
        let here = self.rust_here(place);
        here.into_iter().flat_map(|found| self.parent_module(found)).collect()
    }

    fn parent_module(&self, found: Found) -> Option<Found> {
        let value = match found.value {
            Value::File(file) => Value::File(modules::rust_parent(self.repository, file)?),
            Value::Symbol(sym) => match self.repository.parent(sym).filter(|parent| parent.idx != 0) {
                Some(parent) => Value::Symbol(parent),
                None => Value::File(sym.file),
            },
            _ => return None,
        };
        Some(Found { value, ..found })
    }

    /// Takes one step on from one thing, through the values on the way as far as they are followed.
    ///
    /// Two variables may hold each other, so steps within steps are counted as questions are.
    pub(crate) fn step(&mut self, from: Found, step: Step, want: Want) -> Answer {
        if self.n_open_steps == MAX_OPEN_STEPS || (self.n_open_steps > 0 && self.questions_left == 0) {
            self.lacks = 0;
            return vec![Found::dynamic()];
        }
        self.questions_left = self.questions_left.saturating_sub(u32::from(self.n_open_steps > 0));
        self.n_open_steps += 1;
        let answer = self.next(from, step, want);
        self.n_open_steps -= 1;
        answer
    }

    fn next(&mut self, from: Found, step: Step, want: Want) -> Answer {
        match step {
            Step::Name { word, scoped } => self.named_step(from, word, scoped, want),
            Step::Call => self.called(from),
            Step::Index => self.indexed(from),
            Step::Each => self.looped_over(from),
            Step::Try => match from.value {
                Value::Type(ty) => self.type_tried(from, ty),
                Value::Member(member, ty) => {
                    let loaded = self.member_loaded(from, member, ty);
                    loaded.into_iter().flat_map(|found| self.step(found, step, want)).collect()
                }
                Value::Instance(_) | Value::Bound(_) => vec![Found::dynamic()],
                _ => vec![from],
            },
            Step::Closure { argument, parameter } if self.is_script(self.asking) => {
                self.callback_parameter(from, argument, parameter)
            }
            Step::Closure { argument, parameter } => self.closure_parameter(from, argument, parameter),
            Step::Imported(_) | Step::Typed(_) | Step::Pattern { .. } | Step::Unnamed => {
                vec![Found::dynamic()]
            }
        }
    }

    fn named_step(&mut self, from: Found, word: Word, scoped: bool, want: Want) -> Answer {
        match from.value {
            // A module has no members to be had with a dot: what is meant is bound by something not seen.
            Value::File(file) if !scoped && self.repository.file(file).language == Language::Rust => {
                vec![Found::dynamic()]
            }
            Value::File(_) | Value::Folder(_) | Value::Package(_) => {
                if scoped && self.text(word) == "super" {
                    return self.parent_module(from).into_iter().collect();
                }
                if scoped && self.text(word) == "self" {
                    return vec![from];
                }
                self.item(from, word, want)
            }
            Value::Symbol(sym) => self.symbol_item(from, sym, word, want),
            Value::Member(member, ty) => {
                let loaded = self.member_loaded(from, member, ty);
                let step = Step::Name { word, scoped };
                loaded.into_iter().flat_map(|found| self.step(found, step, want)).collect()
            }
            Value::Type(_) | Value::Instance(_) if self.is_await(from, word) => self.awaited(from),
            Value::Type(_) => self.type_member(from, from.value, word, want),
            Value::Bound(sym) | Value::Instance(sym)
                if !scoped && self.repository.language(sym) == Language::Rust =>
            {
                self.type_member(from, from.value, word, want)
            }
            Value::Bound(sym) => self.member(sym, word, want, from),
            Value::Composite(idx) => self.composite_member(from, idx, word),
            Value::Instance(sym) if self.text(word) == "@key" => {
                let step = Step::Name { word, scoped: false };
                self.of_underlying(from, sym, |solver, found| solver.step(found, step, want))
            }
            Value::Instance(sym) => {
                let through = from.then(from.value, Evidence::Type, confidence::DECLARED_TYPE);
                self.member(sym, word, want, through)
            }
            Value::Super(sym) => self.inherited(sym, word, want, from),
            Value::Entries(sym) if self.is_script(sym.file) => vec![self.entry_named(from, sym, word, want)],
            // A container's methods are the language's own.
            Value::Elements(sym) | Value::Entries(sym)
                if !matches!(self.repository.language(sym), Language::Rust | Language::Go) =>
            {
                vec![self.external("builtins")]
            }
            Value::Elements(_) | Value::Entries(_) | Value::StdMethod(..) => vec![Found::dynamic()],
            Value::External(_) | Value::Dynamic => vec![from],
        }
    }

    fn is_await(&self, from: Found, word: Word) -> bool {
        let ours = match from.value {
            Value::Instance(sym) => self.repository.language(sym) == Language::Rust,
            _ => true,
        };
        ours && self.text(word) == "await"
    }

    fn symbol_item(&mut self, from: Found, sym: Sym, word: Word, want: Want) -> Answer {
        let repository = self.repository;
        let kind = repository.kind(sym);
        match kind {
            SymbolKind::Module => {
                if self.text(word) == "super" {
                    return self.parent_module(from).into_iter().collect();
                }
                let scope = repository.symbol(sym).scope.unwrap_or(0);
                let found = self.module_item(sym.file, scope, word);
                self.fitting(found, want).into_iter().map(|found| found.after(from)).collect()
            }
            SymbolKind::TypeAlias if repository.language(sym) == Language::Go => {
                self.selector(sym, word, want, from)
            }
            SymbolKind::TypeAlias => match self.alias(sym).as_slice() {
                [target] => {
                    let target = target.after(from);
                    self.step(target, Step::Name { word, scoped: true }, want)
                }
                _ => vec![Found::dynamic()],
            },
            SymbolKind::EnumVariant => match repository.parent(sym) {
                Some(parent) => self.member(parent, word, want, from),
                None => vec![Found::dynamic()],
            },
            _ if kind.is_type() => {
                let found = self.member(sym, word, want, from);
                let is_ours = |found: &Found| matches!(found.value, Value::Symbol(_));
                match repository.language(sym) {
                    Language::Rust if self.text(word) == "default" && !found.iter().any(is_ours) => {
                        self.derived_default(from, sym, word)
                    }
                    _ => found,
                }
            }
            _ => {
                let own = self.own_members(sym, word, want);
                if !own.is_empty() && !kind.is_callable() {
                    return own
                        .into_iter()
                        .map(|member| from.then(Value::Symbol(member), from.evidence, from.confidence))
                        .collect();
                }
                let loaded = self.ask(Question::Load(sym));
                let next = loaded
                    .into_iter()
                    .filter(|found| found.value != Value::Symbol(sym))
                    .map(|found| found.after(from))
                    .collect::<Vec<_>>();
                let step = Step::Name { word, scoped: false };
                let answer: Answer =
                    next.into_iter().flat_map(|found| self.step(found, step, want)).collect();
                if answer.is_empty() { vec![Found::dynamic()] } else { answer }
            }
        }
    }

    /// What the target of a type alias is.
    pub(crate) fn alias(&mut self, sym: Sym) -> Answer {
        let place = self.place_outside(sym);
        let written = self.repository.symbol(sym).value_type.map(|written| self.settled(place, written));
        let Some((Shape::Plain | Shape::Whole(_), path)) = written else { return Answer::new() };
        let answer = self.path(place, path, Want::Type);
        answer.into_iter().filter(|found| found.value != Value::Symbol(sym)).collect()
    }

    /// Keeps what is of the wanted kind, when anything is.
    pub(crate) fn fitting(&self, answer: Answer, want: Want) -> Answer {
        let repository = self.repository;
        preferred(answer, |found| match found.value {
            Value::Symbol(sym) => suits(repository.kind(sym), want),
            Value::File(_) | Value::Folder(_) | Value::Package(_) => {
                matches!(want, Want::Path | Want::Holder | Want::Any)
            }
            Value::Bound(_) => want == Want::Type,
            _ => true,
        })
    }

    /// Tells whether a method call on a value of the repository's own could only lead outside.
    pub(crate) fn is_builtin_method(&self, language: Language, name: Word) -> bool {
        builtins::is_common_method(language, self.text(name))
    }
}

/// What the next step needs of this one.
fn wanted(next: Option<&Step>, last: Want) -> Want {
    match next {
        None => last,
        Some(Step::Call | Step::Closure { .. }) => Want::Callable,
        Some(Step::Name { scoped: true, .. }) => Want::Path,
        Some(_) => Want::Holder,
    }
}
