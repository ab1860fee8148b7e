//! The way to one endpoint, shared by all that ask it: places, breaker, and the only loop that retries.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
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
    /// Since when nobody can ask, and why.
    gone: Mutex<Option<(Instant, ChatError)>>,
    has_answered: AtomicBool,
}

/// What came of all attempts.
pub(crate) struct Called<T> {
    pub(crate) result: Result<T, ChatError>,
    pub(crate) n_tries: u32,
    /// Failed attempts that may be charged.
    pub(crate) n_charged: u32,
}

/// How long nobody asks after a wrong key, no money or a wrong address; somebody may have mended it by then.
const GONE_FOR: Duration = Duration::from_secs(60);

impl Line {
    pub(crate) fn new(endpoint: &Endpoint) -> Self {
        Self {
            pace: Pace::new(endpoint.max_parallel),
            breaker: Breaker::new(endpoint.breaker),
            jitter: Jitter::seeded(endpoint.retry.jitter_seed),
            retry: endpoint.retry,
            timeout: endpoint.timeout,
            gone: Mutex::new(None),
            has_answered: AtomicBool::new(false),
        }
    }

    /// Returns why nothing is asked any more.
    pub(crate) fn gone(&self) -> Option<ChatError> {
        let gone = self.lock_gone();
        gone.as_ref().filter(|(since, _)| since.elapsed() < GONE_FOR).map(|(_, error)| error.clone())
    }

    fn lock_gone(&self) -> MutexGuard<'_, Option<(Instant, ChatError)>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.call_prepared(repeat, || std::future::ready(Ok(())), |()| attempt()).await
    }

    /// The same, where each attempt first needs something that it may have to wait for: money.
    ///
    /// It is waited for outside of the line, so that who waits takes nobody's place.
    pub(crate) async fn call_prepared<R, T, P, F>(
        &self,
        repeat: Repeat,
        prepare: impl Fn() -> P,
        mut attempt: impl FnMut(R) -> F,
    ) -> Called<T>
    where
        P: Future<Output = Result<R, ChatError>>,
        F: Future<Output = Result<T, ChatError>>,
    {
        let (mut n_tries, mut n_charged) = (0, 0);
        let mut before: Option<ChatError> = None;
        loop {
            let failed = |error: ChatError| {
                let result = Err(error.with_tries(n_tries));
                Called { result, n_tries, n_charged }
            };
            let prepared = match prepare().await {
                Ok(prepared) => prepared,
                // What used up the money is what went wrong.
                Err(error) => return failed(before.unwrap_or(error)),
            };
            let (place, pass) = match self.enter().await {
                Ok(entered) => entered,
                Err(error) => return failed(error),
            };
            let outcome = tokio::time::timeout(self.timeout, attempt(prepared)).await;
            let outcome = outcome.unwrap_or_else(|_| {
                let message = format!("no answer within {} ms", self.timeout.as_millis());
                Err(ChatError::new(ErrorKind::Timeout, message).maybe_charged())
            });
            let outcome = outcome.map_err(|error| self.in_context(error));
            n_tries += 1;
            n_charged += u32::from(outcome.as_ref().is_err_and(|error| error.may_have_cost));
            self.note(&place, pass, &outcome);
            drop(place);
            let error = match outcome {
                Ok(answer) => return Called { result: Ok(answer), n_tries, n_charged },
                Err(error) => error.with_tries(n_tries),
            };
            let Some(wait) = self.wait_after(&error, repeat) else {
                return Called { result: Err(error), n_tries, n_charged };
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
            before = Some(error);
        }
    }

    async fn enter(&self) -> Result<(Place<'_>, Pass<'_>), ChatError> {
        let place = self.pace.enter().await;
        if let Some(gone) = self.gone() {
            return Err(gone);
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
            self.has_answered.store(true, Ordering::Relaxed);
            *self.lock_gone() = None;
            return;
        };
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
            *self.lock_gone() = Some((Instant::now(), error.clone()));
        }
    }

    /// Of an endpoint that has answered, key and address are right: a gateway that knows no way for a moment is
    /// an outage, and what is forbidden is this request.
    fn in_context(&self, error: ChatError) -> ChatError {
        let kind = match error.kind {
            ErrorKind::WrongUrl => ErrorKind::Unavailable,
            ErrorKind::Unauthorised if error.status == Some(403) => ErrorKind::BadRequest,
            kind => kind,
        };
        if self.has_answered.load(Ordering::Relaxed) { ChatError { kind, ..error } } else { error }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_wrong_key_is_tried_again_after_a_minute() {
        let endpoint = Endpoint::new("http://127.0.0.1:1/v1", ["m"]).expect("it is a URL");
        let (line, n_sent) = (Line::new(&endpoint), AtomicUsize::new(0));
        let wrong_key = async || {
            let attempt = || {
                n_sent.fetch_add(1, Ordering::Relaxed);
                std::future::ready(Err::<(), _>(ChatError::new(ErrorKind::Unauthorised, "no")))
            };
            line.call(Repeat::Transient, attempt).await
        };
        for _ in 0..3 {
            assert_eq!(wrong_key().await.result.map_err(|error| error.kind), Err(ErrorKind::Unauthorised));
        }
        assert_eq!((n_sent.load(Ordering::Relaxed), line.gone().is_some()), (1, true));
        tokio::time::advance(GONE_FOR).await;
        let mended = line.call(Repeat::Transient, || std::future::ready(Ok(()))).await;
        assert_eq!((mended.result, line.gone()), (Ok(()), None));
    }
}
