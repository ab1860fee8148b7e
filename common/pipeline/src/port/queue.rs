//! Messages that come at least once, in any order.

use std::future::Future;
use std::time::Duration;

use crate::plan::StageName;
use crate::time::Timestamp;

/// Receipts of one message before it goes to the dead letters; counts crashes, decides no outcome.
pub const MAX_RECEIVES: u32 = 5;

/// A stage's queue, or the queue of its dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueName {
    pub stage: StageName,
    pub dead: bool,
}

impl QueueName {
    /// Names the stage's queue of work.
    pub fn work(stage: StageName) -> Self {
        Self { stage, dead: false }
    }

    /// Names the queue of messages that were received too often.
    pub fn dead(stage: StageName) -> Self {
        Self { stage, dead: true }
    }
}

impl std::fmt::Display for QueueName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.stage.plan().queue, if self.dead { "-dead" } else { "" })
    }
}

/// Names one receipt of one message; of no use after the next receipt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receipt(pub String);

impl Receipt {
    /// Belongs to a message that came by another way than the queue: there is nothing to keep or remove.
    pub fn none() -> Self {
        Self(String::new())
    }

    /// Tells whether the message came by another way than the queue.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }
}

/// A message that is hidden from others for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub body: String,
    pub receipt: Receipt,
    /// How often the message was received, this time included.
    pub receive_count: u32,
    /// When it was sent, where the queue tells.
    pub sent_at: Option<Timestamp>,
}

/// Why a queue did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// Timeout, throttle or lost reply: done or not done. Repeating is safe.
    #[error("queue `{queue}` gave no clear answer: {reason}")]
    Unknown { queue: QueueName, reason: String },
    /// Repeating will not help.
    #[error("queue `{queue}` refused: {reason}")]
    Refused { queue: QueueName, reason: String },
}

/// Carries messages. A message is handed out until it is acknowledged, at least once.
pub trait Queue: Send + Sync + 'static {
    /// Adds a message that becomes visible after `delay`.
    fn send(
        &self,
        queue: QueueName,
        body: &str,
        delay: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// Takes a visible message and hides it for `visibility`.
    ///
    /// A message received more than [`MAX_RECEIVES`] times goes to the dead letters instead.
    fn receive(
        &self,
        queue: QueueName,
        visibility: Duration,
    ) -> impl Future<Output = Result<Option<Received>, QueueError>> + Send;

    /// As [`Queue::receive`], but waits so long for a message to come, where the service knows how to.
    ///
    /// A call that is dropped before it answers may leave a message hidden.
    fn receive_within(
        &self,
        queue: QueueName,
        visibility: Duration,
        _wait: Duration,
    ) -> impl Future<Output = Result<Option<Received>, QueueError>> + Send {
        self.receive(queue, visibility)
    }

    /// Removes the message; does nothing with a receipt that is no longer the newest.
    fn acknowledge(
        &self,
        queue: QueueName,
        receipt: &Receipt,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// Hides the message for `visibility` from now; does nothing with a receipt that is no longer the newest.
    fn extend(
        &self,
        queue: QueueName,
        receipt: &Receipt,
        visibility: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// Counts messages, hidden and delayed ones included; approximate.
    fn depth(&self, queue: QueueName) -> impl Future<Output = Result<u64, QueueError>> + Send;
}
