//! Work that is done once for all who ask, and to its end though they go away.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use crate::failure::{Answered, Failure};

/// A value that a task of its own makes for the first who asks.
pub(crate) struct Once<T: Clone>(Mutex<Option<Shared<BoxFuture<'static, Answered<T>>>>>);

impl<T: Clone> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone + Send + Sync + 'static> Once<T> {
    /// Returns the value; `make` is called unless it is made or being made.
    ///
    /// All who ask meanwhile wait for the same making, and share its failure; who asks after a failure tries again.
    pub(crate) async fn get<W>(self: &Arc<Self>, make: impl FnOnce() -> W) -> Answered<T>
    where
        W: Future<Output = Answered<T>> + Send + 'static,
    {
        let making = self.making(make);
        making.await
    }

    fn making<W>(self: &Arc<Self>, make: impl FnOnce() -> W) -> Shared<BoxFuture<'static, Answered<T>>>
    where
        W: Future<Output = Answered<T>> + Send + 'static,
    {
        let mut state = self.lock();
        // A making that panicked is over and left no value.
        if let Some(making) = state.as_ref().filter(|making| making.peek().is_none_or(Result::is_ok)) {
            return making.clone();
        }
        let (work, this) = (make(), Arc::clone(self));
        let task = tokio::spawn(async move {
            let made = work.await;
            if made.is_err() {
                *this.lock() = None;
            }
            made
        });
        let making = async move { task.await.unwrap_or_else(|error| Err(Failure::internal(error))) };
        state.insert(making.boxed().shared()).clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shared<BoxFuture<'static, Answered<T>>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Waker};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn what_was_begun_is_finished_and_kept_though_who_asked_went_away() {
        let (cell, go, n_made) = (Arc::new(Once::default()), Arc::new(Notify::new()), Arc::default());
        let make = |n_made: &Arc<AtomicUsize>| {
            let (go, n_made) = (Arc::clone(&go), Arc::clone(n_made));
            move || async move {
                go.notified().await;
                Ok(n_made.fetch_add(1, Ordering::SeqCst))
            }
        };
        let mut asking = Box::pin(cell.get(make(&n_made)));
        assert!(asking.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(asking);
        go.notify_one();
        assert_eq!(cell.get(make(&n_made)).await.ok(), Some(0));
        assert_eq!(cell.get(make(&n_made)).await.ok(), Some(0));
        assert_eq!(n_made.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn all_who_wait_share_a_failure_and_the_next_tries_again() {
        let (cell, n_made) = (Arc::new(Once::default()), AtomicUsize::new(0));
        let fail = || {
            n_made.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::task::yield_now().await;
                Err::<u8, _>(Failure::internal("it is broken"))
            }
        };
        let (one, other) = tokio::join!(cell.get(fail), cell.get(fail));
        assert!(one.is_err() && other.is_err());
        assert_eq!(n_made.load(Ordering::SeqCst), 1);
        assert_eq!(cell.get(|| async { Ok(7) }).await.ok(), Some(7));
    }
}
