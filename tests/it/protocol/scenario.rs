//! What a search covers: the job, the limits, the faults it may meet.

use super::plan::{Stage, Unit};

/// A job, and what may go wrong with it.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) n_workers: usize,
    pub(crate) start: Start,
    /// The shards that the first try of ingest cuts, in order.
    pub(crate) shards: &'static [Unit],
    /// What later tries of ingest cut, where the source changed meanwhile.
    pub(crate) recut: Option<&'static [Unit]>,
    /// Units of one group; 64 in the code.
    pub(crate) group_units: usize,
    /// Whether the history is wanted.
    pub(crate) history: bool,
    pub(crate) generate: Generate,
    /// Whether a reaper looks at the job from time to time.
    pub(crate) reaper: bool,
    /// Whether other jobs keep every queue long.
    pub(crate) is_busy: bool,
    /// Whether what is sent with a delay stays out of sight for a while.
    pub(crate) delays: bool,
    /// A message that nobody sent in this job's course is there from the beginning.
    pub(crate) stray: Option<Unit>,
    /// A stage of which these workers have another version than the job.
    pub(crate) unserved: Option<Stage>,
    pub(crate) poison: Option<Poison>,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) may_pass: Moments,
    /// Ends that must be possible.
    pub(crate) goals: &'static [Goal],
}

/// Where a job begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// The state document was just created and its submitter is about to look at the job.
    Submitting,
    /// The first messages are sent.
    Ingest,
    /// Ingest and embed are over.
    Assemble,
}

/// Whether there is a stage after assemble, and what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generate {
    Without,
    AtOnce,
    OnceApproved,
}

/// A unit that no try makes whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Poison {
    pub(crate) unit: Unit,
    pub(crate) kind: PoisonKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoisonKind {
    /// The process dies, as when memory runs out.
    Kills,
    /// The try fails, and may be tried again.
    Fails,
    /// The try fails, and the stage says that no other will do better.
    Rejects,
}

/// The code's limits, smaller: the model need not count to five to see what happens past the limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// 3 in the code.
    pub(crate) max_attempts: u8,
    /// 5 in the code.
    pub(crate) max_receives: u8,
    /// 5 in the code.
    pub(crate) max_resends: u8,
}

/// How often each kind of fault may still happen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Faults {
    /// A worker is gone between any two steps, its message comes back.
    pub(crate) crashes: u8,
    /// All workers are gone at once, and a process begins that knows that it is alone.
    pub(crate) restarts: u8,
    /// A waiting message is lost.
    pub(crate) losses: u8,
    /// A message that was sent once comes again, acknowledged or not.
    pub(crate) duplicates: u8,
    /// A message that is worked on is handed out again.
    pub(crate) lapses: u8,
    /// A lease expires although its holder is at work.
    pub(crate) missed_leases: u8,
    /// A try gives no sign of life while one listens, and is still at work.
    pub(crate) stalls: u8,
    /// A write is left without an answer; it takes effect later or never.
    pub(crate) late_writes: u8,
    /// A write takes effect and its answer is lost.
    pub(crate) lost_answers: u8,
    /// A worker is told to stop while it runs a try.
    pub(crate) interrupts: u8,
    /// A try fails for a passing reason.
    pub(crate) flakes: u8,
    /// Somebody cancels the job.
    pub(crate) cancels: u8,
}

/// Moments in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Moments {
    /// The job's deadline.
    pub(crate) deadline: bool,
    /// The history's own deadline.
    pub(crate) history: bool,
    /// The end of the time for approval.
    pub(crate) approval: bool,
}

/// One of [`Moments`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Deadline,
    History,
    Approval,
}

/// An end that a search must come upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    Completed,
    Partial,
    Failed,
    Cancelled,
    /// Generation was approved.
    Approved,
    /// Generation went on without approval.
    Extractive,
    /// The history came in time.
    HistoryJoined,
    /// The history did not come in time.
    HistoryMissing,
}

impl Scenario {
    /// The list that a try of ingest seals.
    pub(crate) fn cut_by(&self, try_number: u8) -> Cut {
        if self.recut.is_some() && try_number > 1 { Cut::Later } else { Cut::First }
    }

    pub(crate) fn list(&self, cut: Cut) -> &'static [Unit] {
        match (cut, self.recut) {
            (Cut::Later, Some(later)) => later,
            _ => self.shards,
        }
    }

    /// Whether some unit may be given up without being poisoned: faults enough to use up its tries.
    pub(crate) fn may_lose_any(&self) -> bool {
        let Faults { crashes, flakes, late_writes, lost_answers, stalls, .. } = self.faults;
        stalls > 0 || crashes + flakes + late_writes + lost_answers >= self.limits.max_attempts
    }

    pub(crate) fn is_poisoned(&self, unit: Unit) -> bool {
        self.poison.is_some_and(|poison| poison.unit == unit)
    }
}

/// One way to cut a source into shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Cut {
    First,
    Later,
}

impl Moments {
    pub(crate) fn has(self, moment: Moment) -> bool {
        match moment {
            Moment::Deadline => self.deadline,
            Moment::History => self.history,
            Moment::Approval => self.approval,
        }
    }

    pub(crate) fn set(&mut self, moment: Moment) {
        match moment {
            Moment::Deadline => self.deadline = true,
            Moment::History => self.history = true,
            Moment::Approval => self.approval = true,
        }
    }
}
