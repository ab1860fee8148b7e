//! The attempt loop under seeded faults: several workers, interleaved at every call of a port.
//!
//! The store checks each write as it happens; here it is checked that the job ends, and how.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::noop_waker_ref;
use pipeline::attempt::VISIBILITY;
use pipeline::port::QueueName;
use pipeline::state::DocpackRef;
use pipeline::{Phase, Queue, StageName, StateDocument, Worker};
use runtime::LocalPorts;

use crate::faulty::{Dice, Faults, FaultyQueue, FaultyStore, is_indexed};
use crate::manual_clock::{ManualClock, PatientClock, yield_once};
use crate::toy::{Toy, new_job};

const N_WORKERS: usize = 3;
/// Steps within which a job is over; the slowest seeds take a fifth of it.
const MAX_STEPS: u32 = 2_000_000;
/// Time that passes with each step.
const STEP: Duration = Duration::from_millis(10);
/// Seeds of each kind of trouble; `scripts/faults` is for more.
const N_SEEDS: u64 = 60;

type FaultyPorts = LocalPorts<FaultyStore, FaultyQueue, PatientClock>;
type Running = Pin<Box<dyn Future<Output = ()>>>;

/// Polls a future so many times, then drops it where it stands, as a crash does.
pub(crate) async fn poll_times<F: Future>(future: F, n_polls: u32) {
    let mut future = pin!(future);
    for _ in 0..n_polls {
        if future.as_mut().poll(&mut Context::from_waker(noop_waker_ref())).is_ready() {
            return;
        }
    }
}

/// What is done to a run besides what ports do.
#[derive(Clone, Copy, Default)]
struct Trouble {
    faults: Faults,
    n_crashes: u32,
    cancels: bool,
    reaps: bool,
}

struct Ended {
    state: StateDocument,
    n_writes: u64,
}

/// Runs one job to its end.
fn simulate(seed: u64, toy: Toy, trouble: Trouble) -> Ended {
    let clock = ManualClock::default();
    let patient = PatientClock(clock.clone());
    let ports: Arc<FaultyPorts> = Arc::new(LocalPorts {
        store: FaultyStore::new(seed, trouble.faults),
        queue: FaultyQueue::new(seed, trouble.faults, patient.clone()),
        clock: patient,
        observer: None,
    });
    let dice = Dice::new(seed ^ 0xD1CE);
    let mut n_started = 0;
    let mut start = |role: Role| -> Running {
        n_started += 1;
        let worker = Worker::new(Arc::clone(&ports), toy.clone(), format!("worker-{n_started}"));
        Box::pin(play(worker, role))
    };
    let mut running: Vec<Running> = (0..N_WORKERS).map(|_| start(Role::Work)).collect();
    running.push(start(Role::Submit));
    if trouble.reaps {
        running.push(start(Role::Reap));
    }
    let (mut n_crashes, mut cancels) = (trouble.n_crashes, trouble.cancels);
    for _ in 0..MAX_STEPS {
        clock.advance(STEP);
        let picked = dice.below(running.len() as u64) as usize;
        // Whatever ends by itself or by a crash begins anew; the submitter goes on to watch for the end.
        let crashed = n_crashes > 0 && picked < N_WORKERS && dice.one_in(400);
        n_crashes -= u32::from(crashed);
        let is_over = running[picked].as_mut().poll(&mut Context::from_waker(noop_waker_ref())).is_ready();
        if crashed {
            running[picked] = start(Role::Work);
        }
        if is_over {
            break;
        }
        if cancels && dice.one_in(600) {
            cancels = false;
            running.push(start(Role::Cancel));
        }
    }
    drop(running);
    finish(seed, &ports)
}

#[derive(Clone, Copy)]
enum Role {
    Work,
    Submit,
    Cancel,
    Reap,
}

/// Plays a process; only the submitter returns, when the job is over and out of the index.
async fn play(worker: Worker<FaultyPorts, Toy>, role: Role) {
    let new = new_job("job-1");
    let coordinator = worker.coordinator();
    match role {
        Role::Submit => {
            while coordinator.submit(new.clone()).await.is_err() {}
            loop {
                let state = coordinator.state(&new.tenant, &new.job).await;
                if let Ok(state) = state
                    && state.phase.is_terminal()
                    && !is_indexed(&coordinator.ports().store, &state).await
                {
                    return;
                }
                yield_once().await;
            }
        }
        Role::Work => work(&worker).await,
        Role::Cancel => while coordinator.cancel(&new.tenant, &new.job).await.is_err() {},
        Role::Reap => loop {
            let _ = coordinator.reap(&new.tenant, &new.job).await;
            for _ in 0..200 {
                yield_once().await;
            }
        },
    }
    std::future::pending::<()>().await;
}

