//! Functions and methods of the language that call, hold or pass on what they are given.

use super::engine::{Engine, OperationIdx};
use super::handed::{Handed, How};
use super::operations::Operation;
use super::values::{Key, Known, Method, Place, Shape, Spot, Value};

/// More functions than this are not called back at one site.
const MAX_CALLS_BACK: u32 = 64;

impl Engine<'_, '_> {
    pub(super) fn call_known(
        &mut self,
        idx: OperationIdx,
        known: Known,
        handed: &Handed,
        to: Place,
        site: Option<Spot>,
    ) {
        let first = handed.positional(0);
        match known {
            Known::Map => {
                let elements: Vec<Place> = handed.rest(1).map(|of| self.elements_of(of, site)).collect();
                let given = self.add_place();
                self.call_back(first, &elements, given, site);
                self.list_of(given, to);
            }
            Known::Filter => {
                let Some(of) = handed.positional(1) else { return };
                let element = self.elements_of(of, site);
                let unused = self.add_place();
                self.call_back(first, &[element], unused, site);
                self.list_of(element, to);
            }
            Known::Sorted | Known::Best => {
                let Some(of) = first else { return };
                let element = self.elements_of(of, site);
                let unused = self.add_place();
                self.call_back(self.named(handed, "key"), &[element], unused, site);
                if known == Known::Sorted {
                    self.list_of(element, to);
                } else {
                    self.add_operation(Operation::Copy { from: element, to });
                }
            }
            Known::Reduce => {
                let Some(of) = handed.positional(1) else { return };
                let element = self.elements_of(of, site);
                self.add_operation(Operation::Copy { from: element, to });
                self.call_back(first, &[to, element], to, site);
            }
            Known::Partial => self.add(to, Value::Partial(idx), None),
            Known::Wraps => self.add(to, Value::Known(Known::Keeps), None),
            Known::StandsFor => {
                let Some(from) = handed.positional(1) else { return };
                self.add_operation(Operation::Copy { from, to });
            }
            Known::Keeps => match first {
                Some(from) => self.add_operation(Operation::Copy { from, to }),
                None => self.add(to, Value::Known(Known::Keeps), None),
            },
            Known::Next => {
                let Some(of) = first else { return };
                self.add_operation(Operation::Next { of, to, site });
            }
            Known::Iter => {
                let Some(of) = first else { return };
                let element = self.elements_of(of, site);
                self.list_of(element, to);
            }
            Known::List => {
                let Some(of) = first else { return };
                let element = self.elements_of(of, site);
                self.list_of(element, to);
            }
            Known::Table => self.table_of(handed, to),
            Known::Enumerate | Known::Zip => {
                let pair = self.add_place();
                let n_before = i64::from(known == Known::Enumerate);
                for (at, of) in handed.rest(0).enumerate().collect::<Vec<_>>() {
                    let element = self.elements_of(of, site);
                    self.fill(pair, Key::Number(at as i64 + n_before), element);
                }
                self.add(pair, Value::Container(pair, Shape::List), None);
                self.list_of(pair, to);
            }
            Known::Chain => {
                for of in handed.rest(0).collect::<Vec<_>>() {
                    let element = self.elements_of(of, site);
                    self.list_of(element, to);
                }
            }
            Known::GetAttr => self.get_attr(handed, to),
            Known::SetAttr => {
                if let (Some(of), Some(key), Some(value)) =
                    (first, handed.positional(1), handed.positional(2))
                {
                    for name in self.texts(key) {
                        self.add_operation(Operation::PutMember { of, name, value });
                    }
                }
            }
        }
    }

    fn get_attr(&mut self, handed: &Handed, to: Place) {
        let (Some(of), Some(key)) = (handed.positional(0), handed.positional(1)) else { return };
        for name in self.texts(key) {
            self.add_operation(Operation::Member { of, name, to });
        }
        if let Some(from) = handed.positional(2) {
            self.add_operation(Operation::Copy { from, to });
        }
    }

    fn texts(&self, place: Place) -> Vec<crate::resolve::words::Word> {
        let text = |value: Value| if let Value::Text(word) = value { Some(word) } else { None };
        self.held(place).into_iter().filter_map(|(value, _)| text(value)).collect()
    }

