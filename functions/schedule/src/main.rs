//! The process for schedules and lost messages: one tick a minute, or one for each invocation by Lambda.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use doctown_schedule::{SourceBuilder, Tick};
use pipeline::{Clock, Coordinator, PipelineError};
use runtime::cloud::CloudPorts;
use runtime::config::Mode;
use runtime::host::task::{self, Task};
use runtime::host::{StartError, lambda};
use runtime::{SystemClock, cloud};
use serde_json::{Value, json};
use tracing::{info, warn};

/// Between two ticks; schedules count in minutes.
const TICK: Duration = Duration::from_secs(60);
/// Between looks whether to stop.
const LOOK: Duration = Duration::from_millis(500);

type Builder = SourceBuilder<CloudPorts>;

fn main() -> ExitCode {
    task::main(work)
}

async fn work(task: Arc<Task>) -> Result<(), StartError> {
    let metrics = Arc::clone(&task.metrics);
    let ports = cloud::open(&task.config, Some(Box::new(move |event| metrics.observe(event)))).await?;
    let name = format!("schedule-{}-{}", std::process::id(), SystemClock.now());
    let coordinator = Arc::new(Coordinator::new(Arc::new(ports), name));
    let builder = SourceBuilder::new(Arc::clone(&coordinator), &task.config)?;
    task.is_ready();
    match task.config.host.mode {
        Some(Mode::Lambda) => {
            lambda::serve_events(|_, _| async { tick(&coordinator, &builder).await.map_err(failed) }).await
        }
        Some(Mode::Once) => tick(&coordinator, &builder).await.map(drop).map_err(failed),
        _ => {
            every_minute(&task, &coordinator, &builder).await;
            Ok(())
        }
    }
}

async fn every_minute(task: &Task, coordinator: &Coordinator<CloudPorts>, builder: &Builder) {
    while !task.drain.is_set() {
        let begun = SystemClock.now();
        if let Err(error) = tick(coordinator, builder).await {
            warn!("a tick was cut short, and the next one goes on: {error}");
        }
        while !task.drain.is_set() && SystemClock.now().since(begun) < TICK {
            SystemClock.sleep(LOOK).await;
        }
    }
}

async fn tick(coordinator: &Coordinator<CloudPorts>, builder: &Builder) -> Result<Value, PipelineError> {
    let Tick { scheduled, n_jobs, n_left, n_resent, n_closed } = Tick::run(coordinator, builder).await?;
    let n_scheduled = scheduled.len();
    info!(
        n_jobs,
        n_left, n_resent, n_closed, n_scheduled, "looked at {n_jobs} jobs, {n_scheduled} windows were due"
    );
    Ok(
        json!({"n_jobs": n_jobs, "n_left": n_left, "n_resent": n_resent, "n_closed": n_closed, "n_scheduled": n_scheduled}),
    )
}

fn failed(error: PipelineError) -> StartError {
    StartError::new("store_unavailable", error.to_string())
}
