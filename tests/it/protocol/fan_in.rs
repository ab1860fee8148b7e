//! Moving a job on, as `pipeline::job::fan_in` does it: by whoever looks, by set inclusion.

use super::Protocol;
use super::defect::Defect;
use super::plan::{Phase, Unit, UnitSet};
use super::worker::{Errand, Look, Step};
use super::world::{Document, GroupSet, World};

impl Protocol {
    /// The beginning of a round: reads the state.
    pub(crate) fn read_state(&self, world: &mut World, at: usize, has_tried_swap: bool) {
        let seen = world.document;
        if seen.phase.is_terminal() {
            return self.leave(world, at);
        }
        let look = Look::at(seen, has_tried_swap);
        world.workers[at].step = Step::Stand(look);
    }

    /// `standing`: finds the single unit's marker, or lists the groups.
    pub(crate) fn stand(&self, world: &mut World, at: usize, look: Look) {
        if look.seen.phase == Phase::Ingest && self.has(Defect::GroupsBeforeSeal) {
            self.group_early(world);
        }
        let next = match look.seen.phase {
            Phase::Queued => Some(look.seen.entering(Phase::Ingest)),
            Phase::Ingest => self.after_ingest(world, look.seen),
            Phase::Assemble => self.after_assemble(world, look.seen),
            Phase::Embed | Phase::Generate => return self.list_groups_first(world, at, look),
            _ => return self.leave(world, at),
        };
        match next {
            Some(next) => self.swap_next(world, at, next),
            None if look.own(world.workers[at]).is_some() => self.leave(world, at),
            None => {
                let missing = self.unmarked(world, &look.seen);
                self.send_missing(world, at, Look { missing, ..look });
            }
        }
    }

    /// Takes the first shards that have a marker for the first group.
    fn group_early(&self, world: &mut World) {
        let is_early = |unit: &Unit| self.is_shard(*unit) && world.is_marked(*unit);
        let units: Vec<Unit> =
            Unit::ALL.into_iter().filter(is_early).take(self.scenario.group_units).collect();
        if units.len() == self.scenario.group_units {
            world.groups[0] = world.groups[0].or(Some(world.results(&units)));
        }
    }

    fn list_groups_first(&self, world: &mut World, at: usize, look: Look) {
        let look = Look { grouped: world.grouped(), ..look };
        let own = look.own(world.workers[at]).filter(|_| !self.has(Defect::CountedMarkers));
        let is_open = |(idx, units): (usize, &[Unit])| {
            !look.grouped.contains(idx) && own.is_some_and(|unit| units.contains(&unit))
        };
        if own.is_none() || self.groups(&look.seen).any(is_open) {
            world.workers[at].step = Step::ReadMarkers(look);
        } else {
            self.decide(world, at, look);
        }
    }

    /// Finds out which groups are complete, and which units are missing.
    pub(crate) fn read_markers(&self, world: &mut World, at: usize, look: Look) {
        let own = look.own(world.workers[at]);
        let mut due = GroupSet::default();
        for (group_idx, units) in self.groups(&look.seen) {
            let is_looked_at =
                own.is_none_or(|unit| units.contains(&unit)) || self.has(Defect::CountedMarkers);
            if is_looked_at && !look.grouped.contains(group_idx) && self.is_complete(world, group_idx, units)
            {
                due.insert(group_idx);
            }
        }
        let look = Look { due, missing: self.unmarked(world, &look.seen), ..look };
        if due != GroupSet::default() {
            world.workers[at].step = Step::MarkGroups(look);
        } else if own.is_none() {
            world.workers[at].step = Step::ListGroups(look);
        } else {
            self.leave(world, at);
        }
    }

    fn is_complete(&self, world: &World, group_idx: usize, units: &[Unit]) -> bool {
        if self.has(Defect::CountedMarkers) && units != [Unit::Summary] {
            let is_counted = |unit: &Unit| self.is_shard(*unit) && world.is_marked(*unit);
            let n_marked = Unit::ALL.into_iter().filter(is_counted).count();
            return n_marked >= group_idx * self.scenario.group_units + units.len();
        }
        units.iter().all(|unit| world.is_marked(*unit))
    }

