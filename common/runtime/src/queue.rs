//! Queues.

mod local;
mod memory;
mod messages;
#[cfg(feature = "aws")]
mod sqs;

pub use local::{LocalQueue, OpenQueueError};
pub use memory::MemoryQueue;
#[cfg(feature = "aws")]
pub use sqs::{MAX_WAIT, SqsQueue, UnfitQueueError, physical_name};
