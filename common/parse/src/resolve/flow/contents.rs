//! What places hold, and which operations read them: a few bytes for each, as there are millions of places.

use super::engine::OperationIdx;
use super::interner::Interner;
use super::values::{Held, Place, Value, Via};

/// A place with more values than this is unknown.
const MAX_VALUES: usize = 24;

/// Nothing arrived at the place so far.
const EMPTY: u32 = u32::MAX;
/// Too much arrived.
const OVER: u32 = u32::MAX - 1;
/// From here on a number is an index of [`Contents::several`], below it the one thing that the place holds.
const SEVERAL: u32 = 1 << 31;
/// The end of a list of readers.
const NOBODY: u32 = u32::MAX;
/// From here on the number of a reader is a place that gets what is read, below it an operation.
const COPY: u32 = 1 << 31;

/// Who reads a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Operation(OperationIdx),
    /// A copy into this place that has never run: half of all operations stay one of these.
    Copy(Place),
}

/// Where a reader is listed.
pub(super) type ReaderIdx = u32;

/// What became of a value that was put into a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It is there now, and was not before.
    New,
    /// It was there, or the place is unknown.
    Old,
}

#[derive(Debug)]
pub(super) struct Contents {
    values: Interner<Value>,
    /// A value and how it came.
    held: Interner<(u32, Via)>,
    /// By place.
    what: Vec<u32>,
    several: Vec<Vec<u32>>,
    /// By place: its last reader, which leads to the first.
    last_readers: Vec<u32>,
    /// A reader, and the next one; the last one's next is the first.
    readers: Vec<(u32, ReaderIdx)>,
}

impl Contents {
    pub(super) fn new(n_places: u32) -> Self {
        Self {
            values: Interner::new(),
            held: Interner::new(),
            what: vec![EMPTY; n_places as usize],
            several: Vec::new(),
            last_readers: vec![NOBODY; n_places as usize],
            readers: Vec::new(),
        }
    }

    pub(super) fn add_place(&mut self) -> Place {
        self.what.push(EMPTY);
        self.last_readers.push(NOBODY);
        self.what.len() as Place - 1
    }

    #[cfg(test)]
    pub(super) fn n_places(&self) -> usize {
        self.what.len()
    }

    /// The number that a value has here.
    pub(super) fn number(&mut self, value: Value) -> u32 {
        self.values.intern(value)
    }

    pub(super) fn is_empty(&self, place: Place) -> bool {
        matches!(self.what[place as usize], EMPTY | OVER)
    }

    /// Tells whether more arrived than a place can hold.
    pub(super) fn is_over(&self, place: Place) -> bool {
        self.what[place as usize] == OVER
    }