    /// Marks the next group that is complete.
    pub(crate) fn mark_group(&self, world: &mut World, at: usize, mut look: Look) {
        if let Some(group_idx) = look.due.pop() {
            let units = self
                .groups(&look.seen)
                .find(|(idx, _)| *idx == group_idx)
                .map_or(&[][..], |(_, units)| units);
            // Whoever comes second would write the same, since markers never change.
            world.groups[group_idx] = world.groups[group_idx].or(Some(world.results(units)));
        }
        let is_done = look.due == GroupSet::default();
        world.workers[at].step = if is_done { Step::ListGroups(look) } else { Step::MarkGroups(look) };
    }

    /// Lists the groups again: another's may have become complete at the same time.
    pub(crate) fn list_groups(&self, world: &mut World, at: usize, look: Look) {
        self.decide(world, at, Look { grouped: world.grouped(), ..look });
    }

    fn decide(&self, world: &mut World, at: usize, look: Look) {
        let is_complete = self.groups(&look.seen).all(|(idx, _)| look.grouped.contains(idx));
        let next = if is_complete { self.after_fan_out(world, look.seen) } else { None };
        match next {
            Some(next) => self.swap_next(world, at, next),
            None if look.own(world.workers[at]).is_some() => self.leave(world, at),
            // A marker came meanwhile.
            None if look.missing.is_empty() => {
                world.workers[at].step = Step::ReadState { has_tried_swap: true }
            }
            None => self.send_missing(world, at, look),
        }
    }

    fn swap_next(&self, world: &mut World, at: usize, next: Document) {
        if self.has(Defect::ReaperOnlySends) && world.workers[at].errand == Errand::Reap {
            return self.leave(world, at);
        }
        if self.has(Defect::SendBeforeCommit) {
            self.unmarked(world, &next).iter().for_each(|unit| self.send(world, unit));
        }
        world.workers[at].step = Step::Swap(next);
    }

    /// Tries to replace the state once.
    pub(crate) fn swap(&self, world: &mut World, at: usize, next: Document) {
        let is_applied = self.apply(world, next);
        self.after_swap(world, at, next, is_applied);
    }

    /// Reads again, whatever the answer was.
    pub(crate) fn after_swap(&self, world: &mut World, at: usize, next: Document, is_confirmed: bool) {
        let is_given_up = self.has(Defect::SwapAnswerTrusted) && !is_confirmed;
        let is_left_to_others = self.has(Defect::SealerLeaves) && next.phase == Phase::Embed;
        let looks_no_more = self.has(Defect::SendBeforeCommit) || self.has(Defect::StaleFanIn);
        if is_given_up || is_left_to_others || looks_no_more {
            return self.acknowledge_next(world, at);
        }
        let has_tried_swap = !self.has(Defect::OnlyWinnerSends) || is_confirmed;
        world.workers[at].step = Step::ReadState { has_tried_swap };
    }

    fn send_missing(&self, world: &mut World, at: usize, look: Look) {
        match world.workers[at].errand {
            Errand::Reap => self.resend_short(world, at, look.missing),
            Errand::Message { .. } if self.has(Defect::OnlyWinnerSends) && !look.has_tried_swap => {
                self.leave(world, at);
            }
            _ => self.send_next(world, at, look.missing),
        }
    }

    /// Sends the message of the next unit of a set; the first one in one step with the reading before it.
    pub(crate) fn send_next(&self, world: &mut World, at: usize, mut units: UnitSet) {
        if let Some(unit) = units.pop() {
            self.send(world, unit);
        }
        if units.is_empty() {
            return self.acknowledge_next(world, at);
        }
        world.workers[at].step = Step::Send(units);
    }
}
