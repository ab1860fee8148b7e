//! What a worker holds: its errand, and the step it is at.

use super::plan::{Unit, UnitSet};
use super::world::{Document, GroupSet, Marker};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Worker {
    pub(crate) step: Step,
    pub(crate) errand: Errand,
}

/// What made a worker look at the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Errand {
    None,
    Message {
        unit: Unit,
        receipt: Receipt,
    },
    /// It submitted the job, or approved its estimate.
    Observe,
    Reap,
}

/// The worker's hold on its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Receipt {
    Work {
        n_receives: u8,
    },
    DeadLetter,
    /// Acknowledging does nothing any more.
    Lapsed,
}

/// What a worker does next: at most one write, or reads of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    Idle,
    /// The state was read; look for the unit's marker.
    FindMarker(Document),
    ListTries,
    /// List the ends of so many tries and read the lease.
    ReadEnds {
        n_begun: u8,
    },
    /// Create the try after so many.
    BeginTry {
        n_begun: u8,
        n_counted: u8,
    },
    Run(Run),
    /// Write the marker; an earlier call may have been left without an answer.
    Mark {
        marker: Marker,
        is_unclear: bool,
    },
    /// Send the same message again.
    SendAgain,
    ReadState {
        has_tried_swap: bool,
    },
    /// Look how the phase of this document stands.
    Stand(Look),
    /// Look for the markers of the groups that are not marked.
    ReadMarkers(Look),
    MarkGroups(Look),
    ListGroups(Look),
    Swap(Document),
    Send(UnitSet),
    Resend(UnitSet),
    Acknowledge,
}

/// A try that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Run {
    pub(crate) try_number: u8,
    /// Tries that count, this one included.
    pub(crate) n_counted: u8,
    /// Units that it let begin early.
    pub(crate) n_streamed: u8,
    /// The state as it was before; kept for [`super::defect::Defect::StaleFanIn`] only.
    pub(crate) read_before: Option<Document>,
}

/// A look at the job, as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Look {
    pub(crate) seen: Document,
    pub(crate) has_tried_swap: bool,
    pub(crate) grouped: GroupSet,
    /// Groups that are complete and to be marked.
    pub(crate) due: GroupSet,
    /// Units without a marker.
    pub(crate) missing: UnitSet,
}

impl Worker {
    pub(crate) const IDLE: Self = Self { step: Step::Idle, errand: Errand::None };

    pub(crate) fn is_idle(self) -> bool {
        self.step == Step::Idle
    }

    /// The unit that its message asks for.
    pub(crate) fn unit(self) -> Option<Unit> {
        match self.errand {
            Errand::Message { unit, .. } => Some(unit),
            _ => None,
        }
    }

    /// The try of the unit that it runs, or whose marker it is about to write.
    pub(crate) fn try_of(self, of: Unit) -> Option<u8> {
        let try_number = match self.step {
            Step::Run(run) => run.try_number,
            Step::Mark { marker: Marker::Done { by_try }, .. } => by_try,
            _ => return None,
        };
        (self.unit() == Some(of)).then_some(try_number)
    }
}

impl Look {
    pub(crate) fn at(seen: Document, has_tried_swap: bool) -> Self {
        let (grouped, due) = (GroupSet::default(), GroupSet::default());
        Self { seen, has_tried_swap, grouped, due, missing: UnitSet::default() }
    }

    /// The unit that the look is confined to; without one it takes in the whole phase.
    ///
    /// A message of an earlier stage is proof that its phase is over: its reader may be all that is left.
    pub(crate) fn own(&self, worker: Worker) -> Option<Unit> {
        worker.unit().filter(|unit| !self.has_tried_swap && unit.stage().phase() >= self.seen.phase)
    }
}
