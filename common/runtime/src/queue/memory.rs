//! A queue in memory, for tests and for a stage that is run alone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pipeline::port::{QueueError, QueueName, Receipt, Received};
use pipeline::{Clock, Queue};

use crate::queue::messages::Messages;

/// Keeps messages as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryQueue<C> {
    clock: C,
    messages: Mutex<Messages>,
}

impl<C: Clock> MemoryQueue<C> {
    /// Makes an empty queue that goes by this clock.
    pub fn new(clock: C) -> Self {
        Self { clock, messages: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clock> Queue for MemoryQueue<C> {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
        let visible_at = self.clock.now().plus(delay);
        let mut messages = self.lock();
        let id = messages.next_id();
        messages.insert(queue, id, body.to_owned(), visible_at);
        Ok(())
    }

    async fn receive(&self, queue: QueueName, visibility: Duration) -> Result<Option<Received>, QueueError> {
        let now = self.clock.now();
        let mut messages = self.lock();
        messages.bury(queue, now);
        Ok(messages.receive(queue, now, visibility))
    }

    async fn acknowledge(&self, queue: QueueName, receipt: &Receipt) -> Result<(), QueueError> {
        self.lock().acknowledge(queue, receipt);
        Ok(())
    }

    async fn extend(
        &self,
        queue: QueueName,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        let visible_at = self.clock.now().plus(visibility);
        self.lock().extend(queue, receipt, visible_at);
        Ok(())
    }

    async fn depth(&self, queue: QueueName) -> Result<u64, QueueError> {
        Ok(self.lock().depth(queue))
    }
}
