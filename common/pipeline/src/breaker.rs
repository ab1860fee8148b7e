//! A circuit breaker: an upstream that mostly fails is left alone for a while, then tried once.

use std::collections::VecDeque;
use std::time::Duration;

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerParams {
    /// Calls that are remembered.
    pub n_calls: usize,
    /// Calls before their share of failures means anything.
    pub min_calls: usize,
    /// Failures among them, in percent, that open it.
    pub open_at_percent: usize,
    /// How long it stays open the first time; doubles while the trial call fails.
    pub first_wait: Duration,
    pub max_wait: Duration,
}

impl Default for BreakerParams {
    fn default() -> Self {
        Self {
            n_calls: 20,
            min_calls: 8,
            open_at_percent: 50,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
        }
    }
}

/// Watches the calls to one upstream; the time is told to it, counted from any moment that stays the same.
#[derive(Debug)]
pub struct Breaker {
    params: BreakerParams,
    calls: VecDeque<bool>,
    wait: Duration,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open {
        until: Duration,
    },
    /// One call is out to see; if nothing is heard of it, another goes at `until`.
    Trial {
        until: Duration,
    },
}

impl Breaker {
    /// Makes one that lets calls pass.
    pub fn new(params: BreakerParams) -> Self {
        Self { params, calls: VecDeque::new(), wait: params.first_wait, state: State::Closed }
    }

    /// Returns how long to leave the upstream alone, `None` when a call may be made now.
    pub fn wait(&mut self, now: Duration) -> Option<Duration> {
        match self.state {
            State::Closed => None,
            State::Open { until } | State::Trial { until } if now < until => Some(until.saturating_sub(now)),
            State::Open { .. } | State::Trial { .. } => {
                self.state = State::Trial { until: now.saturating_add(self.params.max_wait) };
                None
            }
        }
    }

    /// Tells whether calls are held back.
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// Tells whether one call is out to see.
    pub fn is_in_trial(&self) -> bool {
        matches!(self.state, State::Trial { .. })
    }

    /// Notes a call that was answered.
    pub fn succeeded(&mut self) {
        if self.is_open() {
            self.calls.clear();
            self.wait = self.params.first_wait;
            self.state = State::Closed;
        }
        self.note(true);
    }

    /// Notes a call that was not answered, or by an error that says nothing of the call itself.
    pub fn failed(&mut self, now: Duration) {
        match self.state {
            // A call from before it opened: nothing new.
            State::Open { .. } => {}
            State::Trial { .. } => {
                self.wait = (self.wait * 2).min(self.params.max_wait);
                self.open(now);
            }
            State::Closed => {
                self.note(false);
                let n_failed = self.calls.iter().filter(|answered| !**answered).count();
                let is_mostly = n_failed * 100 >= self.params.open_at_percent * self.calls.len();
                if self.calls.len() >= self.params.min_calls && is_mostly {
                    self.open(now);
                }
            }
        }
    }

    /// Notes that the call that was let pass was never made; if it was the trial, another may go now.
    pub fn untried(&mut self, now: Duration) {
        if self.is_in_trial() {
            self.state = State::Open { until: now };
        }
    }

    fn open(&mut self, now: Duration) {
        self.state = State::Open { until: now.saturating_add(self.wait) };
    }

    fn note(&mut self, answered: bool) {
        if self.calls.len() >= self.params.n_calls {
            self.calls.pop_front();
        }
        self.calls.push_back(answered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn opened() -> (Breaker, Duration) {
        let mut breaker = Breaker::new(BreakerParams { first_wait: SECOND, ..BreakerParams::default() });
        for _ in 0..8 {
            assert_eq!(breaker.wait(SECOND), None);
            breaker.failed(SECOND);
        }
        (breaker, SECOND)
    }

    #[test]
    fn it_opens_when_half_fail_and_closes_when_the_trial_succeeds() {
        let (mut breaker, now) = opened();
        assert_eq!(breaker.wait(now), Some(SECOND));
        let later = now + SECOND;
        assert_eq!(breaker.wait(later), None, "one call may see how it is");
        assert!(breaker.is_in_trial());
        assert!(breaker.wait(later).is_some(), "only one");
        breaker.succeeded();
        assert!(!breaker.is_open());
        assert_eq!(breaker.wait(later), None);
    }

    #[test]
    fn it_waits_longer_after_each_failed_trial_up_to_its_limit() {
        let (mut breaker, mut now) = opened();
        let mut waits = Vec::new();
        for _ in 0..7 {
            let wait = breaker.wait(now).expect("it is open");
            waits.push(wait.as_secs());
            now += wait;
            assert_eq!(breaker.wait(now), None);
            breaker.failed(now);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn what_fails_late_lengthens_no_wait() {
        let (mut breaker, now) = opened();
        for _ in 0..8 {
            breaker.failed(now);
        }
        assert_eq!(breaker.wait(now), Some(SECOND));
    }

    #[test]
    fn a_failure_among_many_answers_changes_nothing() {
        let mut breaker = Breaker::new(BreakerParams::default());
        for call in 0..100 {
            assert_eq!(breaker.wait(call * SECOND), None);
            if call % 3 == 0 { breaker.failed(call * SECOND) } else { breaker.succeeded() }
        }
    }

    #[test]
    fn a_trial_that_is_never_heard_of_is_followed_by_another() {
        let (mut breaker, now) = opened();
        let later = now + SECOND;
        assert_eq!(breaker.wait(later), None);
        assert_eq!(breaker.wait(later + 29 * SECOND), Some(SECOND));
        assert_eq!(breaker.wait(later + 30 * SECOND), None);
    }

    #[test]
    fn a_trial_that_was_not_made_is_somebody_elses() {
        let (mut breaker, now) = opened();
        breaker.untried(now);
        assert_eq!(breaker.wait(now), Some(SECOND), "nobody was let pass");
        let later = now + SECOND;
        assert_eq!(breaker.wait(later), None);
        breaker.untried(later);
        assert_eq!(breaker.wait(later), None);
    }
}
