//! What a Python value is known to be besides: `isinstance(x, B)`, `super(B, self)`.

use docpack::{Evidence, SymbolKind};
use model::facts::RETURNED;

use crate::path;
use crate::resolve::repository::Sym;
use crate::resolve::results::map_gives;
use crate::resolve::slim::{SlimBinding, Target};
use crate::resolve::solver::{Answer, Found, Place, Question, Solver, Value, Want, confidence, tidied};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{Step, Word};

/// More classes than this are not told apart.
const MAX_TYPES: usize = 8;
/// Names of what a `with` statement binds.
const ENTERS: [&str; 2] = ["__enter__", "__aenter__"];
/// What a function with more results gives does not depend on what it is called on.
const MAX_RESULTS: usize = 16;

impl Solver<'_> {
    /// Goes on with what a value is, of these types written as `A|b.B`.
    pub(crate) fn narrowed(&mut self, place: Place, answer: Answer, types: &str) -> Answer {
        let mut classes = Answer::new();
        let is_marked = |path: &str| path.starts_with(path::ITSELF);
        let shape = if is_marked(types) { Shape::Itself } else { Shape::Plain };
        if types.split('|').any(|path| is_marked(path) != is_marked(types)) {
            classes.push(Found::dynamic());
        }
        for path in types.split('|').take(MAX_TYPES + 1) {
            let path = path.trim_start_matches(path::ITSELF);
            let named = self.class_named(place, path);
            if named.is_empty() {
                classes.push(Found::dynamic());
            }
            classes.extend(named);
        }
        if let [Found { value: Value::Super(around), .. }] = answer.as_slice() {
            return vec![self.behind(*around, answer[0], &classes)];
        }
        let mut values = Answer::new();
        for found in answer {
            values.extend(self.read(found));
        }
        let is_class = |found: &Found| match found.value {
            Value::Symbol(sym) => self.repository.kind(sym).is_type(),
            value => matches!(value, Value::External(_)),
        };
        if classes.len() > MAX_TYPES || !classes.iter().all(is_class) {
            // A name for several classes may be meant, which changes nothing that is known.
            return values;
        }
        let mut narrowed = Answer::new();
        for class in classes {
            for one in self.instance_of(place, class, shape) {
                if values.is_empty() {
                    narrowed.push(one);
                }
                for value in &values {
                    narrowed.extend(self.both(*value, one));
                }
            }
        }
        tidied(narrowed)
    }

    pub(crate) fn class_named(&mut self, place: Place, path: &str) -> Answer {
        let mut names = path.split('.');
        let Some(first) = names.next().and_then(|name| self.word(name)) else { return Answer::new() };
        let is_one = !path.contains('.');
        let mut answer = self.name(place, first, if is_one { Want::Type } else { Want::Holder }, None);
        for name in names {
            let Some(word) = self.word(name) else { return Answer::new() };
            let step = Step::Name { word, scoped: false };
            answer = answer.into_iter().flat_map(|found| self.step(found, step, Want::Type)).collect();
        }
        let whole = answer.into_iter().flat_map(|found| self.whole_of(found));
        tidied(whole.collect())
    }

    /// What a variable holds.
    pub(crate) fn read(&mut self, found: Found) -> Answer {
        match found.value {
            Value::Symbol(sym)
                if !self.repository.kind(sym).is_type() && !self.repository.kind(sym).is_callable() =>
            {
                let mut loaded = self.ask(Question::Load(sym));
                loaded.retain(|value| value.value != found.value);
                if loaded.is_empty() {
                    return vec![Found::dynamic()];
                }
                loaded.into_iter().map(|value| value.after(found)).collect()
            }
            _ => vec![found],
        }
    }

    /// A value that is of a class as well: the more special of the two is what is known.
    ///
    /// Where neither is, an heir of both may be meant, and of whatever both have nothing is sure.
    fn both(&mut self, value: Found, other: Found) -> Answer {
        match (value.value, other.value) {
            (Value::Instance(own) | Value::Bound(own), Value::Instance(class)) => {
                self.more_special((own, value), (class, other))
            }
            // In a script an unknown value may be one of several heirs, by a type that says so.
            (Value::Dynamic, Value::Instance(class))
                if self.is_script(class.file) && self.extended.contains(&class) =>
            {
                let sure = other.confidence.min(confidence::PARTLY_KNOWN_IMPORT);
                vec![Found { confidence: sure, ..other }]
            }
            (Value::Symbol(own), Value::Symbol(class)) if self.repository.kind(own).is_type() => {
                self.more_special((own, value), (class, other))
            }
            (Value::Elements(_), Value::External(_)) => vec![value],
            (Value::Instance(own), Value::External(_)) if !self.is_all_known(own) => vec![value],
            _ => vec![other],
        }
    }

    /// Of two that are of these classes the heir, or both where neither is one.
    fn more_special(&mut self, (own, value): (Sym, Found), (class, other): (Sym, Found)) -> Answer {
        if self.is_heir(own, class) {
            vec![value]
        } else if self.is_heir(class, own) {
            vec![other]
        } else {
            vec![value, other]
        }
    }

    fn is_all_known(&mut self, sym: Sym) -> bool {
        self.ancestors(sym).is_all_known()
    }

    pub(crate) fn is_heir(&mut self, sym: Sym, base: Sym) -> bool {
        sym == base || self.ancestors(sym).types.contains(&base)
    }

    /// `super(B, self)` in a class gives what comes behind B.
    fn behind(&mut self, around: Sym, found: Found, classes: &[Found]) -> Found {
        let [Found { value: Value::Symbol(class), .. }] = classes else { return Found::dynamic() };
        let all = self.ancestors(around);
        let own = self.ancestors(*class);
        // With several bases what comes behind B need not be a base of B.
        let rest = all.types.iter().skip_while(|of| *of != class).skip(1);
        if rest.eq(own.types.iter().skip(1)) || !all.types.contains(class) {
            Found { value: Value::Super(*class), ..found }
        } else {
            Found::dynamic()
        }
    }
}

