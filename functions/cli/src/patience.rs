//! Waiting for a host that throttles: announced at once, and only up to a limit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pipeline::port::QueueName;
use pipeline::{AttemptEnd, CancelFlag};
use runtime::host::Watch;

use crate::failure::{self, Failure};
use crate::output::clock_time;
use crate::progress::Progress;

/// The code of a host's request limit.
const THROTTLED: &str = "rate_limited";

/// Announces waits of a build, and stops it when one is longer than it may be.
pub(crate) struct Patience {
    /// Time that may still be waited.
    left: Mutex<Duration>,
    has_token: bool,
    stop: CancelFlag,
    progress: Arc<Progress>,
    given_up: Mutex<Option<Failure>>,
}

impl Patience {
    pub(crate) fn new(wait_s: u64, has_token: bool, stop: CancelFlag, progress: Arc<Progress>) -> Arc<Self> {
        let left = Mutex::new(Duration::from_secs(wait_s));
        Arc::new(Self { left, has_token, stop, progress, given_up: Mutex::default() })
    }

    /// Returns the failure of a build that was stopped, once.
    pub(crate) fn given_up(&self) -> Option<Failure> {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn throttled(&self, message: &str, after: Duration) {
        let until = clock_time(after);
        let limit = limit_of(message);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rest) = left.checked_sub(after) {
            *left = rest;
            return self.progress.wait(&format!("{limit}; waiting until {until}"));
        }
        let message = format!("{limit} until {until}");
        let help = match self.has_token {
            true => "run the same command again then, or wait longer with `--wait SECONDS`",
            false => "set DOCTOWN_GITHUB_TOKEN to raise it, or wait longer with `--wait SECONDS`",
        };
        let failure = Failure::new(failure::Exit::UpstreamDown, THROTTLED, message).with_help(help);
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
        self.stop.set();
    }
}

impl Watch for Patience {
    fn ended(&self, _queue: QueueName, end: &AttemptEnd) {
        match end {
            AttemptEnd::Retrying { code, message, after } if code == THROTTLED => {
                self.throttled(message, *after);
            }
            AttemptEnd::Retrying { message, after, .. } => {
                self.progress.wait(&format!("{message}; trying again at {}", clock_time(*after)));
            }
            _ => {}
        }
    }
}

/// Takes the fact out of a message that goes on with a wait: the terminal shows a time instead.
fn limit_of(message: &str) -> &str {
    message.split(';').next().unwrap_or(message)
}
