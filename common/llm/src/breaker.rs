//! A server that mostly fails is left alone for a while, then asked one question.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// When the breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerParams {
    /// Attempts that are remembered.
    pub n_calls: usize,
    /// Attempts before their share of failures means anything.
    pub min_calls: usize,
    /// Failures among them, in percent, that open it.
    pub open_at_percent: usize,
    /// How long it stays open the first time; doubles while the trial fails.
    pub first_wait: Duration,
    pub max_wait: Duration,
    /// How long one question waits for the server to come back before it is given up.
    pub patience: Duration,
}

impl Default for BreakerParams {
    fn default() -> Self {
        Self {
            n_calls: 20,
            min_calls: 8,
            open_at_percent: 50,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
            patience: Duration::from_secs(10),
        }
    }
}

/// Whether an attempt may be made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Go,
    Wait(Duration),
}

pub(crate) struct Breaker {
    params: BreakerParams,
    state: Mutex<State>,
    /// Wakes those who wait for a trial.
    changed: Notify,
}

struct State {
    calls: VecDeque<bool>,
    wait: Duration,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Closed,
    Open {
        until: Instant,
    },
    /// One attempt is out to see; if nothing is heard of it, another goes at `until`.
    Trial {
        until: Instant,
    },
}

/// Leave for one attempt; dropped without a word, the attempt was not made, or was given up.
#[must_use]
pub(crate) struct Pass<'a> {
    breaker: &'a Breaker,
    is_told: bool,
}

impl Breaker {
    pub(crate) fn new(params: BreakerParams) -> Self {
        let state = State { calls: VecDeque::new(), wait: params.first_wait, stage: Stage::Closed };
        Self { params, state: Mutex::new(state), changed: Notify::new() }
    }

