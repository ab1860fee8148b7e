//! The channel on which the server names jobs whose result it no longer wants.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::host::runpod::pace::{Pace, Poll};
use crate::host::runpod::worker::Parts;

#[derive(Deserialize)]
struct Signals {
    #[serde(rename = "jobsToStop", default)]
    jobs: Vec<Value>,
}

/// Listens for ever.
pub(super) async fn listen(parts: Arc<Parts>) {
    let Some(url) = parts.templates.stop() else {
        warn!("the address of a take does not tell where jobs are stopped, so none can be");
        return;
    };
    let waits = &parts.settings.waits;
    let mut pace = Pace::new(waits);
    loop {
        let begun = Instant::now();
        let poll = match parts.poll(&url).await {
            Poll::Found(body) => signals(&body),
            poll => poll.without_body(),
        };
        match &poll {
            Poll::Found(ids) => ids.iter().for_each(|id| stop(&parts, id)),
            Poll::Failed { reason } => debug!("no word on jobs to stop: {reason}"),
            _ => {}
        }
        let wait = pace.after(&poll, begun.elapsed());
        // Also after an answer: a server that repeats itself is asked once a second.
        tokio::time::sleep(wait.max(waits.poll_spacing.saturating_sub(begun.elapsed()))).await;
    }
}

fn stop(parts: &Parts, id: &str) {
    if parts.claims.stop(id) {
        info!(job.id = id, "job {id} is stopped by the server");
    }
}

fn signals(body: &[u8]) -> Poll<Vec<String>> {
    match serde_json::from_slice(body) {
        Ok(Signals { jobs }) if jobs.is_empty() => Poll::Nothing,
        Ok(Signals { jobs }) => {
            Poll::Found(jobs.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        Err(error) => Poll::Failed { reason: error.to_string() },
    }
}
