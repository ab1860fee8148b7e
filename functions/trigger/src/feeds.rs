//! Jobs that are followed: one look at a job serves all who follow it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use pipeline::event::{Feed, step_events};
use pipeline::{Envelope, JobId, PipelineError};
use tokio::sync::{Notify, watch};

use crate::app::App;
use crate::failure::{Answered, Failure};

/// Memory for the text of events that are told again and again, over all jobs.
const MAX_KEPT_BYTES: usize = 32 << 20;
/// A job stays followed for so long after the last who did, for those who poll.
const LINGER: Duration = Duration::from_secs(10);
/// A look that fails so often in a row ends what waits for it.
const MAX_FAILED_LOOKS: u32 = 5;

/// An event as it is told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) type_name: &'static str,
    pub(crate) json: String,
    pub(crate) envelope: Envelope,
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
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    steps: HashMap<(JobId, u32), Step>,
    order: VecDeque<((JobId, u32), usize)>,
    n_bytes: usize,
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
    pub(crate) async fn follow(&self, app: &App, job: &JobId) -> Answered<Arc<Followed>> {
        let followed = self.find_or_begin(app, job);
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

    fn find_or_begin(&self, app: &App, job: &JobId) -> Arc<Followed> {
        let mut all = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(followed) = all.get(job).and_then(Weak::upgrade) {
            return followed;
        }
        all.retain(|_, followed| followed.strong_count() > 0);
        let (sender, known) = watch::channel(Known::default());
        let wake = Arc::new(Notify::new());
        let wanted = Arc::new(Mutex::new(None));
        let followed = Arc::new(Followed {
            job: job.clone(),
            known,
            wake: Arc::clone(&wake),
            wanted: Arc::clone(&wanted),
        });
        all.insert(job.clone(), Arc::downgrade(&followed));
        let look = Look { app: app.clone(), sender, wake, every: self.look_every };
        tokio::spawn(look.on(Arc::downgrade(&followed), job.clone()));
        followed
    }

    /// Reads the events of a step, or finds them kept.
    pub(crate) async fn step(&self, app: &App, job: &JobId, number: u32) -> Answered<Step> {
        let name = (job.clone(), number);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).steps.get(&name).cloned();
        if let Some(step) = kept {
            return Ok(step);
        }
        let events = step_events(app.ports(), app.tenant(), job, number).await?;
        let told = events.into_iter().map(|envelope| Told {
            type_name: envelope.event.type_name(),
            json: serde_json::to_string(&envelope).unwrap_or_default(),
            envelope,
        });
        let step: Step = Arc::new(told.collect());
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).add(name, &step);
        Ok(step)
    }
}

impl Kept {
    fn add(&mut self, name: (JobId, u32), step: &Step) {
        // The text and about as much again for the event itself.
        let n_bytes: usize = step.iter().map(|told| 2 * told.json.len()).sum();
        if self.steps.insert(name.clone(), Arc::clone(step)).is_none() {
            self.order.push_back((name, n_bytes));
            self.n_bytes += n_bytes;
        }
        while self.n_bytes > MAX_KEPT_BYTES {
            let Some((oldest, n_bytes)) = self.order.pop_front() else { break };
            self.steps.remove(&oldest);
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
    async fn on(self, followed: Weak<Followed>, job: JobId) {
        let mut feed = Feed::new(self.app.tenant().clone(), job.clone());
        let mut n_failed = 0;
        while followed.strong_count() > 0 {
            let looked = feed.advance(self.app.ports()).await;
            if feed.is_over() {
                // Whoever sees the end must find the docpack in the lists.
                if let Err(error) = crate::sync::sync_job(&self.app, &job).await {
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
    matches!(error, PipelineError::NoSuchJob { .. } | PipelineError::Damaged { .. })
}
