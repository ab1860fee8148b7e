//! Looks at several queues at once, each as long as its queue lets a look wait.
//!
//! A look that has begun is never dropped: the message that it may have taken would stay hidden.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pipeline::port::{QueueError, QueueName, Received};
use pipeline::{Clock, Ports, Queue, StageName, Timestamp};
use tokio::task::JoinSet;
use tracing::warn;

/// Dead letters are rare: a look at them with every look at the work would double the requests.
const DEAD_EVERY: Duration = Duration::from_secs(60);

/// A message and where it came from, where there was one.
pub(super) type Looked = Result<Option<(QueueName, Received)>, QueueError>;

/// Takes a message from the first of these queues that has one, without waiting.
pub(super) async fn first_of<P: Ports>(ports: &P, queues: &[QueueName], visibility: Duration) -> Looked {
    for queue in queues {
        if let Some(received) = ports.queue().receive(*queue, visibility).await? {
            return Ok(Some((*queue, received)));
        }
    }
    Ok(None)
}

/// The queues of some stages and their dead letters.
pub(super) struct Looks<P> {
    ports: Arc<P>,
    /// How long a message that was found stays hidden.
    visibility: Duration,
    /// How long a look waits for a message.
    wait: Duration,
    /// Least time between two looks at a queue that was empty.
    idle: Duration,
    queues: BTreeMap<QueueName, Next>,
    looking: JoinSet<(QueueName, Result<Option<Received>, QueueError>)>,
}

/// When a queue is looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    At(Timestamp),
    /// Once the look that has begun is over.
    Looking,
}

impl<P: Ports> Looks<P> {
    pub(super) fn new(
        ports: Arc<P>,
        stages: &[StageName],
        visibility: Duration,
        wait: Duration,
        idle: Duration,
    ) -> Self {
        let now = ports.clock().now();
        let queues = stages.iter().flat_map(|stage| [QueueName::work(*stage), QueueName::dead(*stage)]);
        let queues = queues.map(|queue| (queue, Next::At(now))).collect();
        Self { ports, visibility, wait, idle, queues, looking: JoinSet::new() }
    }

    /// Takes the first message that is there, without waiting: of many queues one is enough, and what is
    /// nearly done frees most, so the latest stage comes first.
    pub(super) async fn first(&self) -> Looked {
        let is_work = |(queue, next): &(&QueueName, &Next)| !queue.dead && **next != Next::Looking;
        let work: Vec<_> = self.queues.iter().filter(is_work).map(|(queue, _)| *queue).rev().collect();
        // Of a single queue a waiting look tells as soon.
        if work.len() > 1 { first_of(&*self.ports, &work, self.visibility).await } else { Ok(None) }
    }

    /// Begins to look wherever it is time to.
    pub(super) fn begin(&mut self) {
        let now = self.ports.clock().now();
        for (queue, next) in &mut self.queues {
            if matches!(next, Next::At(at) if *at <= now) {
                let (queue, ports) = (*queue, Arc::clone(&self.ports));
                // Waiting for a dead letter is not worth a connection.
                let wait = if queue.dead { Duration::ZERO } else { self.wait };
                let visibility = self.visibility;
                *next = Next::Looking;
                self.looking.spawn(async move {
                    (queue, ports.queue().receive_within(queue, visibility, wait).await)
                });
            }
        }
    }

    /// Waits for a look to end, `None` when none has begun.
    pub(super) async fn next(&mut self) -> Option<Looked> {
        let (queue, answer) = match self.looking.join_next().await? {
            Ok(looked) => looked,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        let wait = match (&answer, queue.dead) {
            (Ok(Some(_)), _) => Duration::ZERO,
            (_, true) => DEAD_EVERY,
            (_, false) => self.idle,
        };
        self.queues.insert(queue, Next::At(self.ports.clock().now().plus(wait)));
        Some(answer.map(|received| received.map(|received| (queue, received))))
    }

    /// Lets the looks that have begun come to their end, and their messages go to others.
    pub(super) async fn stop(&mut self) {
        while let Some(looked) = self.next().await {
            if let Ok(Some((queue, received))) = looked {
                self.hand_back(queue, &received).await;
            }
        }
    }

    /// Sends a message again for which there is no room here; letting it reappear would take a minute and
    /// use up its receives.
    pub(super) async fn hand_back(&self, queue: QueueName, received: &Received) {
        let queues = self.ports.queue();
        let handed = match queues.send(queue, &received.body, Duration::ZERO).await {
            Ok(()) => queues.acknowledge(queue, &received.receipt).await,
            Err(error) => Err(error),
        };
        if let Err(error) = handed {
            warn!("a message will come back by itself: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use pipeline::attempt::VISIBILITY;

    use super::*;
    use crate::{LocalPorts, MemoryQueue, MemoryStore, SystemClock};

    fn looks(stages: &[StageName]) -> Looks<LocalPorts<MemoryStore, MemoryQueue<SystemClock>, SystemClock>> {
        let queue = MemoryQueue::new(SystemClock);
        let ports = LocalPorts { store: MemoryStore::default(), queue, clock: SystemClock, observer: None };
        Looks::new(Arc::new(ports), stages, VISIBILITY, Duration::ZERO, Duration::from_secs(3_600))
    }

    #[tokio::test]
    async fn an_empty_queue_is_left_alone_for_a_while_and_a_full_one_is_not() {
        let mut looks = looks(&[StageName::Ingest, StageName::Pack]);
        let work = QueueName::work(StageName::Pack);
        for body in ["one", "two"] {
            looks.ports.queue().send(work, body, Duration::ZERO).await.unwrap();
        }
        let mut found = Vec::new();
        for _ in 0..3 {
            looks.begin();
            while let Some(looked) = looks.next().await {
                found.extend(looked.unwrap().map(|(queue, received)| (queue, received.body)));
            }
        }
        assert_eq!(found, [(work, "one".to_owned()), (work, "two".to_owned())]);
        let now = SystemClock.now();
        assert!(looks.queues.values().all(|next| matches!(next, Next::At(at) if *at > now)));
    }

    #[tokio::test]
    async fn of_many_messages_the_latest_stage_s_comes_first() {
        let looks = looks(&[StageName::Ingest, StageName::Pack]);
        for stage in [StageName::Ingest, StageName::Pack] {
            looks.ports.queue().send(QueueName::work(stage), "one", Duration::ZERO).await.unwrap();
        }
        let (queue, _) = looks.first().await.unwrap().expect("there are two");
        assert_eq!(queue, QueueName::work(StageName::Pack));
        let (queue, _) = looks.first().await.unwrap().expect("there is one");
        assert_eq!(queue, QueueName::work(StageName::Ingest));
        assert!(looks.first().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_message_without_room_is_there_for_others() {
        let mut looks = looks(&[StageName::Ingest]);
        let work = QueueName::work(StageName::Ingest);
        looks.ports.queue().send(work, "one", Duration::ZERO).await.unwrap();
        looks.begin();
        looks.stop().await;
        let again = looks.ports.queue().receive(work, VISIBILITY).await.unwrap().expect("it was sent again");
        assert_eq!((again.body.as_str(), again.receive_count), ("one", 1));
        assert_eq!(looks.ports.queue().depth(work).await.unwrap(), 1);
    }
}
