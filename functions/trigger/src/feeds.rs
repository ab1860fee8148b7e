//! Jobs that are followed: one look at a job serves all who follow it.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use pipeline::event::{Feed, step_events};
use pipeline::{Envelope, JobId, PipelineError, Tenant};
use tokio::sync::{Notify, Semaphore, watch};

use crate::app::App;
use crate::failure::{Answered, Failure};
use crate::once::Once;

/// Memory for the text of events that are told again and again, over all jobs.
const MAX_KEPT_BYTES: usize = 32 << 20;
/// A job stays followed for so long after the last who did, for those who poll.
const LINGER: Duration = Duration::from_secs(10);
/// A look that fails so often in a row ends what waits for it.
const MAX_FAILED_LOOKS: u32 = 5;

/// Steps that are read at the same time: each is some megabytes, which come in pieces.
const MAX_READING: usize = 8;

/// An event as it is told.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) type_name: &'static str,
    pub(crate) json: Box<str>,
}

impl Told {
    /// Reads the event back.
    pub(crate) fn envelope(&self) -> Answered<Envelope> {
        serde_json::from_str(&self.json).map_err(Failure::internal)
    }
}

/// The events of one step.
pub(crate) type Step = Arc<Vec<Told>>;

/// How far the order of a job's events is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) n_steps: u32,
    pub(crate) is_over: bool,
    n_looks: u64,
    failure: Option<Arc<Failure>>,
}

/// A job that is followed.
pub(crate) struct Followed {
    pub(crate) owner: Tenant,
    pub(crate) job: JobId,
    known: watch::Receiver<Known>,
    wake: Arc<Notify>,
    wanted: Arc<Mutex<Option<Arc<Followed>>>>,
}

/// All jobs that are followed by this process.
#[derive(Default)]
pub(crate) struct Feeds {
    look_every: Duration,
    followed: Mutex<HashMap<JobId, Weak<Followed>>>,
    steps: Steps,
}

/// A step's name.
type StepName = (JobId, u32);

/// Steps that were read a moment ago, each once for all streams.
struct Steps {
    kept: Arc<Mutex<Kept>>,
    reading: Arc<Semaphore>,
}

#[derive(Default)]
struct Kept {
    /// Those that are being read, too.
    steps: HashMap<StepName, Arc<Once<Step>>>,
    /// Those that were read, the first one first.
    order: VecDeque<(StepName, usize)>,
    n_bytes: usize,
}

impl Default for Steps {
    fn default() -> Self {
        Self { kept: Arc::default(), reading: Arc::new(Semaphore::new(MAX_READING)) }
    }
}

impl Feeds {
    pub(crate) fn new(look_every: Duration) -> Self {
        Self { look_every, ..Self::default() }
    }

    /// Looks at a job soon, if somebody follows it.
    pub(crate) fn nudge(&self, job: &JobId) {
        if let Some(followed) = self.find(job) {
            followed.wake.notify_one();
        }
    }

    fn find(&self, job: &JobId) -> Option<Arc<Followed>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner).get(job).and_then(Weak::upgrade)
    }

    /// Follows a job, and waits for a look that begins after now.
    pub(crate) async fn follow(&self, app: &App, owner: &Tenant, job: &JobId) -> Answered<Arc<Followed>> {
        let followed = self.find_or_begin(app, owner, job);
        let mut known = followed.known.clone();
        let n_looks = known.borrow_and_update().n_looks;
        let is_over = known.borrow().is_over;
        followed.wake.notify_one();
        if !is_over {
            let looked = known.wait_for(|known| known.n_looks > n_looks || known.failure.is_some()).await;
            if looked.is_err() {
                return Err(Failure::unavailable("the look at the job ended"));
            }
        }
        let failure = known.borrow().failure.clone();
        match failure {
            Some(failure) => Err((*failure).clone()),
            None => Ok(followed),
        }
    }

    fn find_or_begin(&self, app: &App, owner: &Tenant, job: &JobId) -> Arc<Followed> {
        let mut all = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(followed) = all.get(job).and_then(Weak::upgrade) {
            return followed;
        }
        all.retain(|_, followed| followed.strong_count() > 0);
        let (sender, known) = watch::channel(Known::default());
        let wake = Arc::new(Notify::new());
        let wanted = Arc::new(Mutex::new(None));
        let followed = Arc::new(Followed {
            owner: owner.clone(),
            job: job.clone(),
            known,
            wake: Arc::clone(&wake),
            wanted: Arc::clone(&wanted),
        });
        all.insert(job.clone(), Arc::downgrade(&followed));
        let look = Look { app: app.clone(), sender, wake, every: self.look_every };
        tokio::spawn(look.on(Arc::downgrade(&followed), owner.clone(), job.clone()));
        followed
    }

    /// Reads the events of a step, or finds them kept.
    pub(crate) async fn step(&self, app: &App, followed: &Followed, number: u32) -> Answered<Step> {
        let (app, owner, of_job) = (app.clone(), followed.owner.clone(), followed.job.clone());
        let read = || async move {
            app.metrics().step_read();
            let events = step_events(app.ports(), &owner, &of_job, number).await?;
            let told = events.into_iter().map(|envelope| Told {
                type_name: envelope.event.type_name(),
                json: serde_json::to_string(&envelope).unwrap_or_default().into(),
            });
            Ok::<Vec<Told>, Failure>(told.collect())
        };
        self.steps.get((followed.job.clone(), number), read).await
    }
}

