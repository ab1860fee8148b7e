//! What can happen next.

use super::Protocol;
use super::fault::write_of;
use super::plan::{Phase, Unit};
use super::scenario::{Generate, Moment};
use super::worker::{Errand, Receipt, Step};
use super::world::{Estimate, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A worker takes a message and reads the state.
    Receive {
        worker: usize,
        unit: Unit,
        place: usize,
    },
    ReceiveDeadLetter {
        worker: usize,
        unit: Unit,
    },
    /// A worker takes a message and is gone.
    ReceiveAndCrash {
        unit: Unit,
        place: usize,
    },
    /// A worker does its next step.
    Step {
        worker: usize,
    },
    /// A worker at a try renews a lease that had expired, or that another try took since.
    Renew {
        worker: usize,
    },
    /// A worker's running try is told to stop.
    Interrupt {
        worker: usize,
    },
    /// A worker's running try fails for once.
    Flake {
        worker: usize,
    },
    Crash {
        worker: usize,
    },
    /// All workers are gone; the process that follows ends their leases and tries, and looks at the job.
    Restart,
    /// A worker crashes with its write on the way.
    CrashWriting {
        worker: usize,
    },
    /// A worker's write is left without an answer; it may take effect later.
    WriteLate {
        worker: usize,
    },
    /// A worker's write takes effect and the answer is lost.
    LoseAnswer {
        worker: usize,
    },
    /// A worker whose write was left without an answer gives up; its message comes back.
    GiveUp {
        worker: usize,
    },
    /// A late write takes effect.
    Land {
        write: usize,
    },
    /// A message that is worked on becomes visible again.
    Lapse {
        worker: usize,
    },
    Lose {
        unit: Unit,
        place: usize,
    },
    Duplicate {
        unit: Unit,
    },
    /// A delayed message becomes visible.
    Due {
        unit: Unit,
    },
    /// A lease expires; in time when nobody renews it any more.
    Expire {
        unit: Unit,
        is_in_time: bool,
    },
    /// Nothing is heard of any try for as long as one listens; in time when none runs any more.
    FallSilent {
        unit: Unit,
        is_in_time: bool,
    },
    Cancel,
    Pass(Moment),
    Reap {
        worker: usize,
    },
    Approve {
        worker: usize,
        seen: Estimate,
    },
}

impl Action {
    /// Whether it is bound to happen if nothing else does; faults, people's doings and the job's deadline
    /// are not.
    pub(crate) fn is_certain(self) -> bool {
        match self {
            Self::Expire { is_in_time, .. } | Self::FallSilent { is_in_time, .. } => is_in_time,
            Self::Receive { .. } | Self::ReceiveDeadLetter { .. } | Self::Step { .. } => true,
            Self::Due { .. } | Self::Reap { .. } => true,
            Self::Pass(moment) => moment != Moment::Deadline,
            _ => false,
        }
    }
}

impl Protocol {
    /// Lists what can happen.
    pub(crate) fn possible(&self, world: &World, actions: &mut Vec<Action>) {
        for at in 0..self.scenario.n_workers {
            if !world.workers[at].is_idle() {
                self.at_work(world, at, actions);
            }
        }
        actions.extend((0..world.late.len()).map(|write| Action::Land { write }));
        // A message of a job that is over is acknowledged and changes nothing.
        if world.document.phase.is_terminal() {
            return;
        }
        // Idle workers are alike, so one stands for all.
        if let Some(worker) = (0..self.scenario.n_workers).find(|at| world.workers[*at].is_idle()) {
            self.at_leisure(world, worker, actions);
        }
        for unit in Unit::ALL {
            self.of_unit(world, unit, actions);
        }
        if world.faults.cancels > 0 {
            actions.push(Action::Cancel);
        }
        if world.faults.restarts > 0 {
            actions.push(Action::Restart);
        }
        actions.extend(self.will_pass(world).map(Action::Pass));
    }

