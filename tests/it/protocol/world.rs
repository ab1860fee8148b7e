//! The model's state: the store, and all that is on its way.

use super::plan::{Phase, Stage, Unit, UnitMap, UnitSet};
use super::queue::Mailbox;
use super::scenario::{Cut, Faults, Moments};
use super::worker::{Errand, Receipt, Worker};

/// Workers at most; a scenario says how many there are.
pub(crate) const MAX_WORKERS: usize = 3;
/// Groups of embed at most, and one for generate.
pub(crate) const N_GROUPS: usize = 4;
/// The group of the one unit that generate has.
pub(crate) const SUMMARY_GROUP: usize = N_GROUPS - 1;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) document: Document,
    pub(crate) markers: UnitMap<Option<Marker>>,
    pub(crate) groups: [Option<Results>; N_GROUPS],
    pub(crate) tries: UnitMap<Tries>,
    /// The try that last said, not long ago, that it is at work on the unit.
    pub(crate) leases: UnitMap<Option<u8>>,
    /// Units whose output is written.
    pub(crate) outputs: UnitSet,
    /// Times that the reaper sent a unit's message.
    pub(crate) resends: UnitMap<u8>,
    pub(crate) mailboxes: UnitMap<Mailbox>,
    /// Units of which there ever was a message; kept while duplicates may still come.
    pub(crate) sent: UnitSet,
    /// Writes whose writers have stopped waiting for an answer.
    pub(crate) late: Vec<Write>,
    pub(crate) workers: [Worker; MAX_WORKERS],
    /// Moments that are past.
    pub(crate) past: Moments,
    /// Faults that may still happen.
    pub(crate) faults: Faults,
    pub(crate) breaches: Breaches,
}

/// The state document, as far as the protocol reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Document {
    pub(crate) rev: u8,
    pub(crate) phase: Phase,
    /// The sealed list of embed.
    pub(crate) sealed: Option<Cut>,
    /// Whether an optional unit was lost.
    pub(crate) has_missing: bool,
    pub(crate) history: History,
    /// The estimate that waits for approval: each try of assemble makes its own.
    pub(crate) estimate: Option<Estimate>,
    pub(crate) spending: Spending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum History {
    Undecided,
    Joined,
    Missing,
}

/// An estimate's digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Estimate(pub(crate) u8);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Spending {
    Undecided,
    /// Somebody agreed to this estimate.
    Approved(Estimate),
    /// Nobody did in time.
    Extractive,
}

/// A unit's completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Marker {
    Done { by_try: u8 },
    Failed { by_try: u8 },
}

/// What a group's marker says of its units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Results {
    pub(crate) done: UnitSet,
    pub(crate) failed: UnitSet,
}

/// The tries of one unit, as the create-only objects tell of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Tries {
    pub(crate) n_begun: u8,
    /// Those that said how they ended.
    pub(crate) ended: TrySet,
    pub(crate) interrupted: TrySet,
    /// Whether nothing was heard of the last one, or any before, while one listened.
    pub(crate) is_last_silent: bool,
}

/// A set of tries by their numbers, from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct TrySet(u8);

/// A set of groups by their index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupSet(u8);

/// A write on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Write {
    Marker(Unit, Marker),
    State(Document),
}

/// A promise that a step broke; what a single state cannot show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    MarkerChanged,
    StateOverwritten,
    PhaseTooEarly,
    LeftTerminal,
    ListResealed,
    GivenUpTooEarly,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Breaches(u8);

impl Breaches {
    pub(crate) fn note(&mut self, breach: Breach) {
        self.0 |= 1 << breach as u8;
    }

    pub(crate) fn has(self, breach: Breach) -> bool {
        self.0 & 1 << breach as u8 != 0
    }
}

impl Tries {
    /// Of the first `n_begun` tries, those that use up the unit's attempts.
    pub(crate) fn n_counted_of(self, n_begun: u8) -> u8 {
        n_begun.saturating_sub(self.interrupted.0.count_ones() as u8)
    }

    pub(crate) fn n_counted(self) -> u8 {
        self.n_counted_of(self.n_begun)
    }
}

impl TrySet {
    pub(crate) fn contains(self, try_number: u8) -> bool {
        self.0 & 1 << try_number != 0
    }

    pub(crate) fn insert(&mut self, try_number: u8) {
        self.0 |= 1 << try_number;
    }
}

impl GroupSet {
    pub(crate) fn contains(self, group_idx: usize) -> bool {
        self.0 & 1 << group_idx != 0
    }

    pub(crate) fn insert(&mut self, group_idx: usize) {
        self.0 |= 1 << group_idx;
    }

    /// Takes the first one out.
    pub(crate) fn pop(&mut self) -> Option<usize> {
        let first = (0..N_GROUPS).find(|group_idx| self.contains(*group_idx))?;
        self.0 &= !(1 << first);
        Some(first)
    }
}

impl Marker {
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

impl Document {
    /// The document of the next revision, in another phase.
    pub(crate) fn entering(self, phase: Phase) -> Self {
        Self { rev: self.rev + 1, phase, ..self }
    }
}

impl World {
    pub(crate) fn is_marked(&self, unit: Unit) -> bool {
        self.markers[unit].is_some()
    }

    pub(crate) fn has_failed(&self, unit: Unit) -> bool {
        self.markers[unit].is_some_and(|marker| !marker.is_done())
    }

    /// Whether some worker runs a try of the unit.
    pub(crate) fn is_at_work_on(&self, unit: Unit) -> bool {
        self.workers.iter().any(|worker| worker.try_of(unit).is_some())
    }

    /// Whether some worker runs this try.
    pub(crate) fn is_running(&self, unit: Unit, try_number: u8) -> bool {
        self.workers.iter().any(|worker| worker.try_of(unit) == Some(try_number))
    }

    /// The groups that are marked.
    pub(crate) fn grouped(&self) -> GroupSet {
        let mut grouped = GroupSet::default();
        (0..N_GROUPS).filter(|idx| self.groups[*idx].is_some()).for_each(|idx| grouped.insert(idx));
        grouped
    }

    /// What the units' markers say, as far as there are any.
    pub(crate) fn results(&self, units: &[Unit]) -> Results {
        let done = |unit: &Unit| self.markers[*unit].is_some_and(Marker::is_done);
        Results {
            done: units.iter().copied().filter(done).collect(),
            failed: units.iter().copied().filter(|unit| self.has_failed(*unit)).collect(),
        }
    }

    /// Messages in a stage's queue, those that are worked on included.
    pub(crate) fn depth(&self, stage: Stage) -> usize {
        let is_of_stage = |unit: &Unit| unit.stage() == stage;
        let waiting = Unit::ALL.into_iter().filter(is_of_stage).map(|unit| self.mailboxes[unit].len());
        let held = self.workers.iter().filter(|worker| match worker.errand {
            Errand::Message { unit, receipt: Receipt::Work { .. } } => is_of_stage(&unit),
            _ => false,
        });
        waiting.sum::<usize>() + held.count()
    }
}
