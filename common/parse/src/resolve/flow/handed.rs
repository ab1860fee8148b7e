//! What calls hand over, in one list for all of them.

use crate::resolve::words::Word;

use super::values::Place;

/// Index of a call in [`AllHanded`].
pub(super) type HandedIdx = u32;

/// What a call hands over.
#[derive(Debug, Clone, Default)]
pub(super) struct Handed {
    pub(super) arguments: Vec<(How, Place)>,
    /// Where the arguments are listed.
    first: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Positional,
    Named(Word),
    List,
    Table,
}

#[derive(Debug, Default)]
pub(super) struct AllHanded {
    arguments: Vec<(How, Place)>,
    /// First argument, number of arguments, receiver.
    calls: Vec<(u32, u32, Option<Receiver>)>,
}

/// An object or class that a method is called for, as the engine numbers values.
pub(super) type Receiver = std::num::NonZeroU32;

impl AllHanded {
    pub(super) fn add(&mut self, arguments: impl IntoIterator<Item = (How, Place)>) -> HandedIdx {
        let first = self.arguments.len() as u32;
        self.arguments.extend(arguments);
        self.calls.push((first, self.arguments.len() as u32 - first, None));
        self.calls.len() as HandedIdx - 1
    }

    /// The same arguments, for an object.
    pub(super) fn add_for(&mut self, handed: &Handed, receiver: Option<Receiver>) -> HandedIdx {
        self.calls.push((handed.first, handed.arguments.len() as u32, receiver));
        self.calls.len() as HandedIdx - 1
    }

    pub(super) fn arguments(&self, idx: HandedIdx) -> &[(How, Place)] {
        let (first, n, _) = self.calls[idx as usize];
        &self.arguments[first as usize..(first + n) as usize]
    }

    pub(super) fn receiver(&self, idx: HandedIdx) -> Option<Receiver> {
        self.calls[idx as usize].2
    }

    pub(super) fn get(&self, idx: HandedIdx) -> Handed {
        Handed { arguments: self.arguments(idx).to_vec(), first: self.calls[idx as usize].0 }
    }
}

impl Handed {
    /// The positional arguments from one on, up to the first of another kind.
    pub(super) fn rest(&self, from: usize) -> impl Iterator<Item = Place> + '_ {
        let before = self.arguments.iter().take_while(|(how, _)| *how == How::Positional);
        before.skip(from).map(|(_, place)| *place)
    }

    pub(super) fn positional(&self, at: usize) -> Option<Place> {
        self.rest(at).next()
    }
}