impl Steps {
    /// Finds a step, or has it read; who asks meanwhile waits for the same reading.
    async fn get<R>(&self, name: StepName, read: impl FnOnce() -> R) -> Answered<Step>
    where
        R: Future<Output = Answered<Vec<Told>>> + Send + 'static,
    {
        let cell = Arc::clone(lock(&self.kept).steps.entry(name.clone()).or_default());
        let (kept, reading) = (Arc::clone(&self.kept), Arc::clone(&self.reading));
        let make = || {
            let read = read();
            async move {
                let _place = reading.acquire_owned().await.map_err(Failure::internal)?;
                let step = read.await.map(Arc::new);
                lock(&kept).was_read(name, step.as_ref().ok());
                step
            }
        };
        cell.get(make).await
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    /// Keeps a step that was read, in the place of the first ones; forgets one that was not.
    fn was_read(&mut self, name: StepName, step: Option<&Step>) {
        let Some(step) = step else {
            self.steps.remove(&name);
            return;
        };
        let n_bytes: usize = step.iter().map(|told| size_of::<Told>() + told.json.len()).sum();
        self.order.push_back((name, n_bytes));
        self.n_bytes += n_bytes;
        while self.n_bytes > MAX_KEPT_BYTES {
            let Some((first, n_bytes)) = self.order.pop_front() else { break };
            self.steps.remove(&first);
            self.n_bytes -= n_bytes;
        }
    }
}

impl Followed {
    /// Returns what is known now.
    pub(crate) fn known(&self) -> Known {
        self.known.borrow().clone()
    }

    /// Watches for more.
    pub(crate) fn watch(&self) -> watch::Receiver<Known> {
        self.known.clone()
    }

    /// Keeps the job followed for a while after the caller is gone.
    pub(crate) fn linger(self: &Arc<Self>) {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted.replace(Arc::clone(self)).is_some() {
            return;
        }
        let wanted = Arc::clone(&self.wanted);
        tokio::spawn(async move {
            tokio::time::sleep(LINGER).await;
            wanted.lock().unwrap_or_else(PoisonError::into_inner).take();
        });
    }
}

/// Looks at one job as long as somebody follows it and it is not over.
struct Look {
    app: App,
    sender: watch::Sender<Known>,
    wake: Arc<Notify>,
    every: Duration,
}

impl Look {
    async fn on(self, followed: Weak<Followed>, owner: Tenant, job: JobId) {
        let mut feed = Feed::new(owner.clone(), job.clone());
        let mut n_failed = 0;
        while followed.strong_count() > 0 {
            let looked = feed.advance(self.app.ports()).await;
            if feed.is_over() {
                // Whoever sees the end must find the docpack in the lists.
                if let Err(error) = crate::sync::sync_job(&self.app, &owner, &job).await {
                    tracing::warn!(job.id = %job, "the ledger is behind: {}", error.detail);
                }
            }
            n_failed = if looked.is_ok() { 0 } else { n_failed + 1 };
            let failure = looked.err().filter(|error| is_final(error) || n_failed >= MAX_FAILED_LOOKS);
            let failure = failure.map(|error| Arc::new(Failure::from(error)));
            let is_done = feed.is_over() || failure.is_some();
            self.sender.send_modify(|known| {
                *known = Known {
                    n_steps: feed.n_steps(),
                    is_over: feed.is_over(),
                    n_looks: known.n_looks + 1,
                    failure,
                };
            });
            if is_done {
                break;
            }
            tokio::select! {
                () = self.app.stopped() => break,
                _ = tokio::time::timeout(self.every, self.wake.notified()) => {}
            }
        }
    }
}

fn is_final(error: &PipelineError) -> bool {
    matches!(error, PipelineError::NoSuchJob { .. }) || error.is_of_one_job()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn name(number: u32) -> StepName {
        ("job_1".parse().expect("an id"), number)
    }

    /// One event of so many bytes.
    fn told(n_bytes: usize) -> Vec<Told> {
        vec![Told { type_name: "job.created.v1", json: "x".repeat(n_bytes).into() }]
    }

    #[tokio::test]
    async fn many_who_ask_at_once_share_one_reading() {
        let (steps, n_reads) = (Steps::default(), Arc::new(AtomicUsize::new(0)));
        let read = || {
            let n_reads = Arc::clone(&n_reads);
            async move {
                n_reads.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(told(10))
            }
        };
        let all = futures_util::future::join_all((0..500).map(|_| steps.get(name(0), read))).await;
        assert_eq!(n_reads.load(Ordering::SeqCst), 1);
        let first = all[0].as_ref().expect("it is read");
        assert!(all.iter().all(|step| step.as_ref().is_ok_and(|step| Arc::ptr_eq(step, first))));
    }

    #[tokio::test]
    async fn memory_is_bounded_and_what_failed_is_read_again() {
        let steps = Steps::default();
        for number in 0..5 {
            steps.get(name(number), || async { Ok(told(MAX_KEPT_BYTES / 3)) }).await.expect("it is read");
        }
        let sizes = |kept: &Kept| (kept.order.len(), kept.steps.len(), kept.n_bytes <= MAX_KEPT_BYTES);
        assert_eq!(sizes(&lock(&steps.kept)), (2, 2, true));
        let failed = steps.get(name(9), || async { Err(Failure::internal("it is broken")) }).await;
        assert!(failed.is_err() && !lock(&steps.kept).steps.contains_key(&name(9)));
        assert!(steps.get(name(9), || async { Ok(told(1)) }).await.is_ok());
    }
}
