//! The pipeline's circuit breaker, by its clock.

use std::time::Duration;

use pipeline::Timestamp;
use pipeline::breaker::BreakerParams;

/// Watches the calls to one upstream; the clock is whatever the caller passes.
#[derive(Debug)]
pub struct Breaker {
    core: pipeline::breaker::Breaker,
}

impl Breaker {
    /// Makes one that lets calls pass.
    pub fn new(params: BreakerParams) -> Self {
        Self { core: pipeline::breaker::Breaker::new(params) }
    }

    /// Returns how long to leave the upstream alone, `None` when a call may be made now.
    pub fn wait(&mut self, now: Timestamp) -> Option<Duration> {
        self.core.wait(since_1970(now))
    }

    /// Notes a call that was answered.
    pub fn succeeded(&mut self) {
        self.core.succeeded();
    }

    /// Notes a call that was not answered, or by an error that says nothing of the call itself.
    pub fn failed(&mut self, now: Timestamp) {
        self.core.failed(since_1970(now));
    }
}

fn since_1970(now: Timestamp) -> Duration {
    now.since(Timestamp::default())
}
