//! The attempt loop, as `pipeline::attempt` has it: from a message to a try, its marker and the fan-in.

use super::Protocol;
use super::defect::Defect;
use super::plan::{Phase, Unit};
use super::scenario::{Poison, PoisonKind};
use super::worker::{Errand, Look, Receipt, Run, Step};
use super::world::{Breach, Document, Marker, World};

/// How a try ends that does not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TryEnd {
    Failed,
    Rejected,
    Interrupted,
}

impl Protocol {
    /// The beginning of `settle`: reads the state.
    pub(crate) fn settle(&self, world: &mut World, at: usize) {
        if world.document.phase.is_terminal() {
            return self.leave(world, at);
        }
        if world.past.deadline && !self.has(Defect::DeadlineIgnored) {
            self.end_job(world, Phase::Failed);
            return self.acknowledge_next(world, at);
        }
        world.workers[at].step = Step::FindMarker(world.document);
    }

    pub(crate) fn find_marker(&self, world: &mut World, at: usize, seen: Document) {
        let Errand::Message { unit, receipt } = world.workers[at].errand else { return };
        let is_dead = receipt == Receipt::DeadLetter;
        if world.is_marked(unit) {
            if is_dead && self.has(Defect::DeadLetterWithoutFanIn) {
                return self.leave(world, at);
            }
            world.workers[at].step = Step::ReadState { has_tried_swap: false };
            return;
        }
        if !self.is_listed(&seen, unit) || is_dead && self.has(Defect::DeadLetterDropped) {
            return self.leave(world, at);
        }
        if seen.phase < unit.stage().may_run_from() || self.scenario.unserved == Some(unit.stage()) {
            return self.postpone(world, at, unit);
        }
        if is_dead && self.has(Defect::DeadLetterDecides) {
            let marker = Marker::Failed { by_try: world.tries[unit].n_begun };
            world.workers[at].step = Step::Mark { marker, is_unclear: false };
            return;
        }
        world.workers[at].step = Step::ListTries;
    }

    /// Decides on what `Tries::read` found: tries listed before, ends and lease read now.
    pub(crate) fn read_ends(&self, world: &mut World, at: usize, n_begun: u8) {
        let Errand::Message { unit, receipt } = world.workers[at].errand else { return };
        let tries = world.tries[unit];
        let n_counted =
            if self.has(Defect::InterruptedTryCounts) { n_begun } else { tries.n_counted_of(n_begun) };
        let is_exhausted = n_counted >= self.scenario.limits.max_attempts;
        let has_last_ended = n_begun == 0 || tries.ended.contains(n_begun);
        let is_leased = world.leases[unit].is_some_and(|holder| !tries.ended.contains(holder));
        if is_leased && self.has(Defect::LeasedDropped) {
            return self.leave(world, at);
        }
        if is_leased && !(is_exhausted && self.has(Defect::LeaseIgnoredWhenExhausted)) {
            return self.postpone(world, at, unit);
        }
        if is_exhausted {
            let is_last_over = has_last_ended
                || tries.n_begun == n_begun && tries.is_last_silent
                || self.has(Defect::LeaseIgnoredWhenExhausted)
                || self.has(Defect::SilenceNotAwaited);
            if !is_last_over {
                return self.postpone(world, at, unit);
            }
            world.workers[at].step =
                Step::Mark { marker: Marker::Failed { by_try: n_begun }, is_unclear: false };
            return;
        }
        if receipt == Receipt::DeadLetter {
            return self.postpone(world, at, unit);
        }
        world.workers[at].step = Step::BeginTry { n_begun, n_counted };
    }

    /// Creates the next try, unless another worker created it first. Its beginning is a lease.
    pub(crate) fn begin_try(&self, world: &mut World, at: usize, n_begun: u8, n_counted: u8) {
        let Some(unit) = world.workers[at].unit() else { return };
        let tries = &mut world.tries[unit];
        if tries.n_begun != n_begun {
            return self.postpone(world, at, unit);
        }
        tries.n_begun += 1;
        tries.is_last_silent = false;
        let try_number = n_begun + 1;
        if !self.has(Defect::BeginningIsNoLease) {
            world.leases[unit] = Some(try_number);
        }
        world.workers[at].step = Step::Run(Run {
            try_number,
            n_counted: n_counted + 1,
            n_streamed: 0,
            read_before: self.has(Defect::StaleFanIn).then_some(world.document),
        });
        if self.has(Defect::AcknowledgeFirst) {
            world.workers[at].errand = Errand::Message { unit, receipt: Receipt::Lapsed };
        }
    }

    /// Whether the unit belongs to the job, as far as that was decided when the state was read.
    fn is_listed(&self, seen: &Document, unit: Unit) -> bool {
        match seen.sealed {
            Some(cut) if self.is_shard(unit) => self.scenario.list(cut).contains(&unit),
            _ => true,
        }
    }

