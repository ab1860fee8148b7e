//! Queues.

mod any;
mod local;
mod memory;
mod messages;
mod redrive;
#[cfg(feature = "aws")]
pub(crate) mod sqs;

pub use any::AnyQueue;
pub use local::{LocalQueue, OpenQueueError};
pub use memory::MemoryQueue;
pub use redrive::redrive;
#[cfg(feature = "aws")]
pub use sqs::{MAX_WAIT, SqsQueue, UnfitQueueError, physical_name};
