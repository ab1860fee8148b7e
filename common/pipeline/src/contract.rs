//! What an adapter owes: suites that every adapter of a port runs in its tests.
//!
//! They panic with what was broken. They need no runtime: concurrent calls run within one task, so
//! an adapter that works on threads of its own is also raced by threads.

mod queue;
mod store;

pub use queue::queue;
pub use store::store;
