//! What may go wrong between steps.

use super::Protocol;
use super::action::Action;
use super::plan::{Unit, UnitMap};
use super::worker::{Errand, Receipt, Step, Worker};
use super::world::{World, Write};

impl Protocol {
    /// Does what a fault does.
    pub(crate) fn strike(&self, world: &mut World, fault: Action) -> Option<()> {
        match fault {
            Action::Crash { worker } => {
                world.faults.crashes -= 1;
                self.abandon(world, worker);
            }
            Action::CrashWriting { worker } => {
                world.faults.crashes -= 1;
                let write = write_of(world, worker)?;
                world.late.push(write);
                self.abandon(world, worker);
            }
            Action::Restart => self.restart(world),
            Action::WriteLate { worker } => {
                world.faults.late_writes -= 1;
                let write = write_of(world, worker)?;
                world.late.push(write);
                self.without_answer(world, worker, write);
            }
            Action::LoseAnswer { worker } => {
                world.faults.lost_answers -= 1;
                let write = write_of(world, worker)?;
                self.land(world, write);
                self.without_answer(world, worker, write);
            }
            Action::Land { write } => {
                let write = world.late.remove(write);
                self.land(world, write);
            }
            Action::Lapse { worker } => {
                let Errand::Message { unit, receipt } = world.workers[worker].errand else { return None };
                world.faults.lapses -= 1;
                self.give_back(world, unit, receipt);
                world.workers[worker].errand = Errand::Message { unit, receipt: Receipt::Lapsed };
            }
            Action::Lose { unit, place } => {
                world.faults.losses -= 1;
                self.take(world, unit, place)?;
            }
            Action::Duplicate { unit } => {
                world.faults.duplicates -= 1;
                self.send(world, unit);
            }
            Action::Expire { unit, is_in_time } => {
                world.faults.missed_leases -= u8::from(!is_in_time);
                world.leases[unit] = None;
            }
            Action::FallSilent { unit, is_in_time } => {
                world.faults.stalls -= u8::from(!is_in_time);
                world.tries[unit].is_last_silent = true;
            }
            other => unreachable!("{other:?} is no fault"),
        }
        Some(())
    }

    /// A laptop's way to begin again: `recover`, then a look at the job.
    fn restart(&self, world: &mut World) {
        world.faults.restarts -= 1;
        (0..self.scenario.n_workers).for_each(|at| self.abandon(world, at));
        world.leases = UnitMap::default();
        for unit in Unit::ALL {
            let tries = &mut world.tries[unit];
            for unended in
                (1..=tries.n_begun).filter(|number| !tries.ended.contains(*number)).collect::<Vec<_>>()
            {
                tries.ended.insert(unended);
                tries.interrupted.insert(unended);
            }
        }
        world.workers[0] =
            Worker { step: Step::ReadState { has_tried_swap: false }, errand: Errand::Observe };
    }

    fn land(&self, world: &mut World, write: Write) {
        match write {
            Write::State(next) => drop(self.apply(world, next)),
            Write::Marker(unit, marker) => self.create_marker(world, unit, marker),
        }
    }

    /// A marker is written again until there is an answer; a state is read again.
    fn without_answer(&self, world: &mut World, at: usize, write: Write) {
        match write {
            Write::Marker(_, marker) => world.workers[at].step = Step::Mark { marker, is_unclear: true },
            Write::State(next) => self.after_swap(world, at, next, false),
        }
    }
}

/// The write that a worker's next step makes, where it may be late.
///
/// Tries, leases and groups are left out: a late try is as good as one whose worker crashed, a lease is
/// advisory, and every writer of a group writes the same.
pub(crate) fn write_of(world: &World, at: usize) -> Option<Write> {
    match world.workers[at].step {
        Step::Swap(next) => Some(Write::State(next)),
        Step::Mark { marker, .. } => world.workers[at].unit().map(|unit| Write::Marker(unit, marker)),
        _ => None,
    }
}
