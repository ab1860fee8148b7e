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
    longest: Duration,
    has_token: bool,
    stop: CancelFlag,
    progress: Arc<Progress>,
    given_up: Mutex<Option<Failure>>,
}

impl Patience {
    pub(crate) fn new(wait_s: u64, has_token: bool, stop: CancelFlag, progress: Arc<Progress>) -> Arc<Self> {
        let longest = Duration::from_secs(wait_s);
        Arc::new(Self { longest, has_token, stop, progress, given_up: Mutex::default() })
    }

    /// Returns the failure of a build that was stopped, once.
    pub(crate) fn given_up(&self) -> Option<Failure> {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn throttled(&self, message: &str, after: Duration) {
        let until = clock_time(after);
        let limit = host_of(message).map_or_else(
            || "the host's request limit is used up".to_owned(),
            |host| format!("{host}'s request limit is used up"),
        );
        if after <= self.longest {
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

/// Finds the host's name in the message of a throttled request.
fn host_of(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}