    /// Sends the same message again, in one step with the reading that led to it: a message can come
    /// late anyway, so it never comes too early.
    fn postpone(&self, world: &mut World, at: usize, unit: Unit) {
        self.send_again(world, unit);
        self.acknowledge_next(world, at);
    }

    /// The units that a try lets begin before their list is sealed.
    fn streamed_by(&self, unit: Unit, try_number: u8) -> &'static [Unit] {
        match unit {
            Unit::Ingest => self.scenario.list(self.scenario.cut_by(try_number)),
            Unit::Walk => &[Unit::Commits],
            _ => &[],
        }
    }

    /// Sends the next early unit; tells whether there was one.
    fn stream_next(&self, world: &mut World, at: usize, unit: Unit, run: Run) -> bool {
        let units = self.streamed_by(unit, run.try_number);
        let Some(next) = units.get(usize::from(run.n_streamed)) else { return false };
        self.send(world, *next);
        world.workers[at].step = Step::Run(Run { n_streamed: run.n_streamed + 1, ..run });
        true
    }

    /// Goes on with a try: an early unit, its output, or what its poison does.
    pub(crate) fn run(&self, world: &mut World, at: usize, run: Run) {
        let Some(unit) = world.workers[at].unit() else { return };
        if self.stream_next(world, at, unit, run) {
            return;
        }
        match self.scenario.poison {
            Some(Poison { unit: poisoned, kind }) if poisoned == unit => match kind {
                PoisonKind::Kills => self.abandon(world, at),
                PoisonKind::Fails => self.conclude(world, at, run, TryEnd::Failed),
                PoisonKind::Rejects => self.conclude(world, at, run, TryEnd::Rejected),
            },
            _ => {
                if let Some(seen) = run.read_before {
                    return self.mark_unread(world, at, run, seen);
                }
                if !self.has(Defect::MarkerBeforeOutput) {
                    world.outputs.insert(unit);
                }
                let marker = Marker::Done { by_try: run.try_number };
                world.workers[at].step = Step::Mark { marker, is_unclear: false };
            }
        }
    }

    /// Writes output and marker, and looks at the job with the state that was read before.
    fn mark_unread(&self, world: &mut World, at: usize, run: Run, seen: Document) {
        let Some(unit) = world.workers[at].unit() else { return };
        world.outputs.insert(unit);
        self.create_marker(world, unit, Marker::Done { by_try: run.try_number });
        world.workers[at].step = Step::Stand(Look::at(seen, false));
    }

    /// `conclude`, for a try that made nothing.
    pub(crate) fn conclude(&self, world: &mut World, at: usize, run: Run, end: TryEnd) {
        let Some(unit) = world.workers[at].unit() else { return };
        let is_last_attempt = run.n_counted >= self.scenario.limits.max_attempts;
        if end == TryEnd::Rejected || end == TryEnd::Failed && is_last_attempt {
            let marker = Marker::Failed { by_try: run.try_number };
            world.workers[at].step = Step::Mark { marker, is_unclear: false };
            return;
        }
        let tries = &mut world.tries[unit];
        tries.ended.insert(run.try_number);
        if end == TryEnd::Interrupted {
            tries.interrupted.insert(run.try_number);
        }
        world.workers[at].step = Step::SendAgain;
    }

    /// Writes the marker, then looks what follows from it.
    pub(crate) fn mark(&self, world: &mut World, at: usize, marker: Marker) {
        let Some(unit) = world.workers[at].unit() else { return };
        self.create_marker(world, unit, marker);
        world.workers[at].step = Step::ReadState { has_tried_swap: false };
    }

    /// The store's side of a marker: it is created unless there is one.
    pub(crate) fn create_marker(&self, world: &mut World, unit: Unit, marker: Marker) {
        match world.markers[unit] {
            Some(there) if self.has(Defect::OverwrittenMarker) && there != marker => {
                world.breaches.note(Breach::MarkerChanged);
            }
            Some(_) => return,
            None => {}
        }
        if !marker.is_done() && !self.is_due_to_fail(world, unit) {
            world.breaches.note(Breach::GivenUpTooEarly);
        }
        world.markers[unit] = Some(marker);
    }

    /// Whether a unit may be given up: its tries are used up and the last one is over, or no try helps.
    fn is_due_to_fail(&self, world: &World, unit: Unit) -> bool {
        let rejects = Poison { unit, kind: PoisonKind::Rejects };
        let tries = world.tries[unit];
        let is_used_up = tries.n_counted() >= self.scenario.limits.max_attempts;
        let is_last_over = !world.is_running(unit, tries.n_begun) || self.scenario.faults.stalls > 0;
        self.scenario.poison == Some(rejects) || is_used_up && is_last_over
    }
}
