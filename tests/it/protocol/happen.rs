//! What an action does.

use super::Protocol;
use super::action::Action;
use super::attempt::TryEnd;
use super::plan::Phase;
use super::worker::{Errand, Receipt, Step};
use super::world::World;

impl Protocol {
    /// Does what happens; `None` when it cannot.
    pub(crate) fn happen(&self, world: &mut World, action: Action) -> Option<()> {
        match action {
            Action::Receive { worker, unit, place } => {
                let receipt = self.take(world, unit, place)?;
                world.workers[worker].errand = Errand::Message { unit, receipt };
                self.settle(world, worker);
            }
            Action::ReceiveDeadLetter { worker, unit } => {
                world.mailboxes[unit].is_dead_letter_there = false;
                world.workers[worker].errand = Errand::Message { unit, receipt: Receipt::DeadLetter };
                self.settle(world, worker);
            }
            Action::ReceiveAndCrash { unit, place } => {
                world.faults.crashes -= 1;
                let receipt = self.take(world, unit, place)?;
                self.give_back(world, unit, receipt);
            }
            Action::Step { worker } => self.step(world, worker),
            Action::Renew { worker } => {
                let Step::Run(run) = world.workers[worker].step else { return None };
                let unit = world.workers[worker].unit()?;
                world.leases[unit] = Some(run.try_number);
            }
            Action::Interrupt { worker } => {
                let Step::Run(run) = world.workers[worker].step else { return None };
                let is_unwanted = world.document.phase.is_terminal() || world.past.deadline;
                world.faults.interrupts -= u8::from(!is_unwanted);
                self.conclude(world, worker, run, TryEnd::Interrupted);
            }
            Action::Flake { worker } => {
                let Step::Run(run) = world.workers[worker].step else { return None };
                world.faults.flakes -= 1;
                self.conclude(world, worker, run, TryEnd::Failed);
            }
            Action::GiveUp { worker } => self.abandon(world, worker),
            Action::Due { unit } => {
                world.mailboxes[unit].n_delayed -= 1;
                self.send(world, unit);
            }
            Action::Cancel => {
                world.faults.cancels -= 1;
                self.end_job(world, Phase::Cancelled);
            }
            Action::Pass(moment) => world.past.set(moment),
            Action::Reap { worker } => self.reap(world, worker),
            Action::Approve { worker, seen } => self.approve(world, worker, seen)?,
            fault => self.strike(world, fault)?,
        }
        Some(())
    }

    /// Does a worker's next step.
    pub(crate) fn step(&self, world: &mut World, at: usize) {
        match world.workers[at].step {
            Step::Idle => {}
            Step::FindMarker(seen) => self.find_marker(world, at, seen),
            Step::ListTries => {
                let Some(unit) = world.workers[at].unit() else { return };
                world.workers[at].step = Step::ReadEnds { n_begun: world.tries[unit].n_begun };
            }
            Step::ReadEnds { n_begun } => self.read_ends(world, at, n_begun),
            Step::BeginTry { n_begun, n_counted } => self.begin_try(world, at, n_begun, n_counted),
            Step::Run(run) => self.run(world, at, run),
            Step::Mark { marker, .. } => self.mark(world, at, marker),
            Step::SendAgain => {
                if let Some(unit) = world.workers[at].unit() {
                    self.send_again(world, unit);
                }
                self.acknowledge_next(world, at);
            }
            Step::ReadState { has_tried_swap } => self.read_state(world, at, has_tried_swap),
            Step::Stand(look) => self.stand(world, at, look),
            Step::ReadMarkers(look) => self.read_markers(world, at, look),
            Step::MarkGroups(look) => self.mark_group(world, at, look),
            Step::ListGroups(look) => self.list_groups(world, at, look),
            Step::Swap(next) => self.swap(world, at, next),
            Step::Send(units) => self.send_next(world, at, units),
            Step::Resend(units) => self.resend_next(world, at, units),
            Step::Acknowledge => self.leave(world, at),
        }
    }
}
