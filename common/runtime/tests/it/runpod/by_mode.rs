//! A handler that does what a job's `mode` says, as scripts/lib/runpod_worker.py does for RunPod's own worker.

use std::time::Duration;

use runtime::host::runpod::{HandlerError, JobContext, RunpodHandler, RunpodJob};
use serde_json::{Value, json};

pub(crate) struct ByMode;

impl RunpodHandler for ByMode {
    async fn run(&self, job: RunpodJob, context: JobContext) -> Result<Value, HandlerError> {
        let RunpodJob { input, .. } = job;
        let work = Duration::from_millis(input["work_ms"].as_u64().unwrap_or(0));
        match input["mode"].as_str().unwrap_or_default() {
            "null" => Ok(Value::Null),
            "list" => Ok(json!([1, 2])),
            "text" => Ok(json!("plain")),
            "number" => Ok(json!(7)),
            "boolean" => Ok(json!(true)),
            "error" => {
                let (code, message) = ("not_good".to_owned(), "boom é".to_owned());
                Err(HandlerError { code, message, retryable: false })
            }
            "progress" => {
                for percent in [0, 50] {
                    context.progress(json!({ "percent": percent }));
                    rest(work, &context).await;
                }
                Ok(json!({"ok": 1}))
            }
            "stream" => {
                for piece in [0, 1] {
                    context.stream(json!({ "piece": piece })).await.map_err(|error| HandlerError {
                        code: "stream_broken".to_owned(),
                        message: error.to_string(),
                        retryable: true,
                    })?;
                }
                Ok(json!([]))
            }
            _ => {
                rest(work, &context).await;
                Ok(json!({"echo": input, "uni": "é✓"}))
            }
        }
    }
}

/// Does nothing for a while, or until nobody wants it any more.
async fn rest(work: Duration, context: &JobContext) {
    let cancelled = async {
        while !context.cancel_flag().is_set() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let _ = tokio::time::timeout(work, cancelled).await;
}
