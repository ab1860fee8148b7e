//! Lists and tables: what lies under which key, what a loop gives.

use super::engine::{Cut, Engine, OperationIdx};
use super::handed::Handed;
use super::operations::Operation;
use super::values::{Key, Place, Shape, Spot, Value, Via};

/// A slice of a list of known length copies no more elements than this.
const MAX_SLICED: u32 = 64;
/// A container with more keys than this holds its elements under unknown ones.
const MAX_KEYS: usize = 64;

impl Engine<'_, '_> {
    /// The place of what lies under a key.
    fn slot(&mut self, container: Place, key: Key) -> Place {
        let key = self.key_number(key);
        if let Some(place) = self.elements.get(&(container, key)) {
            return *place;
        }
        let place = self.add_place();
        self.elements.insert((container, key), place);
        place
    }

    /// Puts what is in a place under a key.
    pub(super) fn fill(&mut self, container: Place, key: Key, from: Place) {
        let (number, any) = (self.key_number(key), self.key_number(Key::Any));
        let keys = self.keys.entry(container).or_default();
        let is_full = keys.len() >= MAX_KEYS && !keys.contains(&number);
        let (key, number) = if is_full { (Key::Any, any) } else { (key, number) };
        if !keys.contains(&number) {
            keys.push(number);
            for watcher in self.watchers.get(&container).cloned().unwrap_or_default() {
                self.enqueue(watcher);
            }
        }
        for key in [key, Key::All] {
            let to = self.slot(container, key);
            self.add_operation(Operation::Copy { from, to });
        }
    }

    /// Reads what lies under a constant key, and what may lie there.
    fn read(&mut self, container: Place, key: Key, via: Via, to: Place) {
        let key = match (key, self.lengths.get(&container)) {
            (Key::Number(at), Some(length)) if at < 0 => Key::Number(at + i64::from(*length)),
            (Key::Number(at), None) if at < 0 => Key::All,
            _ => key,
        };
        let to = self.kept_each(via, to);
        let perhaps = self.choice(to);
        let sure = if key == Key::All || via.is_choice { perhaps } else { to };
        for (key, to) in [(key, sure), (Key::Any, perhaps)] {
            let from = self.slot(container, key);
            self.add_operation(Operation::Copy { from, to });
        }
    }

    fn constant_keys(&self, place: Place) -> Vec<Key> {
        let mut keys: Vec<Key> =
            self.held(place).into_iter().filter_map(|(value, _)| key_of(value)).collect();
        if keys.is_empty() && self.unknown_keys.contains(&place) {
            keys.push(Key::All);
        }
        keys
    }

    pub(super) fn item(&mut self, idx: OperationIdx, of: Place, key: Place, to: Place) {
        for (value, via) in self.held(of) {
            let Value::Container(container, _) = value else { continue };
            for key in self.constant_keys(key) {
                if self.is_first_key(idx, container, key) {
                    self.read(container, key, via, to);
                }
            }
        }
    }

    pub(super) fn put_item(&mut self, idx: OperationIdx, of: Place, key: Place, value: Place) {
        for (object, _) in self.held(of) {
            let Value::Container(container, _) = object else { continue };
            for key in self.constant_keys(key) {
                if self.is_first_key(idx, container, key) {
                    let key = if key == Key::All { Key::Any } else { key };
                    self.fill(container, key, value);
                }
            }
        }
    }

    pub(super) fn at(&mut self, idx: OperationIdx, of: Place, key: Key, to: Place) {
        for (value, via) in self.held(of) {
            if let Value::Container(container, _) = value
                && self.is_first(idx, value)
            {
                self.read(container, key, via, to);
            }
        }
    }

    pub(super) fn slice(&mut self, idx: OperationIdx, of: Place, (from, n_left, until): Cut, to: Place) {
        for (value, _) in self.held(of) {
            let Value::Container(container, Shape::List) = value else { continue };
            if !self.is_first(idx, value) {
                continue;
            }
            match self.lengths.get(&container).copied() {
                Some(length) => {
                    let end = until.unwrap_or(length.saturating_sub(n_left.unwrap_or(0))).min(length);
                    for at in from..end.min(from + MAX_SLICED) {
                        let element = self.slot(container, Key::Number(i64::from(at)));
                        self.fill(to, Key::Number(i64::from(at - from)), element);
                    }
                    let others = self.slot(container, Key::Any);
                    self.fill(to, Key::Any, others);
                }
                None => {
                    let all = self.slot(container, Key::All);
                    self.fill(to, Key::Any, all);
                }
            }
            self.add(to, Value::Container(to, Shape::List), None);
        }
    }

    pub(super) fn spread(&mut self, idx: OperationIdx, from: Place, to: Place, shape: Shape) {
        for (value, _) in self.held(from) {
            let Value::Container(container, own) = value else { continue };
            if shape == Shape::List || own != Shape::Table {
                if own == Shape::List && container != to && self.is_first(idx, value) {
                    let all = self.slot(container, Key::All);
                    self.fill(to, Key::Any, all);
                }
                continue;
            }
            if container == to {
                continue;
            }
            if self.is_first(idx, value) {
                self.watchers.entry(container).or_default().push(idx);
            }
            for key in self.keys.get(&container).cloned().unwrap_or_default() {
                let key = self.key(key);
                if self.is_first_key(idx, container, key) {
                    let element = self.slot(container, key);
                    self.fill(to, key, element);
                }
            }
        }
    }

    /// What a loop gives: elements, what a generator yields, what `__iter__` and `__next__` return.
    pub(super) fn element(
        &mut self,
        idx: OperationIdx,
        of: Place,
        iterators: Place,
        to: Place,
        site: Option<Spot>,
    ) {
        for held in self.held(of) {
            let Some((to, site)) = self.begin(idx, held, to, site) else { continue };
            let value = held.0;
            match value {
                Value::Instance(class) => {
                    for method in self.special(class, "__iter__") {
                        let handed = Handed::default();
                        self.invoke(idx, method, Some(value), &handed, iterators, site);
                        let site = site.map(Spot::as_next);
                        self.add_operation(Operation::Next { of: iterators, to, site });
                    }
                }
                _ => self.one_of(value, to),
            }
        }
    }

    pub(super) fn next(&mut self, idx: OperationIdx, of: Place, to: Place, site: Option<Spot>) {
        for held in self.held(of) {
            let Some((to, site)) = self.begin(idx, held, to, site) else { continue };
            let value = held.0;
            match value {
                Value::Instance(class) => {
                    for method in self.special(class, "__next__") {
                        let handed = Handed::default();
                        self.invoke(idx, method, Some(value), &handed, to, site);
                    }
                }
                _ => self.one_of(value, to),
            }
        }
    }

    /// An element of what is no object of a class; looping over a table gives its keys.
    fn one_of(&mut self, value: Value, to: Place) {
        match value {
            Value::Container(container, Shape::List) => {
                let from = self.slot(container, Key::All);
                self.add_operation(Operation::Copy { from, to });
            }
            Value::Generator(function) => {
                let (_, from) = self.ends(function);
                self.add_operation(Operation::Copy { from, to });
            }
            _ => {}
        }
    }

    /// Everything in a container, whatever its key.
    pub(super) fn all_of(&mut self, container: Place) -> Place {
        self.slot(container, Key::All)
    }
}

fn key_of(value: Value) -> Option<Key> {
    match value {
        Value::Text(word) => Some(Key::Text(word)),
        Value::Number(number) => Some(Key::Number(number)),
        _ => None,
    }
}
