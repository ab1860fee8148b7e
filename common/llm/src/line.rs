//! The way to one endpoint, shared by all that ask it: places, breaker, and the only loop that retries.

use std::sync::OnceLock;
use std::time::Duration;

use tracing::info;

use crate::backoff::Jitter;
use crate::breaker::{Breaker, Pass};
use crate::endpoint::Endpoint;
use crate::failure::{ChatError, ErrorKind};
use crate::pace::{Pace, Place};

/// How often a question is asked, and with which waits between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryParams {
    pub max_attempts: u32,
    /// After the first failure; doubles with each further one, less up to half by jitter.
    pub first_wait: Duration,
    pub max_wait: Duration,
    /// A server that wants a longer wait is not waited for.
    pub max_retry_after: Duration,
    pub jitter_seed: u64,
}

impl Default for RetryParams {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            jitter_seed: 0,
        }
    }
}

/// Which failures are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// All that may go away by themselves.
    Transient,
    /// Only those after which it is certain that nothing came of the request.
    Unsent,
}

pub(crate) struct Line {
    pace: Pace,
    breaker: Breaker,
    jitter: Jitter,
    retry: RetryParams,
    timeout: Duration,
    /// Once nobody can ask any more, nobody does.
    gone: OnceLock<ChatError>,
}

/// What came of all attempts.
pub(crate) struct Called<T> {
    pub(crate) result: Result<T, ChatError>,
    pub(crate) n_tries: u32,
}

impl Line {
    pub(crate) fn new(endpoint: &Endpoint) -> Self {
        Self {
            pace: Pace::new(endpoint.max_parallel),
            breaker: Breaker::new(endpoint.breaker),
            jitter: Jitter::seeded(endpoint.retry.jitter_seed),
            retry: endpoint.retry,
            timeout: endpoint.timeout,
            gone: OnceLock::new(),
        }
    }

    /// Returns why nothing is asked any more.
    pub(crate) fn gone(&self) -> Option<&ChatError> {
        self.gone.get()
    }

    pub(crate) fn parallel_limit(&self) -> usize {
        self.pace.limit()
    }

    pub(crate) fn is_left_alone(&self) -> bool {
        self.breaker.is_open()
    }

    /// Makes attempts until one is answered, may not be repeated, or is the last.
    pub(crate) async fn call<T, F>(&self, repeat: Repeat, mut attempt: impl FnMut() -> F) -> Called<T>
    where
        F: Future<Output = Result<T, ChatError>>,
    {
        let mut n_tries = 0;
        loop {
            let (place, pass) = match self.enter().await {
                Ok(entered) => entered,
                Err(error) => return Called { result: Err(error.with_tries(n_tries)), n_tries },
            };
            let outcome = tokio::time::timeout(self.timeout, attempt()).await;
            let outcome = outcome.unwrap_or_else(|_| {
                let message = format!("no answer within {} ms", self.timeout.as_millis());
                Err(ChatError::new(ErrorKind::Timeout, message).maybe_charged())
            });
            n_tries += u32::from(!matches!(&outcome, Err(error) if is_ours(error)));
            self.note(&place, pass, &outcome);
            drop(place);
            let error = match outcome {
                Ok(answer) => return Called { result: Ok(answer), n_tries },
                Err(error) => error.with_tries(n_tries),
            };
            let Some(wait) = self.wait_after(&error, repeat) else {
                return Called { result: Err(error), n_tries };
            };
            info!(
                error.type = error.code(),
                http.response.status_code = error.status,
                n_tries,
                wait_ms = wait.as_millis() as u64,
                "asking again after `{}`",
                error.code()
            );
            tokio::time::sleep(wait).await;
        }
    }

    async fn enter(&self) -> Result<(Place<'_>, Pass<'_>), ChatError> {
        let place = self.pace.enter().await;
        if let Some(gone) = self.gone.get() {
            return Err(gone.clone());
        }
        let pass = self.breaker.pass().await.map_err(|wait| {
            let message = "the server does not answer and is left alone for a while";
            ChatError::new(ErrorKind::Unavailable, message).with_wait(Some(wait))
        })?;
        Ok((place, pass))
    }

    fn note<T>(&self, place: &Place<'_>, pass: Pass<'_>, outcome: &Result<T, ChatError>) {
        let Err(error) = outcome else {
            place.answered();
            pass.answered();
            return;
        };
        if is_ours(error) {
            return;
        }
        if error.kind.is_outage() {
            pass.failed()
        } else {
            pass.answered()
        }
        if error.kind == ErrorKind::RateLimited {
            place.limited();
        }
        if let Some(wait) = error.retry_after.filter(|wait| *wait <= self.retry.max_retry_after) {
            place.hold(wait);
        }
        if error.kind.is_endpoint_gone() {
            // Only the first one is kept, which is the one to mend.
            let _ = self.gone.set(error.clone());
        }
    }

    fn wait_after(&self, error: &ChatError, repeat: Repeat) -> Option<Duration> {
        let may_repeat = repeat == Repeat::Transient || !error.may_have_cost;
        if !error.kind.is_transient() || !may_repeat || error.n_tries >= self.retry.max_attempts {
            return None;
        }
        if let Some(wanted) = error.retry_after {
            return (wanted <= self.retry.max_retry_after).then_some(wanted);
        }
        Some(self.jitter.backoff(error.n_tries, self.retry.first_wait, self.retry.max_wait))
    }
}

/// Errors that arise before anything is sent.
fn is_ours(error: &ChatError) -> bool {
    matches!(error.kind, ErrorKind::BudgetExceeded | ErrorKind::PriceUnknown)
}
