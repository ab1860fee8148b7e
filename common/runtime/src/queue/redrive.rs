//! Dead letters back to where they came from.

use std::time::Duration;

use pipeline::attempt::VISIBILITY;
use pipeline::port::{QueueError, QueueName};
use pipeline::{Queue, StageName};

/// Sends a stage's dead letters to its queue of work again; returns how many.
///
/// Each is sent before it is removed, so that none is lost on the way; one may come twice, which is harmless.
pub async fn redrive<Q: Queue>(queue: &Q, stage: StageName) -> Result<u64, QueueError> {
    let (dead, work) = (QueueName::dead(stage), QueueName::work(stage));
    // Those that die again meanwhile are left for another time.
    let n_dead = queue.depth(dead).await?;
    let mut n_sent = 0;
    while n_sent < n_dead
        && let Some(letter) = queue.receive(dead, VISIBILITY).await?
    {
        queue.send(work, &letter.body, Duration::ZERO).await?;
        queue.acknowledge(dead, &letter.receipt).await?;
        n_sent += 1;
    }
    Ok(n_sent)
}
