//! The scenarios that are searched: a small job, and one kind of fault or one turn of events each.

use super::plan::{Stage, Unit};
use super::scenario::{Faults, Generate, Goal, Limits, Moments, Poison, PoisonKind, Scenario, Start};

type Make = fn() -> Scenario;

/// Every scenario by its name. None has more than a million states, so that each takes seconds.
pub(crate) const ALL: &[(&str, Make)] = &[
    ("plain", plain),
    ("three_shards", three_shards),
    ("three_workers", three_workers),
    ("no_shards", no_shards),
    ("crash", crash),
    ("recut", recut),
    ("dead_letter", dead_letter),
    ("lapse", lapse),
    ("duplicate", duplicate),
    ("delay", delay),
    ("loss", loss),
    ("missed_lease", missed_lease),
    ("stall", stall),
    ("late_write", late_write),
    ("lost_answer", lost_answer),
    ("interrupt", interrupt),
    ("restart", restart),
    ("flake", flake),
    ("poisoned_ingest", poisoned_ingest),
    ("poisoned_shard", poisoned_shard),
    ("poisoned_shard_early_dead", poisoned_shard_early_dead),
    ("failing_shard", failing_shard),
    ("rejected_shard", rejected_shard),
    ("failing_assemble", failing_assemble),
    ("cancel", cancel),
    ("deadline", deadline),
    ("submission", submission),
    ("approval", approval),
    ("approval_deadline", approval_deadline),
    ("generation", generation),
    ("history", history),
    ("poisoned_history", poisoned_history),
    ("unserved_history", unserved_history),
    ("flakes_beside_a_try", flakes_beside_a_try),
    ("loss_in_busy_queues", loss_in_busy_queues),
];

const SHARDS: &[Unit] = &[Unit::ShardA, Unit::ShardB, Unit::ShardC];

/// The first shards, so many of them.
pub(crate) fn shards(n_shards: usize) -> &'static [Unit] {
    &SHARDS[..n_shards.min(SHARDS.len())]
}

/// Finds a scenario by its name.
pub(crate) fn named(name: &str) -> Option<Scenario> {
    ALL.iter().find(|entry| entry.0 == name).map(|entry| entry.1())
}

/// A job that nothing happens to.
pub(crate) fn plain() -> Scenario {
    Scenario {
        n_workers: 2,
        start: Start::Ingest,
        shards: shards(2),
        recut: None,
        group_units: 1,
        history: false,
        generate: Generate::Without,
        reaper: false,
        is_busy: false,
        delays: false,
        stray: None,
        unserved: None,
        poison: None,
        limits: Limits { max_attempts: 2, max_receives: 2, max_resends: 1 },
        faults: Faults::default(),
        may_pass: Moments::default(),
        goals: &[Goal::Completed],
    }
}

fn with(faults: Faults) -> Scenario {
    Scenario { faults, ..plain() }
}

fn poisoned(unit: Unit, kind: PoisonKind, goals: &'static [Goal]) -> Scenario {
    Scenario { poison: Some(Poison { unit, kind }), goals, ..plain() }
}

/// Two groups, one of two units and one of one.
pub(crate) fn three_shards() -> Scenario {
    Scenario { shards: shards(3), group_units: 2, ..plain() }
}

pub(crate) fn three_workers() -> Scenario {
    Scenario { n_workers: 3, ..plain() }
}

/// A source without a chunk: the sealed list is empty.
pub(crate) fn no_shards() -> Scenario {
    Scenario { shards: shards(0), ..crash() }
}

pub(crate) fn crash() -> Scenario {
    with(Faults { crashes: 1, ..Faults::default() })
}

/// The second try of ingest finds another source: an early unit of the first is in no list.
pub(crate) fn recut() -> Scenario {
    Scenario { recut: Some(&SHARDS[1..]), group_units: 2, ..crash() }
}

/// One crash makes a dead letter.
pub(crate) fn dead_letter() -> Scenario {
    let limits = Limits { max_receives: 1, ..plain().limits };
    Scenario { limits, ..crash() }
}

pub(crate) fn lapse() -> Scenario {
    with(Faults { lapses: 1, ..Faults::default() })
}

pub(crate) fn duplicate() -> Scenario {
    with(Faults { duplicates: 1, ..Faults::default() })
}

/// What is postponed comes late, and a message of assemble comes before its time.
pub(crate) fn delay() -> Scenario {
    Scenario {
        delays: true,
        stray: Some(Unit::Assemble),
        ..with(Faults { duplicates: 1, ..Faults::default() })
    }
}

pub(crate) fn loss() -> Scenario {
    Scenario { reaper: true, ..with(Faults { losses: 1, ..Faults::default() }) }
}

/// Other jobs' messages are as many as this one's that are missing.
pub(crate) fn loss_in_busy_queues() -> Scenario {
    Scenario { is_busy: true, ..loss() }
}

pub(crate) fn missed_lease() -> Scenario {
    with(Faults { missed_leases: 1, ..Faults::default() })
}

/// A try of which nothing is heard may be given up although it still runs; its marker then comes second.
pub(crate) fn stall() -> Scenario {
    let faults = Faults { stalls: 1, missed_leases: 1, lapses: 1, ..Faults::default() };
    let limits = Limits { max_attempts: 1, ..plain().limits };
    Scenario {
        limits,
        shards: shards(1),
        goals: &[Goal::Completed, Goal::Partial, Goal::Failed],
        ..with(faults)
    }
}

