//! The contract of a queue.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;

use crate::plan::StageName;
use crate::port::queue::MAX_RECEIVES;
use crate::port::{Clock, Queue, QueueName, Received};

const WORK: QueueName = QueueName { stage: StageName::Embed, dead: false };
const DEAD: QueueName = QueueName { stage: StageName::Embed, dead: true };
const OTHER: QueueName = QueueName { stage: StageName::Pack, dead: false };
/// Long enough for a real server's clock, which counts whole seconds.
const VISIBILITY: Duration = Duration::from_secs(2);
const PAST_VISIBILITY: Duration = Duration::from_secs(3);
/// Receives that may come back empty before a message counts as lost; a real queue samples its servers.
const MAX_EMPTY_RECEIVES: u32 = 20;

/// Checks a queue. It must be empty; `clock` is the one that the queue goes by.
pub async fn queue<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    hands_out_until_acknowledged(queue, clock).await;
    delays(queue, clock).await;
    hides_from_others(queue, clock).await;
    extends(queue, clock).await;
    ignores_old_receipts(queue, clock).await;
    buries(queue, clock).await;
    carries_groups(queue).await;
}

async fn hands_out_until_acknowledged<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    assert_eq!(receive(queue, WORK).await, None, "the queue is empty at first");
    send(queue, "one", Duration::ZERO).await;
    assert_eq!(receive(queue, OTHER).await, None, "queues do not share messages");
    let first = take(queue, WORK).await;
    assert_eq!((first.body.as_str(), first.receive_count), ("one", 1));
    clock.sleep(PAST_VISIBILITY).await;
    let second = take(queue, WORK).await;
    assert_eq!(
        (second.body.as_str(), second.receive_count),
        ("one", 2),
        "what is not acknowledged comes back"
    );
    acknowledge(queue, &second).await;
    acknowledge(queue, &second).await;
    clock.sleep(PAST_VISIBILITY).await;
    assert_eq!(receive(queue, WORK).await, None, "what is acknowledged does not");
    assert_eq!(queue.depth(WORK).await, Ok(0));
}

async fn delays<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    send(queue, "later", Duration::from_secs(2)).await;
    send(queue, "now", Duration::ZERO).await;
    let now = take(queue, WORK).await;
    assert_eq!(now.body, "now", "a delayed message lets others pass");
    assert_eq!(receive(queue, WORK).await, None, "a delayed message is hidden");
    clock.sleep(Duration::from_secs(3)).await;
    let bodies: BTreeSet<String> =
        [take(queue, WORK).await, take(queue, WORK).await].map(|message| message.body).into();
    assert_eq!(
        bodies,
        ["later".to_owned(), "now".to_owned()].into(),
        "both are visible once the times have passed"
    );
    drain(queue, clock).await;
}

async fn hides_from_others<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    let sent: BTreeSet<String> = (0..32).map(|n| format!("message {n}")).collect();
    join_all(sent.iter().map(|body| send(queue, body, Duration::ZERO))).await;
    let received = join_all(sent.iter().map(|_| take(queue, WORK))).await;
    let bodies: BTreeSet<String> = received.iter().map(|message| message.body.clone()).collect();
    assert_eq!(bodies, sent, "each of racing receivers gets a message of its own");
    join_all(received.iter().map(|message| acknowledge(queue, message))).await;
    drain(queue, clock).await;
}

async fn extends<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    send(queue, "long work", Duration::ZERO).await;
    let message = take(queue, WORK).await;
    for _ in 0..3 {
        clock.sleep(VISIBILITY / 2).await;
        queue.extend(WORK, &message.receipt, VISIBILITY).await.expect("extending");
    }
    assert_eq!(receive(queue, WORK).await, None, "an extended message stays hidden");
    acknowledge(queue, &message).await;
    drain(queue, clock).await;
}

async fn ignores_old_receipts<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    send(queue, "slow", Duration::ZERO).await;
    let old = take(queue, WORK).await;
    clock.sleep(PAST_VISIBILITY).await;
    let new = take(queue, WORK).await;
    // Some queues accept an old receipt in part; what counts is that nobody is harmed by trying.
    let _ = queue.extend(WORK, &old.receipt, VISIBILITY).await;
    acknowledge(queue, &new).await;
    let _ = queue.acknowledge(WORK, &old.receipt).await;
    drain(queue, clock).await;
}

async fn buries<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    send(queue, "poison", Duration::ZERO).await;
    for n in 1..=MAX_RECEIVES {
        assert_eq!(take(queue, WORK).await.receive_count, n);
        clock.sleep(PAST_VISIBILITY).await;
    }
    assert_eq!(
        receive(queue, WORK).await,
        None,
        "past {MAX_RECEIVES} receives a message is handed out no more"
    );
    let dead = take(queue, DEAD).await;
    assert_eq!(dead.body, "poison", "it is among the dead letters instead");
    queue.acknowledge(DEAD, &dead.receipt).await.expect("acknowledging a dead letter");
    clock.sleep(PAST_VISIBILITY).await;
    assert_eq!(receive(queue, DEAD).await, None);
}

/// A message of a group is like any other, and one that is under way holds up none of its group.
async fn carries_groups<Q: Queue>(queue: &Q) {
    let bodies =
        BTreeSet::from([r#"{"group":"a-0","n":1}"#, r#"{"group":"a-0","n":2}"#, r#"{"group":"b-0"}"#]);
    for body in &bodies {
        send(queue, body, Duration::ZERO).await;
    }
    let mut taken = Vec::new();
    for _ in &bodies {
        taken.push(take(queue, WORK).await);
    }
    for message in &taken {
        acknowledge(queue, message).await;
    }
    let taken: BTreeSet<&str> = taken.iter().map(|message| message.body.as_str()).collect();
    assert_eq!(taken, bodies);
}

async fn send<Q: Queue>(queue: &Q, body: &str, delay: Duration) {
    queue.send(WORK, body, delay).await.expect("sending");
}

async fn receive<Q: Queue>(queue: &Q, name: QueueName) -> Option<Received> {
    queue.receive(name, VISIBILITY).await.expect("receiving")
}

async fn take<Q: Queue>(queue: &Q, name: QueueName) -> Received {
    for _ in 0..MAX_EMPTY_RECEIVES {
        if let Some(message) = receive(queue, name).await {
            return message;
        }
    }
    panic!("a visible message of `{name}` was not handed out")
}

async fn acknowledge<Q: Queue>(queue: &Q, message: &Received) {
    queue.acknowledge(WORK, &message.receipt).await.expect("acknowledging");
}

async fn drain<Q: Queue, C: Clock>(queue: &Q, clock: &C) {
    clock.sleep(PAST_VISIBILITY).await;
    while let Some(message) = receive(queue, WORK).await {
        acknowledge(queue, &message).await;
    }
}
