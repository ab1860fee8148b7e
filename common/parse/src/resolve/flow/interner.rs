//! Small numbers for values that are met again and again.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Numbers each value once; half the room of a map from value to number beside a list.
#[derive(Debug)]
pub(super) struct Interner<T> {
    items: Vec<T>,
    /// Indices of items by their hash.
    by_hash: HashTable<u32>,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), by_hash: HashTable::new() }
    }

    pub(super) fn get(&self, idx: u32) -> T {
        self.items[idx as usize]
    }

    pub(super) fn intern(&mut self, item: T) -> u32 {
        let hash_of = |item: &T| FixedState::default().hash_one(item);
        let items = &self.items;
        let is_item = |idx: &u32| items[*idx as usize] == item;
        match self.by_hash.entry(hash_of(&item), is_item, |idx| hash_of(&items[*idx as usize])) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                let idx = self.items.len() as u32;
                free.insert(idx);
                self.items.push(item);
                idx
            }
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
