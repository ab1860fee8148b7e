//! A process that works on whatever comes for its stages, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use pipeline::error::PipelineError;
use pipeline::{Clock, Ports, StageName, Stages, Tenant, Timestamp, Worker};
use tracing::{info, warn};

use crate::host::units::Units;

/// Wait after a store or queue gave no answer; doubles up to [`MAX_BACKOFF`].
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// How a process serves.
#[derive(Debug, Clone)]
pub struct ServeParams {
    /// Units at once.
    pub n_concurrent: usize,
    /// Wait between looks at empty queues, on top of what a look itself waits.
    pub idle: Duration,
    /// How often the jobs that are not over are looked at for lost messages; `None` leaves it to others.
    pub reap_every: Option<Duration>,
}

/// Works until the worker's stop flag is set; what then runs is interrupted, and its messages go back.
///
/// A store or queue that does not answer ends nothing: messages come back by themselves.
pub async fn serve<P: Ports, S: Stages>(worker: &Arc<Worker<P, S>>, params: &ServeParams) {
    let stages: Vec<_> =
        StageName::ALL.into_iter().filter(|stage| worker.stages().version(*stage).is_some()).collect();
    info!("serving {}", stages.iter().map(|stage| stage.as_str()).collect::<Vec<_>>().join(", "));
    let mut units = Units::new(worker, stages.into_iter(), params.n_concurrent);
    let clock = worker.coordinator().ports().clock();
    let mut backoff = FIRST_BACKOFF;
    let mut reaped_at = clock.now();
    while !worker.stop_flag().is_set() {
        let looked = match units.start().await {
            Ok(true) => continue,
            Ok(false) => tokio::select! {
                ended = units.next_end() => ended,
                () = clock.sleep(params.idle) => Ok(()),
            },
            Err(error) => Err(error),
        };
        match looked.and(reap(worker, params, &mut reaped_at).await) {
            Ok(()) => backoff = FIRST_BACKOFF,
            Err(error) => {
                warn!("trying again in {} ms: {error}", backoff.as_millis());
                clock.sleep(backoff).await;
                backoff = (backoff * 2).min(MAX_BACKOFF);
            }
        }
    }
    units.stop().await;
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
    let tenant = Tenant::local();
    for job in coordinator.active_jobs(&tenant).await? {
        coordinator.reap(&tenant, &job).await?;
    }
    Ok(())
}
