//! Fields and methods: one place for each class and name, looked up in the order of the bases.

use crate::resolve::repository::Sym;
use crate::resolve::solver::Want;
use crate::resolve::words::Word;

use super::engine::{Engine, OperationIdx};
use super::operations::Operation;
use super::values::{Known, Method, Place, Value};

impl Engine<'_, '_> {
    pub(super) fn member(&mut self, idx: OperationIdx, of: Place, name: Word, to: Place) {
        for held in self.held(of) {
            let Some((to, _)) = self.begin(idx, held, to, None) else { continue };
            let (value, via) = held;
            // All objects of a class share the place of a field, so only methods are those of each object.
            let methods = self.kept_each(via, to);
            match value {
                Value::Instance(class) => self.member_of((class, 0), name, false, (to, methods)),
                Value::Super(class) => self.member_of((class, 1), name, false, (to, methods)),
                Value::Code(sym) if self.solver.repository.kind(sym).is_type() => {
                    self.member_of((sym, 0), name, true, (to, methods));
                }
                Value::Code(sym) => {
                    let from = self.field(sym, name, true);
                    self.add_operation(Operation::Copy { from, to });
                }
                Value::Module(file) => match self.members.get(&(Sym { file, idx: 0 }, name)).copied() {
                    Some(from) => self.add_operation(Operation::Copy { from, to }),
                    None => self.item_of(value, name, to),
                },
                Value::Folder(_) => self.item_of(value, name, to),
                Value::Container(container, shape) => {
                    if let Some(method) = Method::named(self.solver.text(name), shape) {
                        self.add(to, Value::Method(container, shape, method), None);
                    }
                }
                Value::Library(library) => {
                    if let Some(known) = Known::of(library, self.solver.text(name)) {
                        self.add(to, Value::Known(known), None);
                    }
                }
                _ => {}
            }
        }
    }

    fn item_of(&mut self, module: Value, name: Word, to: Place) {
        use crate::resolve::solver::Value as Solved;
        let value = match module {
            Value::Module(file) => Solved::File(file),
            Value::Folder(folder) => Solved::Folder(folder),
            _ => return,
        };
        self.solver.refill();
        let from = crate::resolve::solver::Found { value, ..crate::resolve::solver::Found::dynamic() };
        for found in self.solver.item(from, name, Want::Any) {
            self.load_found(found, to);
        }
    }

    /// What an object has of its own, then what the first class that binds the name has.
    ///
    /// `to` gets what fields hold, `methods` what the class has.
    fn member_of(
        &mut self,
        (class, n_skipped): (Sym, usize),
        name: Word,
        of_class: bool,
        (to, methods): (Place, Place),
    ) {
        let ancestors = self.solver.ancestors(class);
        let types = ancestors.types.iter().skip(n_skipped);
        for of in types.clone().filter(|_| n_skipped == 0) {
            for own in [!of_class, false] {
                let from = self.field(*of, name, !own);
                if own || of_class || n_skipped == 0 {
                    self.add_operation(Operation::Copy { from, to });
                }
                if of_class {
                    break;
                }
            }
        }
        for of in types {
            if let Some(from) = self.members.get(&(*of, name)).copied() {
                return self.add_operation(Operation::Bind { from, to: methods, receiver: class, of_class });
            }
        }
    }

    /// The place of a field; the class's own ones apart from those of its objects.
    fn field(&mut self, owner: Sym, name: Word, of_class: bool) -> Place {
        if let Some(place) = self.fields.get(&(owner, name, of_class)) {
            return *place;
        }
        let place = self.add_place();
        self.fields.insert((owner, name, of_class), place);
        place
    }

    pub(super) fn put_member(&mut self, idx: OperationIdx, of: Place, name: Word, value: Place) {
        for (object, _) in self.held(of) {
            if !self.is_first(idx, object) {
                continue;
            }
            let to = match object {
                Value::Instance(class) => self.field(class, name, false),
                Value::Code(sym) => self.field(sym, name, true),
                Value::Module(file) => match self.members.get(&(Sym { file, idx: 0 }, name)) {
                    Some(place) => *place,
                    None => continue,
                },
                _ => continue,
            };
            self.add_operation(Operation::Copy { from: value, to });
        }
    }

    /// Functions that a class holds become methods of the object; getters are read.
    pub(super) fn bind(&mut self, idx: OperationIdx, from: Place, to: Place, receiver: Sym, of_class: bool) {
        for (value, through) in self.held(from) {
            let Value::Code(sym) = value else {
                self.add(to, value, through);
                continue;
            };
            let repository = self.solver.repository;
            let symbol = repository.symbol(sym);
            if !symbol.kind.is_callable() {
                self.add(to, value, through);
            } else if symbol.traits.is_getter && !of_class {
                if self.is_first(idx, value) {
                    let object = Value::Instance(receiver);
                    self.invoke(idx, sym, Some(object), &Default::default(), to, None);
                }
            } else {
                let takes_class = self.receiver(sym).map(|(_, of_class)| of_class);
                let is_bound = match takes_class {
                    Some(takes_class) => takes_class || !of_class,
                    None => !of_class && !symbol.traits.is_static,
                };
                let bound = Value::Bound { method: sym, receiver, of_class: takes_class == Some(true) };
                self.add(to, if is_bound { bound } else { value }, through);
            }
        }
    }

    /// The methods that an object has under a name that the language gives a meaning.
    pub(super) fn special(&mut self, class: Sym, name: &str) -> Vec<Sym> {
        let Some(name) = self.solver.word(name) else { return Vec::new() };
        let ancestors = self.solver.ancestors(class);
        for of in &ancestors.types {
            let own = self.solver.own_members(*of, name, Want::Callable);
            if !own.is_empty() {
                let repository = self.solver.repository;
                return own.into_iter().filter(|sym| repository.kind(*sym).is_callable()).collect();
            }
        }
        Vec::new()
    }
}