    /// Calls what is in a place, as the language's function does that got it.
    fn call_back(&mut self, callee: Option<Place>, given: &[Place], to: Place, site: Option<Spot>) {
        let Some(callee) = callee.filter(|_| self.may_call_back(site)) else { return };
        self.spend(given.len() as u64);
        let handed = self.handed.add(given.iter().map(|place| (How::Positional, *place)));
        self.add_operation(Operation::Call { callee, handed, to, site });
    }

    /// `map(map, …)` and its like could go on for ever.
    fn may_call_back(&mut self, site: Option<Spot>) -> bool {
        let Some(site) = site else { return false };
        let n_before = self.n_called_back.entry(site.site()).or_default();
        *n_before += 1;
        *n_before <= MAX_CALLS_BACK
    }

    fn elements_of(&mut self, of: Place, site: Option<Spot>) -> Place {
        let (iterators, to) = (self.add_place(), self.add_place());
        self.add_operation(Operation::Element { of, iterators, to, site });
        to
    }

    fn list_of(&mut self, element: Place, to: Place) {
        self.fill(to, Key::Any, element);
        self.add(to, Value::Container(to, Shape::List), None);
    }

    fn table_of(&mut self, handed: &Handed, to: Place) {
        for (how, from) in &handed.arguments {
            match how {
                How::Named(name) => self.fill(to, Key::Text(*name), *from),
                How::List => {}
                How::Positional | How::Table => {
                    self.add_operation(Operation::Spread { from: *from, to, shape: Shape::Table });
                }
            }
        }
        self.add(to, Value::Container(to, Shape::Table), None);
    }

    pub(super) fn call_method(
        &mut self,
        (container, shape): (Place, Shape),
        method: Method,
        handed: &Handed,
        to: Place,
        site: Option<Spot>,
    ) {
        let itself = Value::Container(container, shape);
        let (first, second) = (handed.positional(0), handed.positional(1));
        match (method, first) {
            (Method::Append, Some(from)) => self.fill(container, Key::Any, from),
            (Method::Insert, _) => {
                if let Some(from) = second {
                    self.fill(container, Key::Any, from);
                }
            }
            (Method::Extend, Some(of)) => {
                let element = self.elements_of(of, site);
                self.fill(container, Key::Any, element);
            }
            (Method::Pop, _) if shape == Shape::List => {
                let (from, to) = (self.all_of(container), self.choice(to));
                self.add_operation(Operation::Copy { from, to });
            }
            (Method::Get | Method::Pop | Method::SetDefault, Some(key)) => {
                let of = self.add_place();
                self.add(of, itself, None);
                self.add_operation(Operation::Item { of, key, to });
                if let Some(from) = second {
                    self.add_operation(Operation::Copy { from, to });
                    if method == Method::SetDefault {
                        self.add_operation(Operation::PutItem { of, key, value: from });
                    }
                }
            }
            (Method::Update, _) => self.table_of(handed, container),
            (Method::Values, _) => {
                let all = self.all_of(container);
                self.list_of(all, to);
            }
            (Method::Items, _) => {
                let pair = self.add_place();
                let all = self.all_of(container);
                self.fill(pair, Key::Number(1), all);
                self.add(pair, Value::Container(pair, Shape::List), None);
                self.list_of(pair, to);
            }
            (Method::Copy, _) => self.add(to, itself, None),
            (Method::Sort, _) => {
                let element = self.all_of(container);
                let unused = self.add_place();
                self.call_back(self.named(handed, "key"), &[element], unused, site);
            }
            _ => {}
        }
    }

    /// `partial(f, a)(b)` is `f(a, b)`.
    pub(super) fn call_partial(&mut self, made: u32, handed: &Handed, to: Place, site: Option<Spot>) {
        let Some(before) = self.handed_by(made).map(|before| self.handed.get(before)) else { return };
        if !self.may_call_back(site) {
            return;
        }
        let mut arguments = before.arguments.iter();
        let Some((How::Positional, callee)) = arguments.next() else { return };
        if !self.spend((before.arguments.len() + handed.arguments.len()) as u64) {
            return;
        }
        let handed = self.handed.add(arguments.chain(&handed.arguments).copied());
        self.add_operation(Operation::Call { callee: *callee, handed, to, site });
    }

    fn named(&self, handed: &Handed, name: &str) -> Option<Place> {
        let is_it = |how: How| matches!(how, How::Named(word) if self.solver.text(word) == name);
        handed.arguments.iter().find(|(how, _)| is_it(*how)).map(|(_, place)| *place)
    }
}
