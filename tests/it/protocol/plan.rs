//! What there is to do: few units of each kind, with what `pipeline::PLAN` says of their stages.

use std::fmt;
use std::ops::{Index, IndexMut};

/// One piece of work: what has a marker, tries and messages of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    Ingest,
    ShardA,
    ShardB,
    ShardC,
    /// Reads the history and seals the list of its batches.
    Walk,
    /// The one batch of commits.
    Commits,
    Assemble,
    Summary,
}

/// A step of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Stage {
    Ingest,
    Embed,
    /// Stands in the design only: it runs beside ingest and embed.
    History,
    Assemble,
    Generate,
}

/// Where the job stands; later ones are greater. Pack is left out: it is a single unit, as assemble is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Phase {
    Queued,
    Ingest,
    Embed,
    Assemble,
    AwaitingApproval,
    Generate,
    Completed,
    Partial,
    Failed,
    Cancelled,
}

impl Unit {
    pub(crate) const ALL: [Self; N_UNITS] = [
        Self::Ingest,
        Self::ShardA,
        Self::ShardB,
        Self::ShardC,
        Self::Walk,
        Self::Commits,
        Self::Assemble,
        Self::Summary,
    ];

    pub(crate) fn stage(self) -> Stage {
        match self {
            Self::Ingest => Stage::Ingest,
            Self::ShardA | Self::ShardB | Self::ShardC => Stage::Embed,
            Self::Walk | Self::Commits => Stage::History,
            Self::Assemble => Stage::Assemble,
            Self::Summary => Stage::Generate,
        }
    }
}

impl Stage {
    /// The phase that the stage's units make up.
    pub(crate) fn phase(self) -> Phase {
        match self {
            Self::Ingest => Phase::Ingest,
            Self::Embed | Self::History => Phase::Embed,
            Self::Assemble => Phase::Assemble,
            Self::Generate => Phase::Generate,
        }
    }

    /// The earliest phase in which a unit may run.
    pub(crate) fn may_run_from(self) -> Phase {
        match self {
            Self::Embed | Self::History => Phase::Ingest,
            other => other.phase(),
        }
    }

    /// Whether a lost unit fails the job; a lost optional one makes it partial.
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::Ingest | Self::Assemble)
    }
}

impl Phase {
    pub(crate) fn is_terminal(self) -> bool {
        self >= Self::Completed
    }
}

pub(crate) const N_UNITS: usize = 8;

/// A value per unit.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitMap<T>([T; N_UNITS]);

impl<T> Index<Unit> for UnitMap<T> {
    type Output = T;

    fn index(&self, unit: Unit) -> &T {
        &self.0[unit as usize]
    }
}

impl<T> IndexMut<Unit> for UnitMap<T> {
    fn index_mut(&mut self, unit: Unit) -> &mut T {
        &mut self.0[unit as usize]
    }
}

/// Shows what differs from the beginning only, for paths that are read by people.
impl<T: fmt::Debug + Default + PartialEq> fmt::Debug for UnitMap<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = Unit::ALL.iter().filter(|unit| self[**unit] != T::default());
        f.debug_map().entries(told.map(|unit| (unit, &self[*unit]))).finish()
    }
}

/// A set of units.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitSet(u8);

impl UnitSet {
    pub(crate) fn contains(self, unit: Unit) -> bool {
        self.0 & Self::one(unit).0 != 0
    }

    pub(crate) fn insert(&mut self, unit: Unit) {
        self.0 |= Self::one(unit).0;
    }

    pub(crate) fn remove(&mut self, unit: Unit) {
        self.0 &= !Self::one(unit).0;
    }

    /// Takes the first one out.
    pub(crate) fn pop(&mut self) -> Option<Unit> {
        let first = self.iter().next()?;
        self.remove(first);
        Some(first)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Unit> {
        Unit::ALL.into_iter().filter(move |unit| self.contains(*unit))
    }

    fn one(unit: Unit) -> Self {
        Self(1 << unit as u8)
    }
}

impl FromIterator<Unit> for UnitSet {
    fn from_iter<I: IntoIterator<Item = Unit>>(units: I) -> Self {
        let mut set = Self::default();
        units.into_iter().for_each(|unit| set.insert(unit));
        set
    }
}

impl fmt::Debug for UnitSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
