//! The state of a queue, without a clock, without a disk.

use std::collections::BTreeMap;
use std::time::Duration;

use pipeline::Timestamp;
use pipeline::port::queue::MAX_RECEIVES;
use pipeline::port::{QueueName, Receipt, Received};

/// Names a message within its process and its queue's folder.
pub(super) type MessageId = u64;

/// Messages of all queues.
#[derive(Debug, Default)]
pub(super) struct Messages {
    by_id: BTreeMap<(QueueName, MessageId), Waiting>,
    last_id: MessageId,
}

#[derive(Debug)]
struct Waiting {
    body: String,
    visible_at: Timestamp,
    receive_count: u32,
}

/// A message that moved to the dead letters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Buried {
    pub(super) from: QueueName,
    pub(super) to: QueueName,
    pub(super) id: MessageId,
}

impl Messages {
    /// Returns an id that no message has had.
    pub(super) fn next_id(&mut self) -> MessageId {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn insert(&mut self, queue: QueueName, id: MessageId, body: String, visible_at: Timestamp) {
        self.last_id = self.last_id.max(id);
        self.by_id.insert((queue, id), Waiting { body, visible_at, receive_count: 0 });
    }

    /// Moves worn-out messages that are visible to the dead letters.
    pub(super) fn bury(&mut self, queue: QueueName, now: Timestamp) -> Vec<Buried> {
        if queue.dead {
            return Vec::new();
        }
        let is_worn = |waiting: &Waiting| waiting.visible_at <= now && waiting.receive_count >= MAX_RECEIVES;
        let worn: Vec<MessageId> =
            self.of(queue).filter(|(_, waiting)| is_worn(waiting)).map(|(id, _)| id).collect();
        let to = QueueName { dead: true, ..queue };
        for id in &worn {
            if let Some(waiting) = self.by_id.remove(&(queue, *id)) {
                self.by_id.insert((to, *id), Waiting { receive_count: 0, ..waiting });
            }
        }
        worn.into_iter().map(|id| Buried { from: queue, to, id }).collect()
    }

    /// Takes the visible message that became so first.
    pub(super) fn receive(
        &mut self,
        queue: QueueName,
        now: Timestamp,
        visibility: Duration,
    ) -> Option<Received> {
        let visible = self.of(queue).filter(|(_, waiting)| waiting.visible_at <= now);
        let (id, _) = visible.min_by_key(|(id, waiting)| (waiting.visible_at, *id))?;
        let waiting = self.by_id.get_mut(&(queue, id))?;
        waiting.visible_at = now.plus(visibility);
        waiting.receive_count += 1;
        let receive_count = waiting.receive_count;
        Some(Received {
            body: waiting.body.clone(),
            receipt: Receipt(format!("{id}-{receive_count}")),
            receive_count,
            sent_at: None,
        })
    }

    /// Removes the message of a receipt that is still the newest; returns its id.
    pub(super) fn acknowledge(&mut self, queue: QueueName, receipt: &Receipt) -> Option<MessageId> {
        let id = self.find(queue, receipt)?;
        self.by_id.remove(&(queue, id))?;
        Some(id)
    }

    pub(super) fn extend(&mut self, queue: QueueName, receipt: &Receipt, visible_at: Timestamp) {
        let waiting = self.find(queue, receipt).and_then(|id| self.by_id.get_mut(&(queue, id)));
        if let Some(waiting) = waiting {
            waiting.visible_at = visible_at;
        }
    }

    pub(super) fn depth(&self, queue: QueueName) -> u64 {
        self.of(queue).count() as u64
    }

    fn of(&self, queue: QueueName) -> impl Iterator<Item = (MessageId, &Waiting)> {
        let range = (queue, MessageId::MIN)..=(queue, MessageId::MAX);
        self.by_id.range(range).map(|((_, id), waiting)| (*id, waiting))
    }

    fn find(&self, queue: QueueName, receipt: &Receipt) -> Option<MessageId> {
        let (id, count) = receipt.0.split_once('-')?;
        let (id, count): (MessageId, u32) = (id.parse().ok()?, count.parse().ok()?);
        self.by_id.get(&(queue, id)).filter(|waiting| waiting.receive_count == count).map(|_| id)
    }
}