async fn work(worker: &Worker<FaultyPorts, Toy>) {
    loop {
        for queue in
            StageName::ALL.into_iter().flat_map(|stage| [QueueName::work(stage), QueueName::dead(stage)])
        {
            let received = worker.coordinator().ports().queue.receive(queue, VISIBILITY).await;
            if let Ok(Some(received)) = received {
                // An error leaves the message to come back.
                let _ = worker.attempt(queue, &received).await;
            }
        }
        yield_once().await;
    }
}

fn finish(seed: u64, ports: &FaultyPorts) -> Ended {
    let new = new_job("job-1");
    let key = pipeline::ArtifactKey::State { job: &new.job }.of(&new.tenant);
    let read = async {
        ports.store.check_confirmed().await;
        pipeline::ArtifactStore::get(&ports.store.inner, &key).await.expect("the job exists")
    };
    let mut read = pin!(read);
    let Poll::Ready(object) = read.as_mut().poll(&mut Context::from_waker(noop_waker_ref())) else {
        panic!("a store in memory answers at once")
    };
    let state: StateDocument = serde_json::from_slice(&object.bytes).unwrap();
    assert!(state.phase.is_terminal(), "seed {seed}: stuck in `{}` at revision {}", state.phase, state.rev);
    Ended { n_writes: state.rev, state }
}

fn undisturbed(toy: Toy) -> Option<DocpackRef> {
    simulate(0, toy, Trouble::default()).state.result
}

/// Checks every seed for the same docpack as without trouble.
fn check(toy: &Toy, trouble: Trouble) {
    let expected = undisturbed(toy.clone());
    for seed in 1..=N_SEEDS {
        let Ended { state, n_writes } = simulate(seed, toy.clone(), trouble);
        assert_eq!(
            (state.phase, &state.error),
            (Phase::Completed, &None),
            "seed {seed}: {:?}",
            state.missing
        );
        assert_eq!(state.result, expected, "seed {seed}: the docpack's bytes");
        assert!(n_writes <= 12, "seed {seed}: {n_writes} writes of the state document");
    }
}

const STORE: Faults = Faults { store: 12, queue: 0, lost_messages: 0 };
const QUEUE: Faults = Faults { store: 0, queue: 6, lost_messages: 0 };
const BOTH: Faults = Faults { store: 20, queue: 10, lost_messages: 0 };

#[test]
fn a_store_that_loses_answers_changes_nothing() {
    check(&Toy::of(3), Trouble { faults: STORE, ..Trouble::default() });
}

#[test]
fn a_queue_that_repeats_and_reorders_changes_nothing() {
    check(&Toy::of(3), Trouble { faults: QUEUE, ..Trouble::default() });
}

#[test]
fn crashes_between_any_two_steps_change_nothing() {
    check(&Toy::of(3), Trouble { faults: BOTH, n_crashes: 2, ..Trouble::default() });
}

#[test]
fn lost_messages_are_sent_again() {
    let faults = Faults { lost_messages: 4, ..BOTH };
    check(&Toy::of(2), Trouble { faults, n_crashes: 1, reaps: true, ..Trouble::default() });
}

#[test]
fn more_than_one_group_of_units_is_joined_once() {
    let toy = Toy::of(70);
    let expected = undisturbed(toy.clone());
    for seed in 1..=6 {
        let trouble = Trouble { faults: BOTH, n_crashes: 2, ..Trouble::default() };
        assert_eq!(simulate(seed, toy.clone(), trouble).state.result, expected, "seed {seed}");
    }
}

#[test]
fn cancelling_at_any_moment_ends_the_job() {
    for seed in 1..=N_SEEDS {
        let trouble = Trouble { faults: BOTH, n_crashes: 1, cancels: true, ..Trouble::default() };
        let phase = simulate(seed, Toy::of(2), trouble).state.phase;
        assert!(matches!(phase, Phase::Cancelled | Phase::Completed), "seed {seed}: {phase}");
    }
}

#[test]
fn a_lost_optional_unit_is_lost_in_every_schedule() {
    let toy = Toy { broken: Some(StageName::Embed), ..Toy::of(3) };
    let expected = undisturbed(toy.clone());
    for seed in 1..=N_SEEDS {
        let state = simulate(seed, toy.clone(), Trouble { faults: BOTH, ..Trouble::default() }).state;
        assert_eq!((state.phase, state.missing.len()), (Phase::Partial, 1), "seed {seed}");
        assert_eq!(state.result, expected, "seed {seed}");
    }
}