/// Methods that give the object or class they are called on, which may be an heir of theirs.
impl Solver<'_> {
    /// What calling the method of a value gives.
    pub(crate) fn method_called(&mut self, from: Found, name: Word) -> Answer {
        let mut answer = Answer::new();
        for holder in self.read(from) {
            if let Value::Entries(value) = holder.value {
                let given = map_gives(self.repository.language(value), value, self.text(name));
                answer.push(given.map_or(Found::dynamic(), |value| Found { value, ..holder }));
                continue;
            }
            if let Value::Elements(yielded) = holder.value
                && ENTERS.contains(&self.text(name))
            {
                answer.push(Found { value: Value::Instance(yielded), ..holder });
                continue;
            }
            let members = self.step(holder, Step::Name { word: name, scoped: false }, Want::Callable);
            if let Value::Instance(_) = holder.value
                && ENTERS.contains(&self.text(name))
                && members.iter().all(|member| !matches!(member.value, Value::Symbol(_)))
            {
                // What is entered outside of the repository mostly gives itself.
                answer.push(holder);
                continue;
            }
            for member in members {
                answer.extend(self.called_on(holder, member));
            }
        }
        answer
    }

    fn called_on(&mut self, holder: Found, member: Found) -> Answer {
        let receiver = match holder.value {
            Value::Instance(sym) | Value::Super(sym) => Some(sym),
            Value::Symbol(sym) if self.repository.kind(sym).is_type() => Some(sym),
            _ => None,
        };
        if let (Some(receiver), Value::Symbol(method)) = (receiver, member.value)
            && let Some(results) = self.given_to(method, receiver)
        {
            return results.into_iter().map(|found| found.after(member)).collect();
        }
        self.step(member, Step::Call, Want::Any)
    }

    /// What a method gives to this receiver; nothing where that is the same for every one.
    fn given_to(&mut self, method: Sym, receiver: Sym) -> Option<Answer> {
        let repository = self.repository;
        let symbol = repository.symbol(method);
        let is_own = repository.parent(method) == Some(receiver);
        let is_plain = symbol.kind == SymbolKind::Method && !symbol.traits.is_getter;
        if is_own || !is_plain || symbol.traits.is_decorated || symbol.traits.is_generator {
            return None;
        }
        let instance = Found::new(Value::Instance(receiver), Evidence::Type, confidence::INFERRED_TYPE);
        if symbol.traits.returns_self {
            return Some(vec![instance]);
        }
        let (scope, name) = symbol.scope.zip(self.word(RETURNED)).filter(|_| symbol.value_type.is_none())?;
        let (_, returns) = repository.bindings(method.file, scope, name);
        let mut answer = Answer::new();
        let mut has_receiver = false;
        for binding in returns.iter().take(MAX_RESULTS + 1) {
            let Target::Local { value: Some(value), .. } = binding.target else {
                answer.push(Found::dynamic());
                continue;
            };
            let given = match repository.words.steps(value) {
                [Step::Name { word, .. }] => self.receiver_named(method, scope, *word).map(|of_class| {
                    if of_class { Found { value: Value::Symbol(receiver), ..instance } } else { instance }
                }),
                [Step::Name { word, .. }, Step::Call] => {
                    self.receiver_named(method, scope, *word).filter(|of_class| *of_class).map(|_| instance)
                }
                _ => None,
            };
            has_receiver |= given.is_some();
            match given {
                Some(found) => answer.push(found),
                None => {
                    let place = Place { file: method.file, scope, byte_start: binding.byte_start };
                    answer.extend(self.assigned(place, value));
                }
            }
        }
        (has_receiver && returns.len() <= MAX_RESULTS).then_some(answer)
    }

    /// Tells whether a name is only the method's own receiver, and then whether that is the class.
    fn receiver_named(&self, method: Sym, scope: u32, name: Word) -> Option<bool> {
        let (_, bindings) = self.repository.bindings(method.file, scope, name);
        match bindings {
            [SlimBinding { target: Target::Receiver { of_class }, .. }] => Some(*of_class),
            _ => None,
        }
    }
}
