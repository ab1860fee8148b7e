//! The operations that move values between places.

use std::rc::Rc;

use model::flow::{Expression, Flow, Store};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::words::Word;

use super::SiteKey;
use super::engine::{Decorated, Engine, Spot};
use super::values::{Function, Key, Place, Shape, Value};

#[derive(Debug, Clone)]
pub(super) enum Operation {
    Copy {
        from: Place,
        to: Place,
    },
    /// One of several of which a branch or an unknown key takes one.
    Choose {
        from: Place,
        to: Place,
    },
    /// Into what has a declared type, which says what objects it holds.
    Declare {
        from: Place,
        to: Place,
        is_callable: bool,
    },
    /// Into a parameter: what comes this way leaves the function only where it was handed in.
    Enter {
        from: Place,
        to: Place,
        function: Function,
    },
    /// Out of a function, to one call of it.
    Leave {
        from: Place,
        to: Place,
        function: Function,
        call: Rc<Handed>,
    },
    Member {
        of: Place,
        name: Word,
        to: Place,
    },
    PutMember {
        of: Place,
        name: Word,
        value: Place,
    },
    /// What a class holds under a name, as an object of it has it.
    Bind {
        from: Place,
        to: Place,
        receiver: Sym,
        of_class: bool,
    },
    Item {
        of: Place,
        key: Place,
        to: Place,
    },
    PutItem {
        of: Place,
        key: Place,
        value: Place,
    },
    /// The element under a constant key.
    At {
        of: Place,
        key: Key,
        to: Place,
    },
    Slice {
        of: Place,
        from: u32,
        n_left: Option<u32>,
        until: Option<u32>,
        to: Place,
    },
    Element {
        of: Place,
        iterators: Place,
        to: Place,
        site: Option<Spot>,
    },
    /// One more of an iterator.
    Next {
        of: Place,
        to: Place,
        site: Option<Spot>,
    },
    /// All that a container holds, put into another.
    Spread {
        from: Place,
        to: Place,
        shape: Shape,
    },
    /// What the methods of a class under this name are called for.
    Call {
        callee: Place,
        handed: Rc<Handed>,
        to: Place,
        site: Option<Spot>,
    },
    Raised {
        of: Place,
        site: SiteKey,
    },
}

/// What a call hands over.
#[derive(Debug, Default)]
pub(super) struct Handed {
    pub(super) arguments: Vec<(How, Place)>,
    pub(super) receiver: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Positional,
    Named(Word),
    List,
    Table,
}

impl Operation {
    /// Visits the places whose values decide what the operation does.
    pub(super) fn for_each_input(&self, mut visit: impl FnMut(Place)) {
        match self {
            Self::Copy { from, .. }
            | Self::Choose { from, .. }
            | Self::Declare { from, .. }
            | Self::Enter { from, .. }
            | Self::Bind { from, .. }
            | Self::Spread { from, .. } => visit(*from),
            Self::Leave { from, call, .. } => {
                visit(*from);
                call.arguments.iter().for_each(|(_, place)| visit(*place));
            }
            Self::Member { of, .. }
            | Self::PutMember { of, .. }
            | Self::At { of, .. }
            | Self::Slice { of, .. }
            | Self::Next { of, .. }
            | Self::Raised { of, .. }
            | Self::Element { of, .. } => visit(*of),
            Self::Item { of, key, .. } | Self::PutItem { of, key, .. } => {
                visit(*of);
                visit(*key);
            }
            Self::Call { callee, .. } => visit(*callee),
        }
    }
}

