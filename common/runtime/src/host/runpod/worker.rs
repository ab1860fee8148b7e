//! The loop: takes while there is room, and an end that answers for everything taken.

use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use pipeline::CancelFlag;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::{error, info, warn};

use crate::config::RunpodSettings;
use crate::host::runpod::claims::Claims;
use crate::host::runpod::connection::Connection;
use crate::host::runpod::job::{self, AbortOnDrop};
use crate::host::runpod::pace::{Pace, Poll};
use crate::host::runpod::ping::Heartbeat;
use crate::host::runpod::results::Teller;
use crate::host::runpod::stop;
use crate::host::runpod::take::Element;
use crate::host::runpod::templates::Templates;
use crate::host::runpod::{RunpodError, RunpodHandler};

/// How often a flag is looked at; short beside every wait of a server.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What all parts of a worker share.
pub(super) struct Parts {
    pub(super) settings: RunpodSettings,
    pub(super) templates: Templates,
    pub(super) connection: Connection,
    pub(super) claims: Arc<Claims>,
    pub(super) teller: Teller,
    /// Set once the worker is to end.
    ends_at: OnceLock<Instant>,
}

/// A worker that pings, and is about to take.
pub(super) struct Worker<H> {
    parts: Arc<Parts>,
    handler: Arc<H>,
    stop: CancelFlag,
    running: JoinSet<()>,
    slots: Arc<Semaphore>,
    heartbeat: Heartbeat,
}

impl<H: RunpodHandler> Worker<H> {
    pub(super) fn start(
        settings: &RunpodSettings,
        handler: Arc<H>,
        stop: CancelFlag,
    ) -> Result<Self, RunpodError> {
        let parts = Arc::new(Parts {
            settings: settings.clone(),
            templates: Templates::new(settings)?,
            connection: Connection::new(settings)?,
            claims: Arc::default(),
            teller: Teller::new(settings),
            ends_at: OnceLock::new(),
        });
        let heartbeat = Heartbeat::start(&parts)?;
        let slots = Arc::new(Semaphore::new(settings.n_concurrent.max(1)));
        Ok(Self { parts, handler, stop, running: JoinSet::new(), slots, heartbeat })
    }

    pub(super) async fn run(mut self) -> Result<(), RunpodError> {
        let stops = AbortOnDrop(tokio::spawn(stop::listen(Arc::clone(&self.parts))));
        let outcome = self.take_jobs().await;
        self.drain().await;
        drop(stops);
        self.heartbeat.end().await;
        outcome
    }

    async fn take_jobs(&mut self) -> Result<(), RunpodError> {
        let parts = Arc::clone(&self.parts);
        let n_concurrent = parts.settings.n_concurrent.max(1);
        let mut pace = Pace::new(&parts.settings.waits);
        while !self.stop.is_set() {
            while self.running.try_join_next().is_some() {}
            let n_free = n_concurrent.saturating_sub(self.running.len());
            if n_free == 0 {
                tokio::select! {
                    _ = self.running.join_next() => {}
                    () = is_set(&self.stop) => {}
                }
                continue;
            }
            let begun = Instant::now();
            let Some(mut poll) = self.take(n_free).await else { break };
            if let Poll::Found(elements) = &mut poll {
                let n_begun = std::mem::take(elements).into_iter().filter_map(|one| self.begin(one)).count();
                if n_begun == 0 {
                    poll = Poll::Nothing;
                }
            }
            match &poll {
                Poll::Failed { reason } => warn!("no jobs could be taken: {reason}"),
                Poll::NotAuthorised => warn!("no jobs could be taken: the key is refused"),
                _ => {}
            }
            let wait = pace.after(&poll, begun.elapsed());
            if pace.refused_for() >= parts.settings.waits.not_authorised {
                return Err(RunpodError::NotAuthorised { since: pace.refused_for() });
            }
            tokio::select! {
                () = sleep(wait) => {}
                () = is_set(&self.stop) => {}
            }
        }
        Ok(())
    }

    /// Takes once; `None` when the worker is to end and no job came in the time that was left for one.
    async fn take(&self, n_free: usize) -> Option<Poll<Vec<Element>>> {
        let mut take = pin!(self.parts.take(n_free));
        tokio::select! {
            biased;
            poll = &mut take => return Some(poll),
            () = is_set(&self.stop) => {}
        }
        // A server that hands out a job at this very moment believes it to be here.
        self.parts.time_left();
        timeout(self.parts.settings.waits.open_take, take).await.ok()
    }

    /// Starts a job; `None` when it is here already.
    fn begin(&mut self, element: Element) -> Option<()> {
        let Some(claimed) = self.parts.claims.claim(element.id()) else {
            let id = element.id();
            warn!(job.id = id, "job {id} was handed out again while it is here");
            return None;
        };
        let (parts, handler) = (Arc::clone(&self.parts), Arc::clone(&self.handler));
        let slots = Arc::clone(&self.slots);
        self.running.spawn(job::run(parts, handler, element, claimed, slots));
        Some(())
    }

    /// Lets what runs come to its end, in the time that is left.
    async fn drain(&mut self) {
        let left = self.parts.time_left();
        let ends_at = Instant::now() + left;
        let kept = self.parts.settings.waits.last_answers.min(left);
        info!("ending, {} jobs run", self.running.len());
        if timeout_at(ends_at - kept, all(&mut self.running)).await.is_ok() {
            return;
        }
        self.parts.claims.interrupt_all();
        if timeout_at(ends_at, all(&mut self.running)).await.is_err() {
            let lost = self.parts.claims.ids().join(", ");
            error!("the worker ends before these jobs could be answered: {lost}");
            self.running.shutdown().await;
        }
    }
}

impl Parts {
    /// Returns what is left of the grace period, which begins with the first call.
    pub(super) fn time_left(&self) -> Duration {
        let ends_at = self.ends_at.get_or_init(|| Instant::now() + self.settings.grace);
        ends_at.saturating_duration_since(Instant::now())
    }

    /// Waits until the worker is to end; returns what is left.
    pub(super) async fn ends(&self) -> Duration {
        while self.ends_at.get().is_none() {
            sleep(LOOK_EVERY).await;
        }
        self.time_left()
    }
}

async fn is_set(flag: &CancelFlag) {
    while !flag.is_set() {
        sleep(LOOK_EVERY).await;
    }
}

async fn all(running: &mut JoinSet<()>) {
    while running.join_next().await.is_some() {}
}
