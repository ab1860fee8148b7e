//! What is in places before anything moves: definitions, imports, literals, objects that methods get.

use model::flow::{ParameterKind, Part};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::slim::SlimImported;
use crate::resolve::solver::{Found, Question, Value as Solved, Want};

use super::engine::Engine;
use super::operations::Operation;
use super::values::{Key, Known, Library, Place, Shape, Value};

impl Engine<'_, '_> {
    /// Indexes the functions of a file and the names of its module and classes.
    pub(super) fn load_names(&mut self, file: FileIdx) {
        let base = self.base(file);
        let flow = &self.flows[file as usize];
        for (owner, name, value) in &flow.members {
            self.members.insert((Sym { file, idx: *owner }, flow.word(*name)), base + value);
        }
        for (idx, function) in (0..).zip(flow.functions()) {
            if let Some(symbol) = function.symbol {
                let function = self.function(file, idx);
                self.functions.insert(Sym { file, idx: symbol }, function);
            }
        }
    }

    pub(super) fn load_import(&mut self, file: FileIdx, idx: u32, to: Place) {
        self.solver.refill();
        let answer = self.solver.ask(Question::Import(file, idx));
        let import = &self.solver.repository.file(file).imports[idx as usize];
        let (module, what) = (import.module, import.what);
        for found in answer {
            if let Solved::External(_) = found.value {
                let module = self.solver.text(module);
                let Some(library) = Library::named(module) else { continue };
                match what {
                    SlimImported::Name(name) => {
                        let known = Known::of(library, self.solver.text(name));
                        known.into_iter().for_each(|known| self.add(to, Value::Known(known), None));
                    }
                    _ => self.add(to, Value::Library(library), None),
                }
            } else {
                self.load_found(found, to);
            }
        }
    }

    /// Puts what a look-up found into a place.
    pub(super) fn load_found(&mut self, found: Found, to: Place) {
        match found.value {
            Solved::Symbol(sym) => {
                let symbol = self.solver.repository.symbol(sym);
                let owner = Sym { idx: symbol.parent.unwrap_or(0), ..sym };
                if let Some(from) = self.members.get(&(owner, symbol.name)).copied() {
                    self.add_operation(Operation::Copy { from, to });
                } else if symbol.kind.is_callable() || symbol.kind.is_type() {
                    self.add(to, Value::Code(sym), None);
                }
            }
            Solved::File(file) => self.add(to, Value::Module(file), None),
            Solved::Folder(folder) => self.add(to, Value::Folder(folder), None),
            _ => {}
        }
    }

    /// A name that the file does not bind: one that a star import brings, or the language's own.
    pub(super) fn load_global(&mut self, file: FileIdx, name: u32, to: Place) {
        let name = self.flow_word(file, name);
        self.solver.refill();
        let found = self.solver.by_star(file, 0, name, Want::Any, None);
        if found.is_empty() {
            let known = Known::of(Library::Builtins, self.solver.text(name));
            known.into_iter().for_each(|known| self.add(to, Value::Known(known), None));
        }
        let to = if found.len() > 1 { self.choice(to) } else { to };
        for found in found {
            self.load_found(found, to);
        }
    }

    pub(super) fn load_list(&mut self, base: Place, to: Place, parts: &[Part]) {
        let spread = parts.iter().position(|part| part.is_spread);
        if spread.is_none() {
            self.lengths.insert(to, parts.len() as u32);
        }
        for (at, part) in parts.iter().enumerate() {
            let from = base + part.value;
            if part.is_spread {
                self.add_operation(Operation::Spread { from, to, shape: Shape::List });
            } else if spread.is_some_and(|spread| at > spread) {
                self.fill(to, Key::Any, from);
            } else {
                self.fill(to, Key::Number(at as i64), from);
            }
        }
        self.add(to, Value::Container(to, Shape::List), None);
    }

    pub(super) fn load_table(&mut self, base: Place, to: Place, parts: &[(Option<u32>, u32)]) {
        let of = self.add_place();
        self.add(of, Value::Container(to, Shape::Table), None);
        for (key, value) in parts {
            self.add_operation(match key {
                Some(key) => Operation::PutItem { of, key: base + key, value: base + value },
                None => Operation::Spread { from: base + value, to, shape: Shape::Table },
            });
        }
        self.add(to, Value::Container(to, Shape::Table), None);
    }

    pub(super) fn load_many(&mut self, to: Place, shape: Shape, element: Place) {
        self.fill(to, Key::Any, element);
        self.add(to, Value::Container(to, shape), None);
    }

    /// A method's first parameter is an object of its class, or the class; `*rest` and `**rest` are containers.
    pub(super) fn load_receiver(&mut self, file: FileIdx, idx: u32) {
        let base = self.base(file);
        let function = self.flows[file as usize].functions()[idx as usize];
        for at in 0..self.flows[file as usize].parameters(idx).len() {
            let parameter = self.flows[file as usize].parameters(idx)[at];
            let shape = match parameter.kind {
                ParameterKind::List => Shape::List,
                ParameterKind::Table => Shape::Table,
                _ => continue,
            };
            let place = base + parameter.value;
            self.add(place, Value::Container(place, shape), None);
        }
        let Some(symbol) = function.symbol else { return };
        let method = Sym { file, idx: symbol };
        let Some((receiver, of_class)) = self.receiver(method) else { return };
        let parameters = self.flows[file as usize].parameters(idx);
        let Some(first) = parameters.first().filter(|first| first.kind == ParameterKind::Positional) else {
            return;
        };
        let first = base + first.value;
        let value = if of_class { Value::Code(receiver) } else { Value::Instance(receiver) };
        let own = self.functions.get(&method).copied();
        self.add(first, value, own);
    }

    /// The class whose object, or which itself, a method gets first.
    pub(super) fn receiver(&self, method: Sym) -> Option<(Sym, bool)> {
        let repository = self.solver.repository;
        let class = repository.parent(method).filter(|parent| repository.kind(*parent).is_type())?;
        let symbol = repository.symbol(method);
        let name = self.solver.text(symbol.name);
        let of_class = symbol.traits.is_class_method
            || matches!(name, "__new__" | "__init_subclass__" | "__class_getitem__");
        (!symbol.traits.is_static).then_some((class, of_class))
    }
}
