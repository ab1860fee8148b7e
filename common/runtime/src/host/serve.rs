//! A process that works on whatever comes for its stages, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use pipeline::breaker::BreakerParams;
use pipeline::error::PipelineError;
use pipeline::{CancelFlag, Clock, Ports, StageName, Stages, Timestamp, Worker};
use tracing::{info, warn};

use crate::breaker::Breaker;
use crate::host::looks::{Looked, Looks};
use crate::host::units::{Units, Watch};

/// Between looks whether to stop, while there is nothing else to do.
const LOOK: Duration = Duration::from_millis(500);

/// How long a look at a queue waits for a message, which is as long as SQS keeps a connection open: an idle
/// worker then pays for three requests a minute and queue.
pub const LONG_POLL: Duration = Duration::from_secs(20);

/// How a process serves.
#[derive(Clone)]
pub struct ServeParams {
    /// Units at once.
    pub n_concurrent: usize,
    /// How long a look at an empty queue waits for a message, where the service knows how to.
    pub look: Duration,
    /// Wait between two looks at a queue that was empty.
    pub idle: Duration,
    /// How often the jobs that are not over are looked at for lost messages; `None` leaves it to others.
    pub reap_every: Option<Duration>,
    /// Once set, nothing new is begun.
    pub drain: CancelFlag,
    /// Time that running units then have before they are interrupted.
    pub grace: Duration,
    pub watch: Arc<dyn Watch>,
}

/// Works until told to drain, or until the worker's stop flag is set; what still runs is then interrupted,
/// and its messages go back.
///
/// A store or queue that does not answer ends nothing: messages come back by themselves.
pub async fn serve<P: Ports, S: Stages>(worker: &Arc<Worker<P, S>>, params: &ServeParams) {
    let stages: Vec<_> =
        StageName::ALL.into_iter().filter(|stage| worker.stages().version(*stage).is_some()).collect();
    info!("serving {}", stages.iter().map(|stage| stage.as_str()).collect::<Vec<_>>().join(", "));
    let mut units = Units::new(worker, params.n_concurrent, Arc::clone(&params.watch));
    let ports = worker.coordinator().ports();
    let mut looks = Looks::new(Arc::clone(ports), &stages, worker.lease(), params.look, params.idle);
    let mut has_new_room = true;
    let clock = ports.clock();
    let mut breaker = Breaker::new(BreakerParams::default());
    let mut reaped_at = clock.now();
    while !worker.stop_flag().is_set() && !params.drain.is_set() {
        if let Some(wait) = breaker.wait(clock.now()) {
            clock.sleep(wait.min(LOOK)).await;
            continue;
        }
        let went = if has_new_room && units.has_room() {
            looks.first().await.map_err(PipelineError::from).map(|found| match found {
                Some((queue, received)) => units.start(queue, received),
                None => has_new_room = false,
            })
        } else {
            if units.has_room() {
                looks.begin();
            }
            tokio::select! {
                Some(looked) = looks.next() => take(&mut units, &looks, looked).await,
                ended = units.next_end() => {
                    has_new_room = true;
                    ended
                }
                () = clock.sleep(params.idle) => Ok(()),
            }
        };
        match went.and(reap(worker, params, &mut reaped_at).await) {
            Ok(()) => breaker.succeeded(),
            Err(error) => {
                breaker.failed(clock.now());
                warn!("store or queues gave no answer: {error}");
            }
        }
    }
    tokio::select! {
        _ = async { tokio::join!(looks.stop(), drain(worker, params, &mut units)) } => {}
        () = stopped(worker) => {}
    }
    units.stop().await;
}

/// Waits for the order to stop at once.
async fn stopped<P: Ports, S: Stages>(worker: &Worker<P, S>) {
    while !worker.stop_flag().is_set() {
        worker.coordinator().ports().clock().sleep(LOOK).await;
    }
}

/// Starts what a look found, or lets others have it.
async fn take<P: Ports, S: Stages>(
    units: &mut Units<P, S>,
    looks: &Looks<P>,
    looked: Looked,
) -> Result<(), PipelineError> {
    if let Some((queue, received)) = looked? {
        match units.has_room() {
            true => units.start(queue, received),
            false => looks.hand_back(queue, &received).await,
        }
    }
    Ok(())
}

/// Lets what runs come to its end, as long as that may take.
async fn drain<P: Ports, S: Stages>(
    worker: &Arc<Worker<P, S>>,
    params: &ServeParams,
    units: &mut Units<P, S>,
) {
    let clock = worker.coordinator().ports().clock();
    let until = clock.now().plus(params.grace);
    while !units.is_idle() && !worker.stop_flag().is_set() && clock.now() < until {
        tokio::select! { _ = units.next_end() => {} () = clock.sleep(LOOK) => {} }
    }
}

async fn reap<P: Ports, S: Stages>(
    worker: &Worker<P, S>,
    params: &ServeParams,
    reaped_at: &mut Timestamp,
) -> Result<(), PipelineError> {
    let coordinator = worker.coordinator();
    let now = coordinator.ports().clock().now();
    if params.reap_every.is_none_or(|every| now.since(*reaped_at) < every) {
        return Ok(());
    }
    *reaped_at = now;
    for (tenant, job) in coordinator.all_active_jobs().await? {
        match coordinator.reap(&tenant, &job).await {
            // A job that this version cannot read is no reason to leave the others alone.
            Err(error) if error.is_of_one_job() => {
                warn!(job.id = %job, "a job was left alone: {error}");
            }
            reaped => drop(reaped?),
        }
    }
    Ok(())
}
