//! A worker of a RunPod queue endpoint whose jobs contain their own instructions; for scripts/check-runpod.

extern crate doctown_runtime as runtime;

#[path = "../tests/it/runpod/by_mode.rs"]
mod by_mode;

use std::sync::Arc;

use by_mode::ByMode;
use pipeline::CancelFlag;
use runtime::config::Config;
use runtime::host::runpod::work;
use tokio::signal::unix::{SignalKind, signal};

type AnyError = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let config = Config::from_env()?;
    let _telemetry = runtime::telemetry::start(&config.log, &config.telemetry);
    let settings = config.runpod.ok_or("`RUNPOD_WEBHOOK_GET_JOB` is not set")?;
    let (stop, mut terminated) = (CancelFlag::default(), signal(SignalKind::terminate())?);
    let flag = stop.clone();
    tokio::spawn(async move {
        terminated.recv().await;
        flag.set();
    });
    Ok(work(&settings, Arc::new(ByMode), stop).await?)
}
