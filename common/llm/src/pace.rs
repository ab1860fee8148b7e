//! How many questions are under way at once: fewer after each rate limit, more again with success.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Answers in a row for one more place.
const ANSWERS_PER_PLACE: usize = 10;

/// Places shared by all tasks that ask one endpoint.
pub(crate) struct Pace {
    places: Semaphore,
    state: Mutex<State>,
    max_places: usize,
}

struct State {
    limit: usize,
    /// Places to take away when they come back.
    debt: usize,
    n_answers: usize,
    shrunk_at: Option<Instant>,
    /// Nobody starts before this: the server said so.
    hold_until: Option<Instant>,
}

/// A place in use; it comes back when it is dropped.
pub(crate) struct Place<'a> {
    pace: &'a Pace,
    permit: Option<SemaphorePermit<'a>>,
    started: Instant,
}

impl Pace {
    pub(crate) fn new(max_places: usize) -> Self {
        let state = State { limit: max_places, debt: 0, n_answers: 0, shrunk_at: None, hold_until: None };
        Self { places: Semaphore::new(max_places), state: Mutex::new(state), max_places }
    }

    /// Waits for a place, first come, first served, and for the end of any hold.
    pub(crate) async fn enter(&self) -> Place<'_> {
        let permit = self.places.acquire().await.expect("the semaphore is never closed");
        let mut place = Place { pace: self, permit: Some(permit), started: Instant::now() };
        loop {
            let hold = self.lock().hold_until;
            let Some(until) = hold.filter(|until| *until > Instant::now()) else { break };
            tokio::time::sleep_until(until).await;
        }
        place.started = Instant::now();
        place
    }

    /// Returns how many may be under way now.
    pub(crate) fn limit(&self) -> usize {
        self.lock().limit
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// Notes an answer; ten of them are worth one more place.
    pub(crate) fn answered(&self) {
        let mut state = self.pace.lock();
        if state.limit >= self.pace.max_places {
            return;
        }
        state.n_answers += 1;
        if state.n_answers < ANSWERS_PER_PLACE {
            return;
        }
        state.n_answers = 0;
        state.limit += 1;
        if state.debt > 0 {
            state.debt -= 1;
        } else {
            self.pace.places.add_permits(1);
        }
    }

    /// Notes a rate limit: half the places go, once for all attempts that ran into the same one.
    pub(crate) fn limited(&self) {
        let mut state = self.pace.lock();
        if state.shrunk_at.is_some_and(|shrunk_at| shrunk_at >= self.started) {
            return;
        }
        let halved = (state.limit / 2).max(1);
        state.debt += state.limit - halved;
        state.limit = halved;
        state.n_answers = 0;
        state.shrunk_at = Some(Instant::now());
    }

    /// Keeps everybody from starting for a while.
    pub(crate) fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.pace.lock();
        state.hold_until = Some(state.hold_until.map_or(until, |earlier| earlier.max(until)));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut state = self.pace.lock();
        if state.debt > 0 {
            state.debt -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn half_the_places_go_once_for_one_burst_of_limits() {
        let pace = Pace::new(10);
        let places = [pace.enter().await, pace.enter().await, pace.enter().await];
        tokio::time::advance(Duration::from_millis(1)).await;
        places.iter().for_each(Place::limited);
        assert_eq!(pace.limit(), 5);
        drop(places);
        for expected in [2, 1, 1] {
            tokio::time::advance(Duration::from_millis(1)).await;
            let place = pace.enter().await;
            tokio::time::advance(Duration::from_millis(1)).await;
            place.limited();
            assert_eq!(pace.limit(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn places_come_back_one_by_one() {
        let pace = Pace::new(4);
        pace.enter().await.limited();
        assert_eq!(pace.limit(), 2);
        let mut limits = Vec::new();
        for _ in 0..30 {
            pace.enter().await.answered();
            limits.push(pace.limit());
        }
        assert_eq!((limits[8], limits[9], limits[18], limits[19], limits[29]), (2, 3, 3, 4, 4));
    }

    #[tokio::test(start_paused = true)]
    async fn never_more_are_under_way_than_there_are_places() {
        let pace = Arc::new(Pace::new(8));
        let running = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..200)
            .map(|task| {
                let (pace, running) = (Arc::clone(&pace), Arc::clone(&running));
                tokio::spawn(async move {
                    let place = pace.enter().await;
                    let now = running.0.fetch_add(1, Ordering::SeqCst) + 1;
                    running.1.fetch_max(now, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    if task == 20 {
                        place.limited()
                    } else {
                        place.answered()
                    }
                    running.0.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("it does not panic");
        }
        assert_eq!(running.1.load(Ordering::SeqCst), 8);
        assert_eq!(pace.limit(), 8, "180 answers bring all places back");
        assert_eq!(pace.places.available_permits(), 8, "no place is lost and none is won");
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_keeps_all_back() {
        let pace = Pace::new(2);
        let place = pace.enter().await;
        place.hold(Duration::from_secs(3));
        let start = Instant::now();
        drop(pace.enter().await);
        assert_eq!(start.elapsed().as_secs(), 3);
    }
}
