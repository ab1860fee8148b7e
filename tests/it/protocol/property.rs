//! What must hold in every state, and what must be reached in some.

use stateright::Property;

use super::Protocol;
use super::plan::{Phase, Unit, UnitSet};
use super::scenario::{Generate, Goal};
use super::world::{Breach, History, Marker, Results, Spending, World};

pub(crate) const MARKER_STAYS: &str = "a marker never changes";
pub(crate) const STATE_FOLLOWS: &str =
    "a state is replaced by its successor only, whose rev is greater by one";
pub(crate) const PHASE_IN_TURN: &str = "a phase begins only when every sealed unit before it has its marker";
pub(crate) const END_IS_FINAL: &str = "a terminal phase is final";
pub(crate) const SEALED_ONCE: &str = "a list is sealed once";
pub(crate) const POINTERS_HOLD: &str = "what a marker names is written";
pub(crate) const GROUPS_AGREE: &str = "a group's marker says what its units' markers say";
pub(crate) const REST_IS_END: &str = "when nothing is left to come, the job is over or awaits approval";
pub(crate) const SAME_RESULTS: &str = "the join reads the same results in every schedule";
pub(crate) const TRIES_FIRST: &str = "a unit is given up only after its tries, the last of them over";
pub(crate) const NOTHING_LOST: &str = "no unit is lost that some try makes";
pub(crate) const END_TELLS: &str = "the end says what was lost";
pub(crate) const MONEY_AGREED: &str = "only the job's own estimate is spent, and only once it is approved";

impl Protocol {
    pub(crate) fn promises(&self) -> Vec<Property<Self>> {
        let mut list = vec![
            Property::always(MARKER_STAYS, |_, world: &World| !world.breaches.has(Breach::MarkerChanged)),
            Property::always(STATE_FOLLOWS, |_, world: &World| !world.breaches.has(Breach::StateOverwritten)),
            Property::always(PHASE_IN_TURN, |_, world: &World| !world.breaches.has(Breach::PhaseTooEarly)),
            Property::always(END_IS_FINAL, |_, world: &World| !world.breaches.has(Breach::LeftTerminal)),
            Property::always(SEALED_ONCE, |_, world: &World| !world.breaches.has(Breach::ListResealed)),
            Property::always(TRIES_FIRST, |_, world: &World| !world.breaches.has(Breach::GivenUpTooEarly)),
            Property::always(POINTERS_HOLD, |_, world: &World| pointers_hold(world)),
            Property::always(GROUPS_AGREE, |_, world: &World| groups_agree(world)),
            Property::always(REST_IS_END, |protocol: &Self, world: &World| {
                world.document.phase.is_terminal()
                    || world.document.phase == Phase::AwaitingApproval
                    || !protocol.is_at_rest(world)
            }),
            Property::always(SAME_RESULTS, same_results),
            Property::always(NOTHING_LOST, |protocol: &Self, world: &World| {
                let is_excused =
                    |unit: &Unit| protocol.scenario.is_poisoned(*unit) || !world.has_failed(*unit);
                protocol.scenario.may_lose_any() || Unit::ALL.iter().all(is_excused)
            }),
            Property::always(END_TELLS, end_tells),
            Property::always(MONEY_AGREED, money_agreed),
        ];
        list.extend(self.scenario.goals.iter().map(|goal| goal_property(*goal)));
        list
    }

    /// Whether nobody does anything and nothing will come, late writes left out: they may never land.
    pub(crate) fn is_at_rest(&self, world: &World) -> bool {
        let is_quiet = world.workers.iter().all(|worker| worker.is_idle())
            && Unit::ALL.iter().all(|unit| world.mailboxes[*unit].is_empty());
        // A reaper still comes when time has passed; without one, nobody sees that it has.
        is_quiet
            && !(self.scenario.reaper && (self.would_reap(world) || self.will_pass(world).next().is_some()))
    }

    /// Whether a reaper that is alone would change anything.
    fn would_reap(&self, world: &World) -> bool {
        let mut after = world.clone();
        self.reap(&mut after, 0);
        while !after.workers[0].is_idle() {
            self.step(&mut after, 0);
        }
        after != *world
    }
}

