//! Calls: arguments into parameters, results out.

use model::flow::ParameterKind;

use crate::resolve::repository::Sym;
use crate::resolve::solver::{Found, Value as Solved};

use super::engine::{Engine, OperationIdx};
use super::handed::{Handed, HandedIdx, How};
use super::operations::Operation;
use super::values::{Function, Held, Key, Place, Shape, Spot, Value, Via};

/// A function with more parameters, or a call with more arguments, is generated: it is called, and not followed.
const MAX_PARAMETERS: usize = 256;

impl Engine<'_, '_> {
    pub(super) fn apply(&mut self, idx: OperationIdx, operation: Operation) {
        match operation {
            Operation::Copy { from, to } => self.carry(from, to, |_, (_, via)| Some(via)),
            Operation::Choose { from, to } => {
                self.carry(from, to, |_, (_, via)| Some(Via { is_choice: true, ..via }));
            }
            Operation::Loop { from, to } => {
                self.carry(from, to, |_, (_, via)| Some(Via { is_each: true, ..via }));
            }
            Operation::Declare { from, to, is_callable } => {
                self.carry(from, to, |engine, (value, via)| {
                    let is_said = match value {
                        Value::Instance(_) => true,
                        Value::Container(..) => !is_callable,
                        // What it makes has the type that the callable is declared to give.
                        Value::Code(sym) => is_callable && engine.solver.repository.kind(sym).is_type(),
                        _ => false,
                    };
                    (!is_said).then_some(via)
                });
            }
            Operation::Enter { from, to, function } => {
                self.carry(from, to, |_, (_, via)| Some(Via { function: Some(function), ..via }));
            }
            Operation::Leave { from, to, function, call } => self.leave(from, to, function, call),
            Operation::Member { of, name, to } => self.member(idx, of, name, to),
            Operation::PutMember { of, name, value } => self.put_member(idx, of, name, value),
            Operation::Bind { from, to, receiver, of_class } => self.bind(idx, from, to, receiver, of_class),
            Operation::Item { of, key, to } => self.item(idx, of, key, to),
            Operation::PutItem { of, key, value } => self.put_item(idx, of, key, value),
            Operation::At { of, key, to } => self.at(idx, of, self.key(key), to),
            Operation::Slice { of, cut, to } => self.slice(idx, of, self.cut_of(cut), to),
            Operation::Element { of, iterators, to, site } => self.element(idx, of, iterators, to, site),
            Operation::Next { of, to, site } => self.next(idx, of, to, site),
            Operation::Spread { from, to, shape } => self.spread(idx, from, to, shape),
            Operation::Call { callee, handed, to, site } => self.call(idx, callee, handed, to, site),
            Operation::Raised { of, site } => {
                for (value, via) in self.held(of) {
                    if let Value::Code(class) = value
                        && self.solver.repository.kind(class).is_type()
                    {
                        let to = self.add_place();
                        let site = site.through(via);
                        self.make(idx, class, &Handed::default(), to, Some(site));
                    }
                }
            }
        }
    }

    /// Adds the values of one place to another, except where `via` gives nothing.
    fn carry(&mut self, from: Place, to: Place, via: impl Fn(&Self, Held) -> Option<Via>) {
        // What a place adds to itself is carried when the operation runs again.
        for at in 0..self.n_held(from) {
            let Some((number, held)) = self.held_at(from, at) else { return };
            if let Some(via) = via(self, held) {
                self.add_held(to, number, via);
            }
        }
    }

    /// What came in through the function's own parameters goes out only to the call that handed it in.
    fn leave(&mut self, from: Place, to: Place, function: Function, call: HandedIdx) {
        self.spend(self.handed.arguments(call).len() as u64);
        let is_spread =
            self.handed.arguments(call).iter().any(|(how, _)| matches!(how, How::List | How::Table));
        for (value, through) in self.held(from) {
            if through.function != Some(function) {
                self.add(to, value, through);
                continue;
            }
            if self.is_receiver(call, value) || is_spread {
                self.add(to, value, None);
            }
            for at in 0..self.handed.arguments(call).len() {
                let (_, argument) = self.handed.arguments(call)[at];
                for (value, through) in self.held(argument).into_iter().filter(|(other, _)| *other == value) {
                    self.add(to, value, through);
                }
            }
        }
    }

    /// Tells whether a call is one of a method of this object or class.
    fn is_receiver(&mut self, call: HandedIdx, value: Value) -> bool {
        let receiver = self.handed.receiver(call);
        receiver.is_some_and(|receiver| receiver == self.receiver_number(value))
    }

    fn call(&mut self, idx: OperationIdx, callee: Place, handed: HandedIdx, to: Place, site: Option<Spot>) {
        let handed = &self.handed.get(handed);
        for held in self.held(callee) {
            let Some((to, site)) = self.begin(idx, held, to, site) else { continue };
            let value = held.0;
            match value {
                Value::Code(sym) if self.solver.repository.kind(sym).is_type() => {
                    let to = self.kept_each(held.1, to);
                    self.make(idx, sym, handed, to, site);
                }
                Value::Code(sym) => self.invoke(idx, sym, None, handed, to, site),
                Value::Bound { method, receiver, of_class } => {
                    let object = if of_class { Value::Code(receiver) } else { Value::Instance(receiver) };
                    self.invoke(idx, method, Some(object), handed, to, site);
                }
                Value::Lambda(function) => self.join(idx, function, None, handed, to),
                Value::Instance(class) => {
                    for method in self.special(class, "__call__") {
                        self.invoke(idx, method, Some(value), handed, to, site);
                    }
                }
                Value::Known(known) => self.call_known(idx, known, handed, to, site),
                Value::Method(container, shape, method) => {
                    self.call_method((container, shape), method, handed, to, site);
                }
                Value::Partial(made) => self.call_partial(made, handed, to, site),
                _ => {}
            }
        }
    }

