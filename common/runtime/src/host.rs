//! What runs stages: the whole pipeline in one process, one unit alone, or a process among many.

#[cfg(feature = "aws")]
mod health;
#[cfg(feature = "aws")]
mod http;
#[cfg(feature = "aws")]
pub mod lambda;
pub mod local;
mod looks;
pub mod once;
#[cfg(feature = "aws")]
pub mod process;
#[cfg(feature = "runpod")]
pub mod runpod;
pub mod serve;
mod signals;
mod start;
#[cfg(feature = "aws")]
pub mod task;
mod units;

pub use signals::Signals;
pub use start::StartError;
pub use units::{Unwatched, Watch};
