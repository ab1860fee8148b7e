//! Ways to get the protocol wrong. Each is one line of the code left out or written otherwise.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The state document is written without a condition.
    UnconditionalSwap,
    /// A marker is written over whatever is there.
    OverwrittenMarker,
    /// A marker is written before the object that it names.
    MarkerBeforeOutput,
    /// The message is acknowledged when its unit begins.
    AcknowledgeFirst,
    /// The next phase's messages are sent before the swap, and nobody looks whether it took place.
    SendBeforeCommit,
    /// Only the worker whose swap was confirmed sends the next phase's messages.
    OnlyWinnerSends,
    /// A swap that was refused or left without an answer is taken for another's, who will see to the rest.
    SwapAnswerTrusted,
    /// Units with a marker are counted, whether the sealed list has them or not.
    CountedMarkers,
    /// Groups are marked as soon as there are enough markers, before the list is sealed.
    GroupsBeforeSeal,
    /// Who seals the list leaves the phase that begins to others.
    SealerLeaves,
    /// Fan-in works on the state that was read before the unit ran, and does not read it again.
    StaleFanIn,
    /// A dead letter makes its unit's outcome an error.
    DeadLetterDecides,
    /// A dead letter is dropped.
    DeadLetterDropped,
    /// A dead letter whose unit is done is dropped without a look at the job.
    DeadLetterWithoutFanIn,
    /// A message of a unit that another worker is at is dropped instead of sent again.
    LeasedDropped,
    /// Used-up tries are an error although the last one runs and its lease is seen.
    LeaseIgnoredWhenExhausted,
    /// Used-up tries are an error as soon as no lease is seen, without listening for the last try.
    SilenceNotAwaited,
    /// A try is leased from its first heartbeat on only, not from its beginning.
    BeginningIsNoLease,
    /// A try that was interrupted counts.
    InterruptedTryCounts,
    /// The reaper sends what is missing but does not look whether the phase is complete.
    ReaperOnlySends,
    /// The reaper sends nothing while a queue has as many messages as units are missing, however long.
    LongQueueTrusted,
    /// Nobody looks at the job's deadline.
    DeadlineIgnored,
    /// Whatever estimate is approved, the job's is taken for approved.
    ApprovalWithoutDigest,
    /// Assemble waits for the history past its deadline.
    HistoryDeadlineIgnored,
    /// A history without a sealed list is taken for an empty one.
    HistoryBeforeSeal,
}

impl Defect {
    pub(crate) const ALL: [Self; 25] = [
        Self::UnconditionalSwap,
        Self::OverwrittenMarker,
        Self::MarkerBeforeOutput,
        Self::AcknowledgeFirst,
        Self::SendBeforeCommit,
        Self::OnlyWinnerSends,
        Self::SwapAnswerTrusted,
        Self::CountedMarkers,
        Self::GroupsBeforeSeal,
        Self::SealerLeaves,
        Self::StaleFanIn,
        Self::DeadLetterDecides,
        Self::DeadLetterDropped,
        Self::DeadLetterWithoutFanIn,
        Self::LeasedDropped,
        Self::LeaseIgnoredWhenExhausted,
        Self::SilenceNotAwaited,
        Self::BeginningIsNoLease,
        Self::InterruptedTryCounts,
        Self::ReaperOnlySends,
        Self::LongQueueTrusted,
        Self::DeadlineIgnored,
        Self::ApprovalWithoutDigest,
        Self::HistoryDeadlineIgnored,
        Self::HistoryBeforeSeal,
    ];
}
