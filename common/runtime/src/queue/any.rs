//! Whichever queue goes with the store.

use std::time::Duration;

use pipeline::Queue;
use pipeline::port::{QueueError, QueueName, Receipt, Received};

use crate::clock::SystemClock;
use crate::queue::LocalQueue;
#[cfg(feature = "aws")]
use crate::queue::SqsQueue;

/// A folder or SQS, for what works on both alike.
pub enum AnyQueue {
    Local(LocalQueue<SystemClock>),
    #[cfg(feature = "aws")]
    Sqs(SqsQueue),
}

macro_rules! of_either {
    ($self:ident, $queue:ident => $call:expr) => {
        match $self {
            AnyQueue::Local($queue) => $call,
            #[cfg(feature = "aws")]
            AnyQueue::Sqs($queue) => $call,
        }
    };
}

impl Queue for AnyQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
        of_either!(self, any => any.send(queue, body, delay).await)
    }

    async fn receive(&self, queue: QueueName, visibility: Duration) -> Result<Option<Received>, QueueError> {
        of_either!(self, any => any.receive(queue, visibility).await)
    }

    async fn receive_within(
        &self,
        queue: QueueName,
        visibility: Duration,
        wait: Duration,
    ) -> Result<Option<Received>, QueueError> {
        of_either!(self, any => any.receive_within(queue, visibility, wait).await)
    }

    async fn acknowledge(&self, queue: QueueName, receipt: &Receipt) -> Result<(), QueueError> {
        of_either!(self, any => any.acknowledge(queue, receipt).await)
    }

    async fn extend(
        &self,
        queue: QueueName,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        of_either!(self, any => any.extend(queue, receipt, visibility).await)
    }

    async fn depth(&self, queue: QueueName) -> Result<u64, QueueError> {
        of_either!(self, any => any.depth(queue).await)
    }
}