    fn at_work(&self, world: &World, at: usize, actions: &mut Vec<Action>) {
        let (worker, faults) = (world.workers[at], world.faults);
        actions.push(Action::Step { worker: at });
        if let Step::Run(run) = worker.step {
            let is_unwanted = world.document.phase.is_terminal() || world.past.deadline;
            if faults.interrupts > 0 || is_unwanted {
                actions.push(Action::Interrupt { worker: at });
            }
            if faults.flakes > 0 {
                actions.push(Action::Flake { worker: at });
            }
            if worker.unit().is_some_and(|unit| world.leases[unit] != Some(run.try_number)) {
                actions.push(Action::Renew { worker: at });
            }
        }
        let writes = write_of(world, at).is_some();
        if writes && faults.late_writes > 0 {
            actions.push(Action::WriteLate { worker: at });
        }
        if writes && faults.lost_answers > 0 {
            actions.push(Action::LoseAnswer { worker: at });
        }
        if let Step::Mark { is_unclear: true, .. } = worker.step {
            actions.push(Action::GiveUp { worker: at });
        }
        if faults.crashes > 0 {
            actions.push(Action::Crash { worker: at });
            if writes {
                actions.push(Action::CrashWriting { worker: at });
            }
        }
        if faults.lapses > 0 && matches!(worker.errand, Errand::Message { receipt: Receipt::Work { .. }, .. })
        {
            actions.push(Action::Lapse { worker: at });
        }
    }

    /// What an idle worker can begin.
    fn at_leisure(&self, world: &World, worker: usize, actions: &mut Vec<Action>) {
        for unit in Unit::ALL {
            for place in world.mailboxes[unit].places() {
                actions.push(Action::Receive { worker, unit, place });
                if world.faults.crashes > 0 {
                    actions.push(Action::ReceiveAndCrash { unit, place });
                }
            }
            if world.mailboxes[unit].is_dead_letter_there {
                actions.push(Action::ReceiveDeadLetter { worker, unit });
            }
        }
        if self.scenario.reaper {
            actions.push(Action::Reap { worker });
        }
        if self.scenario.generate == Generate::OnceApproved && world.document.phase == Phase::AwaitingApproval
        {
            let n_estimates = world.tries[Unit::Assemble].n_begun;
            actions.extend((1..=n_estimates).map(|seen| Action::Approve { worker, seen: Estimate(seen) }));
        }
    }

    fn of_unit(&self, world: &World, unit: Unit, actions: &mut Vec<Action>) {
        let (mailbox, faults) = (world.mailboxes[unit], world.faults);
        if faults.losses > 0 {
            actions.extend(mailbox.places().map(|place| Action::Lose { unit, place }));
        }
        if mailbox.n_delayed > 0 {
            actions.push(Action::Due { unit });
        }
        if faults.duplicates > 0 && world.sent.contains(unit) {
            actions.push(Action::Duplicate { unit });
        }
        let tries = world.tries[unit];
        if let Some(holder) = world.leases[unit] {
            let is_in_time = !world.is_running(unit, holder);
            if is_in_time || faults.missed_leases > 0 {
                actions.push(Action::Expire { unit, is_in_time });
            }
        }
        // Nobody listens while there are tries left.
        if tries.n_counted() >= self.scenario.limits.max_attempts && !tries.is_last_silent {
            let is_in_time = !world.is_at_work_on(unit);
            if is_in_time || faults.stalls > 0 {
                actions.push(Action::FallSilent { unit, is_in_time });
            }
        }
    }

    /// The moments that are still to come and matter to the job.
    pub(crate) fn will_pass(&self, world: &World) -> impl Iterator<Item = Moment> {
        let (phase, past) = (world.document.phase, world.past);
        let is_of_use = move |moment: &Moment| match moment {
            Moment::Deadline => true,
            Moment::History => phase <= Phase::Embed,
            Moment::Approval => phase == Phase::AwaitingApproval,
        };
        let may_pass = self.scenario.may_pass;
        let moments = [Moment::Deadline, Moment::History, Moment::Approval].into_iter();
        moments.filter(is_of_use).filter(move |moment| may_pass.has(*moment) && !past.has(*moment))
    }
}
