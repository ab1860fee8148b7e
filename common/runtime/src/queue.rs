//! Queues.

mod local;
mod memory;
mod messages;

pub use local::{LocalQueue, OpenQueueError};
pub use memory::MemoryQueue;
