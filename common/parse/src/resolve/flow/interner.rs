//! Small numbers for values that are met again and again.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

const FREE: u32 = u32::MAX;
const MIN_SLOTS: usize = 64;

/// Numbers each value once; half the room of a map from value to number beside a list.
#[derive(Debug)]
pub(super) struct Interner<T> {
    items: Vec<T>,
    /// Indices of items by hash, a power of two of them, the next free one after a collision.
    slots: Vec<u32>,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), slots: vec![FREE; MIN_SLOTS] }
    }

    pub(super) fn get(&self, idx: u32) -> T {
        self.items[idx as usize]
    }

    pub(super) fn intern(&mut self, item: T) -> u32 {
        if self.items.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let at = self.slot(item);
        if self.slots[at] == FREE {
            self.slots[at] = self.items.len() as u32;
            self.items.push(item);
        }
        self.slots[at]
    }

    /// Where an item is, or belongs.
    fn slot(&self, item: T) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = FixedState::default().hash_one(item) as usize & mask;
        while self.slots[at] != FREE && self.items[self.slots[at] as usize] != item {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        self.slots = vec![FREE; self.slots.len() * 2];
        for idx in 0..self.items.len() {
            let at = self.slot(self.items[idx]);
            self.slots[at] = idx as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_have_one_number_however_many_there_are() {
        let mut interner = Interner::new();
        let first: Vec<u32> = (0..1_000u64).map(|n| interner.intern(n * 7)).collect();
        let again: Vec<u32> = (0..1_000u64).map(|n| interner.intern(n * 7)).collect();
        assert_eq!(first, again);
        assert!((0..1_000).all(|n| interner.get(first[n]) == n as u64 * 7));
    }
}
