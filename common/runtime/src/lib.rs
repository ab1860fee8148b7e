//! Adapters of the pipeline's ports, the hosts that run stages, configuration and logs.
//!
//! In: an environment, a folder, a process. Out: stages that run in it. Only this crate reads the
//! environment, and only in its `config` module. It does not know what a stage computes.

#[cfg(feature = "aws")]
pub mod aws;
pub mod breaker;
pub mod clock;
#[cfg(feature = "aws")]
pub mod cloud;
pub mod config;
pub mod host;
#[cfg(feature = "runpod")]
mod http;
#[cfg(feature = "aws")]
pub mod metrics;
pub mod ports;
pub mod queue;
#[cfg(feature = "runpod")]
pub mod runpod_api;
#[cfg(feature = "aws")]
mod secrets;
pub mod store;
pub mod telemetry;
#[cfg(feature = "test-server")]
pub mod testserver;

pub use clock::SystemClock;
pub use ports::{AnyPorts, LocalPorts, OneProcess};
pub use queue::{LocalQueue, MemoryQueue};
pub use store::{DirectoryStore, MemoryStore};
