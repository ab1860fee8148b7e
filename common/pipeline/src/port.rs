//! What the pipeline asks of the world. Adapters live in `runtime`; the `contract` module says what they owe.

pub mod clock;
pub mod handed;
pub mod queue;
pub mod store;

pub use clock::Clock;
pub use handed::HandedOver;
pub use queue::{Queue, QueueError, QueueName, Receipt, Received};
pub use store::{ArtifactStore, Object, PutMode, StoreError, Version};

use crate::event::Envelope;

/// The adapters of one process.
pub trait Ports: Send + Sync + 'static {
    type Store: ArtifactStore;
    type Queue: Queue;
    type Clock: Clock;

    fn store(&self) -> &Self::Store;
    fn queue(&self) -> &Self::Queue;
    fn clock(&self) -> &Self::Clock;

    /// Returns where stages of this process leave values for each other; `None` where each stage may run elsewhere.
    fn handed_over(&self) -> Option<&HandedOver> {
        None
    }

    /// Sees every event of this process as it happens, before it is stored; must return at once.
    fn observe(&self, _event: &Envelope) {}

    /// Returns the running work's place in its trace, for messages that are sent now.
    fn traceparent(&self) -> Option<String> {
        None
    }
}
