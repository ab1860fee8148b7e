//! A model of the job protocol, searched exhaustively: `pipeline::attempt` and `pipeline::job` step by step.
//!
//! A [`World`] is what the store, the queues and the workers hold; an [`Action`] is one read or write of a
//! worker, or something that happens to it. A [`Scenario`] bounds what may happen; `property` says what
//! must hold; a [`Defect`] leaves out one line of the protocol. tests/README.md has the bounds, what is
//! simplified and why that loses nothing, and how to search further.
//!
//! | here | in `pipeline` |
//! |---|---|
//! | `attempt` | `attempt.rs`, `attempt/tries.rs`, the end of a run in `attempt/run.rs` |
//! | `fan_in` | `job/fan_in.rs`: what is read, in which order |
//! | `job` | `job/fan_in.rs`: the documents; `job.rs`: the swap, `end` |
//! | `outside` | `job/reap.rs`; approval |
//! | `fault` | `job/recover.rs`, in `restart` |
//! | `queue` | `port/queue.rs` as its contract has it |

pub(crate) mod action;
mod attempt;
#[cfg(test)]
mod breaks;
pub(crate) mod catalogue;
pub(crate) mod defect;
mod fan_in;
mod fault;
mod happen;
#[cfg(test)]
mod holds;
mod job;
pub(crate) mod livelock;
mod outside;
pub(crate) mod plan;
mod property;
mod queue;
pub(crate) mod scenario;
pub(crate) mod search;
pub(crate) mod worker;
pub(crate) mod world;

use stateright::{Model, Property};

use action::Action;
use defect::Defect;
use plan::{Phase, Stage, Unit, UnitMap, UnitSet};
use scenario::{Cut, Generate, Moments, Scenario, Start};
use worker::{Errand, Step, Worker};
use world::{Breaches, Document, History, Marker, N_GROUPS, Spending, Tries, World, Write};

/// The protocol in one scenario, whole or with a defect.
#[derive(Debug, Clone)]
pub(crate) struct Protocol {
    pub(crate) scenario: Scenario,
    pub(crate) defect: Option<Defect>,
}

impl Protocol {
    pub(crate) fn has(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    pub(crate) fn is_shard(&self, unit: Unit) -> bool {
        unit.stage() == Stage::Embed
    }

    fn beginning(&self) -> World {
        let document = Document {
            rev: 1,
            phase: Phase::Queued,
            sealed: None,
            has_missing: false,
            history: History::Undecided,
            estimate: None,
            spending: Spending::Undecided,
        };
        let mut world = World {
            document,
            markers: UnitMap::default(),
            groups: [None; N_GROUPS],
            tries: UnitMap::default(),
            leases: UnitMap::default(),
            outputs: UnitSet::default(),
            resends: UnitMap::default(),
            mailboxes: UnitMap::default(),
            sent: UnitSet::default(),
            late: Vec::new(),
            workers: [Worker::IDLE; world::MAX_WORKERS],
            past: Moments::default(),
            faults: self.scenario.faults,
            breaches: Breaches::default(),
        };
        match self.scenario.start {
            Start::Submitting => {
                let step = Step::ReadState { has_tried_swap: false };
                world.workers[0] = Worker { step, errand: Errand::Observe };
            }
            Start::Ingest => {
                world.document = document.entering(Phase::Ingest);
                self.unmarked(&world, &world.document.clone())
                    .iter()
                    .for_each(|unit| self.send(&mut world, unit));
            }
            Start::Assemble => self.begin_at_assemble(&mut world),
        }
        if let Some(unit) = self.scenario.stray {
            self.send(&mut world, unit);
        }
        world
    }

    fn begin_at_assemble(&self, world: &mut World) {
        world.document = Document { sealed: Some(Cut::First), ..world.document.entering(Phase::Assemble) };
        for unit in [&[Unit::Ingest], self.scenario.shards].concat() {
            world.markers[unit] = Some(Marker::Done { by_try: 1 });
            world.outputs.insert(unit);
        }
        for (group_idx, units) in (0..).zip(self.scenario.shards.chunks(self.scenario.group_units)) {
            world.groups[group_idx] = Some(world.results(units));
        }
        self.send(world, Unit::Assemble);
    }

    /// Makes states equal that have the same future.
    fn tidy(&self, world: &mut World) {
        let (rev, phase) = (world.document.rev, world.document.phase);
        for unit in Unit::ALL {
            world.mailboxes[unit].tidy();
            // Tries and resends are looked at only while there is no marker; estimates are told by their try.
            let ended = world.tries[unit].ended;
            world.leases[unit] = world.leases[unit].filter(|holder| !ended.contains(*holder));
            if world.is_marked(unit) {
                world.resends[unit] = 0;
                world.leases[unit] = None;
                if unit != Unit::Assemble || self.scenario.generate != Generate::OnceApproved {
                    world.tries[unit] = Tries::default();
                }
            }
        }
        if world.faults.duplicates == 0 {
            world.sent = UnitSet::default();
        }
        if phase.is_terminal() {
            self.tidy_end(world);
        }
        let markers = world.markers;
        world.late.retain(|write| match write {
            Write::State(next) => next.rev == rev + 1 || self.has(Defect::UnconditionalSwap),
            Write::Marker(unit, _) => markers[*unit].is_none() || self.has(Defect::OverwrittenMarker),
        });
        world.late.sort_unstable();
        world.late.dedup();
        world.workers[..self.scenario.n_workers].sort_unstable();
    }

    /// Once a job is over, only writes on their way can still do harm.
    fn tidy_end(&self, world: &mut World) {
        world.mailboxes = UnitMap::default();
        world.resends = UnitMap::default();
        world.leases = UnitMap::default();
        world.faults = scenario::Faults::default();
        for worker in &mut world.workers {
            if !matches!(worker.step, Step::Run(_) | Step::Mark { .. } | Step::Swap(_)) {
                *worker = Worker::IDLE;
            }
        }
    }
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let mut world = self.beginning();
        self.tidy(&mut world);
        vec![world]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        self.possible(world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        self.happen(&mut next, action)?;
        self.tidy(&mut next);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.promises()
    }
}
