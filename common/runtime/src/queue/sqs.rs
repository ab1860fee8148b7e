//! Queues in SQS or a server of its kind, one pair for each stage.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use pipeline::port::queue::MAX_RECEIVES;
use pipeline::port::{QueueError, QueueName, Receipt, Received};
use pipeline::{Queue, QueueGroup, StageName, Timestamp};

use crate::aws;

/// SQS delays no message longer; the attempt loop sends what is still too early again.
const MAX_DELAY: Duration = Duration::from_secs(900);
/// SQS hides no message longer.
const MAX_VISIBILITY: Duration = Duration::from_secs(43_200);
/// SQS keeps a connection open no longer than this for a message to come.
pub const MAX_WAIT: Duration = Duration::from_secs(20);
/// SQS keeps a message no longer; a job is over before.
const RETENTION_SECONDS: u32 = 1_209_600;
/// Messages of an unknown version of the protocol stay in queues of their own.
const PROTOCOL: &str = "v1";

/// Carries messages by SQS.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: Client,
    urls: BTreeMap<QueueName, String>,
}

/// The queues cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("queue `{name}` cannot be used: {reason}")]
pub struct UnfitQueueError {
    name: String,
    reason: String,
}

impl SqsQueue {
    /// Finds the queues of an environment such as `production`.
    ///
    /// # Errors
    /// The first queue that does not exist or may not be used.
    pub async fn open(client: Client, environment: &str) -> Result<Self, UnfitQueueError> {
        let mut urls = BTreeMap::new();
        for queue in all_queues() {
            let name = physical_name(environment, queue);
            let found = client.get_queue_url().queue_name(&name).send().await;
            let url = found.map_err(|error| unfit(&name, &error))?.queue_url;
            urls.insert(queue, url.ok_or_else(|| nameless(&name))?);
        }
        Ok(Self { client, urls })
    }

    /// Creates the queues of an environment, dead letters and redrive included, where they are missing.
    ///
    /// For tests and trials: in production infra/ does this.
    pub async fn create(client: Client, environment: &str) -> Result<Self, UnfitQueueError> {
        for stage in StageName::ALL {
            let dead =
                create_queue(&client, &physical_name(environment, QueueName::dead(stage)), None).await?;
            let work = physical_name(environment, QueueName::work(stage));
            create_queue(&client, &work, Some(&dead)).await?;
        }
        Self::open(client, environment).await
    }

    fn url(&self, queue: QueueName) -> &str {
        // Every stage's queues were found when the adapter was made.
        self.urls.get(&queue).map_or("", String::as_str)
    }
}

/// Names a queue as the service knows it: environment, stage, protocol version.
pub fn physical_name(environment: &str, queue: QueueName) -> String {
    format!(
        "doctown-{environment}-{}-{PROTOCOL}{}",
        queue.stage.plan().queue,
        if queue.dead { "-dead" } else { "" }
    )
}

/// Finds the queue that the service knows by this name.
pub(crate) fn stage_of_physical(environment: &str, name: &str) -> Option<QueueName> {
    all_queues().find(|queue| physical_name(environment, *queue) == name)
}

fn all_queues() -> impl Iterator<Item = QueueName> {
    StageName::ALL.into_iter().flat_map(|stage| [QueueName::work(stage), QueueName::dead(stage)])
}

/// Creates a queue unless it is there; returns its ARN.
async fn create_queue(client: &Client, name: &str, dead: Option<&str>) -> Result<String, UnfitQueueError> {
    let mut request = client.create_queue().queue_name(name);
    request = request.attributes(QueueAttributeName::MessageRetentionPeriod, RETENTION_SECONDS.to_string());
    if let Some(dead) = dead {
        let policy = serde_json::json!({"deadLetterTargetArn": dead, "maxReceiveCount": MAX_RECEIVES});
        request = request.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
    }
    let created = request.send().await.map_err(|error| unfit(name, &error))?;
    let asked = client.get_queue_attributes().set_queue_url(created.queue_url);
    let told = asked.attribute_names(QueueAttributeName::QueueArn).send().await;
    let attributes = told.map_err(|error| unfit(name, &error))?.attributes.unwrap_or_default();
    attributes.get(&QueueAttributeName::QueueArn).cloned().ok_or_else(|| nameless(name))
}

