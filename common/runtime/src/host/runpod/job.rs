//! One job, from its arrival to its answer.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use serde_json::Value;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::host::runpod::claims::{Claim, Claimed, Interruption};
use crate::host::runpod::context::{Asked, channel};
use crate::host::runpod::take::Element;
use crate::host::runpod::worker::Parts;
use crate::host::runpod::{HandlerError, RunpodHandler, RunpodJob};

type Answer = Result<Value, HandlerError>;

/// Runs what a take brought and delivers its result, unless the server stops it.
pub(super) async fn run<H: RunpodHandler>(
    parts: Arc<Parts>,
    handler: Arc<H>,
    element: Element,
    claimed: Claimed,
    slots: Arc<Semaphore>,
) {
    let claim = &claimed.claim;
    let mut asked = Asked { is_stream: false, stops_pod: false };
    let answer = match element {
        Element::Incomplete { .. } => Err(incomplete()),
        // A server may hand out more than it was asked for; the rest waits here, claimed.
        Element::Job(job) => tokio::select! {
            slot = slots.acquire() => {
                let (answer, told) = run_handler(&parts, handler, job, claim).await;
                drop(slot);
                asked = told;
                answer
            }
            why = claim.interrupted() => Err(interrupted(why)),
        },
    };
    if claim.is_stopped() {
        return;
    }
    match &answer {
        Ok(_) => info!(job.id = claim.id, "job {} is done", claim.id),
        Err(error) => {
            let told = parts.teller.hidden(&error.to_string());
            warn!(job.id = claim.id, error.type = error.code, "job {} failed: {told}", claim.id);
        }
    }
    let body = parts.teller.result(answer, asked.stops_pod);
    parts.deliver(claim, body, asked.is_stream).await;
}

async fn run_handler<H: RunpodHandler>(
    parts: &Arc<Parts>,
    handler: Arc<H>,
    job: RunpodJob,
    claim: &Arc<Claim>,
) -> (Answer, Asked) {
    info!(job.id = claim.id, "job {} begins", claim.id);
    let (context, inbox) = channel(claim.cancel.clone());
    let asked = inbox.asked();
    let (close, is_over) = oneshot::channel();
    let forwarding = {
        let (parts, claim) = (Arc::clone(parts), Arc::clone(claim));
        AbortOnDrop(tokio::spawn(async move { inbox.forward(&parts, &claim, is_over).await }))
    };
    // A task of its own, so that a handler that panics or blocks takes nothing else with it.
    let mut work = AbortOnDrop(tokio::spawn(async move { handler.run(job, context).await }));
    let answer = tokio::select! {
        ended = &mut work => ended.unwrap_or_else(|error| Err(panicked(error))),
        why = left_behind(parts, claim) => Err(interrupted(why)),
    };
    drop(work);
    let _ = close.send(());
    let asked = asked();
    forwarded(parts, forwarding).await;
    match (answer, claim.interruption()) {
        // What a handler says when it is cancelled is of its own; why it was cancelled is known here.
        (Err(_), Some(why)) => (Err(interrupted(why)), asked),
        (answer, _) => (answer, asked),
    }
}

/// Waits until the job is interrupted and its handler had its time to return.
async fn left_behind(parts: &Parts, claim: &Claim) -> Interruption {
    let why = claim.interrupted().await;
    let waits = &parts.settings.waits;
    match why {
        Interruption::Stopped => sleep(waits.stopped_job).await,
        // The other half is for the answer to arrive.
        Interruption::WorkerEnds => sleep(waits.last_job.min(parts.time_left() / 2)).await,
    }
    why
}

/// Waits until everything that the handler told was sent, at the worker's end not at any price.
async fn forwarded(parts: &Parts, forwarding: AbortOnDrop<()>) {
    let half_of_the_end = async {
        let left = parts.ends().await;
        sleep(left / 2).await;
    };
    let sent = async {
        tokio::select! {
            _ = forwarding => {}
            () = half_of_the_end => {}
        }
    };
    // Bounded by the budget of one piece: a piece that fails is the end of the stream.
    let waits = &parts.settings.waits;
    let longest = waits.post_budget + waits.post + waits.progress;
    if timeout(longest, sent).await.is_err() {
        warn!("what a job told on its way was not accepted in time");
    }
}

fn interrupted(why: Interruption) -> HandlerError {
    let (code, message) = match why {
        Interruption::Stopped => ("stopped", "the server stopped the job"),
        Interruption::WorkerEnds => ("worker_shutting_down", "the worker is shutting down"),
    };
    HandlerError { code: code.to_owned(), message: message.to_owned(), retryable: true }
}

fn incomplete() -> HandlerError {
    HandlerError {
        code: "job_incomplete".to_owned(),
        message: "the job has no `input`".to_owned(),
        retryable: false,
    }
}

fn panicked(error: JoinError) -> HandlerError {
    let text = match error.try_into_panic() {
        Ok(panic) => panic_text(&*panic),
        Err(error) => error.to_string(),
    };
    HandlerError { code: "handler_panicked".to_owned(), message: text, retryable: true }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("the handler panicked: {}", text.as_deref().unwrap_or("without a message"))
}

/// A task that ends with whoever waits for it.
pub(super) struct AbortOnDrop<T>(pub(super) JoinHandle<T>);

impl<T> Future for AbortOnDrop<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
