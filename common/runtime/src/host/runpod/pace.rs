//! How long to wait after a poll.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::{Backoff, RunpodWaits};

/// What a long poll gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Poll<T> {
    Found(T),
    Nothing,
    /// The worker is not wanted yet.
    NotReady,
    /// Too many requests; the wait is the server's.
    Throttled {
        after: Option<Duration>,
    },
    NotAuthorised,
    Failed {
        reason: String,
    },
}

/// Keeps polls apart, the more of them fail the further.
#[derive(Debug)]
pub(super) struct Pace<'a> {
    waits: &'a RunpodWaits,
    n_failed: u32,
    refused_since: Option<Instant>,
}

impl<'a> Pace<'a> {
    pub(super) fn new(waits: &'a RunpodWaits) -> Self {
        Self { waits, n_failed: 0, refused_since: None }
    }

    /// Returns how long to wait before the next poll; `took` is what the last one took.
    pub(super) fn after<T>(&mut self, poll: &Poll<T>, took: Duration) -> Duration {
        let waits = self.waits;
        match poll {
            Poll::NotAuthorised => self.refused_since = self.refused_since.or(Some(Instant::now())),
            _ => self.refused_since = None,
        }
        let wait = match poll {
            Poll::Found(_) | Poll::Nothing => {
                self.n_failed = 0;
                Duration::ZERO
            }
            Poll::NotReady => self.failed(waits.not_ready),
            Poll::Throttled { after } => after.unwrap_or_else(|| waits.throttled + jittered(waits.throttled)),
            Poll::NotAuthorised | Poll::Failed { .. } => self.failed(waits.failed_poll),
        };
        match poll {
            Poll::Found(_) => wait,
            _ => wait.max(waits.poll_spacing.saturating_sub(took)),
        }
    }

    /// Returns for how long the key has been refused, zero while it is not.
    pub(super) fn refused_for(&self) -> Duration {
        self.refused_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn failed(&mut self, backoff: Backoff) -> Duration {
        self.n_failed += 1;
        jittered(nth(backoff, self.n_failed))
    }
}

/// Returns the wait after the `n`th failure, from 1: it doubles up to its limit.
pub(super) fn nth(backoff: Backoff, n: u32) -> Duration {
    backoff.first.saturating_mul(1 << (n - 1).min(16)).min(backoff.longest)
}

/// Shortens a wait by up to a half, so that many workers do not come back at once.
pub(super) fn jittered(wait: Duration) -> Duration {
    // Keys of a hasher are random; nothing that is stored depends on them.
    let random = RandomState::new().hash_one(0_u8) as u32;
    wait / 2 + wait.mul_f64(f64::from(random) / f64::from(u32::MAX)) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITS: fn() -> RunpodWaits = RunpodWaits::default;

    fn seconds(range: std::ops::RangeInclusive<f64>, wait: Duration) {
        assert!(range.contains(&wait.as_secs_f64()), "{wait:?} is outside {range:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn failures_wait_longer_and_longer() {
        let waits = WAITS();
        let mut pace = Pace::new(&waits);
        let failed = Poll::<()>::Failed { reason: "500".to_owned() };
        for most in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
            // Jitter takes at most a half, and never goes below a second between polls.
            seconds(f64::max(most / 2.0, 1.0)..=most, pace.after(&failed, Duration::ZERO));
        }
        assert_eq!(pace.after(&Poll::Found(()), Duration::ZERO), Duration::ZERO);
        seconds(1.0..=1.0, pace.after(&failed, Duration::ZERO));
        for _ in 0..10 {
            seconds(1.0..=5.0, pace.after(&Poll::<()>::NotReady, Duration::ZERO));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_names_its_own_wait() {
        let waits = WAITS();
        let mut pace = Pace::new(&waits);
        let named = Poll::<()>::Throttled { after: Some(Duration::from_secs(17)) };
        seconds(17.0..=17.0, pace.after(&named, Duration::ZERO));
        seconds(5.0..=10.0, pace.after(&Poll::<()>::Throttled { after: None }, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn empty_polls_are_a_second_apart() {
        let waits = WAITS();
        let mut pace = Pace::new(&waits);
        seconds(0.75..=0.75, pace.after(&Poll::<()>::Nothing, Duration::from_millis(250)));
        seconds(0.0..=0.0, pace.after(&Poll::<()>::Nothing, Duration::from_secs(90)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_key_is_counted_until_it_is_accepted() {
        let waits = WAITS();
        let mut pace = Pace::new(&waits);
        pace.after(&Poll::<()>::NotAuthorised, Duration::ZERO);
        tokio::time::advance(Duration::from_secs(200)).await;
        pace.after(&Poll::<()>::NotAuthorised, Duration::ZERO);
        seconds(200.0..=200.0, pace.refused_for());
        pace.after(&Poll::<()>::Nothing, Duration::ZERO);
        seconds(0.0..=0.0, pace.refused_for());
    }
}
