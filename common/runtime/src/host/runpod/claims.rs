//! The jobs that this worker answers for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pipeline::CancelFlag;
use tokio::sync::watch;

/// Why a job is not to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interruption {
    /// The server wants no result any more.
    Stopped,
    /// The worker's time is over; the server still wants an answer.
    WorkerEnds,
}

/// One job, from its arrival until its result was accepted.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) id: String,
    pub(super) cancel: CancelFlag,
    interruption: watch::Sender<Option<Interruption>>,
}

impl Claim {
    /// Waits until the job is not to go on.
    pub(super) async fn interrupted(&self) -> Interruption {
        let mut told = self.interruption.subscribe();
        match told.wait_for(Option::is_some).await.map(|why| *why) {
            Ok(Some(why)) => why,
            // The sender lives in `self`, so it is never gone while somebody waits here.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Returns why the job is not to go on, `None` while it is.
    pub(super) fn interruption(&self) -> Option<Interruption> {
        *self.interruption.borrow()
    }

    /// Tells whether nobody wants a result any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.interruption() == Some(Interruption::Stopped)
    }

    fn interrupt(&self, why: Interruption) {
        // A stop is the server's own word, and holds also while the worker ends.
        self.interruption.send_if_modified(|told| {
            let is_news = told.is_none() || (why == Interruption::Stopped && *told != Some(why));
            if is_news {
                *told = Some(why);
            }
            is_news
        });
        self.cancel.set();
    }
}

/// All of them, by id.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<BTreeMap<String, Arc<Claim>>>);

/// A claim that ends when this is dropped, also by a panic.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) claim: Arc<Claim>,
    claims: Arc<Claims>,
}

impl Claims {
    /// Claims a job; `None` when this worker has it already.
    pub(super) fn claim(self: &Arc<Self>, id: &str) -> Option<Claimed> {
        let mut claims = self.lock();
        if claims.contains_key(id) {
            return None;
        }
        let (interruption, _) = watch::channel(None);
        let claim = Arc::new(Claim { id: id.to_owned(), cancel: CancelFlag::default(), interruption });
        claims.insert(id.to_owned(), Arc::clone(&claim));
        Some(Claimed { claim, claims: Arc::clone(self) })
    }

    /// Lists the jobs, as a heartbeat tells them.
    pub(super) fn ids(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Ends a job for which no result is wanted; tells whether it was here.
    pub(super) fn stop(&self, id: &str) -> bool {
        let claim = self.lock().remove(id);
        if let Some(claim) = &claim {
            claim.interrupt(Interruption::Stopped);
        }
        claim.is_some()
    }

    /// Asks every job to end.
    pub(super) fn interrupt_all(&self) {
        for claim in self.lock().values() {
            claim.interrupt(Interruption::WorkerEnds);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Claim>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        let mut claims = self.claims.lock();
        // A stopped job may have come again under its id, and that is another claim.
        if claims.get(&self.claim.id).is_some_and(|other| Arc::ptr_eq(other, &self.claim)) {
            claims.remove(&self.claim.id);
        }
    }
}