impl Engine<'_, '_> {
    /// Makes the operations of one file.
    pub(super) fn load(&mut self, file: FileIdx) {
        let flow = self.flow(file);
        let at = |idx: u32, engine: &Self| engine.base(file) + idx;
        for (idx, expression) in flow.expressions.iter().enumerate() {
            let to = at(idx as u32, self);
            self.load_expression(file, &flow, to, expression);
        }
        for store in &flow.stores {
            let operation = match *store {
                Store::Member { of, name, value } => Operation::PutMember {
                    of: at(of, self),
                    name: self.flow_word(file, name),
                    value: at(value, self),
                },
                Store::Item { of, key, value } => {
                    Operation::PutItem { of: at(of, self), key: at(key, self), value: at(value, self) }
                }
            };
            self.add_operation(operation);
        }
        for (idx, function) in flow.functions.iter().enumerate() {
            let (results, yields) = self.ends((file, idx as u32));
            for (list, to) in [(&function.results, results), (&function.yields, yields)] {
                for from in list {
                    self.add_operation(Operation::Copy { from: at(*from, self), to });
                }
            }
            self.load_receiver(file, function);
        }
    }

    fn load_expression(&mut self, file: FileIdx, flow: &Flow, to: Place, expression: &Expression) {
        let base = self.base(file);
        let at = |idx: u32| base + idx;
        let operation = match expression {
            Expression::Unknown => return,
            Expression::AnyOf(of) => {
                let to = if of.len() > 1 { self.choice(to) } else { to };
                for from in of {
                    self.add_operation(Operation::Copy { from: at(*from), to });
                }
                return;
            }
            Expression::Symbol(idx) => return self.add(to, Value::Code(Sym { file, idx: *idx }), None),
            Expression::Lambda(idx) => return self.add(to, Value::Lambda(file, *idx), None),
            Expression::Import(idx) => return self.load_import(file, *idx, to),
            Expression::Global(name) => return self.load_global(file, *name, to),
            Expression::Text(name) => {
                let word = self.flow_word(file, *name);
                return self.add(to, Value::Text(word), None);
            }
            Expression::Number(number) => return self.add(to, Value::Number(*number), None),
            Expression::Super(idx) => return self.add(to, Value::Super(Sym { file, idx: *idx }), None),
            Expression::Member(of, name) => {
                Operation::Member { of: at(*of), name: self.flow_word(file, *name), to }
            }
            Expression::Item(of, key) => Operation::Item { of: at(*of), key: at(*key), to },
            Expression::Slice { of, from, n_left, to: until } => {
                Operation::Slice { of: at(*of), from: *from, n_left: *n_left, until: *until, to }
            }
            Expression::Element(of, site) => {
                let iterators = self.add_place();
                Operation::Element { of: at(*of), iterators, to, site: Some(((file, *site), false)) }
            }
            Expression::List(parts) => return self.load_list(base, to, parts),
            Expression::Table(parts) => return self.load_table(base, to, parts),
            Expression::ListOf(element) => return self.load_many(to, Shape::List, at(*element)),
            Expression::TableOf(element) => return self.load_many(to, Shape::Table, at(*element)),
            Expression::Call { callee, arguments, site } => {
                let how = |kind| match kind {
                    model::flow::ArgumentKind::Positional => How::Positional,
                    model::flow::ArgumentKind::Named(name) => How::Named(self.flow_word(file, name)),
                    model::flow::ArgumentKind::List => How::List,
                    model::flow::ArgumentKind::Table => How::Table,
                };
                let arguments =
                    arguments.iter().map(|argument| (how(argument.kind), at(argument.value))).collect();
                let handed = Rc::new(Handed { arguments, receiver: None });
                self.calls.push((at(*callee), (file, *site)));
                let site = Some(((file, *site), false));
                Operation::Call { callee: at(*callee), handed, to, site }
            }
            Expression::Decorated { call, definition } => {
                let by = match flow.expressions.get(*call as usize) {
                    Some(Expression::Call { callee, .. }) => at(*callee),
                    _ => at(*call),
                };
                self.decorated.push(Decorated { by, call: at(*call), definition: at(*definition), to });
                Operation::Copy { from: at(*call), to }
            }
            Expression::Declared { of, is_callable } => {
                Operation::Declare { from: at(*of), to, is_callable: *is_callable }
            }
            Expression::Raised(of, site) => Operation::Raised { of: at(*of), site: (file, *site) },
            Expression::Parameter(Some(default)) => Operation::Copy { from: at(*default), to },
            Expression::Parameter(None) => return,
        };
        self.add_operation(operation);
    }
}
