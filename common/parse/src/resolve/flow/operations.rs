//! The operations that move values between places.

use model::flow::{ArgumentKind, Expression, ExpressionIdx, Store};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::words::Word;

use super::assume::Decorated;
use super::engine::Engine;
use super::handed::{HandedIdx, How};
use super::packed::Unpacked;
use super::values::{Function, KeyIdx, Place, Shape, Spot, Value};

/// There are half as many as places, so each says in numbers what it needs.
#[derive(Debug, Clone, Copy)]
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
    /// What a loop goes through, one after another.
    Loop {
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
        call: HandedIdx,
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
        key: KeyIdx,
        to: Place,
    },
    Slice {
        of: Place,
        /// Index of the bounds.
        cut: u32,
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
        handed: HandedIdx,
        to: Place,
        site: Option<Spot>,
    },
    Raised {
        of: Place,
        site: Spot,
    },
}

impl Operation {
    /// The places whose values decide what the operation does; [`Operation::Leave`] reads the arguments as well.
    pub(super) fn inputs(&self) -> (Place, Option<Place>) {
        match *self {
            Self::Copy { from, .. }
            | Self::Choose { from, .. }
            | Self::Loop { from, .. }
            | Self::Declare { from, .. }
            | Self::Enter { from, .. }
            | Self::Leave { from, .. }
            | Self::Bind { from, .. }
            | Self::Spread { from, .. } => (from, None),
            Self::Member { of, .. }
            | Self::PutMember { of, .. }
            | Self::At { of, .. }
            | Self::Slice { of, .. }
            | Self::Next { of, .. }
            | Self::Raised { of, .. }
            | Self::Element { of, .. } => (of, None),
            Self::Item { of, key, .. } | Self::PutItem { of, key, .. } => (of, Some(key)),
            Self::Call { callee, .. } => (callee, None),
        }
    }
}

impl Engine<'_, '_> {
    /// Makes the operations of one file.
    pub(super) fn load(&mut self, file: FileIdx, flow: &Unpacked) {
        let base = self.base(file);
        for (to, expression) in (base..).zip(&flow.expressions) {
            if !self.is_dead(to) {
                self.load_expression(file, flow, to, expression);
            }
        }
        for store in &flow.stores {
            let operation = match *store {
                Store::Member { of, name, value } => Operation::PutMember {
                    of: base + of,
                    name: self.flow_word(file, name),
                    value: base + value,
                },
                Store::Item { of, key, value } => {
                    Operation::PutItem { of: base + of, key: base + key, value: base + value }
                }
            };
            self.add_operation(operation);
        }
        for (idx, (given, yielded)) in (0..).zip(&flow.ends) {
            let (results, yields) = self.ends(self.function(file, idx));
            for (list, to) in [(given, results), (yielded, yields)] {
                for from in list {
                    self.add_operation(Operation::Copy { from: base + from, to });
                }
            }
            self.load_receiver(file, idx);
        }
    }

    fn load_expression(&mut self, file: FileIdx, flow: &Unpacked, to: Place, expression: &Expression) {
        let base = self.base(file);
        let at = |idx: ExpressionIdx| base + idx;
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
            Expression::Lambda(idx) => {
                return self.add(to, Value::Lambda(self.function(file, *idx)), None);
            }
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
                let cut = self.cut((*from, *n_left, *until));
                Operation::Slice { of: at(*of), cut, to }
            }
            Expression::Element(of, site) => {
                let (iterators, element) = (self.add_place(), self.add_place());
                self.add_operation(Operation::Loop { from: element, to });
                Operation::Element { of: at(*of), iterators, to: element, site: Some(self.spot(file, *site)) }
            }
            Expression::List(parts) => return self.load_list(base, to, parts),
            Expression::Table(parts) => return self.load_table(base, to, parts),
            Expression::ListOf(element) => return self.load_many(to, Shape::List, at(*element)),
            Expression::TableOf(element) => return self.load_many(to, Shape::Table, at(*element)),
            Expression::Call { callee, arguments, site } => {
                let how = |kind| match kind {
                    ArgumentKind::Positional => How::Positional,
                    ArgumentKind::Named(name) => How::Named(self.flow_word(file, name)),
                    ArgumentKind::List => How::List,
                    ArgumentKind::Table => How::Table,
                };
                let arguments: Vec<(How, Place)> =
                    arguments.iter().map(|argument| (how(argument.kind), at(argument.value))).collect();
                let handed = self.handed.add(arguments);
                let site = self.spot(file, *site);
                self.calls.push((at(*callee), site.site()));
                Operation::Call { callee: at(*callee), handed, to, site: Some(site) }
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
            Expression::Raised(of, site) => Operation::Raised { of: at(*of), site: self.spot(file, *site) },
            Expression::Parameter(Some(default)) => Operation::Copy { from: at(*default), to },
            Expression::Parameter(None) => return,
        };
        self.add_operation(operation);
    }
}
