//! Running a try: the stage's work beside a heartbeat that watches for its end.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tracing::Instrument;

use crate::attempt::tries::Try;
use crate::attempt::{AttemptLimits, Worker};
use crate::error::StageError;
use crate::event::{Context, EventBuffer, Speaker};
use crate::job::to_json;
use crate::key::ArtifactKey;
use crate::message::Message;
use crate::plan::StageName;
use crate::port::{Clock, Ports, Queue, QueueName, Receipt};
use crate::stage::{CancelFlag, Stages, UnitOutput, UnitParts, UnitRun};
use crate::state::StateDocument;

/// How often a try looks whether it should stop.
const TICK: Duration = Duration::from_millis(200);
/// Ticks between two writes of events.
const TICKS_PER_FLUSH: u32 = 5;
/// Heartbeats that fit into a message's visibility and a lease.
const HEARTBEATS_PER_LEASE: u32 = 3;
/// Time that a cancelled try has to return before it is left behind.
const GRACE: Duration = Duration::from_secs(20);

/// What a heartbeat renews, and for what.
pub(super) struct Pulse<'a> {
    pub(super) queue: QueueName,
    pub(super) receipt: &'a Receipt,
    pub(super) state: &'a StateDocument,
    pub(super) this_try: &'a Try,
    /// Tries that count, this one included.
    pub(super) n_counted: u32,
    pub(super) limits: &'a AttemptLimits,
}

/// Why a try was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stopped {
    JobOver,
    ByHost,
    TimeLimit,
}

impl<P: Ports, S: Stages> Worker<P, S> {
    /// Runs one try to its end and stores its events.
    pub(super) async fn run(&self, message: &Message, pulse: &Pulse<'_>) -> Result<UnitOutput, StageError> {
        let Message { stage, unit, .. } = message;
        let cancel = CancelFlag::default();
        let speaker = Speaker::of_unit(pulse.state, *stage, unit, pulse.this_try.number);
        let events = Arc::new(EventBuffer::new(speaker));
        let unit_run = UnitRun::new(UnitParts {
            ports: Arc::clone(&self.coordinator.ports),
            state: pulse.state.clone(),
            stage: *stage,
            unit: unit.clone(),
            try_number: pulse.this_try.number,
            n_counted: pulse.n_counted,
            ends_at: pulse.this_try.started_at.plus(time_limit(*stage, pulse.limits)),
            cancel: cancel.clone(),
            events: Arc::clone(&events),
        });
        let stopped = Mutex::new(None);
        let span = unit_span(message, pulse);
        let work = AssertUnwindSafe(self.stages.run(*stage, &unit_run).instrument(span)).catch_unwind();
        let watch = self.watch(message, pulse, &cancel, &stopped, &events);
        let result = match select(pin!(work), pin!(watch)).await {
            Either::Left((Ok(result), _)) => result,
            Either::Left((Err(panic), _)) => Err(StageError::retry("stage_panicked", panic_text(&*panic))),
            Either::Right(((), _)) => Err(StageError::Cancelled),
        };
        self.flush(message, pulse, &events).await;
        match (result, *stopped.lock().unwrap_or_else(PoisonError::into_inner)) {
            (Err(StageError::Cancelled), Some(Stopped::TimeLimit)) => {
                let limit = time_limit(*stage, pulse.limits).as_secs();
                Err(StageError::retry("time_limit_exceeded", format!("not done after {limit} s")))
            }
            (result, _) => result,
        }
    }

