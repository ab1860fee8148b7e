//! Invocations by AWS Lambda: one unit directly, or a batch of a queue's messages.

use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use pipeline::port::Ports;
use pipeline::port::{QueueName, Receipt, Received};
use pipeline::{AttemptLimits, Clock, Queue, StageName, Stages, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::{Instrument, warn};

use crate::clock::SystemClock;
use crate::host::once::OnceError;
use crate::host::process::{Process, Ready, never_ready};
use crate::host::{StartError, Watch};
use crate::queue::sqs::stage_of_physical;
use crate::telemetry::message_span;

/// Lambda ends a process at its deadline without a word; a try has to be over before, its grace included.
const MARGIN: Duration = Duration::from_secs(25);

/// A queue's message as Lambda hands it on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SqsRecord {
    message_id: String,
    receipt_handle: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    attributes: SqsAttributes,
    #[serde(rename = "eventSourceARN", default)]
    event_source_arn: String,
}

/// Numbers come as texts.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SqsAttributes {
    approximate_receive_count: String,
    sent_timestamp: String,
}

impl SqsRecord {
    /// Returns the message's id beside what a queue would have told.
    fn into_received(self) -> (String, Received) {
        let received = Received {
            body: self.body,
            receipt: Receipt(self.receipt_handle),
            receive_count: self.attributes.approximate_receive_count.parse().unwrap_or(1),
            sent_at: self.attributes.sent_timestamp.parse().ok().map(Timestamp),
        };
        (self.message_id, received)
    }
}

/// An invocation that could not be handled at all; Lambda's own retries apply.
#[derive(Debug)]
struct Unhandled {
    code: String,
    message: String,
}

impl From<Unhandled> for Diagnostic {
    fn from(error: Unhandled) -> Self {
        Self { error_type: error.code, error_message: error.message }
    }
}

impl From<OnceError> for Unhandled {
    fn from(error: OnceError) -> Self {
        Self { code: error.code().to_owned(), message: error.to_string() }
    }
}

/// Hands every invocation's payload and deadline to `handle`, until Lambda ends the process.
pub async fn serve_events<F>(handle: impl Fn(Value, Timestamp) -> F) -> Result<(), StartError>
where
    F: Future<Output = Result<Value, StartError>>,
{
    let handler = service_fn(|event: LambdaEvent<Value>| {
        let handled = handle(event.payload, Timestamp(event.context.deadline));
        async move { handled.await.map_err(|error| Unhandled { code: error.code, message: error.message }) }
    });
    let ended = lambda_runtime::run(handler).await;
    ended.map_err(|error| StartError::new("lambda_runtime_failed", error.to_string()))
}

/// Finds the messages of a batch that a queue handed to Lambda; `None` for any other event.
pub fn sqs_records(payload: &Value) -> Option<Vec<(String, Received)>> {
    let records = payload.get("Records")?.as_array()?;
    let is_sqs = |record: &Value| record["eventSource"] == "aws:sqs";
    let read = |record| SqsRecord::deserialize(record).ok().map(SqsRecord::into_received);
    records.iter().all(is_sqs).then(|| records.iter().filter_map(read).collect())
}

/// Handles invocations until Lambda ends the process.
pub(super) async fn run<S: Stages>(process: Arc<Process<S>>) -> Result<ExitCode, StartError> {
    let handler = service_fn(move |event: LambdaEvent<Value>| {
        let process = Arc::clone(&process);
        async move { handle(&process, event).await }
    });
    let ended = lambda_runtime::run(handler).await;
    ended.map_err(|error| StartError::new("lambda_runtime_failed", error.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

async fn handle<S: Stages>(process: &Process<S>, event: LambdaEvent<Value>) -> Result<Value, Unhandled> {
    let limits = limits_until(Timestamp(event.context.deadline));
    let records = event.payload.get("Records").and_then(Value::as_array);
    match records.filter(|records| records.iter().all(|record| record["eventSource"] == "aws:sqs")) {
        Some(records) => Ok(batch(process, records, &limits).await),
        None => {
            let answer = process.handle(&event.payload.to_string(), &limits).await?;
            Ok(serde_json::to_value(answer).unwrap_or_default())
        }
    }
}

fn limits_until(deadline: Timestamp) -> AttemptLimits {
    let left = deadline.since(SystemClock.now()).saturating_sub(MARGIN);
    AttemptLimits { time_limit: Some(left), ..AttemptLimits::default() }
}

/// Works on every record; those that could not be settled are named, so that only they come back.
async fn batch<S: Stages>(process: &Process<S>, records: &[Value], limits: &AttemptLimits) -> Value {
    let settling = records.iter().map(|record| async move {
        let id = record["messageId"].as_str().unwrap_or_default().to_owned();
        match settle(process, record, limits).await {
            Ok(()) => None,
            Err(reason) => {
                warn!(messaging.message.id = id, "a message comes back: {reason}");
                Some(json!({"itemIdentifier": id}))
            }
        }
    });
    let failures: Vec<Value> = join_all(settling).await.into_iter().flatten().collect();
    json!({"batchItemFailures": failures})
}

async fn settle<S: Stages>(
    process: &Process<S>,
    record: &Value,
    limits: &AttemptLimits,
) -> Result<(), String> {
    let record = SqsRecord::deserialize(record).map_err(|error| error.to_string())?;
    let Some(Ready { worker }) = process.ready.get() else { return Err(never_ready().message) };
    let served = StageName::ALL.into_iter().find(|stage| worker.stages().version(*stage).is_some());
    let physical = record.event_source_arn.rsplit(':').next().unwrap_or_default();
    let queue = stage_of_physical(&process.config.environment, physical)
        .or_else(|| served.map(QueueName::work))
        .ok_or("this process runs no stage")?;
    let (message_id, received) = record.into_received();
    process.metrics.received(queue, &received);
    // Lambda hides a message for six times the function's limit: a process that is killed before its
    // first heartbeat would keep its unit waiting that long.
    let queues = worker.coordinator().ports().queue();
    let _ = queues.extend(queue, &received.receipt, worker.lease()).await;
    let span = message_span(queue, &received);
    let attempt = worker.attempt_within(queue, &received, limits).instrument(span);
    let end = attempt.await.map_err(|error| error.to_string())?;
    process.metrics.ended(queue, &end);
    match end {
        pipeline::AttemptEnd::Malformed { reason } if !queue.dead => Err(format!("{message_id}: {reason}")),
        _ => Ok(()),
    }
}