impl Queue for SqsQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
        let request = self.client.send_message().queue_url(self.url(queue)).message_body(body);
        let group = QueueGroup::of_body(body);
        // On a standard queue this asks for fair turns; nothing becomes ordered by it.
        let request = request.set_message_group_id((!group.is_shared()).then(|| group.as_str().to_owned()));
        let sent = request.delay_seconds(whole_seconds(delay.min(MAX_DELAY))).send().await;
        sent.map(drop).map_err(|error| failed(queue, &error))
    }

    async fn receive(&self, queue: QueueName, visibility: Duration) -> Result<Option<Received>, QueueError> {
        self.receive_within(queue, visibility, Duration::ZERO).await
    }

    async fn receive_within(
        &self,
        queue: QueueName,
        visibility: Duration,
        wait: Duration,
    ) -> Result<Option<Received>, QueueError> {
        let request = self.client.receive_message().queue_url(self.url(queue)).max_number_of_messages(1);
        let request = request
            .wait_time_seconds(whole_seconds(wait.min(MAX_WAIT)))
            .visibility_timeout(whole_seconds(visibility.min(MAX_VISIBILITY)))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let answer = request.send().await.map_err(|error| failed(queue, &error))?;
        let Some(message) = answer.messages.into_iter().flatten().next() else { return Ok(None) };
        let attributes = message.attributes.unwrap_or_default();
        let number = |name| attributes.get(&name).and_then(|value| value.parse::<u64>().ok());
        let count = number(MessageSystemAttributeName::ApproximateReceiveCount);
        Ok(Some(Received {
            body: message.body.unwrap_or_default(),
            receipt: Receipt(message.receipt_handle.unwrap_or_default()),
            receive_count: count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
            sent_at: number(MessageSystemAttributeName::SentTimestamp).map(Timestamp),
        }))
    }

    async fn acknowledge(&self, queue: QueueName, receipt: &Receipt) -> Result<(), QueueError> {
        let request = self.client.delete_message().queue_url(self.url(queue)).receipt_handle(&receipt.0);
        unless_stale(queue, request.send().await.map(drop))
    }

    async fn extend(
        &self,
        queue: QueueName,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        let request = self.client.change_message_visibility().queue_url(self.url(queue));
        let request = request
            .receipt_handle(&receipt.0)
            .visibility_timeout(whole_seconds(visibility.min(MAX_VISIBILITY)));
        unless_stale(queue, request.send().await.map(drop))
    }

    async fn depth(&self, queue: QueueName) -> Result<u64, QueueError> {
        const COUNTS: [QueueAttributeName; 3] = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let request = self.client.get_queue_attributes().queue_url(self.url(queue));
        let answer = request.set_attribute_names(Some(COUNTS.to_vec())).send().await;
        let attributes = answer.map_err(|error| failed(queue, &error))?.attributes.unwrap_or_default();
        let count = |name: &QueueAttributeName| attributes.get(name)?.parse::<u64>().ok();
        Ok(COUNTS.iter().filter_map(count).sum())
    }
}

/// SQS counts whole seconds; rounded up, so that nothing comes early.
fn whole_seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis().div_ceil(1_000)).unwrap_or(i32::MAX)
}

type Failure<E> = SdkError<E, HttpResponse>;

/// A receipt that is no longer the newest does nothing, and that is no error.
fn unless_stale<E>(queue: QueueName, done: Result<(), Failure<E>>) -> Result<(), QueueError>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    const STALE: [&str; 4] = [
        "ReceiptHandleIsInvalid",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
        "InvalidParameterValue",
    ];
    match done {
        Err(error) if error.code().is_some_and(|code| STALE.contains(&code)) => Ok(()),
        done => done.map_err(|error| failed(queue, &error)),
    }
}

fn failed<E>(queue: QueueName, error: &Failure<E>) -> QueueError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let reason = aws::reason(error);
    let status = error.raw_response().map(|response| response.status().as_u16());
    let is_throttled = error.code().is_some_and(|code| code.contains("Thrott"));
    let is_final = matches!(status, Some(400..=499)) && !matches!(status, Some(408 | 429)) && !is_throttled;
    match is_final || matches!(error, SdkError::ConstructionFailure(_)) {
        true => QueueError::Refused { queue, reason },
        false => QueueError::Unknown { queue, reason },
    }
}

fn unfit<E>(name: &str, error: &Failure<E>) -> UnfitQueueError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    UnfitQueueError { name: name.to_owned(), reason: aws::reason(error) }
}

fn nameless(name: &str) -> UnfitQueueError {
    UnfitQueueError { name: name.to_owned(), reason: "the service gave it no name".to_owned() }
}
