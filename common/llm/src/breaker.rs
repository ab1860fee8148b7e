//! A server that mostly fails is left alone for a while; who has a question waits, and one goes to see.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pipeline::breaker::{Breaker as Core, BreakerParams};
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long one question waits for the server to come back before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Breaker {
    core: Mutex<Core>,
    /// What the core counts time from.
    start: Instant,
    /// Wakes those who wait for a trial.
    changed: Notify,
}

/// Leave for one attempt; dropped without a word, the attempt was not made, or was given up.
#[must_use]
pub(crate) struct Pass<'a> {
    breaker: &'a Breaker,
    is_told: bool,
}

impl Breaker {
    pub(crate) fn new(params: BreakerParams) -> Self {
        Self { core: Mutex::new(Core::new(params)), start: Instant::now(), changed: Notify::new() }
    }

    /// Waits until an attempt may be made; `Err` with the rest of the wait when patience ends before that.
    pub(crate) async fn pass(&self) -> Result<Pass<'_>, Duration> {
        let given_up = Instant::now() + PATIENCE;
        loop {
            let changed = self.changed.notified();
            let Some(wait) = self.core().wait(self.now()) else {
                return Ok(Pass { breaker: self, is_told: false });
            };
            let until = Instant::now() + wait;
            if until > given_up && !self.core().is_in_trial() {
                return Err(wait);
            }
            // What a trial finds is known before its time is over.
            let woken = tokio::time::timeout_at(until.min(given_up), changed).await;
            if woken.is_err() && until > given_up {
                return Err(until.saturating_duration_since(given_up));
            }
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.core().is_open()
    }

    /// Tells the core how an attempt went, and those who wait that something changed.
    fn note(&self, how: impl FnOnce(&mut Core)) {
        how(&mut self.core());
        self.changed.notify_waiters();
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// Notes that the server answered, with whatever.
    pub(crate) fn answered(mut self) {
        self.is_told = true;
        self.breaker.note(Core::succeeded);
    }

    /// Notes that it did not, or by an error that says nothing of the question.
    pub(crate) fn failed(mut self) {
        self.is_told = true;
        self.breaker.note(|core| core.failed(self.breaker.now()));
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.is_told {
            self.breaker.note(|core| core.untried(self.breaker.now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn opened(first_wait: Duration) -> Breaker {
        let breaker = Breaker::new(BreakerParams { first_wait, ..BreakerParams::default() });
        for _ in 0..8 {
            breaker.pass().await.expect("it is closed").failed();
        }
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_go_on_as_soon_as_the_trial_is_answered() {
        let breaker = Arc::new(opened(SECOND).await);
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
        let breaker = opened(SECOND).await;
        drop(breaker.pass().await.expect("a second is within its patience"));
        let start = Instant::now();
        breaker.pass().await.expect("nobody went to see").answered();
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(!breaker.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_outage_is_told_at_once() {
        let breaker = opened(20 * SECOND).await;
        let start = Instant::now();
        assert_eq!(breaker.pass().await.err(), Some(20 * SECOND));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