    /// Makes an object: its constructor gets it.
    fn make(&mut self, idx: OperationIdx, class: Sym, handed: &Handed, to: Place, site: Option<Spot>) {
        if self.solver.repository.kind(class) == docpack::SymbolKind::TypeAlias {
            return;
        }
        self.solver.refill();
        let found = Found { value: Solved::Symbol(class), ..Found::dynamic() };
        for end in self.solver.constructor(class, found) {
            if let Solved::Symbol(target) = end.value {
                self.note(site, target, class);
            }
        }
        let object = Value::Instance(class);
        self.add(to, object, None);
        for constructor in self.special(class, "__init__") {
            let unused = self.add_place();
            self.invoke(idx, constructor, Some(object), handed, unused, None);
        }
    }

    /// Calls a function that has a name.
    pub(super) fn invoke(
        &mut self,
        idx: OperationIdx,
        function: Sym,
        receiver: Option<Value>,
        handed: &Handed,
        to: Place,
        site: Option<Spot>,
    ) {
        self.note(site, function, function);
        if let Some(key) = self.functions.get(&function).copied() {
            self.join(idx, key, receiver, handed, to);
        }
    }

    fn join(
        &mut self,
        idx: OperationIdx,
        function: Function,
        receiver: Option<Value>,
        handed: &Handed,
        to: Place,
    ) {
        if !self.is_first_join(idx, function, receiver) {
            return;
        }
        let (file, at) = self.function_at(function);
        let n_parameters = self.flows[file as usize].parameters(at).len();
        let n_arguments = handed.arguments.len();
        if n_parameters.max(n_arguments) > MAX_PARAMETERS {
            return;
        }
        let n_walks = handed.arguments.iter().filter(|(how, _)| *how != How::Positional).count();
        if !self.spend((n_arguments + n_parameters * (1 + n_walks)) as u64) {
            return;
        }
        let parameters = self.flows[file as usize].parameters(at).to_vec();
        let base = self.base(file);
        let is = |kind: ParameterKind| parameters.iter().filter(move |own| own.kind == kind);
        let mut positional = is(ParameterKind::Positional).map(|own| base + own.value);
        if let Some(object) = receiver
            && let Some(first) = positional.next()
        {
            self.add(first, object, Some(function));
        }
        let positional: Vec<Place> = positional.collect();
        let rest = is(ParameterKind::List).next().map(|own| base + own.value);
        let named_rest = is(ParameterKind::Table).next().map(|own| base + own.value);
        let mut n_given = 0;
        for (how, from) in &handed.arguments {
            match how {
                How::Positional => {
                    match (positional.get(n_given), rest) {
                        (Some(to), _) => self.enter(*from, *to, function),
                        (None, Some(rest)) => {
                            self.fill(rest, Key::Number((n_given - positional.len()) as i64), *from);
                        }
                        _ => {}
                    }
                    n_given += 1;
                }
                How::Named(name) => {
                    let mut own = parameters.iter().filter(|own| {
                        matches!(own.kind, ParameterKind::Positional | ParameterKind::NamedOnly)
                    });
                    match (own.find(|own| own.name == *name), named_rest) {
                        (Some(own), _) => self.enter(*from, base + own.value, function),
                        (None, Some(rest)) => self.fill(rest, Key::Text(*name), *from),
                        _ => {}
                    }
                }
                How::List => {
                    for (at, to) in positional.iter().skip(n_given).enumerate() {
                        let key = self.key_number(Key::Number(at as i64));
                        let element = self.add_place();
                        self.add_operation(Operation::At { of: *from, key, to: element });
                        self.enter(element, *to, function);
                    }
                    if let Some(to) = rest {
                        self.add_operation(Operation::Spread { from: *from, to, shape: Shape::List });
                    }
                }
                How::Table => {
                    for own in &parameters {
                        if matches!(own.kind, ParameterKind::Positional | ParameterKind::NamedOnly) {
                            let key = self.key_number(Key::Text(own.name));
                            let element = self.add_place();
                            self.add_operation(Operation::At { of: *from, key, to: element });
                            self.enter(element, base + own.value, function);
                        }
                    }
                    if let Some(to) = named_rest {
                        self.add_operation(Operation::Spread { from: *from, to, shape: Shape::Table });
                    }
                }
            }
        }
        let (results, _) = self.ends(function);
        if !self.flows[file as usize].functions()[at as usize].has_yields {
            let receiver = receiver.map(|receiver| self.receiver_number(receiver));
            let call = self.handed.add_for(handed, receiver);
            self.add_operation(Operation::Leave { from: results, to, function, call });
        } else {
            self.add(to, Value::Generator(function), None);
        }
    }

    fn enter(&mut self, from: Place, to: Place, function: Function) {
        self.add_operation(Operation::Enter { from, to, function });
    }

    /// A call that other rules have resolved leads there.
    pub(super) fn assume_target(&mut self, callee: Place, target: Sym) {
        let repository = self.solver.repository;
        let kind = repository.kind(target);
        let class = repository.parent(target).filter(|parent| repository.kind(*parent).is_type());
        let value = match (class, self.receiver(target)) {
            (Some(class), _) if kind == docpack::SymbolKind::Constructor => Value::Code(class),
            (_, Some((receiver, of_class))) if kind.is_callable() => {
                Value::Bound { method: target, receiver, of_class }
            }
            _ => Value::Code(target),
        };
        self.add(callee, value, None);
    }
}
