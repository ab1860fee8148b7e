//! Every promise holds in every state of every scenario, and every state can still end.

use super::Protocol;
use super::catalogue;
use super::livelock::search_ends;
use super::plan::{Phase, Stage};
use super::search::search;

/// Visits every state of a scenario.
fn promises(name: &str) {
    let scenario = catalogue::named(name).expect("the tests name what the catalogue has");
    let report = search(&Protocol { scenario, defect: None }, 1);
    assert!(report.is_well(), "{report}");
}

/// Finds no state from which the job cannot end by what is bound to happen.
fn ends(name: &str) {
    let scenario = catalogue::named(name).expect("the tests name what the catalogue has");
    let found = search_ends(&Protocol { scenario, defect: None });
    assert_eq!(
        found.n_endless, 0,
        "of {} states cannot end, the first is {:?}",
        found.n_states, found.example
    );
}

macro_rules! searched {
    ($what:ident: $($name:ident)*) => {
        mod $what {
            $(
                #[test]
                fn $name() {
                    super::$what(stringify!($name));
                }
            )*
        }
    };
}

searched! { promises:
    plain three_shards three_workers no_shards crash recut dead_letter lapse duplicate delay loss
    missed_lease stall late_write lost_answer interrupt restart flake poisoned_ingest poisoned_shard
    poisoned_shard_early_dead failing_shard rejected_shard failing_assemble cancel deadline submission
    approval approval_deadline generation history poisoned_history unserved_history
    flakes_beside_a_try loss_in_busy_queues
}

searched! { ends:
    three_shards crash dead_letter delay loss missed_lease late_write poisoned_shard_early_dead
    failing_shard submission approval history unserved_history loss_in_busy_queues
}

/// The history stands in the design only, and pack is left out as another single unit.
#[test]
fn the_plan_is_that_of_the_code() {
    let stages = [Stage::Ingest, Stage::Embed, Stage::Assemble, Stage::Generate];
    for (modelled, row) in stages.into_iter().zip(&pipeline::PLAN) {
        assert_eq!(format!("{modelled:?}"), format!("{:?}", row.stage));
        assert_eq!(format!("{:?}", modelled.phase()), format!("{:?}", row.phase));
        assert_eq!(format!("{:?}", modelled.may_run_from()), format!("{:?}", row.may_run_from));
        assert_eq!(modelled.is_required(), row.required, "{modelled:?}");
        let is_fan_out = matches!(modelled, Stage::Embed | Stage::Generate);
        assert_eq!(is_fan_out, row.fan_out_from.is_some(), "{modelled:?}");
    }
    let modelled = stages.map(|stage| format!("{stage:?}"));
    let others = pipeline::PLAN.iter().filter(|row| !modelled.contains(&format!("{:?}", row.stage)));
    assert_eq!(others.map(|row| row.stage.as_str()).collect::<Vec<_>>(), ["pack"]);
}

#[test]
fn phases_come_in_the_order_of_the_code() {
    let modelled = [
        Phase::Queued,
        Phase::Ingest,
        Phase::Embed,
        Phase::Assemble,
        Phase::AwaitingApproval,
        Phase::Generate,
        Phase::Completed,
        Phase::Partial,
        Phase::Failed,
        Phase::Cancelled,
    ];
    let mut real = vec![
        pipeline::Phase::Partial,
        pipeline::Phase::Queued,
        pipeline::Phase::Cancelled,
        pipeline::Phase::Generate,
        pipeline::Phase::Ingest,
        pipeline::Phase::Failed,
        pipeline::Phase::Embed,
        pipeline::Phase::AwaitingApproval,
        pipeline::Phase::Completed,
        pipeline::Phase::Assemble,
    ];
    real.sort_unstable();
    assert!(modelled.is_sorted());
    assert_eq!(
        modelled.map(|phase| format!("{phase:?}")).to_vec(),
        real.iter().map(|p| format!("{p:?}")).collect::<Vec<_>>()
    );
    assert!(modelled.iter().zip(&real).all(|(model, code)| model.is_terminal() == code.is_terminal()));
}