fn pointers_hold(world: &World) -> bool {
    let is_there =
        |unit: &Unit| !world.markers[*unit].is_some_and(Marker::is_done) || world.outputs.contains(*unit);
    Unit::ALL.iter().all(is_there)
}

fn groups_agree(world: &World) -> bool {
    world.groups.iter().flatten().all(|group| {
        let units: Vec<Unit> = group.done.union(group.failed).iter().collect();
        world.results(&units) == *group
    })
}

fn same_results(protocol: &Protocol, world: &World) -> bool {
    let document = world.document;
    let has_begun =
        document.phase >= Phase::Assemble && !matches!(document.phase, Phase::Failed | Phase::Cancelled);
    let Some(cut) = document.sealed.filter(|_| has_begun) else { return true };
    let list: UnitSet = protocol.scenario.list(cut).iter().copied().collect();
    let read = joined(world);
    let poisoned: UnitSet = list.iter().filter(|unit| protocol.scenario.is_poisoned(*unit)).collect();
    let is_whole = read.done.union(read.failed) == list && read.done.len() + read.failed.len() == list.len();
    let is_history_there = document.history != History::Joined
        || [Unit::Walk, Unit::Commits].iter().all(|unit| world.markers[*unit].is_some_and(Marker::is_done));
    is_whole && is_history_there && (protocol.scenario.may_lose_any() || read.failed == poisoned)
}

/// What assemble reads of embed: the groups' markers.
fn joined(world: &World) -> Results {
    let groups = world.groups.iter().flatten();
    groups.fold(Results::default(), |sum, group| {
        let shards = |set: UnitSet| set.iter().filter(|unit| *unit != Unit::Summary).collect::<UnitSet>();
        Results { done: sum.done.union(shards(group.done)), failed: sum.failed.union(shards(group.failed)) }
    })
}

fn end_tells(protocol: &Protocol, world: &World) -> bool {
    let is_any_lost = !joined(world).failed.is_empty()
        || world.document.history == History::Missing
        || world.has_failed(Unit::Summary);
    let is_required_lost = Unit::ALL.iter().any(|unit| unit.stage().is_required() && world.has_failed(*unit));
    match world.document.phase {
        Phase::Completed => !is_any_lost,
        Phase::Partial => is_any_lost,
        Phase::Failed => world.past.deadline || is_required_lost,
        Phase::Cancelled => protocol.scenario.faults.cancels > 0,
        _ => true,
    }
}

fn money_agreed(protocol: &Protocol, world: &World) -> bool {
    let document = world.document;
    let is_generating = matches!(document.phase, Phase::Generate | Phase::Completed | Phase::Partial);
    match document.spending {
        Spending::Approved(seen) => document.estimate == Some(seen),
        Spending::Extractive => true,
        Spending::Undecided => !(is_generating && protocol.scenario.generate == Generate::OnceApproved),
    }
}

fn goal_property(goal: Goal) -> Property<Protocol> {
    match goal {
        Goal::Completed => Property::sometimes("some job completes", |_, world: &World| {
            world.document.phase == Phase::Completed
        }),
        Goal::Partial => Property::sometimes("some job ends partial", |_, world: &World| {
            world.document.phase == Phase::Partial
        }),
        Goal::Failed => {
            Property::sometimes("some job fails", |_, world: &World| world.document.phase == Phase::Failed)
        }
        Goal::Cancelled => Property::sometimes("some job is cancelled", |_, world: &World| {
            world.document.phase == Phase::Cancelled
        }),
        Goal::Approved => Property::sometimes("some job completes as approved", |_, world: &World| {
            world.document.phase == Phase::Completed
                && matches!(world.document.spending, Spending::Approved(_))
        }),
        Goal::Extractive => Property::sometimes("some job completes unapproved", |_, world: &World| {
            world.document.phase == Phase::Completed && world.document.spending == Spending::Extractive
        }),
        Goal::HistoryJoined => {
            Property::sometimes("some job completes with its history", |_, world: &World| {
                world.document.phase == Phase::Completed && world.document.history == History::Joined
            })
        }
        Goal::HistoryMissing => {
            Property::sometimes("some job ends without its history", |_, world: &World| {
                world.document.phase == Phase::Partial && world.document.history == History::Missing
            })
        }
    }
}