    /// Waits until an attempt may be made; `Err` with the rest of the wait when patience ends before that.
    pub(crate) async fn pass(&self) -> Result<Pass<'_>, Duration> {
        let given_up = Instant::now() + self.params.patience;
        loop {
            let changed = self.changed.notified();
            let Admission::Wait(wait) = self.admit(Instant::now()) else {
                return Ok(Pass { breaker: self, is_told: false });
            };
            let until = Instant::now() + wait;
            if until > given_up && !self.is_in_trial() {
                return Err(wait);
            }
            // What a trial finds is known before its time is over.
            let woken = tokio::time::timeout_at(until.min(given_up), changed).await;
            if woken.is_err() && until > given_up {
                return Err(until.saturating_duration_since(given_up));
            }
        }
    }

    fn admit(&self, now: Instant) -> Admission {
        let mut state = self.lock();
        match state.stage {
            Stage::Closed => Admission::Go,
            Stage::Open { until } | Stage::Trial { until } if now < until => Admission::Wait(until - now),
            Stage::Open { .. } | Stage::Trial { .. } => {
                state.stage = Stage::Trial { until: now + self.params.max_wait };
                Admission::Go
            }
        }
    }

    fn is_in_trial(&self) -> bool {
        matches!(self.lock().stage, Stage::Trial { .. })
    }

    pub(crate) fn is_open(&self) -> bool {
        self.lock().stage != Stage::Closed
    }

    fn answered(&self) {
        let mut state = self.lock();
        if state.stage != Stage::Closed {
            state.calls.clear();
            state.wait = self.params.first_wait;
            state.stage = Stage::Closed;
        }
        self.note(&mut state, true);
        drop(state);
        self.changed.notify_waiters();
    }

    fn failed(&self, now: Instant) {
        let mut state = self.lock();
        match state.stage {
            // An attempt from before it opened: nothing new.
            Stage::Open { .. } => return,
            Stage::Trial { .. } => {
                state.wait = (state.wait * 2).min(self.params.max_wait);
                state.stage = Stage::Open { until: now + state.wait };
            }
            Stage::Closed => {
                self.note(&mut state, false);
                let n_failed = state.calls.iter().filter(|answered| !**answered).count();
                let is_mostly = n_failed * 100 >= self.params.open_at_percent * state.calls.len();
                if state.calls.len() >= self.params.min_calls && is_mostly {
                    state.stage = Stage::Open { until: now + state.wait };
                }
            }
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Lets somebody else go and see.
    fn untried(&self) {
        let mut state = self.lock();
        if matches!(state.stage, Stage::Trial { .. }) {
            state.stage = Stage::Open { until: Instant::now() };
        }
        drop(state);
        self.changed.notify_waiters();
    }

    fn note(&self, state: &mut State, answered: bool) {
        if state.calls.len() >= self.params.n_calls {
            state.calls.pop_front();
        }
        state.calls.push_back(answered);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// Notes that the server answered, with whatever.
    pub(crate) fn answered(mut self) {
        self.is_told = true;
        self.breaker.answered();
    }

    /// Notes that it did not, or by an error that says nothing of the question.
    pub(crate) fn failed(mut self) {
        self.is_told = true;
        self.breaker.failed(Instant::now());
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.is_told {
            self.breaker.untried();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn opened() -> Breaker {
        let breaker = Breaker::new(BreakerParams { first_wait: SECOND, ..BreakerParams::default() });
        for _ in 0..8 {
            assert_eq!(breaker.admit(Instant::now()), Admission::Go);
            breaker.failed(Instant::now());
        }
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_when_half_fail_and_closes_when_the_trial_is_answered() {
        let breaker = opened();
        assert_eq!(breaker.admit(Instant::now()), Admission::Wait(SECOND));
        tokio::time::advance(SECOND).await;
        assert_eq!(breaker.admit(Instant::now()), Admission::Go);
        assert!(matches!(breaker.admit(Instant::now()), Admission::Wait(_)), "only one goes to see");
        breaker.answered();
        assert_eq!(breaker.admit(Instant::now()), Admission::Go);
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_longer_after_each_failed_trial_up_to_its_limit() {
        let breaker = opened();
        let mut waits = Vec::new();
        for _ in 0..7 {
            let Admission::Wait(wait) = breaker.admit(Instant::now()) else { panic!("it is open") };
            waits.push(wait.as_secs());
            tokio::time::advance(wait).await;
            assert_eq!(breaker.admit(Instant::now()), Admission::Go);
            breaker.failed(Instant::now());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_go_on_as_soon_as_the_trial_is_answered() {
        let breaker = Arc::new(opened());
        let start = Instant::now();
        let waiting: Vec<_> = (0..5)
            .map(|_| {
                let breaker = Arc::clone(&breaker);
                tokio::spawn(async move {
                    let pass = breaker.pass().await.expect("a second is within its patience");
                    tokio::time::sleep(SECOND).await;
                    pass.answered();
                })
            })
            .collect();
        for task in waiting {
            task.await.expect("it does not panic");
        }
        // A second until the trial, one for it, and one for the others together.
        assert_eq!(start.elapsed().as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_trial_that_is_given_up_is_somebody_elses() {
        let breaker = opened();
        drop(breaker.pass().await.expect("a second is within its patience"));
        let start = Instant::now();
        breaker.pass().await.expect("nobody went to see").answered();
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(!breaker.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_outage_is_told_at_once() {
        let params = BreakerParams { first_wait: 20 * SECOND, ..BreakerParams::default() };
        let breaker = Breaker::new(params);
        for _ in 0..8 {
            breaker.failed(Instant::now());
        }
        let start = Instant::now();
        assert_eq!(breaker.pass().await.err(), Some(20 * SECOND));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_among_many_answers_changes_nothing() {
        let breaker = Breaker::new(BreakerParams::default());
        for call in 0..100 {
            assert_eq!(breaker.admit(Instant::now()), Admission::Go);
            if call % 3 == 0 { breaker.failed(Instant::now()) } else { breaker.answered() }
        }
    }
}
