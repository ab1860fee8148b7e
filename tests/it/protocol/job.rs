//! The state document: what it becomes when a phase is over, and the store's side of replacing it.

use super::Protocol;
use super::defect::Defect;
use super::plan::{Phase, Unit, UnitSet};
use super::scenario::Generate;
use super::world::{Breach, Document, Estimate, History, Marker, SUMMARY_GROUP, Spending, World};

impl Protocol {
    /// The groups of a document's phase, each with its index.
    pub(crate) fn groups(&self, seen: &Document) -> impl Iterator<Item = (usize, &'static [Unit])> {
        let (first_idx, list): (usize, &'static [Unit]) = match seen.phase {
            Phase::Embed => (0, self.sealed_list(seen)),
            Phase::Generate => (SUMMARY_GROUP, &[Unit::Summary]),
            _ => (0, &[]),
        };
        (first_idx..).zip(list.chunks(self.scenario.group_units))
    }

    pub(crate) fn sealed_list(&self, seen: &Document) -> &'static [Unit] {
        seen.sealed.map_or(&[], |cut| self.scenario.list(cut))
    }

    /// The units of a document's phase that have no marker.
    pub(crate) fn unmarked(&self, world: &World, seen: &Document) -> UnitSet {
        let is_of_history = |unit: &Unit| match unit {
            Unit::Walk => self.scenario.history,
            Unit::Commits => world.markers[Unit::Walk].is_some_and(Marker::is_done),
            _ => false,
        };
        let is_of_phase = |unit: &Unit| match seen.phase {
            Phase::Ingest => *unit == Unit::Ingest || is_of_history(unit),
            Phase::Embed => self.sealed_list(seen).contains(unit) || is_of_history(unit),
            Phase::Assemble => *unit == Unit::Assemble,
            Phase::Generate => *unit == Unit::Summary,
            _ => false,
        };
        Unit::ALL.into_iter().filter(|unit| is_of_phase(unit) && !world.is_marked(*unit)).collect()
    }

    pub(crate) fn after_ingest(&self, world: &World, seen: Document) -> Option<Document> {
        Some(match world.markers[Unit::Ingest]? {
            Marker::Failed { .. } => seen.entering(Phase::Failed),
            Marker::Done { by_try } => {
                Document { sealed: Some(self.scenario.cut_by(by_try)), ..seen.entering(Phase::Embed) }
            }
        })
    }

    pub(crate) fn after_assemble(&self, world: &World, seen: Document) -> Option<Document> {
        Some(match (world.markers[Unit::Assemble]?, self.scenario.generate) {
            (Marker::Failed { .. }, _) => seen.entering(Phase::Failed),
            (Marker::Done { .. }, Generate::Without) => ending(seen),
            (Marker::Done { .. }, Generate::AtOnce) => seen.entering(Phase::Generate),
            (Marker::Done { by_try }, Generate::OnceApproved) => {
                Document { estimate: Some(Estimate(by_try)), ..seen.entering(Phase::AwaitingApproval) }
            }
        })
    }

    /// What follows when every group is marked; `None` while the history is waited for.
    pub(crate) fn after_fan_out(&self, world: &World, seen: Document) -> Option<Document> {
        let has_lost = self
            .groups(&seen)
            .any(|(idx, _)| world.groups[idx].is_some_and(|group| !group.failed.is_empty()));
        let seen = Document { has_missing: seen.has_missing || has_lost, ..seen };
        if seen.phase == Phase::Generate {
            return Some(ending(seen));
        }
        let history = self.history_now(world)?;
        let has_missing = seen.has_missing || history == History::Missing;
        Some(Document { history, has_missing, ..seen.entering(Phase::Assemble) })
    }

    /// What becomes of the history if embed ends now.
    fn history_now(&self, world: &World) -> Option<History> {
        if !self.scenario.history {
            return Some(History::Undecided);
        }
        let is_late = world.past.history && !self.has(Defect::HistoryDeadlineIgnored);
        // The walk's marker holds the sealed list of batches.
        let is_sealed = world.markers[Unit::Walk].is_some_and(Marker::is_done);
        match world.markers[Unit::Commits] {
            Some(Marker::Done { .. }) if is_sealed => Some(History::Joined),
            Some(Marker::Failed { .. }) if is_sealed => Some(History::Missing),
            _ if world.has_failed(Unit::Walk) || is_late => Some(History::Missing),
            _ if !is_sealed && self.has(Defect::HistoryBeforeSeal) => Some(History::Joined),
            _ => None,
        }
    }

    /// The document that lets generation begin.
    pub(crate) fn generating(&self, seen: Document, spending: Spending) -> Document {
        Document { spending, ..seen.entering(Phase::Generate) }
    }

    /// The store's side of a swap; tells whether the condition held.
    pub(crate) fn apply(&self, world: &mut World, next: Document) -> bool {
        let before = world.document;
        let follows = before.rev + 1 == next.rev;
        if !follows && !self.has(Defect::UnconditionalSwap) {
            return false;
        }
        let is_too_early =
            !matches!(next.phase, Phase::Failed | Phase::Cancelled) && !is_over(self, world, &next);
        for (is_broken, breach) in [
            (!follows, Breach::StateOverwritten),
            (before.phase.is_terminal(), Breach::LeftTerminal),
            (before.sealed.is_some() && before.sealed != next.sealed, Breach::ListResealed),
            (is_too_early, Breach::PhaseTooEarly),
        ] {
            if is_broken {
                world.breaches.note(breach);
            }
        }
        world.document = next;
        true
    }

    /// Ends the job unless it is over. Reading and swapping are one step: a swap that comes second is
    /// refused and repeated, so that one takes effect with nothing in between.
    pub(crate) fn end_job(&self, world: &mut World, phase: Phase) {
        if !world.document.phase.is_terminal() {
            let next = world.document.entering(phase);
            self.apply(world, next);
        }
    }
}

fn ending(seen: Document) -> Document {
    seen.entering(if seen.has_missing { Phase::Partial } else { Phase::Completed })
}

/// Whether the phase that a new document ends is over: every unit of it has its marker. A history that
/// the document calls missing is not waited for.
fn is_over(protocol: &Protocol, world: &World, next: &Document) -> bool {
    let before = world.document;
    let is_joined = next.history == History::Joined;
    let is_history = |unit: &Unit| matches!(unit, Unit::Walk | Unit::Commits);
    let open = protocol.unmarked(world, &before);
    let is_history_due = before.phase == Phase::Embed && is_joined;
    open.iter().all(|unit| is_history(&unit) && !is_history_due)
}