    /// Keeps message and lease, stores events, and asks the work to stop; returns when it does not.
    async fn watch(
        &self,
        message: &Message,
        pulse: &Pulse<'_>,
        cancel: &CancelFlag,
        stopped: &Mutex<Option<Stopped>>,
        events: &EventBuffer,
    ) {
        let clock = self.coordinator.ports.clock();
        let ticks_per_heartbeat = self.ticks_per_heartbeat();
        let mut asked_at = None;
        for tick in 1_u32.. {
            clock.sleep(TICK).await;
            let now = clock.now();
            let job_over = tick % ticks_per_heartbeat == 0 && self.beat(message, pulse).await;
            if tick % TICKS_PER_FLUSH == 0 {
                self.flush(message, pulse, events).await;
            }
            let late = time_limit(message.stage, pulse.limits) <= now.since(pulse.this_try.started_at);
            let is_stopped = self.stop.is_set() || pulse.limits.stop.is_set();
            let why = match (job_over, is_stopped, late) {
                (true, ..) => Some(Stopped::JobOver),
                (_, true, _) => Some(Stopped::ByHost),
                (.., true) => Some(Stopped::TimeLimit),
                _ => None,
            };
            if let (Some(why), None) = (why, asked_at) {
                *stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
                cancel.set();
                asked_at = Some(now);
            }
            if asked_at.is_some_and(|asked_at| now.since(asked_at) >= GRACE) {
                return;
            }
        }
    }

    /// Keeps message and lease while a try's result is written, which a slow store may draw out.
    pub(super) async fn beside_beats<T>(
        &self,
        message: &Message,
        pulse: &Pulse<'_>,
        work: impl Future<Output = T>,
    ) -> T {
        let beats = async {
            loop {
                self.coordinator.ports.clock().sleep(TICK * self.ticks_per_heartbeat()).await;
                self.beat(message, pulse).await;
            }
        };
        match select(pin!(work), pin!(beats)).await {
            Either::Left((result, _)) => result,
            Either::Right((never, _)) => never,
        }
    }

    fn ticks_per_heartbeat(&self) -> u32 {
        let ticks = self.lease.as_millis() / TICK.as_millis() / u128::from(HEARTBEATS_PER_LEASE);
        u32::try_from(ticks).unwrap_or(u32::MAX).max(1)
    }

    /// Renews message and lease; tells whether the job is over, or gone with its account. Failures are left to the
    /// next beat: the worst that follows is that another worker does the same unit too.
    async fn beat(&self, message: &Message, pulse: &Pulse<'_>) -> bool {
        let (io, ports) = (self.coordinator.io(), &self.coordinator.ports);
        if !pulse.receipt.is_none() {
            let _ = ports.queue().extend(pulse.queue, pulse.receipt, self.lease).await;
        }
        let is_over = match io.state(&message.tenant, &message.job).await {
            Ok(Some((state, _))) => state.phase.is_terminal() || state.deadline <= ports.clock().now(),
            Ok(None) => true,
            Err(_) => false,
        };
        if !is_over {
            let _ = pulse.this_try.renew_lease(&io, ports.clock().now()).await;
        }
        is_over
    }

    /// Stores the events that wait. They decide nothing, so one that cannot be stored is lost.
    async fn flush(&self, message: &Message, pulse: &Pulse<'_>, events: &EventBuffer) {
        let Message { tenant, job, stage, unit, .. } = message;
        let number = pulse.this_try.number;
        while let Some((segment_idx, segment)) = events.take_segment() {
            let key = ArtifactKey::EventSegment { job, stage: *stage, unit, number, segment_idx }.of(tenant);
            let _ = self.coordinator.io().create(&key, &to_json(&segment)).await;
        }
    }
}

/// What log lines and traces of a unit are found by.
fn unit_span(message: &Message, pulse: &Pulse<'_>) -> tracing::Span {
    let Pulse { state, this_try, .. } = pulse;
    let context = Context::of(state);
    tracing::info_span!(
        "unit",
        job.id = %message.job,
        stage.name = %message.stage,
        unit = %message.unit,
        attempt = this_try.number,
        owner = context.owner,
        repo = context.repo_url,
    )
}

fn time_limit(stage: StageName, limits: &AttemptLimits) -> Duration {
    let planned = stage.plan().time_limit;
    limits.time_limit.map_or(planned, |limit| limit.min(planned))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("the stage panicked: {}", text.as_deref().unwrap_or("without a message"))
}