    /// Lists what a place holds, in the order in which it came.
    pub(super) fn held(&self, place: Place) -> impl Iterator<Item = Held> + '_ {
        self.numbers(place).iter().map(|number| self.held_of(*number))
    }

    /// The number of what a place holds: a value together with how it came.
    pub(super) fn number_at(&self, place: Place, at: usize) -> Option<u32> {
        self.numbers(place).get(at).copied()
    }

    /// The number of the same value that came another way.
    pub(super) fn through(&mut self, number: u32, via: Via) -> u32 {
        match self.held.get(number) {
            (_, known) if known == via => number,
            (value, _) => self.held.intern((value, via)),
        }
    }

    pub(super) fn n_held(&self, place: Place) -> usize {
        self.numbers(place).len()
    }

    pub(super) fn held_of(&self, number: u32) -> Held {
        let (value, via) = self.held.get(number);
        (self.values.get(value), via)
    }

    fn numbers(&self, place: Place) -> &[u32] {
        match &self.what[place as usize] {
            &EMPTY | &OVER => &[],
            &several @ SEVERAL.. => &self.several[(several - SEVERAL) as usize],
            one => std::slice::from_ref(one),
        }
    }

    pub(super) fn put(&mut self, place: Place, (value, via): Held) -> Put {
        if self.is_over(place) {
            return Put::Old;
        }
        let value = self.values.intern(value);
        let number = self.held.intern((value, via));
        self.put_number(place, number)
    }

    /// Puts what another place holds; most values arrive so, and are looked up once only.
    pub(super) fn put_number(&mut self, place: Place, number: u32) -> Put {
        let what = self.what[place as usize];
        if what == OVER {
            return Put::Old;
        }
        let numbers = self.numbers(place);
        if numbers.contains(&number) {
            return Put::Old;
        }
        match numbers.len() {
            0 => self.what[place as usize] = number,
            1 => {
                self.what[place as usize] = SEVERAL + self.several.len() as u32;
                self.several.push(vec![what, number]);
            }
            MAX_VALUES => {
                self.several[(what - SEVERAL) as usize] = Vec::new();
                self.what[place as usize] = OVER;
                return Put::Old;
            }
            _ => self.several[(what - SEVERAL) as usize].push(number),
        }
        Put::New
    }

    pub(super) fn add_reader(&mut self, place: Place, reader: Reader) {
        let own = self.readers.len() as ReaderIdx;
        let last = &mut self.last_readers[place as usize];
        let first = match *last {
            NOBODY => own,
            last => std::mem::replace(&mut self.readers[last as usize].1, own),
        };
        *last = own;
        self.readers.push((packed(reader), first));
    }

    /// Makes an operation of a copy.
    pub(super) fn set_reader(&mut self, at: ReaderIdx, reader: OperationIdx) {
        self.readers[at as usize].0 = packed(Reader::Operation(reader));
    }

    /// The reader of a place that was added behind another, or the first; in the order in which they were added.
    pub(super) fn next_reader(&self, place: Place, behind: Option<ReaderIdx>) -> Option<(ReaderIdx, Reader)> {
        let last = self.last_readers[place as usize];
        if last == NOBODY || behind == Some(last) {
            return None;
        }
        let (_, at) = self.readers[behind.unwrap_or(last) as usize];
        let reader = match self.readers[at as usize].0 {
            place @ COPY.. => Reader::Copy(place - COPY),
            operation => Reader::Operation(operation),
        };
        Some((at, reader))
    }
}

fn packed(reader: Reader) -> u32 {
    match reader {
        Reader::Operation(idx) => idx,
        Reader::Copy(to) => COPY + to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_one_value_then_several_then_too_many() {
        let mut contents = Contents::new(2);
        assert!(contents.is_empty(1));
        for n in 0..MAX_VALUES as i64 {
            assert_eq!(contents.put(1, (Value::Number(n), None.into())), Put::New);
            assert_eq!(contents.put(1, (Value::Number(n), None.into())), Put::Old);
            assert_eq!(contents.n_held(1), n as usize + 1);
        }
        let held: Vec<Value> = contents.held(1).map(|(value, _)| value).collect();
        assert!(held.iter().zip(0..).all(|(value, n)| *value == Value::Number(n)));
        assert_eq!(contents.put(1, (Value::Number(-1), None.into())), Put::Old);
        assert!(contents.is_over(1) && contents.is_empty(1));
    }

    #[test]
    fn readers_come_in_the_order_in_which_they_were_added() {
        let mut contents = Contents::new(3);
        for reader in [3, 1, 2] {
            contents.add_reader(0, Reader::Operation(reader));
            contents.add_reader(1, Reader::Copy(reader));
        }
        let (second, _) = contents.next_reader(1, contents.next_reader(1, None).map(|(at, _)| at)).unwrap();
        contents.set_reader(second, 9);
        let contents = &contents;
        let all = |place| {
            let next = move |(at, _): &(ReaderIdx, Reader)| contents.next_reader(place, Some(*at));
            std::iter::successors(contents.next_reader(place, None), next).map(|(_, reader)| reader)
        };
        assert_eq!(all(0).collect::<Vec<_>>(), [3, 1, 2].map(Reader::Operation));
        assert_eq!(all(1).collect::<Vec<_>>(), [Reader::Copy(3), Reader::Operation(9), Reader::Copy(2)]);
        assert_eq!(all(2).count(), 0);
    }
}
