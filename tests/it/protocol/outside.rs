//! What does not come by message: the reaper, approval.

use super::Protocol;
use super::defect::Defect;
use super::plan::{Phase, UnitSet};
use super::worker::{Errand, Step, Worker};
use super::world::{Estimate, Spending, World};

impl Protocol {
    /// The beginning of `reap`: ends the job past its deadline or the wait for approval past its end,
    /// else looks at the job.
    pub(crate) fn reap(&self, world: &mut World, at: usize) {
        let step = Step::ReadState { has_tried_swap: false };
        world.workers[at] = Worker { step, errand: Errand::Reap };
        if world.past.deadline && !self.has(Defect::DeadlineIgnored) {
            self.end_job(world, Phase::Failed);
            return self.leave(world, at);
        }
        if world.document.phase == Phase::AwaitingApproval && world.past.approval {
            let next = self.generating(world.document, Spending::Extractive);
            world.workers[at].step = Step::Swap(next);
        }
    }

    /// Finds out for which units there are fewer messages than units without marker. In queues that other
    /// jobs keep long, the time that has passed tells it.
    pub(crate) fn resend_short(&self, world: &mut World, at: usize, missing: UnitSet) {
        let is_short = |stage| {
            let n_missing = missing.iter().filter(|unit| unit.stage() == stage).count();
            match self.scenario.is_busy {
                true => !self.has(Defect::LongQueueTrusted),
                false => world.depth(stage) < n_missing,
            }
        };
        let may_resend = |unit| world.resends[unit] < self.scenario.limits.max_resends;
        let units = missing.iter().filter(|unit| is_short(unit.stage()) && may_resend(*unit)).collect();
        self.resend_next(world, at, units);
    }

    /// Sends the next unit's message again. The claim is a create-only object: of two reapers one sends.
    pub(crate) fn resend_next(&self, world: &mut World, at: usize, mut units: UnitSet) {
        if let Some(unit) = units.pop()
            && world.resends[unit] < self.scenario.limits.max_resends
        {
            world.resends[unit] += 1;
            self.send(world, unit);
        }
        if units.is_empty() {
            return self.leave(world, at);
        }
        world.workers[at].step = Step::Resend(units);
    }

    /// Approves an estimate, the job's or another that the approver saw; `None` when it is refused.
    pub(crate) fn approve(&self, world: &mut World, at: usize, seen: Estimate) -> Option<()> {
        let document = world.document;
        let is_the_jobs = document.estimate == Some(seen) || self.has(Defect::ApprovalWithoutDigest);
        if document.phase != Phase::AwaitingApproval || !is_the_jobs {
            return None;
        }
        let step = Step::Swap(self.generating(document, Spending::Approved(seen)));
        world.workers[at] = Worker { step, errand: Errand::Observe };
        Some(())
    }
}
