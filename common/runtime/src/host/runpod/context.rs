//! What a handler sees of the worker, and what becomes of what it tells on the way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pipeline::CancelFlag;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tracing::{debug, warn};

use crate::host::runpod::claims::Claim;
use crate::host::runpod::results::{MAX_BODY_BYTES, too_large};
use crate::host::runpod::worker::Parts;

/// Pieces of a result that wait for their turn; a handler that is faster waits too.
const MAX_WAITING_PIECES: usize = 16;

/// A job's connection to the worker that runs it. Clones share it, so threads may hold their own.
#[derive(Debug, Clone)]
pub struct JobContext {
    cancel: CancelFlag,
    reports: Arc<Reports>,
    pieces: mpsc::Sender<Vec<u8>>,
}

/// A piece of a result was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    #[error("a piece of the result has {0}")]
    TooLarge(String),
    /// An earlier piece did not arrive, or the server names no address for pieces.
    #[error("the server takes no more pieces of this result")]
    Broken,
    /// The handler has returned already.
    #[error("the job is over")]
    Over,
}

#[derive(Debug, Default)]
struct Reports {
    /// The latest word only: the ones before it are of no use to anybody.
    progress: Mutex<Option<Value>>,
    told: Notify,
    is_stream: AtomicBool,
    is_broken: AtomicBool,
    stops_pod: AtomicBool,
}

/// The other end of a context.
pub(super) struct Inbox {
    reports: Arc<Reports>,
    pieces: mpsc::Receiver<Vec<u8>>,
}

/// What a handler asked for besides its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) is_stream: bool,
    pub(super) stops_pod: bool,
}

/// Makes both ends.
pub(super) fn channel(cancel: CancelFlag) -> (JobContext, Inbox) {
    let reports = Arc::new(Reports::default());
    let (sender, receiver) = mpsc::channel(MAX_WAITING_PIECES);
    let context = JobContext { cancel, reports: Arc::clone(&reports), pieces: sender };
    (context, Inbox { reports, pieces: receiver })
}

impl JobContext {
    /// Returns the flag that is set once the result is no longer wanted, or no longer awaited.
    pub fn cancel_flag(&self) -> &CancelFlag {
        &self.cancel
    }

    /// Tells how far the job is. Never waits; at most one word a second is sent, the latest.
    pub fn progress(&self, value: Value) {
        *self.reports.progress() = Some(value);
        self.reports.told.notify_one();
    }

    /// Sends a piece of the result, in order, before the answer. Waits while many are on their way.
    ///
    /// # Errors
    /// A piece that is too large, or that cannot arrive any more.
    pub async fn stream(&self, piece: Value) -> Result<(), StreamError> {
        let body = json!({ "output": piece }).to_string().into_bytes();
        if body.len() > MAX_BODY_BYTES {
            return Err(StreamError::TooLarge(too_large(body.len())));
        }
        if self.reports.is_broken.load(Ordering::Relaxed) {
            return Err(StreamError::Broken);
        }
        self.reports.is_stream.store(true, Ordering::Relaxed);
        self.pieces.send(body).await.map_err(|_| StreamError::Over)
    }

    /// Asks RunPod for another worker in place of this one once the job is answered.
    pub fn replace_worker(&self) {
        self.reports.stops_pod.store(true, Ordering::Relaxed);
    }
}

impl Inbox {
    /// Returns a look at what the handler asked for, valid once it has returned.
    pub(super) fn asked(&self) -> impl Fn() -> Asked + Send + use<> {
        let reports = Arc::clone(&self.reports);
        move || Asked {
            is_stream: reports.is_stream.load(Ordering::Relaxed),
            stops_pod: reports.stops_pod.load(Ordering::Relaxed),
        }
    }

    /// Sends what the handler tells until `is_over`, then what is left of it, and nothing after that.
    pub(super) async fn forward(self, parts: &Parts, claim: &Claim, mut is_over: oneshot::Receiver<()>) {
        let Self { reports, mut pieces } = self;
        let mut next_progress = Instant::now();
        let mut is_open = true;
        loop {
            tokio::select! {
                biased;
                body = pieces.recv() => match body {
                    Some(body) => reports.send_piece(parts, claim, &body).await,
                    None => break,
                },
                _ = &mut is_over, if is_open => {
                    is_open = false;
                    pieces.close();
                }
                () = reports.progress_due(next_progress), if is_open => {
                    reports.send_progress(parts, claim).await;
                    next_progress = Instant::now() + parts.settings.waits.progress_spacing;
                }
            }
        }
        reports.send_progress(parts, claim).await;
    }
}

impl Reports {
    /// Waits for a word of progress, and until it may be sent.
    async fn progress_due(&self, earliest: Instant) {
        while self.progress().is_none() {
            self.told.notified().await;
        }
        sleep_until(earliest).await;
    }

    async fn send_progress(&self, parts: &Parts, claim: &Claim) {
        let told = self.progress().take();
        let Some(progress) = told.filter(|_| !claim.is_stopped()) else { return };
        let body = json!({"status": "IN_PROGRESS", "output": progress}).to_string().into_bytes();
        if body.len() > MAX_BODY_BYTES {
            warn!(job.id = claim.id, "a word of progress has {}", too_large(body.len()));
            return;
        }
        let url = parts.templates.done(&claim.id, false);
        let posted = parts.post_once(&claim.id, &url, &body, parts.settings.waits.progress).await;
        debug!(job.id = claim.id, "progress of job {}: {posted:?}", claim.id);
    }

    /// A piece that is lost ends the stream: a later one would look as if nothing were missing.
    async fn send_piece(&self, parts: &Parts, claim: &Claim, body: &[u8]) {
        if self.is_broken.load(Ordering::Relaxed) {
            return;
        }
        let sent = match parts.templates.stream(&claim.id) {
            Some(url) => parts.post(claim, &url, body).await.map_err(|error| error.to_string()),
            None => Err("the server names no address for it".to_owned()),
        };
        if let Err(why) = sent {
            warn!(job.id = claim.id, "a piece of the result of job {} is lost: {why}", claim.id);
            self.is_broken.store(true, Ordering::Relaxed);
        }
    }

    fn progress(&self) -> MutexGuard<'_, Option<Value>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
