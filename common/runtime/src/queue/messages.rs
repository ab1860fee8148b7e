//! The state of a queue, without a clock, without a disk.

use std::collections::BTreeMap;
use std::time::Duration;

use pipeline::port::queue::MAX_RECEIVES;
use pipeline::port::{QueueName, Receipt, Received};
use pipeline::{QueueGroup, Timestamp};

/// Names a message within its process and its queue's folder.
pub(super) type MessageId = u64;

/// Messages of all queues.
#[derive(Debug, Default)]
pub(super) struct Messages {
    by_id: BTreeMap<(QueueName, MessageId), Waiting>,
    last_id: MessageId,
    /// The turn in which each group was last served, since the queue was empty.
    served: BTreeMap<(QueueName, QueueGroup), u64>,
    n_served: u64,
}

#[derive(Debug)]
struct Waiting {
    body: String,
    group: QueueGroup,
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
        let group = QueueGroup::of_body(&body);
        self.by_id.insert((queue, id), Waiting { body, group, visible_at, receive_count: 0 });
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

    /// Takes, of the group that has fewest messages under way and was not served for longest, the visible message that
    /// became so first.
    pub(super) fn receive(
        &mut self,
        queue: QueueName,
        now: Timestamp,
        visibility: Duration,
    ) -> Option<Received> {
        let mut n_under_way = BTreeMap::<&QueueGroup, usize>::new();
        let mut first_of = BTreeMap::<&QueueGroup, (Timestamp, MessageId)>::new();
        for (id, waiting) in self.of(queue) {
            if waiting.visible_at <= now {
                let first = first_of.entry(&waiting.group).or_insert((waiting.visible_at, id));
                *first = (*first).min((waiting.visible_at, id));
            } else if waiting.receive_count > 0 {
                *n_under_way.entry(&waiting.group).or_default() += 1;
            }
        }
        let turn = |group: &QueueGroup| self.served.get(&(queue, group.clone())).copied();
        let (group, (_, id)) = first_of.into_iter().min_by_key(|(group, first)| {
            (n_under_way.get(group).copied().unwrap_or_default(), turn(group), *first)
        })?;
        let group = group.clone();
        self.n_served += 1;
        self.served.insert((queue, group), self.n_served);
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
        // Turns matter while others wait; after that nothing is kept of groups that may never come again.
        if self.depth(queue) == 0 {
            self.served.retain(|(of, _), _| *of != queue);
        }
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