pub(crate) fn late_write() -> Scenario {
    with(Faults { late_writes: 1, ..Faults::default() })
}

pub(crate) fn lost_answer() -> Scenario {
    with(Faults { lost_answers: 1, ..Faults::default() })
}

/// As many interruptions as there are attempts.
pub(crate) fn interrupt() -> Scenario {
    with(Faults { interrupts: 2, ..Faults::default() })
}

/// A laptop's process is killed; with one attempt per unit, its tries must not count.
pub(crate) fn restart() -> Scenario {
    let limits = Limits { max_attempts: 1, ..plain().limits };
    Scenario { limits, shards: shards(1), ..with(Faults { restarts: 1, ..Faults::default() }) }
}

/// A passing failure, with the code's number of attempts.
pub(crate) fn flake() -> Scenario {
    let limits = Limits { max_attempts: 3, ..plain().limits };
    Scenario { limits, ..with(Faults { flakes: 1, ..Faults::default() }) }
}

/// Fewer passing failures than attempts, while another try runs or not.
pub(crate) fn flakes_beside_a_try() -> Scenario {
    let limits = Limits { max_attempts: 3, ..plain().limits };
    Scenario { limits, ..with(Faults { flakes: 2, ..Faults::default() }) }
}

pub(crate) fn poisoned_ingest() -> Scenario {
    poisoned(Unit::Ingest, PoisonKind::Kills, &[Goal::Failed])
}

pub(crate) fn poisoned_shard() -> Scenario {
    poisoned(Unit::ShardA, PoisonKind::Kills, &[Goal::Partial])
}

/// Each receipt ends as a dead letter before the tries are used up.
pub(crate) fn poisoned_shard_early_dead() -> Scenario {
    let limits = Limits { max_receives: 1, ..plain().limits };
    Scenario { limits, ..poisoned_shard() }
}

pub(crate) fn failing_shard() -> Scenario {
    poisoned(Unit::ShardA, PoisonKind::Fails, &[Goal::Partial])
}

pub(crate) fn rejected_shard() -> Scenario {
    let faults = Faults { crashes: 1, ..Faults::default() };
    Scenario { faults, ..poisoned(Unit::ShardA, PoisonKind::Rejects, &[Goal::Partial]) }
}

pub(crate) fn failing_assemble() -> Scenario {
    poisoned(Unit::Assemble, PoisonKind::Fails, &[Goal::Failed])
}

pub(crate) fn cancel() -> Scenario {
    let faults = Faults { cancels: 1, late_writes: 1, ..Faults::default() };
    Scenario { goals: &[Goal::Completed, Goal::Cancelled], ..with(faults) }
}

pub(crate) fn deadline() -> Scenario {
    Scenario {
        reaper: true,
        may_pass: Moments { deadline: true, ..Moments::default() },
        goals: &[Goal::Completed, Goal::Failed],
        ..with(Faults { losses: 2, ..Faults::default() })
    }
}

/// The submitter may be gone right after it created the job.
pub(crate) fn submission() -> Scenario {
    Scenario { start: Start::Submitting, shards: shards(1), reaper: true, ..crash() }
}

pub(crate) fn approval() -> Scenario {
    Scenario {
        start: Start::Assemble,
        shards: shards(1),
        generate: Generate::OnceApproved,
        reaper: true,
        may_pass: Moments { approval: true, ..Moments::default() },
        goals: &[Goal::Approved, Goal::Extractive],
        ..crash()
    }
}

/// A job that waits for approval can still be cancelled and still has a deadline.
pub(crate) fn approval_deadline() -> Scenario {
    Scenario {
        may_pass: Moments { approval: true, deadline: true, ..Moments::default() },
        faults: Faults { cancels: 1, lost_answers: 1, ..Faults::default() },
        goals: &[Goal::Approved, Goal::Extractive, Goal::Failed, Goal::Cancelled],
        ..approval()
    }
}

/// Generate follows at once, and its one unit is lost.
pub(crate) fn generation() -> Scenario {
    Scenario {
        start: Start::Assemble,
        shards: shards(1),
        generate: Generate::AtOnce,
        ..poisoned(Unit::Summary, PoisonKind::Kills, &[Goal::Partial])
    }
}

/// The history runs beside ingest and embed, and may come too late.
pub(crate) fn history() -> Scenario {
    Scenario {
        history: true,
        shards: shards(1),
        may_pass: Moments { history: true, ..Moments::default() },
        goals: &[Goal::HistoryJoined, Goal::HistoryMissing],
        ..plain()
    }
}

/// The walk through the history kills its worker each time.
pub(crate) fn poisoned_history() -> Scenario {
    Scenario {
        history: true,
        shards: shards(1),
        ..poisoned(Unit::Walk, PoisonKind::Kills, &[Goal::HistoryMissing])
    }
}

/// Nobody runs the history's version: its messages go round until a reaper sees that it is late.
pub(crate) fn unserved_history() -> Scenario {
    let goals = &[Goal::HistoryMissing];
    Scenario { unserved: Some(Stage::History), reaper: true, delays: true, goals, ..history() }
}
