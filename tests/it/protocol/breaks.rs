//! Each line of the protocol is there for a reason: without it, some promise breaks.

use super::Protocol;
use super::catalogue::{
    approval, cancel, crash, dead_letter, deadline, flakes_beside_a_try, history, interrupt, late_write,
    loss, loss_in_busy_queues, lost_answer, missed_lease, plain, recut, unserved_history,
};
use super::defect::Defect;
use super::livelock::search_ends;
use super::property::{
    END_IS_FINAL, MARKER_STAYS, MONEY_AGREED, NOTHING_LOST, PHASE_IN_TURN, POINTERS_HOLD, REST_IS_END,
    SAME_RESULTS, STATE_FOLLOWS, TRIES_FIRST,
};
use super::scenario::{Faults, Limits, Scenario};
use super::search::search;

/// Finds that a promise breaks; the search ends at the first step that breaks any.
fn breaks(scenario: Scenario, defect: Defect, promise: &str) {
    let report = search(&Protocol { scenario, defect: Some(defect) }, 1);
    assert!(report.broken.iter().any(|broken| broken.promise == promise), "{report}");
}

/// Finds states from which the job cannot end.
fn goes_round(scenario: Scenario, defect: Defect) {
    let found = search_ends(&Protocol { scenario, defect: Some(defect) });
    assert!(found.n_endless > 0, "{defect:?} has an end from each of {} states", found.n_states);
}

macro_rules! defects {
    ($($test:ident: $defect:ident in $scenario:ident $how:ident $(($promise:ident))?;)*) => {
        $(
            #[test]
            fn $test() {
                $how($scenario(), Defect::$defect $(, $promise)?);
            }
        )*

        #[test]
        fn no_defect_is_left_out() {
            let tested = [$(Defect::$defect),*];
            assert!(Defect::ALL.iter().all(|defect| tested.contains(defect)));
        }
    };
}

defects! {
    a_swap_without_condition_revives_a_cancelled_job: UnconditionalSwap in cancel breaks(END_IS_FINAL);
    a_swap_without_condition_loses_another_write: UnconditionalSwap in crash breaks(STATE_FOLLOWS);
    a_marker_that_is_overwritten_changes: OverwrittenMarker in missed_lease breaks(MARKER_STAYS);
    a_marker_before_its_output_names_nothing: MarkerBeforeOutput in plain breaks(POINTERS_HOLD);
    a_message_acknowledged_before_its_work_is_lost: AcknowledgeFirst in crash breaks(REST_IS_END);
    messages_before_the_commit_may_be_all_there_is: SendBeforeCommit in late_write goes_round;
    messages_before_the_commit_do_not_replace_a_look: SendBeforeCommit in plain breaks(REST_IS_END);
    a_winner_that_crashes_sends_nothing: OnlyWinnerSends in crash breaks(REST_IS_END);
    a_winner_may_not_know_that_it_won: OnlyWinnerSends in lost_answer breaks(REST_IS_END);
    a_refused_swap_may_be_ones_own: SwapAnswerTrusted in lost_answer breaks(REST_IS_END);
    a_count_takes_in_units_of_no_list: CountedMarkers in recut breaks(SAME_RESULTS);
    groups_before_the_seal_are_of_another_list: GroupsBeforeSeal in recut breaks(PHASE_IN_TURN);
    a_sealer_may_have_been_the_last: SealerLeaves in plain breaks(REST_IS_END);
    a_state_from_before_the_run_hides_what_began: StaleFanIn in plain breaks(REST_IS_END);
    a_dead_letter_says_nothing_of_its_unit: DeadLetterDecides in dead_letter breaks(TRIES_FIRST);
    a_dead_letter_may_be_the_only_message: DeadLetterDropped in dead_letter breaks(REST_IS_END);
    a_dead_letter_may_be_the_last_look: DeadLetterWithoutFanIn in dead_letter breaks(REST_IS_END);
    a_message_dropped_for_a_lease_may_be_the_only_one: LeasedDropped in crash_and_lapse breaks(REST_IS_END);
    a_lease_is_respected_with_no_try_left: LeaseIgnoredWhenExhausted in crash breaks(TRIES_FIRST);
    a_last_try_is_listened_for: SilenceNotAwaited in lapse_and_missed_lease breaks(TRIES_FIRST);
    a_try_is_leased_from_its_beginning: BeginningIsNoLease in flakes_beside_a_try breaks(NOTHING_LOST);
    interruptions_do_not_use_up_attempts: InterruptedTryCounts in interrupt breaks(NOTHING_LOST);
    a_reaper_looks_before_it_sends: ReaperOnlySends in crash_and_loss breaks(REST_IS_END);
    a_long_queue_says_nothing_of_one_job: LongQueueTrusted in loss_in_busy_queues breaks(REST_IS_END);
    a_deadline_ends_what_nothing_else_can: DeadlineIgnored in deadline breaks(REST_IS_END);
    approval_is_of_one_estimate: ApprovalWithoutDigest in approval breaks(MONEY_AGREED);
    a_late_history_is_not_waited_for: HistoryDeadlineIgnored in unserved_history goes_round;
    a_history_without_a_list_is_not_empty: HistoryBeforeSeal in history breaks(PHASE_IN_TURN);
}

fn crash_and_lapse() -> Scenario {
    Scenario { faults: Faults { lapses: 1, ..crash().faults }, ..crash() }
}

/// The only try's message comes again, and its lease is over while it still runs.
fn lapse_and_missed_lease() -> Scenario {
    let limits = Limits { max_attempts: 1, ..missed_lease().limits };
    Scenario { limits, faults: Faults { lapses: 1, ..missed_lease().faults }, ..missed_lease() }
}

fn crash_and_loss() -> Scenario {
    Scenario { faults: Faults { crashes: 1, ..loss().faults }, ..loss() }
}
